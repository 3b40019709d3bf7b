import { AmqpError } from '../../errors/index.ts';
import { toHex } from './hex.ts';
import { keyText } from './key-text.ts';

const form = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;

/**
 * A universally unique identifier (§1.6.18), as RFC 4122 writes it.
 *
 * @example
 * ```ts
 * import { Uuid } from 'amqp1/codec';
 * const id = Uuid.parse('f275ea5e-0c57-4ad7-b11a-b20c563d3b71');
 * console.log(id.bytes.length, String(id));
 * ```
 */
export class Uuid {
  /** The 16 octets in network order. */
  readonly bytes: Uint8Array;

  /** The octets are copied. @throws encode-error if they are not 16. */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== 16) throw new AmqpError('encode-error', `a uuid has 16 octets, not ${bytes.length}`);
    this.bytes = new Uint8Array(bytes);
  }

  /** Reads the hyphenated form, in upper or lower case. @throws encode-error for any other text. */
  static parse(text: string): Uuid {
    if (!form.test(text)) throw new AmqpError('encode-error', `${JSON.stringify(text)} is not a uuid`);
    const digits = text.replaceAll('-', '');
    return new Uuid(
      Uint8Array.from({ length: 16 }, (_, index) => Number(`0x${digits.slice(index * 2, index * 2 + 2)}`)),
    );
  }

  /** The hyphenated form, in lower case. */
  toString(): string {
    return toHex(this.bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  /** The hyphenated form, in lower case. */
  toJSON(): string {
    return this.toString();
  }

  /** @internal */
  [keyText](): string {
    return `uuid:${toHex(this.bytes)}`;
  }
}

/**
 * Makes a {@link Uuid} of its 16 octets or its hyphenated text.
 *
 * @throws encode-error otherwise.
 * @example
 * ```ts
 * import { uuid } from 'amqp1';
 *
 * await sender.send({ body: 'x', properties: { messageId: uuid(crypto.randomUUID()) } });
 * ```
 */
export function uuid(value: string | Uint8Array): Uuid {
  return typeof value === 'string' ? Uuid.parse(value) : new Uuid(value);
}
