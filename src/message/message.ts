import { Reader, type Block, type Limits } from '../codec/index.ts';
import type { Header } from '../definitions/index.ts';
import { AmqpError } from '../errors/index.ts';
import type { ReceivedBody } from './body.ts';
import type { Annotations, ReceivedApplicationProperties, ReceivedProperties } from './message-fields.ts';
import { readBody, readBytes, readText } from './read-body.ts';
import {
  emptyReader,
  readAnnotations,
  readApplicationProperties,
  readHeader,
  readProperties,
} from './read-sections.ts';
import { sectionCode, splitSections, type Sections } from './sections.ts';

/** What has been decoded so far. */
interface Decoded {
  header?: Header;
  deliveryAnnotations?: Annotations;
  messageAnnotations?: Annotations;
  properties?: ReceivedProperties;
  applicationProperties?: ReceivedApplicationProperties;
  footer?: Annotations;
  body?: ReceivedBody;
}

/**
 * A received message (§3.2).
 *
 * Nothing is decoded until it is asked for, and then once. So each member throws a decode-error where the octets of
 * its section are not valid, or the sections of the message are not in order. Of a message in a format other than
 * AMQP's (a message-format other than 0, §2.8.11) only `encoded`, `size` and `bytes()` can be had; the others throw
 * an illegal-state error.
 *
 * @throws decode-error, illegal-state from the members that decode, as told above
 * @example
 * ```ts
 * const { message } = await receiver.receive();
 * console.log(message.properties.subject, message.applicationProperties['kind']);
 * if (message.body.kind === 'data') console.log(message.bytes().length);
 * else console.log(message.value);
 * ```
 */
export class Message {
  /** The code of the message-format of its delivery; 0 is AMQP's own (§2.8.11). */
  readonly messageFormat: number;
  readonly #block: Block;
  readonly #start: number;
  readonly #end: number;
  readonly #limits: Limits | undefined;
  #sections: Sections | undefined = undefined;
  #decoded: Decoded | undefined = undefined;

  /** The octets from `start` to `end` are the message; they must not change any more. `limits` bound what is decoded. */
  constructor(block: Block, start: number, end: number, messageFormat: number, limits?: Limits) {
    this.messageFormat = messageFormat;
    this.#block = block;
    this.#start = start;
    this.#end = end;
    this.#limits = limits;
  }

  /** The length in octets of all sections together. */
  get size(): number {
    return this.#end - this.#start;
  }

  /** A copy of the octets of all sections as they came. */
  get encoded(): Uint8Array {
    return new Uint8Array(this.#block.bytes.subarray(this.#start, this.#end));
  }

  /** How the message is to be transported (§3.2.1), with the defaults where it does not say. */
  get header(): Header {
    const { start, headerEnd } = this.#split();
    return (this.#cache().header ??= readHeader(this.#reader(start, headerEnd) ?? emptyReader()));
  }

  /** The annotations for this hop (§3.2.2), as a record without a prototype. */
  get deliveryAnnotations(): Annotations {
    const { headerEnd, deliveryAnnotationsEnd } = this.#split();
    return (this.#cache().deliveryAnnotations ??= this.#annotations(headerEnd, deliveryAnnotationsEnd));
  }

  /** The annotations that travel with the message (§3.2.3), as a record without a prototype. */
  get messageAnnotations(): Annotations {
    const { deliveryAnnotationsEnd, messageAnnotationsEnd } = this.#split();
    return (this.#cache().messageAnnotations ??= this.#annotations(deliveryAnnotationsEnd, messageAnnotationsEnd));
  }

  /** The immutable properties (§3.2.4); a field that the message does not set is undefined. */
  get properties(): ReceivedProperties {
    const { messageAnnotationsEnd, propertiesEnd } = this.#split();
    return (this.#cache().properties ??= readProperties(
      this.#reader(messageAnnotationsEnd, propertiesEnd) ?? emptyReader(),
    ));
  }

  /** The properties of the application (§3.2.5), as a record without a prototype. */
  get applicationProperties(): ReceivedApplicationProperties {
    const { propertiesEnd, applicationPropertiesEnd } = this.#split();
    const reader = this.#reader(propertiesEnd, applicationPropertiesEnd);
    return (this.#cache().applicationProperties ??=
      reader === undefined ? emptyRecord() : readApplicationProperties(reader, this.#limits));
  }

  /** What follows the body (§3.2.9), as a record without a prototype. */
  get footer(): Annotations {
    const { bodyEnd, end } = this.#split();
    return (this.#cache().footer ??= this.#annotations(bodyEnd, end));
  }

  /** The content, by the kind of its sections. */
  get body(): ReceivedBody {
    const sections = this.#split();
    return (this.#cache().body ??= readBody(this.#block, sections, this.#limits));
  }

  /** The content of an amqp-value section; undefined for a body of another kind. */
  get value(): unknown {
    const { body } = this;
    return body.kind === 'value' ? body.value : undefined;
  }

  /**
   * The content as text: that of data sections as UTF-8, or of an amqp-value that is a string. A message without a
   * body, or with the value null, has the empty text.
   *
   * @throws decode-error for octets that are not UTF-8; illegal-state for any other content.
   */
  text(): string {
    return readText(this.#block, this.#split(), this.#limits);
  }

  /**
   * The content as {@link Message.text} gives it, parsed as JSON.
   *
   * @throws decode-error if it is not JSON; illegal-state where there is no text.
   */
  json(): unknown {
    const text = this.text();
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new AmqpError('decode-error', 'the body is not JSON', { cause });
    }
  }

  /**
   * The content as octets: of all data sections, joined, or of an amqp-value that is binary. A message without a body,
   * or with the value null, has none. Of a message in another format it is the whole message.
   *
   * Take them as read-only: large content is not copied, and small content shares an ArrayBuffer with that of other
   * messages, as Node's Buffer does. To change them, or to transfer them to a worker, take `slice()` of them.
   *
   * @throws illegal-state for any other content.
   */
  bytes(): Uint8Array {
    return this.messageFormat === 0 ? readBytes(this.#block, this.#split(), this.#limits) : this.encoded;
  }

  #split(): Sections {
    return (this.#sections ??= this.#scan());
  }

  #scan(): Sections {
    if (this.messageFormat !== 0)
      throw new AmqpError('illegal-state', `the message-format ${this.messageFormat} is not AMQP's: use encoded`);
    return splitSections(this.#block, this.#start, this.#end);
  }

  #cache(): Decoded {
    return (this.#decoded ??= {});
  }

  /** A reader behind the descriptor of a section; undefined where there is none. */
  #reader(start: number, end: number): Reader | undefined {
    if (start === end) return undefined;
    const reader = new Reader(this.#block, start, end);
    sectionCode(reader);
    return reader;
  }

  #annotations(start: number, end: number): Annotations {
    const reader = this.#reader(start, end);
    return reader === undefined ? emptyRecord() : readAnnotations(reader, this.#limits);
  }
}

function emptyRecord(): Readonly<Record<string, never>> {
  return Object.create(null);
}
