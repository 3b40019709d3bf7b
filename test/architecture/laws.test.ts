import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which rooms each room may enter: the arrows of ARCHITECTURE.md, with all that they lead to. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  codec: ['errors'],
  definitions: ['codec', 'errors'],
  message: ['definitions', 'codec', 'errors'],
  sasl: ['definitions', 'codec', 'errors'],
  engine: ['sasl', 'definitions', 'codec', 'errors'],
  io: ['engine', 'sasl', 'definitions', 'codec', 'errors'],
  client: ['io', 'message', 'engine', 'sasl', 'definitions', 'codec', 'errors'],
  broker: ['io', 'message', 'engine', 'sasl', 'definitions', 'codec', 'errors'],
  testing: ['io', 'engine', 'errors'],
};
const sansIo = ['errors', 'codec', 'definitions', 'message', 'sasl', 'engine'];
const root = join(import.meta.dirname, '../../src');

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const files: readonly SourceFile[] = filesBelow(root).map((path) => {
  const text = readFileSync(path, 'utf8');
  const found = text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'|\bimport\('([^']+)'\)/gms);
  return {
    path,
    room: relative(root, path).split(sep)[0] ?? '',
    text,
    imports: [...found].map(([, from, dynamic]) => from ?? dynamic ?? ''),
  };
});

const name = (file: SourceFile): string => relative(root, file.path);
/** The rooms entered by the relative imports of a file, with the path within the room. */
const entries = (file: SourceFile): { room: string; inner: string }[] =>
  file.imports
    .filter((from) => from.startsWith('.'))
    .map((from) => relative(root, join(file.path, '..', from)).split(sep))
    .map(([room = '', ...inner]) => ({ room, inner: inner.join('/') }));

/** The cycles among the imports of the files, type imports included, each as the files on it. */
function cycles(): string[][] {
  const graph = new Map(
    files.map((file) => [
      file.path,
      file.imports.filter((from) => from.startsWith('.')).map((from) => join(file.path, '..', from)),
    ]),
  );
  const done = new Set<string>();
  const found: string[][] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      found.push([...trail.slice(at), path].map((item) => relative(root, item)));
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return found;
}

describe('the laws of the house', () => {
  it('looks at all rooms', () => {
    expect(new Set(files.map((file) => file.room))).toEqual(new Set(Object.keys(rooms)));
  });

  it('lets each room enter only those below it', () => {
    const wrong = files.flatMap((file) =>
      entries(file)
        .filter(({ room }) => room !== file.room && rooms[file.room]?.includes(room) !== true)
        .map(({ room }) => `${name(file)} enters ${room}`),
    );
    expect(wrong).toEqual([]);
  });

  it('enters a room by its index only', () => {
    const wrong = files.flatMap((file) =>
      entries(file)
        .filter(({ room, inner }) => room !== file.room && inner !== 'index.ts')
        .map(({ room, inner }) => `${name(file)} enters ${room}/${inner}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no import cycle, type imports included', () => {
    expect(cycles()).toEqual([]);
  });

  it('keeps Node out of the rooms without I/O', () => {
    const wrong = files.filter(
      (file) => sansIo.includes(file.room) && file.imports.some((from) => !from.startsWith('.')),
    );
    expect(wrong.map(name)).toEqual([]);
    for (const room of sansIo) {
      const config = readFileSync(join(root, room, 'tsconfig.json'), 'utf8');
      expect(config, `${room} compiles without ambient types`).not.toContain('"types"');
    }
  });

  it('takes no time and no chance from outside in the rooms without I/O', () => {
    const wrong = files.filter(
      (file) => sansIo.includes(file.room) && /\bDate\.now\b|\bMath\.random\b|\bnew Date\(\)/.test(file.text),
    );
    expect(wrong.map(name)).toEqual([]);
  });

  it('has no hand-written file over 400 lines', () => {
    const long = files
      .filter((file) => !file.path.includes(`${sep}generated${sep}`))
      .map((file) => ({ file: name(file), lines: file.text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });

  it('has no any, no non-null assertion and no exclusion', () => {
    const loose = /(?::|<|\bas|\|) any\b|[\w)\]]!(?:[.;,)[]|$)|@ts-|eslint-|oxlint-|(?:istanbul|v8|c8) ignore/m;
    expect(files.filter((file) => loose.test(file.text)).map(name)).toEqual([]);
  });

  it('has no runtime dependency', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(root, '../package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('dependencies');
  });
});
