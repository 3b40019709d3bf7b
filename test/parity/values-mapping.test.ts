import { describe, expect, it } from 'vitest';
import {
  AmqpArray,
  AmqpMap,
  AmqpSymbol,
  byte,
  Char,
  char,
  Decimal,
  Described,
  double,
  float,
  int,
  long,
  short,
  symbol,
  Timestamp,
  ubyte,
  uint,
  ulong,
  ushort,
  Uuid,
} from '../../src/client/index.ts';
import { decode, encode } from '../../src/codec/index.ts';
import { hex, toHex } from '../codec/support/hex.ts';
import { thrown } from '../client/support/scripted.ts';
import { messageOf, readValue, receiving, roundTrip, writtenValue } from './support/receive-scene.ts';

const id = '00112233445566778899aabbccddeeff';

describe('simple types (§2.1)', () => {
  it.each<[string, string, unknown]>([
    ['null', '40', null],
    ['boolean', '41', true],
    ['boolean', '42', false],
    ['boolean', '5601', true],
    ['ubyte', '50ff', 255],
    ['ushort', '60ffff', 65_535],
    ['uint', '70ffffffff', 4_294_967_295],
    ['ulong', '80ffffffffffffffff', 2n ** 64n - 1n],
    ['byte', '5180', -128],
    ['short', '618000', -32_768],
    ['int', '7180000000', -2_147_483_648],
    ['long', '818000000000000000', -(2n ** 63n)],
    ['float', '723fc00000', 1.5],
    ['double', '823ff8000000000000', 1.5],
    ['timestamp', '8300000000000003e8', new Date(1000)],
    ['uuid', `98${id}`, new Uuid(hex(id))],
    ['binary', 'a0020102', Uint8Array.of(1, 2)],
    ['string', 'a102c3a9', 'é'],
  ])('row %s: 0x%s is read', (_type, octets, value) => {
    expect(readValue(octets)).toEqual(value);
  });

  it.each([
    ['ubyte', ubyte(7), '5007'],
    ['ushort', ushort(7), '600007'],
    ['uint', uint(0), '43'],
    ['uint', uint(7), '5207'],
    ['uint', uint(256), '7000000100'],
    ['ulong', ulong(0), '44'],
    ['ulong', ulong(7), '5307'],
    ['ulong', ulong(256), '800000000000000100'],
    ['byte', byte(7), '5107'],
    ['short', short(7), '610007'],
    ['int', int(7), '5407'],
    ['int', int(256), '7100000100'],
    ['long', long(7), '5507'],
    ['long', long(256), '810000000000000100'],
    ['float', float(1), '723f800000'],
    ['double', double(1), '823ff0000000000000'],
  ])(
    'row %s: a typed value is written in its smallest encoding, and read back with its type',
    (_type, value, octets) => {
      expect(writtenValue(value)).toBe(octets);
      expect(decode(hex(octets), { typed: true })).toEqual(value);
    },
  );

  it.each([
    ['long', '817fffffffffffffff', 2n ** 63n - 1n],
    ['long', '81ffdfffffffffffff', -(2n ** 53n) - 1n],
    ['ulong', '800020000000000001', 2n ** 53n + 1n],
    ['ulong', '80fffffffffffffffe', 2n ** 64n - 2n],
  ])('row %s: 64 bits are exact, where a number would round', (type, octets, value) => {
    expect(readValue(octets)).toBe(value);
    expect(encode(type === 'long' ? long(value) : ulong(value))).toEqual(hex(octets));
  });

  it.each([
    ['the least', '838000000000000000', -(2n ** 63n)],
    ['the greatest', '837fffffffffffffff', 2n ** 63n - 1n],
    ['one behind the last Date', '83001eb208c2dc0001', 8_640_000_000_000_001n],
  ])('row timestamp: %s is kept to the millisecond', (_name, octets, milliseconds) => {
    expect(readValue(octets)).toEqual(new Timestamp(milliseconds));
    expect(roundTrip(octets)).toBe(octets);
  });

  it.each([
    ['before 1970', '83fffffffffffffc18', '1969-12-31T23:59:59.000Z'],
    ['the last of .NET', '830000e677d21fdbff', '9999-12-31T23:59:59.999Z'],
    ['the first of .NET', '83ffffc77cedd32800', '0001-01-01T00:00:00.000Z'],
  ])('row timestamp: %s is a Date', (_name, octets, text) => {
    expect(readValue(octets)).toEqual(new Date(text));
    expect(roundTrip(octets)).toBe(octets);
  });

  it('row binary: a copy; an empty one is not null', () => {
    const octets = hex('005377a0020102');
    const read = readValue('a0020102');
    expect(readValue('a000')).toEqual(new Uint8Array(0));
    expect(read).toEqual(octets.slice(5));
    expect(writtenValue(new Uint8Array(0))).toBe('a000');
  });
});

