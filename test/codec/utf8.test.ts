import { describe, expect, it } from 'vitest';
import { AmqpArray, decode, encode, symbol } from '../../src/codec/index.ts';
import { hex, toHex } from './support/hex.ts';

const encodeError: unknown = expect.objectContaining({ code: 'encode-error' });

describe('text in UTF-8', () => {
  it.each(['\0', '\x7f', '\x80', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'])(
    '[T-17] writes and reads %j, where the number of octets changes',
    (edge) => {
      for (const text of [edge, `ab${edge}`, `${edge}${'c'.repeat(20)}`, 'd'.repeat(120) + edge]) {
        const octets = Buffer.from(text);
        const size = octets.length.toString(16).padStart(2, '0');
        expect(toHex(encode(text))).toBe(`a1${size}${octets.toString('hex')}`);
        expect(decode(encode(text))).toBe(text);
        expect(decode(encode(new AmqpArray('string', [text])))).toHaveProperty('items', [text]);
      }
    },
  );

  it.each(['\ud800', '\udbff', '\udc00', '\udfff', 'a\udfff', '\udfffa', '\udbffa', '\udbff\udbff', '\udfff\udfff'])(
    '[T-17] refuses %j: a surrogate without its other half',
    (text) => {
      expect(() => encode(text)).toThrow('a string holds a lone surrogate');
      expect(() => encode(`€${text}`)).toThrow(encodeError);
    },
  );

  it('says where octets are no UTF-8, and what the decoder said', () => {
    expect(() => decode(hex('c00501a102c328'))).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('a string at octet 5 is not valid UTF-8'),
        cause: expect.any(TypeError),
      }),
    );
  });
});

describe('text in ASCII', () => {
  it('[T-19] is a symbol up to 127, and none from 128 on', () => {
    expect(toHex(encode(symbol('\x7f')))).toBe('a3017f');
    expect(decode(hex('a3017f'))).toStrictEqual(symbol('\x7f'));
    expect(() => symbol('\x80')).toThrow('is not ASCII at position 0');
    expect(() => encode(new AmqpArray('symbol', ['a', 'b\x80']))).toThrow('is not ASCII at position 1');
  });

  it('names the first octet of a symbol that is not ASCII', () => {
    expect(() => decode(hex('a30461c3a962'))).toThrow('a symbol holds the octet 0xc3, which is not ASCII');
    expect(() => decode(hex('a301ff'))).toThrow('a symbol holds the octet 0xff, which is not ASCII');
  });
});
