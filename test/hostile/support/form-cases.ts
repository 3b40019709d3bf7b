import { writeWire } from '../../../src/testing/index.ts';
import { isSasl, octetsOf, type Form, type Frame } from './frame.ts';
import {
  anything,
  brokenBy,
  harmless,
  unreadable,
  type Expectation,
  type Misbehaviour,
  type Step,
} from './misbehaviour.ts';

const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];

/** The highest channel that a victim with four channels takes is 3. */
const ABOVE_CHANNEL_MAX = 9;

/** The forms that a descriptor may have (§1.2.2, §2.7), and some that it may not. */
function descriptorCases(step: Step, frame: Frame): Misbehaviour[] {
  const { code, descriptor } = frame.table;
  const name = ascii(descriptor);
  const wrong = unreadable(step);
  const forms: readonly [string, readonly number[], Expectation][] = [
    ['a smallulong', [0x53, code], harmless],
    ['a short symbol', [0xa3, name.length, ...name], harmless],
    ['a long symbol', [0xb3, 0, 0, 0, name.length, ...name], harmless],
    ['a uint', [0x52, code], wrong],
    ['a string', [0xa1, name.length, ...name], wrong],
    ['null', [0x40], wrong],
    ['described itself', [0x00, 0x53, code, 0x53, code], wrong],
    ['of another domain', [0x80, 0, 0, 0, 1, 0, 0, 0, code], wrong],
    ['an unknown number', [0x53, 0x7f], wrong],
    ['an unknown symbol', [0xa3, 3, ...ascii('x:y')], wrong],
    ['that of an outcome', [0x53, 0x24], wrong],
  ];
  return forms.map(([what, octets, expected]) => ({
    name: `a descriptor that is ${what}`,
    octets: octetsOf(frame, { descriptor: octets }),
    heard: octetsOf(frame),
    expected,
  }));
}

/** A body that holds no list under a descriptor. */
function bodyCases(step: Step, frame: Frame): Misbehaviour[] {
  const whole = octetsOf(frame);
  const head = whole.subarray(0, 8);
  const bodies: readonly [string, readonly number[]][] = [
    ['a value that is not described', writeWire({ type: 'string', value: 'x' })],
    ['a descriptor alone', [0x00, 0x53, frame.table.code]],
    ['half of itself', [...whole.subarray(8, 8 + (whole.length - 8) / 2 - frame.payload.length / 2)]],
    ['an unknown format code', [0x00, 0x53, frame.table.code, 0xff]],
  ];
  return bodies.map(([name, body]) => {
    const octets = new Uint8Array(8 + body.length);
    octets.set(head);
    octets.set(body, 8);
    new DataView(octets.buffer).setUint32(0, octets.length);
    return { name: `a body that is ${name}`, octets, heard: new Uint8Array(0), expected: unreadable(step) };
  });
}

/** A frame header that differs (§2.3.1). */
function headerCases(step: Step, frame: Frame): Misbehaviour[] {
  const framing = isSasl(frame.table) ? unreadable(step) : brokenBy(step, 'connection:framing-error');
  const type = isSasl(frame.table) ? 0 : 1;
  const trailing: Form = { trailing: [0x40] };
  // Behind a transfer is its payload.
  const more = frame.table.type === 'transfer' ? anything : unreadable(step);
  const right = octetsOf(frame);
  return [
    { name: 'a longer frame header', octets: octetsOf(frame, { doff: 3 }), expected: harmless },
    { name: 'the longest frame header', octets: octetsOf(frame, { doff: 255 }), expected: longest(frame) },
    { name: `the frame type ${type}`, octets: octetsOf(frame, { type }), heard: none, expected: framing },
    { name: 'the frame type 2', octets: octetsOf(frame, { type: 2 }), heard: none, expected: framing },
    { name: 'a frame header cut short', octets: right.with(4, 1), heard: none, expected: framing },
    {
      name: 'a data offset beyond the frame',
      octets: right.with(4, 255),
      heard: none,
      expected: beyond(right, framing),
    },
    { name: 'a size without a header', octets: right.with(2, 0).with(3, 7), heard: none, expected: framing },
    { name: 'a size above our max-frame-size', octets: right.with(0, 0x7f), heard: none, expected: framing },
    { name: 'an octet behind the body', octets: octetsOf(frame, trailing), expected: more },
    { name: 'an empty frame before it', octets: Uint8Array.of(...empty(frame), ...right), expected: idle(frame) },
  ];
}

const none = new Uint8Array(0);
/** A SASL frame has at most 512 octets (§5.3.1), and 1020 are in this header. */
const longest = (frame: Frame): Expectation => (isSasl(frame.table) ? { levels: ['login'] } : harmless);
const beyond = (right: Uint8Array, framing: Expectation): Expectation => (right.length < 1020 ? framing : anything);
const empty = (frame: Frame): number[] => [0, 0, 0, 8, 2, isSasl(frame.table) ? 1 : 0, 0, 0];
/** An empty frame only says that the peer is there (§2.4.5), but not in SASL. */
const idle = (frame: Frame): Expectation => (isSasl(frame.table) ? { levels: ['login'] } : harmless);

/** The right frame on channels that are not the session's. */
function channelCases(step: Step, frame: Frame): Misbehaviour[] {
  if (isSasl(frame.table)) return [];
  const conditions = ['not-allowed', 'connection:framing-error'];
  // Every channel will do for a begin, and a close is about the connection.
  const free = /^(?:begin|close)$/.test(frame.table.type);
  return [
    {
      name: 'on the channel 1',
      octets: octetsOf({ ...frame, channel: 1 }),
      expected: free ? anything : brokenBy(step, ...conditions),
    },
    {
      name: 'on a channel above channel-max',
      octets: octetsOf({ ...frame, channel: ABOVE_CHANNEL_MAX }),
      expected: free ? anything : brokenBy(step, ...conditions),
    },
  ];
}

/** The right frame in other clothes, and in torn ones. */
export function formCases(step: Step, frame: Frame): Misbehaviour[] {
  return [
    ...descriptorCases(step, frame),
    ...bodyCases(step, frame),
    ...headerCases(step, frame),
    ...channelCases(step, frame),
  ];
}
