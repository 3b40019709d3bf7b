/** The Go program: where it is, and how it is made. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { home } from '../../peers.mjs';

const run = promisify(execFile);
const source = fileURLToPath(new URL('.', import.meta.url));

export const program = `${home}/go-amqp/go-amqp`;

/** Builds it; the first time go-amqp and its checksums come through the module proxy that Go is set up with. */
export async function build() {
  mkdirSync(`${home}/go-amqp`, { recursive: true });
  try {
    await run('go', ['build', '-buildvcs=false', '-mod=readonly', '-trimpath', '-o', program, '.'], { cwd: source });
  } catch (error) {
    throw new Error(`go build: ${(error.stderr || error.message).trim()}`, { cause: error });
  }
}
