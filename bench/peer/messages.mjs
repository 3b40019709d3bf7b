/** The messages that the peer sends, and how to tell from an address which and how many a client asks for. */

const text = (value, code = 0xa1) => Buffer.concat([Buffer.from([code, value.length]), Buffer.from(value, 'latin1')]);
const symbol = (value) => text(value, 0xa3);
/** The described section `descriptor` with the one value `code size content`. */
const section = (descriptor, code, count, content) =>
  Buffer.concat([Buffer.from([0x00, 0x53, descriptor, code, content.length + 1, count]), content]);

/** One data section (§3.2.6) of `size` octets `x`. */
function data(size) {
  const head =
    size < 256 ? Buffer.from([0x00, 0x53, 0x75, 0xa0, size]) : Buffer.from([0x00, 0x53, 0x75, 0xb0, 0, 0, 0, 0]);
  if (size >= 256) head.writeUInt32BE(size, 4);
  return Buffer.concat([head, Buffer.alloc(size, 'x')]);
}

/** 4 properties, 5 application properties and 1 KiB: what an application sends every day. */
function typical() {
  const properties = Buffer.concat([
    text('order-0000000001'),
    Buffer.from([0x40]),
    text('orders'),
    text('order.created'),
    Buffer.from([0x40, 0x40]),
    symbol('application/json'),
  ]);
  const weight = Buffer.alloc(9);
  weight[0] = 0x82;
  weight.writeDoubleBE(12.5, 1);
  const pairs = [
    ['tenant', text('acme-europe')],
    ['region', text('eu-west-1')],
    ['attempt', Buffer.from([0x54, 3])],
    ['replayed', Buffer.from([0x42])],
    ['weight', weight],
  ];
  const entries = Buffer.concat(pairs.flatMap(([key, value]) => [text(key), value]));
  return Buffer.concat([
    section(0x73, 0xc0, 7, properties),
    section(0x74, 0xc1, pairs.length * 2, entries),
    data(1024),
  ]);
}

const PAYLOADS = {
  count: () => data(100),
  typical,
  large: () => data(1 << 20),
  huge: () => data(100 << 20),
};
const made = new Map();

/**
 * What the source address `address` asks for: `KIND-N` are N messages of a kind and then no more. Any other address
 * is a stream of small messages without end.
 */
export function wanted(address) {
  const [, kind, count] = /^(count|typical|large|huge)-(\d+)$/.exec(address ?? '') ?? [undefined, 'count', Infinity];
  if (!made.has(kind)) made.set(kind, PAYLOADS[kind]());
  return { payload: made.get(kind), count: Number(count) };
}

/** How many of the first messages to the target address `address` stay without an outcome: `hold-N`. */
export function heldBack(address) {
  return Number(/^hold-(\d+)$/.exec(address ?? '')?.[1] ?? 0);
}

/** The largest performative that comes before the payload of a transfer that this peer sends. */
const TRANSFER_HEAD = 64;

/** The transfers of one message: frames of at most `frameLimit` octets, of which the first has delivery-id and tag. */
export function transfersOf(channel, handle, payload, frameLimit) {
  const room = frameLimit - TRANSFER_HEAD;
  const frames = [];
  for (let at = 0; at < payload.length; at += room) {
    const part = payload.subarray(at, at + room);
    const more = at + part.length < payload.length;
    frames.push({ head: transferHead(channel, handle, frames.length === 0, more, part.length), part });
  }
  return frames;
}

/** Where delivery-id and the four octets of the tag are in the head of a first transfer. */
export const ID_AT = 20;
export const TAG_AT = 26;

const MORE = 0x41;
const NOT_SETTLED = 0x42;

function transferHead(channel, handle, first, more, size) {
  const fields = [
    [0x70, handle >>> 24, (handle >>> 16) & 255, (handle >>> 8) & 255, handle & 255],
    first ? [0x70, 0, 0, 0, 0] : [0x40],
    first ? [0xa0, 4, 0, 0, 0, 0] : [0x40],
    [0x43],
    [NOT_SETTLED],
  ];
  if (more) fields.push([MORE]);
  const list = fields.flat();
  const frameHead = [0, 0, 0, 0, 2, 0, channel >> 8, channel & 255];
  const head = Buffer.from([...frameHead, 0x00, 0x53, 0x14, 0xc0, list.length + 1, fields.length, ...list]);
  head.writeUInt32BE(head.length + size, 0);
  return head;
}
