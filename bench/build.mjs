/**
 * Compiles the clients in other languages into build/, as far as their compilers and libraries are installed.
 * What is missing is named, and the benchmark runs without it; what fails to compile is an error.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BUILD } from './clients.mjs';

const source = (name) => fileURLToPath(new URL(`clients/${name}/`, import.meta.url));
const output = (command, ...parameters) =>
  execFileSync(command, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
const run = (cwd, command, ...parameters) => execFileSync(command, parameters, { cwd, stdio: 'inherit' });
const firstMatch = (pattern, file) => pattern.exec(readFileSync(file, 'utf8'))?.[1] ?? 'unknown';

function buildGo() {
  const folder = source('go-amqp');
  run(folder, 'go', 'build', '-trimpath', '-o', `${BUILD}go-amqp`, '.');
  return `${firstMatch(/go-amqp v(\S+)/, `${folder}go.mod`)}, ${output('go', 'env', 'GOVERSION')}`;
}

function buildProton() {
  const folder = source('proton-c');
  const files = readdirSync(folder).filter((name) => name.endsWith('.c'));
  const flags = output('pkg-config', '--cflags', '--libs', 'libqpid-proton').split(/\s+/).filter(Boolean);
  const strict = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror'];
  run(folder, 'cc', ...strict, '-o', `${BUILD}proton-c`, ...files, ...flags);
  return `${output('pkg-config', '--modversion', 'libqpid-proton')}, cc ${output('cc', '-dumpfullversion')}`;
}

function buildRust() {
  const folder = source('fe2o3-amqp');
  run(folder, 'cargo', 'build', '--release', '--locked', '--target-dir', `${BUILD}cargo`);
  copyFileSync(`${BUILD}cargo/release/fe2o3-amqp-bench`, `${BUILD}fe2o3-amqp`);
  return `${firstMatch(/fe2o3-amqp = "=(\S+)"/, `${folder}Cargo.toml`)}, ${output('rustc', '--version')}`;
}

const STEPS = [
  { name: 'go-amqp', needs: [['go', 'version']], install: 'Go 1.25 or later', build: buildGo },
  {
    name: 'proton-c',
    needs: [
      ['cc', '--version'],
      ['pkg-config', '--exists', 'libqpid-proton'],
    ],
    install: 'a C compiler, pkg-config, and the headers of Qpid Proton (Debian: libqpid-proton11-dev)',
    build: buildProton,
  },
  { name: 'fe2o3-amqp', needs: [['cargo', '--version']], install: 'Rust 1.88 or later with cargo', build: buildRust },
];

function works([command, ...parameters]) {
  try {
    output(command, ...parameters);
    return true;
  } catch {
    return false;
  }
}

mkdirSync(BUILD, { recursive: true });
const versions = {};
for (const { name, needs, install, build } of STEPS) {
  if (!needs.every(works)) {
    console.log(`${name}: missing; it needs ${install}`);
    continue;
  }
  try {
    versions[name] = build();
    console.log(`${name}: built, ${versions[name]}`);
  } catch (error) {
    console.log(`${name}: failed, ${error.message}`);
    process.exitCode = 1;
  }
}
writeFileSync(`${BUILD}versions.json`, `${JSON.stringify(versions, null, 2)}\n`);
