/**
 * Every scenario in one table. A row has:
 * - `name`, as on the command lines of the clients; a number at its end is a size; `family` unites sizes of one kind;
 * - `says`: what it measures;
 * - `clients`: which can do it;
 * - `figures`: what is reported, by the names in figures.mjs; the first two are also given as ratios;
 * - `count`: how many messages of the `--count` that is asked for;
 * - and where needed: `expected` (what the peer must have seen), `shape` (of each message), `bodySize`, `flags` for Node,
 *   `against` (another scenario that other clients are compared by), `limit` in ms, `long` (only with `--long`).
 */
import { MESSAGES, warmUp } from './clients/node/task.mjs';

const IN_JAVASCRIPT = ['amqp1', 'rhea', 'rhea-promise'];
const LIBRARIES = [...IN_JAVASCRIPT, 'go-amqp', 'proton-c', 'fe2o3-amqp'];

const WIRE = ['cpuMicrosPerMessage', 'messagesPerSecond', 'peerCpuMicrosPerMessage', 'peerBusy'];
const share = (divisor) => (count) => Math.max(1, Math.ceil(count / divisor));
const all = share(1);
const fixed = (most) => (count) => Math.min(most, count);
const COLLECTED = ['--expose-gc'];
/** A young generation that holds all that is allocated while allocations are counted. */
const UNCOLLECTED = [...COLLECTED, '--min-semi-space-size=512', '--max-semi-space-size=512'];

const small = { count: all, figures: WIRE, shape: '75:100', bodySize: MESSAGES.small.bodySize };
const typical = { count: share(3), figures: WIRE, shape: '73:4 74:5 75:1024', bodySize: MESSAGES.typical.bodySize };
const large = {
  count: share(1000),
  figures: ['cpuMicrosPerMessage', 'megabytesPerSecond', 'peerBusy'],
  bodySize: MESSAGES.large.bodySize,
};
const huge = {
  count: fixed(1),
  figures: ['peakOverSize', 'megabytesPerSecond'],
  bodySize: MESSAGES.huge.bodySize,
  flags: COLLECTED,
};

const FLOW = [
  { ...small, name: 'send', says: 'pipelined sends, each acknowledged', clients: [...LIBRARIES, 'straight-line'] },
  {
    ...small,
    name: 'send-awaited',
    says: 'a send only when the one before is acknowledged: round trips',
    clients: [...LIBRARIES, 'bare-socket'],
    figures: ['p50Micros', 'cpuMicrosPerMessage', 'p99Micros', 'messagesPerSecond', 'peerBusy'],
    count: share(15),
  },
  { ...small, name: 'receive', says: 'receive and accept', clients: [...LIBRARIES, 'straight-line'] },
  { ...small, name: 'receive-read', says: 'receive, read the body, accept', clients: LIBRARIES },
  {
    ...small,
    name: 'receive-consume',
    says: 'a handler, accepted when it returns; others by their receive',
    clients: ['amqp1'],
    against: 'receive',
  },
  {
    ...typical,
    name: 'typical-send',
    says: '4 properties, 5 application properties, 1 KiB, sent',
    clients: [...LIBRARIES, 'straight-line'],
  },
  {
    ...typical,
    name: 'typical-receive',
    says: 'the same received, every value read',
    clients: [...LIBRARIES, 'straight-line'],
  },
  { ...large, name: 'large-send', says: 'messages of 1 MiB', clients: [...LIBRARIES, 'bare-socket'] },
  { ...large, name: 'large-receive', says: 'the same received and read', clients: [...LIBRARIES, 'bare-socket'] },
  { ...huge, name: 'huge-send', says: 'one message of 100 MiB: peak of memory', clients: LIBRARIES },
  { ...huge, name: 'huge-receive', says: 'the same received and read', clients: LIBRARIES },
];

const nothing = () => ({ transfers: 0, accepted: 0 });
const allocation = {
  ...small,
  family: 'allocation',
  clients: ['amqp1', 'rhea'],
  figures: ['allocatedBytesPerMessage', 'aboveBareBytesPerMessage'],
  count: share(60),
  flags: UNCOLLECTED,
};

const MEMORY = [
  {
    name: 'codec',
    says: 'encode and decode without a connection: the typical message, and the transfer around it',
    clients: ['amqp1', 'rhea', 'go-amqp', 'straight-line'],
    figures: ['encodeMessageNanos', 'decodeMessageNanos', 'encodeTransferNanos', 'decodeTransferNanos'],
    count: share(3),
    withoutPeer: true,
  },
  { ...allocation, name: 'allocation-send', says: 'octets allocated by each send' },
  { ...allocation, name: 'allocation-receive', says: 'octets allocated by each delivery' },
  {
    name: 'connections',
    says: '1,000 connections in one process, each with a session and a link, idle',
    clients: ['amqp1', 'rhea', 'go-amqp'],
    figures: ['heapBytesPerConnection', 'connectMicros', 'residentBytesPerConnection'],
    count: fixed(1000),
    expected: nothing,
    flags: COLLECTED,
  },
];

/** The same messages while `size` of something else is there. */
function grown(family, size, more) {
  return { ...small, name: `${family}-${size}`, family, count: share(2), ...more };
}

const links = (size) =>
  grown('links', size, {
    says: 'links in one session, sends on all of them in turn',
    clients: ['amqp1', 'rhea', 'go-amqp'],
    figures: ['cpuMicrosPerMessage', 'attachMicros', 'heapBytesPerLink', 'messagesPerSecond', 'peerBusy'],
    flags: COLLECTED,
  });

const held = (size) =>
  grown('held', size, {
    says: 'sends while this many before them stay unsettled',
    clients: ['amqp1'],
    expected: (total) => ({ transfers: total + size, accepted: total }),
  });

const after = (size) =>
  grown('after', size, {
    says: 'sends on a link that has sent this many before',
    clients: ['amqp1'],
    expected: (total) => ({ transfers: total + size, accepted: total + size }),
    limit: 300_000,
    long: size > 1_000_000,
  });

const GROWTH = [
  ...[1, 100, 10_000].map(links),
  ...[1, 100, 10_000, 100_000].map(held),
  ...[100, 1000, 10_000, 100_000, 1_000_000, 10_000_000].map(after),
];

export const SCENARIOS = [...FLOW, ...MEMORY, ...GROWTH];

/** What the peer must have seen of a scenario with `count` measured messages. */
export function expectedOf(scenario, count) {
  const total = count + warmUp(scenario.name, count);
  return { total, ...(scenario.expected?.(total) ?? { transfers: total, accepted: total }) };
}
