/** Runs a foreign client through the scenarios against our embedded broker. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect, startBroker } from './amqp1.mjs';
import { capabilities } from './capabilities.mjs';
import { CapabilityUse } from './capability-use.mjs';
import { ask, readsOurs, writesForUs } from './codecs.mjs';
import { reasons, whatBecomes, whatBecomesOfBody } from './exceptions.mjs';
import { build, program } from './foreign/go-amqp/program.mjs';
import { scenarios as goScenarios } from './foreign/go-amqp/scenarios.mjs';
import { isSimple, sections, values } from './neutral.mjs';
import { outcomeOf } from './outcome.mjs';
import { home } from './peers.mjs';
import { messages } from './scenarios/values.mjs';
import { toldOutcomes } from './told-outcomes.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const python = '/usr/bin/python3';

/**
 * The foreign clients, by name: the program of the scenarios and that of the codec, how they are made before the run,
 * and scenarios of their own.
 */
export const clients = {
  rhea: {
    program: [process.execPath, here('foreign/rhea.mjs')],
    codec: [process.execPath, here('foreign/rhea-codec.mjs')],
    receiver: [process.execPath, here('foreign/rhea-receiver.mjs')],
  },
  'python-proton': {
    program: [python, '-B', here('foreign/proton_client.py')],
    codec: [python, '-B', here('foreign/proton_codec.py')],
  },
  'go-amqp': {
    start: build,
    program: [program],
    codec: [program, 'codec'],
    scenarios: goScenarios,
  },
};

/** The scenarios of the foreign programs, by the names in the table of results. */
const scenarios = {
  plain: 'plain',
  tls: 'tls',
  bulk: 'bulk',
  'receiver outcomes': 'outcomes',
  large: 'large',
  values: 'values',
  drain: 'drain',
  'close in the middle': 'middle',
};

const account = { user: 'tester', password: 'tester-pass' };

/** Yields `{ peer, scenario, ... }` for every scenario. */
export async function* runForeign(name) {
  const { codec, receiver } = clients[name];
  const codecUse = new CapabilityUse(reasons(name, 'reads', 'writes'));
  const compare = async () => {
    await readsOurs(name, codec);
    await writesForUs(name, codec);
    codecUse.meetAll();
  };
  yield { peer: name, scenario: 'codec', ...(await outcomeOf(compare, codecUse)) };
  if (receiver !== undefined) {
    const use = new CapabilityUse();
    yield { peer: name, scenario: 'sender outcomes', ...(await outcomeOf(() => toldOutcomes(receiver), use)) };
  }
  const brokers = await startBrokers(name);
  try {
    for (const [scenario, asked] of Object.entries({ ...scenarios, ...clients[name].scenarios })) {
      const use = new CapabilityUse(rowsFor(name, scenario, asked));
      const work = workOf(name, brokers, use, asked);
      yield { peer: name, scenario, ...(await outcomeOf(work, use)) };
    }
  } finally {
    await Promise.all([brokers.clear.close(), brokers.tls.close()]);
  }
}

function rowsFor(name, scenario, asked) {
  return asked === 'values' ? reasons(name, 'reads', 'writes', 'bodies') : capabilities[name]?.[scenario];
}

function workOf(name, brokers, use, asked) {
  if (asked === 'values') return () => exchangeValues(name, brokers, use);
  if (typeof asked === 'string') return () => tell(name, brokers, asked);
  return () => asked(ownRun(name, brokers, use));
}

/** What a scenario of one client is given: its program can be told a scenario, and asked line by line. */
function ownRun(name, { clear, tls }, use) {
  const { program: command, codec } = clients[name];
  return {
    name,
    account,
    use,
    tell: (scenario, peer = clear) => tell(name, { clear: peer, tls }, scenario),
    askCodec: (questions) => ask(codec, questions),
    ask: (exchange, questions, peer, more) =>
      ask([...command, JSON.stringify({ ...setupFor(name, { clear: peer, tls }), ...more }), exchange], questions),
  };
}

/** One broker in clear text and one with TLS: a broker has one port. */
async function startBrokers(name) {
  const pem = (file) => readFileSync(`${home}/certs/${file}`);
  const options = {
    users: { [account.user]: account.password },
    queues: [{ name: `${name}.outcomes`, deadLetter: `${name}.outcomes.dead` }],
  };
  const clear = await startBroker(options);
  try {
    return { clear, tls: await startBroker({ ...options, tls: { cert: pem('server.pem'), key: pem('server.key') } }) };
  } catch (error) {
    await clear.close();
    throw error;
  }
}

function setupFor(name, { clear, tls }) {
  return {
    ...account,
    prefix: name,
    port: clear.port,
    tlsPort: tls.port,
    ca: `${home}/certs/ca.pem`,
    values: here('values.json'),
  };
}

/** Has the foreign program run one scenario, and rejects with what it reports. */
async function tell(name, brokers, scenario) {
  const setup = setupFor(name, brokers);
  const [command, ...options] = clients[name].program;
  const child = spawn(command, [...options, JSON.stringify(setup), scenario], { stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = setTimeout(() => child.kill(), 55_000);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const report = JSON.parse(line);
      assert.equal(report.scenario, scenario);
      if (!report.ok) throw new Error(report.detail);
      return;
    }
    throw new Error(`${name} ended without a report`);
  } finally {
    clearTimeout(timer);
    child.kill();
  }
}

/** Our client sends every value, the foreign one reads them and sends its own, which ours reads. */
async function exchangeValues(name, brokers, use) {
  const connection = await connect(brokers.clear.url, account);
  try {
    const sender = await connection.createSender(`${name}.values.read`);
    await Promise.all(messages().map((message) => sender.send(message)));
    await tell(name, brokers, 'values-read');
    await tell(name, brokers, 'values-write');
    const receiver = await connection.createReceiver(`${name}.values.write`);
    for (const which of values.filter((each) => whatBecomes(name, 'writes', each) !== null)) {
      const delivery = await receiver.receive({ timeout: 5000 });
      check(name, delivery.message, which);
      await delivery.accept();
    }
    use.meetAll();
  } finally {
    await connection.close();
  }
}

function check(name, { properties, encoded }, which) {
  assert.equal(properties.subject, which.name);
  const found = sections(encoded);
  assert.deepEqual(found[0x77], whatBecomesOfBody(name, 'writes', which), which.name);
  if (!isSimple(which.value)) return;
  const expected = ['map', [[['string', 'value'], whatBecomes(name, 'writes', which)]]];
  assert.deepEqual(found[0x74], expected, which.name);
}
