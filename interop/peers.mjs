/** The brokers that our client is run against: how each is started, stopped and spoken to. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connect } from './amqp1.mjs';

const run = promisify(execFile);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const setting = (name, otherwise) => process.env[name] ?? otherwise;

/** Where the broker scripts keep what they make. */
export const home = setting('BROKERS_HOME', here('.brokers'));

/** Runs a script of brokers/; rejects with what it said. */
export async function script(name, ...options) {
  try {
    return await run(here(`brokers/${name}`), options, { env: { ...process.env, BROKERS_HOME: home } });
  } catch (error) {
    throw new Error(`${name} ${options.join(' ')}: ${(error.stderr || error.message).trim()}`, { cause: error });
  }
}

/** Certificates of brokers/certs.sh, as the TLS options of connect(). */
export function certificates() {
  const pem = (name) => readFileSync(`${home}/certs/${name}`);
  return {
    trusted: { ca: pem('ca.pem') },
    client: { ca: pem('ca.pem'), cert: pem('client.pem'), key: pem('client.key') },
  };
}

export function rabbitmq(version, { amqp, amqps, http, address, queueType = 'classic', ...more }) {
  const authorization = `Basic ${Buffer.from('tester:tester-pass').toString('base64')}`;
  async function api(method, path, body) {
    const response = await fetch(`http://127.0.0.1:${http}/api/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok && response.status !== 404) throw new Error(`${method} ${path}: ${response.status}`);
    return response;
  }
  return {
    url: `amqp://tester:tester-pass@localhost:${amqp}`,
    anonymousUrl: `amqp://localhost:${amqp}`,
    wrongUrl: `amqp://tester:wrong@localhost:${amqp}`,
    tlsUrl: `amqps://tester:tester-pass@localhost:${amqps}`,
    externalUrl: `amqps://localhost:${amqps}`,
    start: () => script('rabbitmq.sh', version, 'up'),
    stop: () => script('rabbitmq.sh', version, 'down'),
    /** Declares an empty queue and returns its address. */
    async queue(name, options = {}) {
      await api('DELETE', `queues/%2F/${name}`);
      await api('PUT', `queues/%2F/${name}`, { durable: true, arguments: { 'x-queue-type': queueType, ...options } });
      return address(name);
    },
    closeConnections: () => script('rabbitmq.sh', version, 'ctl', 'close_all_connections', 'interop'),
    /** The name of the node that leads a queue. */
    leader: async (name) => (await (await api('GET', `queues/%2F/${name}`)).json()).leader,
    port: Number(amqp),
    kill: () => script('rabbitmq.sh', version, 'kill'),
    again: () => script('rabbitmq.sh', version, 'again'),
    freeze: () => script('rabbitmq.sh', version, 'freeze'),
    thaw: () => script('rabbitmq.sh', version, 'thaw'),
    changePassword: (password) => script('rabbitmq.sh', version, 'ctl', 'change_password', 'tester', password),
    ...more,
  };
}

/** ActiveMQ Classic. */
function classic(port) {
  return {
    url: `amqp://tester:tester-pass@localhost:${port}`,
    anonymousUrl: `amqp://localhost:${port}`,
    wrongUrl: `amqp://tester:wrong@localhost:${port}`,
    tlsUrl: `amqps://tester:tester-pass@localhost:${port + 1}`,
    externalUrl: `amqps://localhost:${port + 1}`,
    start: () => script('classic.sh', 'up'),
    stop: () => script('classic.sh', 'down'),
    queue: freshQueue,
    topic: (name) => ({ address: `topic://${name}` }),
    async closeConnections() {
      await script('classic.sh', 'down');
      await script('classic.sh', 'up');
    },
  };
}

/** Qpid Broker-J. */
function brokerJ(port) {
  const url = `amqp://tester:tester-pass@localhost:${port}`;
  return {
    url,
    anonymousUrl: `amqp://localhost:${port + 2}`,
    wrongUrl: `amqp://tester:wrong@localhost:${port}`,
    tlsUrl: `amqps://tester:tester-pass@localhost:${port + 1}`,
    externalUrl: `amqps://localhost:${port + 3}`,
    start: () => script('broker-j.sh', 'up'),
    stop: () => script('broker-j.sh', 'down'),
    queue: freshQueue,
    topic: (name) => ({ address: `amq.topic/${name}`, source: { capabilities: ['topic'] } }),
    unroutable: 'nowhere',
    async closeConnections() {
      await script('broker-j.sh', 'down');
      await script('broker-j.sh', 'up');
    },
  };
}

let queues = 0;

/** The first use of an address makes its queue; the brokers know those that are soon full by their name. */
function freshQueue(name, options = {}) {
  const kind = 'x-max-length' in options ? 'full.' : '';
  return Promise.resolve(`${kind}${name}-${process.pid}-${(queues += 1)}`);
}

function proton(port) {
  const name = (queue) => `${queue}-${process.pid}`;
  return {
    url: `amqp://localhost:${port}`,
    anonymousUrl: `amqp://localhost:${port}`,
    wrongUrl: `amqp://tester:wrong@localhost:${port}`,
    tlsUrl: `amqps://localhost:${port}`,
    start: () => script('proton.sh', 'up'),
    stop: () => script('proton.sh', 'down'),
    /** The first use of an address makes its queue. */
    queue: (queue) => Promise.resolve(name(queue)),
    async closeConnections() {
      await script('proton.sh', 'down');
      await script('proton.sh', 'up');
    },
  };
}

/** ActiveMQ Artemis, alone or one of a pair. */
export function artemis(role, port) {
  return {
    url: `amqp://tester:tester-pass@localhost:${port}`,
    anonymousUrl: `amqp://localhost:${port}`,
    wrongUrl: `amqp://tester:wrong@localhost:${port}`,
    tlsUrl: `amqps://tester:tester-pass@localhost:${Number(port) + 1}`,
    externalUrl: `amqps://localhost:${Number(port) + 1}`,
    start: () => script('artemis.sh', role, 'up'),
    stop: () => script('artemis.sh', role, 'down'),
    queue: freshQueue,
    /** What kind of node it is, is told by a capability of the terminus. */
    topic: (name) => ({ address: name, source: { capabilities: ['topic'] }, target: { capabilities: ['topic'] } }),
    closeConnections: () => manage(port, 'closeConnectionsForUser', ['tester']),
    port: Number(port),
    kill: () => script('artemis.sh', role, 'kill'),
    /** It can be reached once it has answered somebody: the first connection has it load its classes. */
    async again() {
      const { stderr } = await script('artemis.sh', role, 'again');
      if (stderr) console.log(stderr.trim());
      await (await connect(this.anonymousUrl)).close();
    },
    freeze: () => script('artemis.sh', role, 'freeze'),
    thaw: () => script('artemis.sh', role, 'thaw'),
    changePassword: (password) => script('artemis.sh', role, 'password', password),
  };
}

/** Has Artemis carry out an operation of its management, which it does for a message to an address of its own. */
async function manage(port, operation, parameters) {
  const connection = await connect(`amqp://localhost:${port}`);
  const sender = await connection.createSender('activemq.management');
  await sender.send({
    applicationProperties: { _AMQ_ResourceName: 'broker', _AMQ_OperationName: operation },
    body: JSON.stringify(parameters),
  });
  await connection.close();
}

/** The AMQP port of the first node of the cluster; the others follow. */
export const clusterPort = Number(setting('RABBITMQ_CLUSTER_PORT', 5681));

/** By the name that the command line and the table of results use. */
export const peers = {
  'rabbitmq-4.0': rabbitmq('4', {
    amqp: setting('RABBITMQ4_PORT', 5675),
    amqps: setting('RABBITMQ4_TLS_PORT', 5676),
    http: setting('RABBITMQ4_HTTP_PORT', 15675),
    address: (queue) => `/queues/${queue}`,
    countingQueue: { 'x-queue-type': 'quorum' },
    unroutable: '/exchanges/amq.direct/nowhere',
  }),
  // Its first node; all queues are quorum queues.
  'rabbitmq-cluster': rabbitmq('node-1', {
    amqp: clusterPort,
    amqps: clusterPort + 3,
    http: clusterPort + 10_000,
    address: (queue) => `/queues/${queue}`,
    queueType: 'quorum',
    unroutable: '/exchanges/amq.direct/nowhere',
    start: () => script('rabbitmq-cluster.sh', 'up'),
    stop: () => script('rabbitmq-cluster.sh', 'down'),
  }),
  'rabbitmq-3.10': rabbitmq('3', {
    amqp: setting('RABBITMQ3_PORT', 5673),
    amqps: setting('RABBITMQ3_TLS_PORT', 5674),
    http: setting('RABBITMQ3_HTTP_PORT', 15673),
    address: (queue) => `/amq/queue/${queue}`,
    unroutable: '/exchange/amq.direct/nowhere',
  }),
  classic: classic(Number(setting('CLASSIC_PORT', 5694))),
  'broker-j': brokerJ(Number(setting('BROKERJ_PORT', 5696))),
  proton: proton(setting('PROTON_PORT', 5677)),
  artemis: artemis('alone', setting('ARTEMIS_PORT', 5690)),
};
