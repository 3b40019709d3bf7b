import { WireReader, writeWire, type Wire } from './wire-value.ts';

/** The composites that the scripted peer knows: descriptor, and the names and types of the fields (§2.7, §3.4, §5.3.3). */
const tables: Readonly<Record<string, readonly [code: number, fields: string]>> = {
  open: [
    0x10,
    'container-id:string hostname:string max-frame-size:uint channel-max:ushort idle-time-out:uint outgoing-locales incoming-locales offered-capabilities desired-capabilities properties:map',
  ],
  begin: [
    0x11,
    'remote-channel:ushort next-outgoing-id:uint incoming-window:uint outgoing-window:uint handle-max:uint offered-capabilities desired-capabilities properties:map',
  ],
  attach: [
    0x12,
    'name:string handle:uint role:boolean snd-settle-mode:ubyte rcv-settle-mode:ubyte source target unsettled:map incomplete-unsettled:boolean initial-delivery-count:uint max-message-size:ulong offered-capabilities desired-capabilities properties:map',
  ],
  flow: [
    0x13,
    'next-incoming-id:uint incoming-window:uint next-outgoing-id:uint outgoing-window:uint handle:uint delivery-count:uint link-credit:uint available:uint drain:boolean echo:boolean properties:map',
  ],
  transfer: [
    0x14,
    'handle:uint delivery-id:uint delivery-tag:binary message-format:uint settled:boolean more:boolean rcv-settle-mode:ubyte state resume:boolean aborted:boolean batchable:boolean',
  ],
  disposition: [0x15, 'role:boolean first:uint last:uint settled:boolean state batchable:boolean'],
  detach: [0x16, 'handle:uint closed:boolean error'],
  end: [0x17, 'error'],
  close: [0x18, 'error'],
  error: [0x1d, 'condition:symbol description:string info:map'],
  received: [0x23, 'section-number:uint section-offset:ulong'],
  accepted: [0x24, ''],
  rejected: [0x25, 'error'],
  released: [0x26, ''],
  modified: [0x27, 'delivery-failed:boolean undeliverable-here:boolean message-annotations:map'],
  source: [
    0x28,
    'address:string durable:uint expiry-policy:symbol timeout:uint dynamic:boolean dynamic-node-properties:map distribution-mode:symbol filter:map default-outcome outcomes capabilities',
  ],
  target: [
    0x29,
    'address:string durable:uint expiry-policy:symbol timeout:uint dynamic:boolean dynamic-node-properties:map capabilities',
  ],
  'sasl-mechanisms': [0x40, 'sasl-server-mechanisms:symbol'],
  'sasl-init': [0x41, 'mechanism:symbol initial-response:binary hostname:string'],
  'sasl-challenge': [0x42, 'challenge:binary'],
  'sasl-response': [0x43, 'response:binary'],
  'sasl-outcome': [0x44, 'code:ubyte additional-data:binary'],
};

/** A field of a composite to write: a plain value of the type that the table names, another composite, or a wire value. */
export type FieldValue = boolean | number | bigint | string | Uint8Array | Wire | CompositeValue | null | undefined;

/** A composite by the names of its fields; `is` names the composite. */
export interface CompositeValue {
  /** The name of the composite in the specification, or its numeric descriptor. */
  readonly is: string;
  readonly [field: string]: FieldValue;
}

/** A frame that was read: what it is, its fields that are not null by name, and the payload. */
export interface WireFrame {
  /** The name of the composite; `heartbeat` for an empty frame, `unknown` for what no table has. */
  readonly is: string;
  /** The channel (§2.3.1). */
  readonly channel: number;
  /** The fields that are not null, by their names in the specification. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The octets behind the composite. */
  readonly payload: Uint8Array;
}

const isWire = (value: object): value is Wire => 'type' in value;

function wireOf(value: FieldValue, type: string | undefined): Wire {
  if (value === undefined || value === null) return { type: 'null' };
  if (typeof value === 'object' && !(value instanceof Uint8Array)) return isWire(value) ? value : compositeOf(value);
  if (value instanceof Uint8Array) return { type: 'binary', value };
  return scalarOf(value, type);
}

