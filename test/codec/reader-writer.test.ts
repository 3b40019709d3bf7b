import { describe, expect, it } from 'vitest';
import { Reader, Writer, blockOf, formatCode } from '../../src/codec/index.ts';
import { hex, toHex } from './support/hex.ts';

const decodeError: unknown = expect.objectContaining({ code: 'decode-error' });
const encodeError: unknown = expect.objectContaining({ code: 'encode-error' });

function readerOf(text: string): Reader {
  return new Reader(blockOf(hex(text)));
}

/** Written from the smallest buffer, so that it grows at every place that it can. */
function written(write: (writer: Writer) => void, capacity = 0): string {
  const writer = new Writer(capacity);
  write(writer);
  return toHex(writer.finish());
}

describe('Reader', () => {
  it.each<[(reader: Reader) => unknown, string, unknown]>([
    [(reader) => reader.boolean(), '41', true],
    [(reader) => reader.boolean(), '42', false],
    [(reader) => reader.boolean(), '5600', false],
    [(reader) => reader.boolean(), '5601', true],
    [(reader) => reader.ubyte(), '50ff', 255],
    [(reader) => reader.ushort(), '60ffff', 65_535],
    [(reader) => reader.uint(), '43', 0],
    [(reader) => reader.uint(), '52ff', 255],
    [(reader) => reader.uint(), '70ffffffff', 4_294_967_295],
    [(reader) => reader.ulong(), '44', 0n],
    [(reader) => reader.ulong(), '53ff', 255n],
    [(reader) => reader.ulong(), '80ffffffffffffffff', 2n ** 64n - 1n],
    [(reader) => reader.timestamp(), '83ffffffffffffffff', -1n],
    [(reader) => reader.binary(), 'a00101', new Uint8Array([1])],
    [(reader) => reader.binary(), 'b00000000101', new Uint8Array([1])],
    [(reader) => reader.string(), 'a102c3a9', 'é'],
    [(reader) => reader.string(), `b10000001e${'61'.repeat(30)}`, 'a'.repeat(30)],
    [(reader) => reader.symbol(), 'a30161', 'a'],
    [(reader) => reader.symbol(), 'b30000000161', 'a'],
  ])('[T-05] %o reads %s', (read, text, expected) => {
    const reader = readerOf(`${text}40`);
    expect(reader.peek()).toBe(hex(text)[0]);
    expect(read(reader)).toStrictEqual(expected);
    expect(reader.remaining).toBe(1);
  });

  it.each<(reader: Reader) => unknown>([
    (reader) => reader.boolean(),
    (reader) => reader.ubyte(),
    (reader) => reader.ushort(),
    (reader) => reader.uint(),
    (reader) => reader.ulong(),
    (reader) => reader.timestamp(),
    (reader) => reader.binary(),
    (reader) => reader.string(),
    (reader) => reader.symbol(),
  ])('%o refuses another type, and nothing', (read) => {
    expect(() => read(readerOf('45'))).toThrow('found the format code 0x45');
    expect(() => read(readerOf(''))).toThrow(decodeError);
  });

  it('skips null only where it is', () => {
    const reader = readerOf('4041');
    expect([reader.skipNull(), reader.skipNull(), reader.position]).toStrictEqual([true, false, 1]);
    expect(() => readerOf('').skipNull()).toThrow('a value is missing');
  });

  it('reads other memory after a reset, and nothing past its end', () => {
    const reader = readerOf('');
    reader.reset(blockOf(hex('40500140')), 1, 3);
    expect(reader.remaining).toBe(2);
    expect(reader.ubyte()).toBe(1);
    expect(() => reader.octet()).toThrow('1 octets are announced and 0 are there, at octet 3');
  });

  it('copies binary data, also out of a Buffer', () => {
    const bytes = Buffer.from('a00101', 'hex');
    const value = new Reader(blockOf(bytes)).binary();
    bytes.fill(0);
    expect(value).toStrictEqual(new Uint8Array([1]));
  });
});

