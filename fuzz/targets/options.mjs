/** Options of any shape: each parser takes them or names what is wrong, and what it takes the engine can use. */
import { checkConnectOptions } from '../../dist/client/connect-options.js';
import { parseReceiverOptions } from '../../dist/client/receiver-options.js';
import { parseReconnectOptions } from '../../dist/client/recovery/reconnect-options.js';
import { parseSenderOptions } from '../../dist/client/sender-options.js';
import { checkSessionOptions } from '../../dist/client/session-options.js';
import { AmqpMap, decode, encode, symbol, uint } from '../../dist/codec/index.js';
import { parseBrokerOptions } from '../../dist/broker/broker-options.js';
import { Connection } from '../../dist/engine/index.js';
import { Choices } from '../support/choices.mjs';
import { check, outcome } from '../support/oracle.mjs';
import { target } from '../support/target.mjs';

const SECRET = 'hunter2';
const nothing = () => undefined;
const values = [
  [undefined, null, true, false, 0, 1, -1, 0.5, 512, 65_536, 2 ** 31, 2 ** 32, 2 ** 53, Infinity, Number.NaN, -0],
  ['', 'x', 'first', 'second', 'mixed', 'manual', 'none', 'never', 'move', 'é', '\0', 'x'.repeat(300), 7n, 2n ** 64n],
  [symbol('s'), Symbol('s'), nothing, [], ['x'], [1], ['x', 'x'], [undefined], {}, { x: 1 }, { descriptor: 'd' }],
  [{ descriptor: 7n, value: 1 }, { descriptor: 2n ** 70n }, { name: 'q' }, { address: 'a' }, { dynamic: true }],
  [new Map(), new AmqpMap(), new Date(0), new Date(Number.NaN), uint(1), Uint8Array.of(1), Object.create(null)],
  [
    new AbortController().signal,
    JSON.parse('{"__proto__": {"descriptor": "d"}}'),
    { x: nothing },
    [[]],
    { x: { y: {} } },
  ],
].flat();
const odd = ['x', '__proto__', 'constructor', 'toString', '', '0'];

const session = () => {
  const connection = new Connection({ role: 'client', containerId: 'c' }, { event: nothing, wake: nothing });
  connection.start(0);
  return connection.createSession({}, { event: nothing });
};
const host = { event: nothing, creditChanged: nothing, createDelivery: nothing, drained: nothing, aborted: nothing };

/** What takes options, and what is done with those that are taken. */
const parsers = {
  connect: (options) => {
    checkConnectOptions(options);
    const { recovers } = parseReconnectOptions(options.reconnect);
    check(typeof recovers === 'boolean', 'whether it recovers is not known');
    const { containerId = 'c', hostname, maxFrameSize, idleTimeout, properties } = options;
    const { offeredCapabilities, desiredCapabilities } = options;
    const engine = {
      containerId,
      hostname,
      maxFrameSize,
      idleTimeout,
      properties,
      offeredCapabilities,
      desiredCapabilities,
    };
    new Connection({ role: 'client', ...engine }, { event: nothing, wake: nothing }).start(0);
  },
  reconnect: (options) => parseReconnectOptions(options ?? undefined),
  session: (options) => checkSessionOptions(options),
  sender: (options) => {
    const { engine } = parseSenderOptions('a', options);
    session().attachSender('name', engine, host);
  },
  receiver: (options) => {
    const { engine } = parseReceiverOptions('a', options);
    const asked = new Set(Object.keys(options.filters ?? {}));
    if (options.selector !== undefined) asked.add('apache.org:selector-filter:string');
    const given = Object.keys(engine.source.filter ?? {}).length;
    check(given === asked.size, `${given} filters of ${asked.size} are asked for`);
    session().attachReceiver('name', engine, host);
  },
  broker: (options) => parseBrokerOptions(options),
  encode: (options) => encode([[1]], options),
  decode: (options) => decode(encode([[1]]), options),
};
const CODES = ['invalid-argument', 'encode-error', 'decode-error'];

/** The names of the options, as the error for an unknown one lists them. */
function namesOf(parse) {
  const { error } = outcome(() => parse({ 'no such option': 1 }), ...CODES);
  return /there are (.*?)\./.exec(error.message)[1].split(', ');
}

const kinds = Object.values(parsers).map((parse) => ({ parse, names: [...namesOf(parse), ...odd] }));

/** An object with some of the names; values are of any kind, or objects of the same make. */
function objectOf(choices, names, depth) {
  const entries = Array.from({ length: choices.octet() % 5 }, () => {
    const name = choices.one(names);
    const choice = choices.octet();
    const value =
      choice < 0xc0 || depth > 2 ? values[choice % values.length] : objectOf(choices, [...odd, ...inner], depth + 1);
    return [name, /password/i.test(name) && typeof value === 'string' ? SECRET : value];
  });
  // Not Object.fromEntries of a literal: a key __proto__ must be one of its own, as JSON.parse makes it.
  const object = {};
  for (const [key, value] of entries)
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  return object;
}

/** Names of options of termini, limits, queues and filters. */
const inner = [
  ['durability', 'expiryPolicy', 'expiryTimeout', 'capabilities', 'dynamic', 'lifetimePolicy', 'dynamicNodeProperties'],
  ['address', 'descriptor', 'value', 'maxDepth', 'maxElements', 'maxSize', 'name', 'deadLetter', 'maxDeliveries'],
].flat();

export const fuzz = target((bytes) => {
  const choices = new Choices(bytes);
  const { parse, names } = choices.one(kinds);
  const options = choices.octet() >= 0xf8 ? choices.one(values.slice(1)) : objectOf(choices, names, 0);
  const { error } = outcome(() => parse(options), ...CODES);
  check(!error?.message.includes(SECRET), 'an error shows the password');
  check(Object.prototype.x === undefined && Object.prototype.descriptor === undefined, 'a prototype has changed');
});
