/**
 * What the command line asks a client to do: `scenario host port count [address [offset]]`. Without an address it is one
 * of the peer's; an offset is where a receiver begins in a stream of RabbitMQ.
 */

/** Octets in the body of each kind of message, and how many are in flight: unsettled when sent, credit when received. */
export const MESSAGES = {
  small: { bodySize: 100, window: 1000 },
  typical: { bodySize: 1024, window: 1000 },
  large: { bodySize: 1 << 20, window: 16 },
  huge: { bodySize: 100 << 20, window: 1 },
};

/** The filter by which a receiver says where it begins in a stream of RabbitMQ. */
export const STREAM_OFFSET = 'rabbitmq:stream-offset-spec';

/** Where something grows or octets are counted, so many at least: what is compiled must not make a difference. */
const LONG_WARM_UP = 200_000;

/** Messages that come before the measured ones: 20 %, but none before a huge one. */
export function warmUp(scenario, count) {
  if (scenario.startsWith('huge')) return 0;
  const fifth = Math.ceil(count / 5);
  return /^(links|held|after|allocation)-/.test(scenario) ? Math.max(fifth, LONG_WARM_UP) : fifth;
}

/** The task of this process. */
export function commandLine() {
  const [scenario, host, port, count, address, offset] = process.argv.slice(2);
  const kind = /^(typical|large|huge)-/.exec(scenario)?.[1] ?? 'small';
  const warm = warmUp(scenario, Number(count));
  const total = Number(count) + warm;
  return {
    scenario,
    host,
    port: Number(port),
    count: Number(count),
    warm,
    total,
    ...MESSAGES[kind],
    /** The number at the end of a scenario's name: links, unsettled deliveries, messages before. */
    size: Number(/-(\d+)$/.exec(scenario)?.[1] ?? 0),
    /** Where messages are sent to. */
    target: address ?? 'bench',
    /** The source address that gives all these messages. */
    source: address ?? `${kind === 'small' ? 'count' : kind}-${total}`,
    offset,
  };
}