describe('Writer', () => {
  it.each<[(writer: Writer) => void, string]>([
    [(writer) => writer.null(), '40'],
    [(writer) => writer.boolean(true), '41'],
    [(writer) => writer.boolean(false), '42'],
    [(writer) => writer.ubyte(0), '5000'],
    [(writer) => writer.ushort(0), '600000'],
    [(writer) => writer.uint(0), '43'],
    [(writer) => writer.uint(255), '52ff'],
    [(writer) => writer.uint(256), '7000000100'],
    [(writer) => writer.ulong(0n), '44'],
    [(writer) => writer.ulong(255n), '53ff'],
    [(writer) => writer.ulong(256n), '800000000000000100'],
    [(writer) => writer.byte(-1), '51ff'],
    [(writer) => writer.short(-2), '61fffe'],
    [(writer) => writer.int(-128), '5480'],
    [(writer) => writer.int(128), '7100000080'],
    [(writer) => writer.long(127n), '557f'],
    [(writer) => writer.long(-129n), '81ffffffffffffff7f'],
    [(writer) => writer.float(0.5), '723f000000'],
    [(writer) => writer.double(0.5), '823fe0000000000000'],
    [(writer) => writer.char(0x1f600), '730001f600'],
    [(writer) => writer.timestamp(-1n), '83ffffffffffffffff'],
    [(writer) => writer.fixed(formatCode.decimal32, hex('01020304')), '7401020304'],
    [(writer) => writer.binary(hex('01')), 'a00101'],
    [(writer) => writer.string('é'), 'a102c3a9'],
    [(writer) => writer.string('😀€'), 'a107f09f9880e282ac'],
    [(writer) => writer.symbol('a'), 'a30161'],
    [(writer) => writer.raw(hex('0102')), '0102'],
  ])('[T-06] %o writes %s, however small its memory is', (write, expected) => {
    expect(written(write)).toBe(expected);
    expect(written(write, 64)).toBe(expected);
  });

  it('[T-16] takes the wide form beyond 255 octets', () => {
    expect(written((writer) => writer.binary(new Uint8Array(255))).slice(0, 4)).toBe('a0ff');
    expect(written((writer) => writer.binary(new Uint8Array(256))).slice(0, 10)).toBe('b000000100');
  });

  it.each<(writer: Writer) => void>([
    (writer) => writer.ubyte(256),
    (writer) => writer.ubyte(0.5),
    (writer) => writer.ushort(-1),
    (writer) => writer.uint(2 ** 32),
    (writer) => writer.uint(Number.NaN),
    (writer) => writer.ulong(-1n),
    (writer) => writer.ulong(2n ** 64n),
    (writer) => writer.byte(128),
    (writer) => writer.short(-32_769),
    (writer) => writer.int(2 ** 31),
    (writer) => writer.long(2n ** 63n),
    (writer) => writer.timestamp(2n ** 63n),
    (writer) => writer.char(0xd800),
    (writer) => writer.symbol('é'),
    (writer) => writer.string('\ud800'),
    (writer) => writer.string('\ud800a'),
    (writer) => writer.string('\ud800\ue000'),
    (writer) => writer.string('\udc00\udc00'),
  ])('%o is an encode-error', (write) => {
    expect(() => written(write)).toThrow(encodeError);
  });

  it('refuses what no size can announce', () => {
    expect(() => new Writer().reserve(2 ** 32)).toThrow('a value takes more than 4 GiB');
  });

  it('[T-20] counts the count in the size of a compound', () => {
    const compound = (octets: number, count: number) => (writer: Writer) => {
      const start = writer.beginCompound();
      writer.raw(new Uint8Array(octets));
      writer.endCompound(start, count, formatCode.list8, formatCode.list32);
    };
    expect(written(compound(254, 1)).slice(0, 6)).toBe('c0ff01');
    expect(written(compound(255, 1)).slice(0, 18)).toBe('d00000010300000001');
    expect(written(compound(0, 256)).slice(0, 18)).toBe('d00000000400000100');
  });
});
