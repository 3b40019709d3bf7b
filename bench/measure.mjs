/** Runs one client in one scenario, beside the peer, and refuses a result that the peer did not see. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expectedOf } from './scenarios.mjs';

const CLIENT_TIME_LIMIT = 120_000;

/** Reads what a child prints line by line as JSON. */
function reader(child, name) {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name} ended without a result`);
    return JSON.parse(value);
  };
}

/** Starts the peer: its ports, what it prints next, and how to stop it. */
export async function startPeer() {
  const program = fileURLToPath(new URL('peer.mjs', import.meta.url));
  const child = fork(program, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const next = reader(child, 'the peer');
  return { ...(await next()), next, stop: () => child.kill() };
}

/** Runs one client with these parameters from start to end; gives what it printed. */
export async function runClient(client, { flags, limit = CLIENT_TIME_LIMIT }, parameters) {
  const [command, ...first] = client.command(flags);
  const child = spawn(command, [...first, ...parameters.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), limit);
  const exit = once(child, 'exit');
  try {
    const figures = await reader(child, client.name)();
    const [code, signal] = await exit;
    if (code !== 0) throw new Error(`it ended with ${signal ?? code}`);
    return figures;
  } finally {
    clearTimeout(timer);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
}

/** One client against the peer: what it printed and what the peer saw of it. */
async function run(peer, scenario, client, count) {
  const port = client.name === 'bare-socket' ? peer.barePort : peer.port;
  const figures = await runClient(client, scenario, [scenario.name, '127.0.0.1', port, count]);
  return { figures, seen: scenario.withoutPeer ? undefined : await peer.next() };
}

function check(seen, scenario, client, expected) {
  if (seen.failure !== undefined) throw new Error(`the peer met ${seen.failure}`);
  const { transfers, accepted } = expected;
  // Of what it receives, the peer accepts all that is not settled: a sender must not have sent it settled.
  if (seen.transfers !== transfers || seen.accepted !== accepted) {
    throw new Error(`of ${transfers}, ${seen.transfers} transferred, ${accepted}: ${seen.accepted} accepted`);
  }
  if (!scenario.name.includes('send') || client.name === 'bare-socket') return;
  if (seen.octets < transfers * scenario.bodySize) throw new Error(`only ${seen.octets} octets were sent`);
  // A header and empty properties may be there: some libraries cannot but send them.
  const shape = seen.shape?.replace(/^70:\d+ /, '').replace(/^73:0 /, '');
  if (scenario.shape !== undefined && shape !== scenario.shape) throw new Error(`a message of the shape ${shape}`);
}

/** Runs one client and gives its figures, with those of the peer. */
export async function measure(peer, scenario, client, count) {
  const expected = expectedOf(scenario, count);
  const { figures, seen } = await run(peer, scenario, client, count);
  if (seen === undefined) return figures;
  check(seen, scenario, client, expected);
  return {
    ...figures,
    ...(scenario.figures.includes('megabytesPerSecond') && {
      megabytesPerSecond: (figures.messagesPerSecond * scenario.bodySize) / 1e6,
    }),
    peerCpuMicrosPerMessage: seen.cpuMicros / Math.max(1, expected.transfers),
    peerBusy: seen.cpuMicros / seen.wallMicros,
  };
}