describe('what go-amqp loses or refuses (§2.1)', () => {
  it('FIX §2.1 null: the value null is told from no body', () => {
    expect(messageOf('00537740').body).toEqual({ kind: 'value', value: null });
    expect(messageOf('').body).toEqual({ kind: 'none' });
  });

  it('FIX §2.1 boolean: an octet other than 0 and 1 is an error', () => {
    expect(thrown(() => readValue('5602')).code).toBe('decode-error');
  });

  it('FIX §2.1 char: is read and written, also beyond 16 bits; a surrogate is an error', () => {
    expect(readValue('730001f600')).toEqual(new Char(0x1f600));
    expect(writtenValue(char('é'))).toBe('73000000e9');
    expect(thrown(() => readValue('730000d800')).code).toBe('decode-error');
  });

  it.each([
    ['32', '7432000001', '0.1'],
    ['32', '747c000000', 'NaN'],
    ['64', '8431a000000000000f', '1.5'],
    ['128', '94303e000000000000000000000000000f', '1.5'],
  ])('FIX §2.1 decimal%s: 0x%s is read and written bit for bit, as %s', (_bits, octets, text) => {
    const value = readValue(octets);
    expect(value).toBeInstanceOf(Decimal);
    expect(String(value)).toBe(text);
    expect(roundTrip(octets)).toBe(octets);
  });

  it('FIX §2.1 char, decimals: one as a property leaves the message readable and the link attached', async () => {
    const { connection, receiver, link, peer } = await receiving();
    link.transfer(0, hex('005374 c11104 a10163 73000000e9 a10164 7432800001 005377a10178'));
    const { message } = await receiver.receive();
    expect({ ...message.applicationProperties }).toEqual({ c: new Char(0xe9), d: new Decimal(hex('32800001')) });
    expect(message.text()).toBe('x');
    expect(peer.framesOf('detach')).toEqual([]);
    await connection.close();
  });

  it('FIX §2.1 string: octets that are not UTF-8 are an error when read, and lone surrogates when written', () => {
    expect(thrown(() => readValue('a102c328')).code).toBe('decode-error');
    expect(thrown(() => writtenValue('\ud800')).code).toBe('encode-error');
  });

  it('FIX §2.1 symbol: keeps its type as a value, in a list and as a key', () => {
    expect(readValue('a30161')).toEqual(symbol('a'));
    expect(readValue('c00702a30161a10161')).toEqual([symbol('a'), 'a']);
    expect(roundTrip('c00702a30161a10161')).toBe('c00702a30161a10161');
    const [key] = readMap('c10602a301615401').keys();
    expect(key).toBeInstanceOf(AmqpSymbol);
  });

  it('FIX §2.1 symbol: must be ASCII, both ways', () => {
    expect(thrown(() => readValue('a302c3a9')).code).toBe('decode-error');
    expect(thrown(() => symbol('é')).code).toBe('encode-error');
  });

  it('FIX §2.1 list: is written in 8 bits where it fits', () => {
    expect(writtenValue([])).toBe('45');
    expect(writtenValue([1, 'a'])).toBe('c006025401a10161');
    expect(writtenValue(Array.from({ length: 255 }, () => null)).slice(0, 2)).toBe('d0');
  });

  it('FIX §2.1 list: one of more than 65,536 items is read and written', () => {
    const octets = `d0${(70_004).toString(16).padStart(8, '0')}${(70_000).toString(16).padStart(8, '0')}${'40'.repeat(70_000)}`;
    expect(readValue(octets)).toHaveLength(70_000);
    expect(roundTrip(octets)).toBe(octets);
  });
});

function readMap(octets: string): AmqpMap {
  const map = readValue(octets);
  if (map instanceof AmqpMap) return map;
  throw new Error('not a map');
}