function scalarOf(value: boolean | number | bigint | string, type: string | undefined): Wire {
  switch (type) {
    case 'boolean':
      return { type, value: value === true };
    case 'symbol':
      return { type, value: String(value) };
    case 'ulong':
      return { type, value: BigInt(value) };
    case 'ubyte':
    case 'ushort':
    case 'uint':
      return { type, value: Number(value) };
    default:
      return { type: 'string', value: String(value) };
  }
}

function compositeOf({ is, ...given }: CompositeValue): Wire {
  const [code, text] = tables[is] ?? [Number(is), ''];
  const fields = text === '' ? [] : text.split(' ').map((field) => field.split(':'));
  const values = fields.map(([name = '', type]) => wireOf(given[name], type));
  while (values.at(-1)?.type === 'null') values.pop();
  return {
    type: 'described',
    descriptor: { type: 'ulong', value: BigInt(code) },
    value: { type: 'list', value: values },
  };
}

/**
 * The octets of a frame (§2.3). A composite that no table knows may be named by its number.
 *
 * @param channel - the channel, from 0 to 65535
 * @throws Error for a field that is an `opaque` wire value
 * @throws RangeError where `is` neither is in the tables nor a whole number, or a ulong is not whole
 * @example
 * ```ts
 * import { readFrame, writeFrame } from 'amqp1/testing';
 *
 * const octets = writeFrame({ is: 'detach', handle: 7, closed: true }, undefined, 1);
 * console.log(readFrame(octets)); // { is: 'detach', channel: 1, fields: { handle: 7, closed: true }, payload: … }
 * ```
 */
export function writeFrame(
  composite: CompositeValue,
  payload: Uint8Array = new Uint8Array(0),
  channel = 0,
): Uint8Array {
  const body = [...writeWire(compositeOf(composite)), ...payload];
  const frame = new Uint8Array(body.length + 8);
  new DataView(frame.buffer).setUint32(0, frame.length);
  frame.set([2, composite.is.startsWith('sasl-') ? 1 : 0, channel >> 8, channel & 0xff], 4);
  frame.set(body, 8);
  return frame;
}

/** The names of the composites and of their fields, by numeric descriptor. */
const byCode = new Map(
  Object.entries(tables).map(([is, [code, fields]]) => [
    BigInt(code),
    { is, names: fields.split(' ').map((field) => field.split(':')[0] ?? '') },
  ]),
);

/** A value for matchers: composites become objects by field name, maps and lists become arrays. */
function plain(wire: Wire): unknown {
  if (wire.type === 'null') return undefined;
  if (wire.type === 'list' || wire.type === 'map' || wire.type === 'array') return wire.value.map(plain);
  if (wire.type !== 'described') return wire.value;
  const { descriptor, value } = wire;
  const row = descriptor.type === 'ulong' ? byCode.get(descriptor.value) : undefined;
  if (row === undefined || value.type !== 'list') return { descriptor: plain(descriptor), value: plain(value) };
  const fields = value.value.map((item, index): [string, unknown] => [row.names[index] ?? String(index), plain(item)]);
  return { is: row.is, ...Object.fromEntries(fields.filter(([, item]) => item !== undefined)) };
}

/**
 * Reads one whole frame (§2.3).
 *
 * @throws RangeError where the octets end within a value
 * @example
 * ```ts
 * import { readFrame } from 'amqp1/testing';
 *
 * console.log(readFrame(Uint8Array.of(0, 0, 0, 8, 2, 0, 0, 0)).is); // heartbeat
 * ```
 */
export function readFrame(frame: Uint8Array): WireFrame {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const channel = view.getUint16(6);
  const body = frame.subarray(view.getUint8(4) * 4);
  if (body.length === 0) return { is: 'heartbeat', channel, fields: {}, payload: body };
  const reader = new WireReader(body);
  const composite = plain(reader.read());
  const all = new Map<string, unknown>(
    typeof composite === 'object' && composite !== null ? Object.entries(composite) : [],
  );
  const named = all.get('is');
  const is = typeof named === 'string' ? named : 'unknown';
  all.delete('is');
  return { is, channel, fields: Object.fromEntries(all), payload: body.slice(reader.position) };
}
