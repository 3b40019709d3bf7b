/** Every client: how it is started, what version it is, and what is missing where it cannot be started. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Where build.mjs puts programs, and what it found out about them. */
export const BUILD = path('build/');
const versionsFile = `${BUILD}versions.json`;

function builtVersions() {
  return existsSync(versionsFile) ? JSON.parse(readFileSync(versionsFile, 'utf8')) : {};
}

/** The version of an npm package; undefined where it is not installed. */
function packageVersion(name) {
  try {
    return require(`${name}/package.json`).version;
  } catch {
    return undefined;
  }
}

function inNode(name, version) {
  return {
    name,
    version,
    missing: version === undefined ? `the npm package ${name}: npm ci` : undefined,
    command: (flags = []) => [process.execPath, ...flags, path(`clients/${name}.mjs`)],
  };
}

function compiled(name) {
  const program = `${BUILD}${name}`;
  return {
    name,
    version: builtVersions()[name],
    missing: existsSync(program) ? undefined : `the program: npm run build --workspace bench`,
    command: () => [program],
  };
}

/** All clients, by name. */
export function findClients() {
  const clients = [
    inNode('amqp1', require('../package.json').version),
    inNode('rhea', packageVersion('rhea')),
    inNode('rhea-promise', packageVersion('rhea-promise')),
    compiled('go-amqp'),
    compiled('proton-c'),
    compiled('fe2o3-amqp'),
    inNode('straight-line', 'a limit'),
    inNode('bare-socket', 'a limit'),
  ];
  return new Map(clients.map((client) => [client.name, client]));
}