describe('maps, arrays and described values (§2.1)', () => {
  it('FIX §2.1 map: the symbol a and the string a are two keys, and so are the uint 1 and the int 1', () => {
    const texts = readMap('c10b04a301615401a101615402');
    expect([texts.size, texts.get(symbol('a')), texts.get('a')]).toEqual([2, 1, 2]);
    const numbers = readMap('c10704520141540142');
    expect([numbers.size, numbers.get(uint(1)), numbers.get(1)]).toEqual([2, true, false]);
  });

  it('FIX §2.1 map: an odd number of items, or a key twice, is an error', () => {
    for (const octets of ['c103015401', 'c10704540141540142'])
      expect(thrown(() => readValue(octets)).code).toBe('decode-error');
  });

  it('FIX §2.1 map: is written in its own order, in 8 bits where it fits, and read in that order', () => {
    expect(writtenValue({ b: 1, a: 2 })).toBe('c10b04a101625401a101615402');
    expect([...readMap('c10b04a101625401a101615402').keys()]).toEqual(['b', 'a']);
  });

  it('FIX §2.1 map: a key may be of any type', () => {
    const map = readMap('c1080200a10161455401');
    expect([...map]).toEqual([[new Described('a', []), 1]]);
    expect(map.get(new Described('a', []))).toBe(1);
    expect(readMap('c10702a00101a10178').get(Uint8Array.of(1))).toBe('x');
  });

  it.each<[string, string, AmqpArray]>([
    ['ubyte, which stays an array', 'e0050350010203', new AmqpArray('ubyte', [1, 2, 3])],
    ['list', 'e0020245', new AmqpArray('list', [[], []])],
    [
      'array',
      'e00a02e00301500703015008',
      new AmqpArray(
        'array',
        [1, 2].map((n) => new AmqpArray('ubyte', [n + 6])),
      ),
    ],
    ['described', 'e00c0200a10375726ca101610162', new AmqpArray('string', ['a', 'b'], 'url')],
    ['null', 'e0020340', new AmqpArray('null', [null, null, null])],
    ['char', 'e00a02730000004100000042', new AmqpArray('char', [new Char(0x41), new Char(0x42)])],
    ['decimal32', 'e006017432800001', new AmqpArray('decimal32', [new Decimal(hex('32800001'))])],
    ['symbol', 'e00602a301610162', new AmqpArray('symbol', [symbol('a'), symbol('b')])],
    ['boolean', 'e00402560100', new AmqpArray('boolean', [true, false])],
    ['string, without items', 'e00200a1', new AmqpArray('string', [])],
  ])('FIX §2.1 array: of %s', (_name, octets, array) => {
    expect(readValue(octets)).toEqual(array);
    expect(readValue(writtenValue(array))).toEqual(array);
  });

  it('row array: integers are read in the small code and in the full one, and written in the full one', () => {
    for (const octets of ['e00402520102', 'e00a02700000000100000002'])
      expect(readValue(octets)).toEqual(new AmqpArray('uint', [1, 2]));
    expect(writtenValue(new AmqpArray('uint', [1, 2]))).toBe('e00a02700000000100000002');
  });

  it('FIX §2.1 described: any descriptor can be read, named and written', () => {
    for (const [octets, described] of [
      ['00a30161a10178', new Described(symbol('a'), 'x')],
      ['0080000000010000000140', new Described(2n ** 32n + 1n, null)],
    ] as const) {
      expect(readValue(octets)).toEqual(described);
    }
    expect(writtenValue(new Described(ulong(1n), 'x'))).toBe('005301a10178');
    expect(writtenValue(new Described(symbol('a'), 'x'))).toBe('00a30161a10178');
  });

  it.each(['10', '1d', '24', '70', '77'])('FIX §2.1 described: 0x%s means nothing special within a value', (code) => {
    expect(readValue(`0053${code}45`)).toEqual(new Described(BigInt(`0x${code}`), []));
  });

  it('FIX §2.1 bytes of a message forwarded unchanged: as they came, in whatever encoding', async () => {
    const { connection, peer, receiver, link } = await receiving();
    const wide = hex('00800000000000000077 d1 0000000b 00000002 7000000001 5600');
    link.transfer(0, wide);
    const { message } = await receiver.receive();
    await (await connection.createSender('next')).send(message);
    expect(toHex(peer.framesOf('transfer')[0]?.payload ?? hex(''))).toBe(toHex(wide));
    await connection.close();
  });
});
