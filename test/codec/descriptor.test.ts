import { describe, expect, it } from 'vitest';
import { AmqpArray, decode, Described, encode, ulong } from '../../src/codec/index.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('descriptors', () => {
  it('[T-36] writes a bigint descriptor as ulong, as it was read', () => {
    const selector = new Described(0x0000_468c_0000_0004n, 'a = 1');
    expect(hex(encode(selector))).toBe('00800000468c00000004a10561203d2031');
    expect(hex(encode(new Described(35n, [])))).toBe('00532345');
    expect(hex(encode(new Described(0n, null)))).toBe('004440');
    expect(hex(encode(decode(encode(new Described(ulong(36), [])))))).toBe('00532445');
  });

  it('[T-29] writes a bigint descriptor of array elements as ulong', () => {
    expect(hex(encode(new AmqpArray('string', ['a'], 35n)))).toBe('e00701005323a10161');
  });

  it('[T-35] leaves other descriptors as they are, a negative number too', () => {
    expect(hex(encode(new Described(-1n, null)))).toBe('0055ff40');
    expect(hex(encode(new Described('name', null)))).toBe('00a1046e616d6540');
  });
});
