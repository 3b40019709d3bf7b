/** Where and with what a benchmark ran. */
import { execFileSync } from 'node:child_process';
import os from 'node:os';

function commit() {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** The machine, the versions of everything, and how busy it was before. */
export function describeEnvironment(clients) {
  return {
    node: process.version,
    clients: Object.fromEntries(clients.map(({ name, version }) => [name, version])),
    commit: commit(),
    cpu: os.cpus()[0]?.model,
    cores: os.cpus().length,
    system: `${os.type()} ${os.release()}`,
    loadBefore: os.loadavg()[0],
    date: new Date().toISOString(),
  };
}
