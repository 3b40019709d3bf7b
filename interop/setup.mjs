/** Installs the Debian packages of the run, where that is possible, and tells what is missing where it is not. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What each part of the run needs: packages, and how to tell that they are there. */
const needs = {
  'rabbitmq-4.0': { packages: ['openssl'], there: () => has('openssl') && has('dpkg-deb') },
  'rabbitmq-cluster': { packages: ['openssl'], there: () => has('openssl') && has('dpkg-deb') },
  'rabbitmq-3.10': { packages: ['openssl'], there: () => has('openssl') && has('dpkg-deb') },
  proton: {
    packages: ['gcc', 'libc6-dev', 'libqpid-proton11-dev', 'libqpid-proton11-dev-examples', 'openssl'],
    there: () => has('cc') && existsSync('/usr/share/proton/examples/c/broker.c') && has('openssl'),
  },
  artemis: java(17),
  classic: java(17),
  'broker-j': java(17),
  rhea: { packages: ['openssl'], there: () => has('openssl') },
  'python-proton': { packages: ['python3-qpid-proton'], there: () => runs('/usr/bin/python3', '-c', 'import proton') },
  'go-amqp': { packages: ['golang-go', 'openssl'], there: () => has('go') && has('openssl') },
  tshark: { packages: ['tshark'], there: () => has('tshark') },
};

/** A broker in Java, whose distribution Maven fetches. */
function java(version) {
  return {
    packages: [`openjdk-${version}-jre-headless`, 'maven', 'openssl'],
    there: () => has('java') && has('mvn') && has('openssl'),
  };
}

function runs(command, ...options) {
  try {
    execFileSync(command, options, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const has = (program) => runs('sh', '-c', `command -v ${program}`);

/** Returns the reason by the name of each of these parts that cannot run here. */
export async function prepare(names) {
  const missing = () => names.filter((name) => !needs[name].there());
  const packages = [...new Set(missing().flatMap((name) => needs[name].packages))];
  let why = 'not root, so nothing was installed';
  if (packages.length > 0 && process.getuid?.() === 0) {
    console.log(`installing ${packages.join(' ')}`);
    why = await install(packages);
  }
  return new Map(missing().map((name) => [name, `needs ${needs[name].packages.join(' ')} (${why})`]));
}

async function install(packages) {
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 1e8 };
  try {
    await run('apt-get', ['-qq', 'update'], options);
    await run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', ...packages], options);
    return 'installed, and yet not usable';
  } catch (error) {
    return `apt-get failed: ${(error.stderr || error.message).trim().split('\n')[0]}`;
  }
}
