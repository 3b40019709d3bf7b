import { describe, expect, it } from 'vitest';
import { AmqpError } from '../../src/errors/index.ts';
import {
  AmqpArray,
  AmqpMap,
  Reader,
  Writer,
  blockOf,
  char,
  decode,
  encode,
  encodeValue,
  long,
  readSymbolArray,
  skipValue,
  ulong,
  writeStringFields,
} from '../../src/codec/index.ts';
import { hex } from './support/hex.ts';

function readerOf(text: string): Reader {
  return new Reader(blockOf(hex(text)));
}

describe('what is said of octets that are refused', () => {
  it.each<[type: string, read: (reader: Reader) => unknown]>([
    ['boolean', (reader) => reader.boolean()],
    ['ubyte', (reader) => reader.ubyte()],
    ['ushort', (reader) => reader.ushort()],
    ['uint', (reader) => reader.uint()],
    ['ulong', (reader) => reader.ulong()],
    ['timestamp', (reader) => reader.timestamp()],
    ['binary', (reader) => reader.binary()],
    ['string', (reader) => reader.string()],
    ['symbol', (reader) => reader.symbol()],
    ['a value', (reader) => skipValue(reader)],
  ])('names what was expected: %s', (type, read) => {
    expect(() => read(readerOf('4f'))).toThrow(`expected ${type}, found the format code 0x4f, at octet 1`);
  });

  it.each([
    ['4f', 'expected a value, found the format code 0x4f'],
    ['5602', 'a boolean has the octet 2'],
    ['730000d800', 'the char 0xd800 is not a Unicode character'],
    ['e002014f', 'expected the type of an array, found the format code 0x4f'],
    ['c0020540', '5 items are announced and only 1 octets are there'],
    ['c1020440', '4 items are announced and only 1 octets are there'],
    ['e006027000000001', '2 items are announced and only 4 octets are there'],
  ])('%s: %s', (text, message) => {
    expect(() => decode(hex(text))).toThrow(expect.objectContaining({ code: 'decode-error' }));
    expect(() => decode(hex(text))).toThrow(message);
  });

  it('says that a symbol is expected, and that octets are', () => {
    expect(() => readSymbolArray(readerOf('a10161'))).toThrow('a symbol is expected');
    expect(() => Reflect.apply(decode, undefined, ['40'])).toThrow('the bytes to decode are no Uint8Array');
    expect(() => decode(hex('40'), { maxSize: -1 })).toThrow('a number of octets, or Infinity');
  });
});

describe('what is said of values that are refused', () => {
  it.each<[message: string, write: (writer: Writer) => void]>([
    ['256 is not a ubyte', (writer) => writer.ubyte(256)],
    ['-1 is not a ushort', (writer) => writer.ushort(-1)],
    ['4294967296 is not a uint', (writer) => writer.uint(2 ** 32)],
    ['-1 is not a ulong', (writer) => writer.ulong(-1n)],
    ['128 is not a byte', (writer) => writer.byte(128)],
    ['-32769 is not a short', (writer) => writer.short(-32_769)],
    ['2147483648 is not a int', (writer) => writer.int(2 ** 31)],
    ['9223372036854775808 is not a long', (writer) => writer.long(2n ** 63n)],
    ['9223372036854775808 is not a timestamp', (writer) => writer.timestamp(2n ** 63n)],
    ['55296 is not a char', (writer) => writer.char(0xd800)],
    ['value: undefined is not an AMQP value', (writer) => encodeValue(writer, undefined)],
    ['fields.a: undefined is not an AMQP value', (writer) => writeStringFields(writer, { a: undefined })],
  ])('%s', (message, write) => {
    expect(() => write(new Writer())).toThrow(message);
  });

  it.each<[message: string, make: () => unknown]>([
    ['55296 is not a Unicode character', () => char(0xd800)],
    ['"ab" is not one character', () => char('ab')],
    ['0.5 is not a ulong: it is no exact integer', () => ulong(0.5)],
    ['9007199254740992 is not a long: it is no exact integer', () => long(2 ** 53)],
    ['a value of type undefined cannot be a map key', () => new AmqpMap([[undefined, 1]])],
    ['an object of this class cannot be a map key', () => new AmqpMap([[{}, 1]])],
    ['a value nested that deep cannot be a map key', () => new AmqpMap([[cyclic(), 1]])],
    ['value.key: 18446744073709551616 is not a ulong', () => encode(new AmqpMap([[2n ** 64n, 1]]))],
    ['value.descriptor: undefined is not', () => encode(new AmqpArray('null', [], undefined))],
  ])('%s', (message, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'encode-error' }));
    expect(make).toThrow(message);
  });

  it('keeps the first error as the cause, and passes on another error of a getter as it is', () => {
    expect(() => encode([undefined])).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'encode-error' }) }),
    );
    const failure = new AmqpError('decode-error', 'mine');
    const value = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw failure;
      },
    });
    let caught: unknown;
    try {
      encode([value]);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(failure);
  });
});

function cyclic(): unknown[] {
  const list: unknown[] = [];
  list.push(list);
  return list;
}
