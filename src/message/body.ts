import { Writer, formatCode } from '../codec/index.ts';
import { AmqpError } from '../errors/index.ts';

/** A body of one or more data sections; their boundaries are kept (§3.2.6). */
export interface DataBody {
  readonly kind: 'data';
  /** The octets of one section, or of each. */
  readonly data: Uint8Array | readonly Uint8Array[];
}

/** A body of one amqp-value section, which holds any AMQP value (§3.2.8). */
export interface ValueBody {
  readonly kind: 'value';
  /** The value: to send, whatever `encode` of amqp1/codec takes; of a received message, what `decode` gives. */
  readonly value: unknown;
}

/** A body of one or more amqp-sequence sections (§3.2.7). */
export interface SequenceBody {
  readonly kind: 'sequence';
  /** The items of each section: a list of lists, also where there is one section. */
  readonly sequence: readonly (readonly unknown[])[];
}

/** No body at all. The standard asks for one, and yet peers send such messages; it is written as the value null. */
export interface NoBody {
  readonly kind: 'none';
}

/** The body of a message to send, told apart by `kind`. */
export type Body = DataBody | ValueBody | SequenceBody | NoBody;

/** The body of a received message, told apart by `kind`; data is a list also where there is one section. */
export type ReceivedBody =
  | (DataBody & {
      /** The octets of each section. */
      readonly data: readonly Uint8Array[];
    })
  | ValueBody
  | SequenceBody
  | NoBody;

/** What {@link json} and {@link text} give: a body with its content type. */
export interface ContentFields {
  /** One data section (§3.2.6). */
  readonly body: DataBody;
  /** The properties that say what the octets are (§3.2.4). */
  readonly properties: {
    /** The MIME type of the octets. */
    readonly contentType: string;
  };
}

/**
 * Makes a body of data sections, one for each argument (§3.2.6).
 *
 * @example
 * ```ts
 * import { data } from 'amqp1';
 *
 * await sender.send({ body: data(Uint8Array.of(1, 2), Uint8Array.of(3)) });
 * ```
 */
export function data(first: Uint8Array, ...more: readonly Uint8Array[]): DataBody {
  return { kind: 'data', data: [first, ...more] };
}

/**
 * Makes a body of one AMQP value: whatever `encode` of amqp1/codec takes (§3.2.8).
 *
 * @example
 * ```ts
 * import { ulong, value } from 'amqp1';
 *
 * await sender.send({ body: value({ count: ulong(3n), at: new Date(0) }) });
 * ```
 */
export function value(content: unknown): ValueBody {
  return { kind: 'value', value: content };
}

/**
 * Makes a body of one amqp-sequence section with these items (§3.2.7).
 *
 * @example
 * ```ts
 * import { sequence } from 'amqp1';
 *
 * await sender.send({ body: sequence(1, 'two', [3]) });
 * ```
 */
export function sequence(...items: readonly unknown[]): SequenceBody {
  return { kind: 'sequence', sequence: [items] };
}

/**
 * Makes a message whose body is JSON: a data section with the content type `application/json`.
 *
 * Spread it to add more: `{ ...json(order), applicationProperties: { kind: 'order' } }`.
 *
 * @throws encode-error if JSON cannot hold the value.
 * @example
 * ```ts
 * import { json } from 'amqp1';
 *
 * await sender.send({ ...json({ item: 7 }), applicationProperties: { kind: 'order' } });
 * ```
 */
export function json(content: unknown): ContentFields {
  return contentFields(stringify(content), 'application/json');
}

/**
 * Makes a message whose body is text: a data section in UTF-8 with the content type `text/plain; charset=utf-8`.
 *
 * @throws encode-error if the text holds a lone surrogate.
 * @example
 * ```ts
 * import { text } from 'amqp1';
 *
 * await sender.send(text('Grüße'));
 * ```
 */
export function text(content: string): ContentFields {
  if (typeof content !== 'string') throw new AmqpError('encode-error', `text(): a ${typeof content} is no string`);
  return contentFields(content, 'text/plain; charset=utf-8');
}

function contentFields(content: string, contentType: string): ContentFields {
  return { body: { kind: 'data', data: utf8(content) }, properties: { contentType } };
}

function stringify(content: unknown): string {
  let result: string | undefined;
  try {
    result = JSON.stringify(content);
  } catch (cause) {
    throw new AmqpError('encode-error', 'json(): the value cannot be written as JSON', { cause });
  }
  // A function, a symbol and undefined give undefined, whatever the declared type says.
  if (result === undefined) throw new AmqpError('encode-error', `json(): ${typeof content} is nothing in JSON`);
  return result;
}

/** The octets of a text: those of an AMQP string without its head. */
function utf8(content: string): Uint8Array {
  const writer = new Writer(content.length + 5);
  writer.string(content);
  return writer.bytes.slice(writer.view.getUint8(0) === formatCode.str8 ? 2 : 5, writer.position);
}
