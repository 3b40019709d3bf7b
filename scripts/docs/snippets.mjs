/** The TypeScript blocks of the docstrings and of the pages, each compiled as a module of its own against `dist`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const target = join(root, 'build/doc-examples');

/** What a block may use without making it; it is declared where the block names it and does not declare it. */
const given = {
  connection: 'Connection',
  session: 'Session',
  sender: 'Sender',
  receiver: 'Receiver',
  delivery: 'Delivery',
};

const config = {
  extends: '../../tsconfig.base.json',
  compilerOptions: {
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
    moduleDetection: 'force',
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    noUnusedLocals: false,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ['*.ts'],
};

/** The files below a folder with a suffix, from the root of the project. */
function filesBelow(folder, suffix) {
  const names = readdirSync(join(root, folder), { recursive: true });
  return names
    .filter((name) => name.endsWith(suffix) && !name.includes('node_modules'))
    .map((name) => `${folder}/${String(name)}`);
}

/** The `ts` blocks of a file, each with the line of its fence. In sources, they stand behind the star of a comment. */
function blocksOf(file) {
  const blocks = [];
  let block;
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    const text = file.endsWith('.md') ? line : line.replace(/^ *\* ?/, '');
    if (block === undefined && text === '```ts') block = { file, line: index + 1, text: [] };
    else if (block !== undefined && text === '```') {
      blocks.push(block);
      block = undefined;
    } else block?.text.push(text);
  }
  return blocks;
}

/** The first line of a module: declares what its block is given, so that the lines of the block keep their numbers. */
function preamble(text) {
  const names = Object.keys(given).filter((name) => {
    const isUsed = new RegExp(`(?<![.\\w'])${name}\\b(?!['(]|: )`).test(text);
    const isDeclared = new RegExp(`\\b(const|let|using|function)\\s+(\\{[^}]*)?${name}\\b`).test(text);
    return isUsed && !isDeclared;
  });
  return names.map((name) => `declare const ${name}: import('amqp1').${given[name]};`).join(' ');
}

function write(blocks) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'tsconfig.json'), JSON.stringify(config, undefined, 2));
  const places = new Map();
  for (const { file, line, text } of blocks) {
    const name = `${file.replaceAll(/[/.]/g, '-')}-${line}.ts`;
    const code = text.join('\n');
    writeFileSync(join(target, name), `${preamble(code)}\n${code}\n`);
    places.set(name, { file, line });
  }
  return places;
}

/** Compiles every block; gives how many there are, and the faults at their place in the docstring or page. */
export function compileSnippets() {
  const pages = ['README.md', ...filesBelow('docs', '.md')];
  const blocks = [...filesBelow('src', '.ts'), ...pages].flatMap(blocksOf);
  const places = write(blocks);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', target, '--pretty', 'false'], {
    encoding: 'utf8',
    cwd: target,
  });
  const found = [...stdout.matchAll(/^([^\s(]+)\((\d+),\d+\): error (.*)$/gm)];
  const faults = found.map(([, name, line, what]) => {
    const place = places.get(name) ?? { file: name, line: 0 };
    // The preamble is line 1, as the fence is where the block begins.
    return {
      file: place.file,
      line: place.line + Number(line) - 1,
      rule: 'example',
      what: `does not compile: ${what}`,
    };
  });
  if (status !== 0 && faults.length === 0) throw new Error(`tsc could not run: ${stdout}${stderr}`);
  return { count: blocks.length, faults };
}
