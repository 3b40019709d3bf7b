/** What a peer would put into a field: one that keeps count, and varies with a number from 0 to 127. */

const pick = (variant, ...values) => values[variant % values.length];

/** What PLAIN sends. */
const login = (password) => new TextEncoder().encode(`\0user\0${password}`);

/** What a peer knows of the conversation, as far as its fields depend on it. */
export class Peer {
  /** Whether it is the client. */
  client;
  /** The names of the links that the engine attaches, a sender first. */
  names = ['out', 'in'];
  /** Transfers that the engine has sent. */
  heard = 0;
  /** The ids that its next begin and delivery name. */
  nextDelivery = 0;
  nextHandle = 0;
  role = false;
  /** Whether its last transfer said that more is to come. */
  more = false;

  constructor(client) {
    this.client = client;
  }
}

/** Fields that count, or agree with others. */
const special = {
  'container-id': () => 'fuzz',
  'max-frame-size': (_, variant) => pick(variant, undefined, 512, 1000, 0xffff_ffff),
  'channel-max': (_, variant) => pick(variant, undefined, 0, 3),
  'idle-time-out': (_, variant) => pick(variant, undefined, 1000, 1),
  'remote-channel': ({ client }, variant) => (client ? undefined : pick(variant, 0, 1)),
  'next-outgoing-id': (_, variant) => pick(variant, 0, 1, 0xffff_ffff),
  'incoming-window': (_, variant) => pick(variant, 100, 0, 1, 2048, 0xffff_ffff),
  'outgoing-window': (_, variant) => pick(variant, 100, 0, 0xffff_ffff),
  'handle-max': (_, variant) => pick(variant, undefined, 0, 1),
  name: (peer, variant) => pick(variant, ...peer.names, 'third', 'out'),
  role: (peer, variant) => (peer.role = (variant + (peer.client ? 1 : 0)) % 2 === 0),
  'initial-delivery-count': ({ role }, variant) => (role ? undefined : pick(variant, 0, 0xffff_ffff)),
  'next-incoming-id': ({ heard }, variant) => pick(variant, heard, heard + 1, 0),
  'delivery-count': ({ heard }, variant) => pick(variant, 0, heard, undefined, 1),
  'link-credit': (_, variant) => pick(variant, 10, 1, 0, 0xffff_ffff),
  'delivery-tag': (peer) => Uint8Array.of(peer.nextDelivery & 0xff),
  'delivery-id': (peer) => (peer.more ? undefined : peer.nextDelivery++),
  'message-format': (_, variant) => pick(variant, 0, undefined, 1),
  more: (peer, variant) => (peer.more = variant % 4 === 1),
  settled: (_, variant) => pick(variant, undefined, true, false),
  first: (_, variant) => pick(variant, 0, 1, 2, 5),
  last: (_, variant) => pick(variant, undefined, 1, 3, 100),
  closed: (_, variant) => pick(variant, true, undefined, false),
  condition: (_, variant) => pick(variant, 'amqp:internal-error', 'amqp:link:detach-forced', 'x:y'),
  'delivery-failed': (_, variant) => pick(variant, undefined, true),
  mechanism: (_, variant) => pick(variant, 'PLAIN', 'ASKING', 'ANONYMOUS', 'FAILING', 'EXTERNAL'),
  'initial-response': (_, variant) => pick(variant, login('pass'), undefined, login('hunter2')),
  'sasl-server-mechanisms': (_, variant) =>
    pick(variant, ['ASKING'], ['PLAIN'], ['ANONYMOUS', 'PLAIN'], [], ['FAILING'], ['EXTERNAL']),
  challenge: () => Uint8Array.of(1),
  response: (_, variant) => pick(variant, Uint8Array.of(1), login('pass')),
  code: (_, variant) => pick(variant, 0, 1, 2, 3, 4),
  address: (_, variant) => pick(variant, 'queue', undefined, ''),
};

/** A value for a field; undefined where it is left out. */
export function plausible(peer, table, field, variant) {
  const own = special[field.name];
  if (own !== undefined) {
    // A handle that a link has just got is that of its next frames.
    return own(peer, variant);
  }
  if (field.name === 'handle') return table.type === 'attach' ? peer.nextHandle++ : variant % 3;
  if (variant === 0 && field.mandatory !== true) return undefined;
  return general(field, variant);
}

function general({ type, multiple, choices }, variant) {
  if (choices !== undefined) return pick(variant, ...choices);
  if (multiple === true) return pick(variant, [], ['one'], ['one', 'two']);
  if (type === 'boolean') return variant % 2 === 1;
  if (type === 'binary') return new Uint8Array(variant % 40);
  if (type === 'fields') return pick(variant, {}, { key: 'value' }, { 'x-opt-number': 1 });
  if (type === 'map') return new Map([[Uint8Array.of(variant), null]]);
  if (type === 'timestamp') return new Date(variant);
  if (type === 'ulong') return BigInt(variant);
  if (type === 'ubyte' || type === 'ushort' || type === 'uint') return variant;
  return pick(variant, 'text', 'other', '');
}
