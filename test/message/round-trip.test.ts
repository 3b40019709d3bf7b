import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Uuid, Writer, blockOf, char, symbol } from '../../src/codec/index.ts';
import { AmqpError } from '../../src/errors/index.ts';
import {
  decodeMessage,
  encodeMessage,
  encodeMessageBytes,
  splitSections,
  type MessageFields,
} from '../../src/message/index.ts';
import { toHex } from '../codec/support/hex.ts';

const name = fc.string({ unit: fc.constantFrom('a', 'b', 'x', '-', '_', '1'), minLength: 1, maxLength: 12 });
const wellFormed = fc.string({ unit: 'grapheme', maxLength: 300 });
const octets = fc.uint8Array({ maxLength: 300 });
const uint = fc.integer({ min: 0, max: 0xffff_ffff });
const date = fc.date({ noInvalidDate: true });
const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => new Uuid(bytes));
const id = fc.oneof(wellFormed, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), octets, uuid);
const simple = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  wellFormed,
  octets,
  uuid,
  date,
  fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
  fc.double({ noInteger: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  name.map((text) => symbol(text)),
  fc.constant(char('x')),
);
const any = fc.oneof(simple, fc.array(simple, { maxLength: 5 }));
const annotations = fc.dictionary(name, any, { maxKeys: 5 });
const some = { requiredKeys: [] };

const body: fc.Arbitrary<MessageFields['body']> = fc.oneof(
  fc.record({ kind: fc.constant('data' as const), data: fc.array(octets, { minLength: 1, maxLength: 4 }) }),
  fc.record({ kind: fc.constant('value' as const), value: any }),
  fc.record({
    kind: fc.constant('sequence' as const),
    sequence: fc.array(fc.array(any, { maxLength: 5 }), { minLength: 1, maxLength: 4 }),
  }),
);
const header = fc.record(
  {
    durable: fc.boolean(),
    priority: fc.integer({ min: 0, max: 255 }),
    ttl: uint,
    firstAcquirer: fc.boolean(),
    deliveryCount: uint,
  },
  some,
);
const properties = fc.record(
  {
    messageId: id,
    userId: octets,
    to: wellFormed,
    subject: wellFormed,
    replyTo: wellFormed,
    correlationId: id,
    contentType: name,
    contentEncoding: name,
    absoluteExpiryTime: date,
    creationTime: date,
    groupId: wellFormed,
    groupSequence: uint,
    replyToGroupId: wellFormed,
  },
  some,
);
const fields = fc.record({
  body,
  header,
  properties,
  deliveryAnnotations: annotations,
  messageAnnotations: annotations,
  applicationProperties: fc.dictionary(wellFormed, simple, { maxKeys: 5 }),
  footer: annotations,
});

/** Reads everything of a message; what is thrown must be ours. */
function readAll(bytes: Uint8Array): number {
  const message = decodeMessage(bytes);
  const reads = [
    () => message.header,
    () => message.deliveryAnnotations,
    () => message.messageAnnotations,
    () => message.properties,
    () => message.applicationProperties,
    () => message.footer,
    () => message.body,
    () => message.value,
    () => message.text(),
    () => message.json(),
    () => message.bytes(),
  ];
  let valid = 0;
  for (const read of reads)
    try {
      read();
      valid++;
    } catch (error) {
      if (!(error instanceof AmqpError) || (error.code !== 'decode-error' && error.code !== 'illegal-state'))
        throw error;
    }
  expect(toHex(message.encoded)).toBe(toHex(bytes));
  return valid;
}

/** The sections behind the header. */
function withoutHeader(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(splitSections(blockOf(bytes), 0, bytes.length).headerEnd);
}

describe('every message', () => {
  it('[M-01][M-14][M-16] is read as it was written', () => {
    fc.assert(
      fc.property(fields, (written) => {
        const bytes = encodeMessageBytes(written);
        const message = decodeMessage(bytes);
        for (const section of ['deliveryAnnotations', 'messageAnnotations', 'applicationProperties', 'footer'] as const)
          expect({ ...message[section] }).toEqual({ ...written[section] });
        expect(message.header).toMatchObject(written.header);
        expect(message.properties).toMatchObject(written.properties);
        expect(message.body).toEqual(written.body);
        const again = encodeMessageBytes({
          header: message.header,
          deliveryAnnotations: message.deliveryAnnotations,
          messageAnnotations: message.messageAnnotations,
          properties: message.properties,
          applicationProperties: message.applicationProperties,
          body: message.body,
          footer: message.footer,
        });
        // A header that was read tells its defaults, and what is told is written; all else is octet by octet the same.
        expect(toHex(again).endsWith(toHex(withoutHeader(bytes)))).toBe(true);
        expect(decodeMessage(again).header).toEqual(message.header);
      }),
    );
  });

  it('is written the same wherever in a writer it begins', () => {
    fc.assert(
      fc.property(fields, octets, (written, before) => {
        const writer = new Writer(1);
        writer.raw(before);
        encodeMessage(writer, written);
        expect(toHex(writer.finish())).toBe(toHex(before) + toHex(encodeMessageBytes(written)));
      }),
    );
  });
});

describe('any octets', () => {
  it('[M-24] give a value or an error of ours', () => {
    fc.assert(
      fc.property(octets, (bytes) => {
        expect(readAll(bytes)).toBeLessThanOrEqual(11);
      }),
    );
  });

  it('[M-24] that are nearly a message give a value or an error of ours', () => {
    const change = fc.record({ at: fc.nat(), octet: fc.nat(255) });
    fc.assert(
      fc.property(fields, fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(), (written, changes, cut) => {
        const bytes = encodeMessageBytes(written);
        for (const { at, octet } of changes) bytes[at % bytes.length] = octet;
        expect(readAll(bytes)).toBeLessThanOrEqual(11);
        expect(readAll(bytes.slice(0, cut % bytes.length))).toBeLessThanOrEqual(11);
      }),
      { numRuns: 500 },
    );
  });
});
