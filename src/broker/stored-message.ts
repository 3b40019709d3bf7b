import {
  AmqpMap,
  AmqpSymbol,
  decodeValue,
  Described,
  encodeValue,
  Reader,
  symbol,
  ulong,
  Writer,
} from '../codec/index.ts';
import type { Block } from '../codec/index.ts';
import { DescriptorCode } from '../definitions/index.ts';
import type { Fields, Header, ProtocolError } from '../definitions/index.ts';
import { AmqpError } from '../errors/index.ts';
import { Message, splitSections, writeAnnotations, writeHeader, type Sections } from '../message/index.ts';

/** The message as it goes out: octets, and where they lie. */
export interface Payload {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** The most that a delivery-count can say: it is a uint (§3.2.1). */
const MOST_COUNT = 0xffff_ffff;

/** Room for the sections that are written anew. */
const SPARE = 256;

/** A message in a node. What arrived stays as it is; what brokers may change (§3.2) is kept beside it. */
export class StoredMessage {
  /** Its place in the queue. */
  place = 0;
  /** Whether nobody has it. */
  waits = false;
  readonly messageFormat: number;
  /** Consumers that it is not for (§3.4.5). */
  readonly refusedBy: Set<object> = new Set<object>();
  readonly #block: Block;
  readonly #start: number;
  readonly #end: number;
  /** Undefined for a message in another format: it is opaque, and forwarded as it is (§2.8.11). */
  readonly #sections: Sections | undefined;
  /** Undefined where all fields have their defaults. */
  readonly #header: Header | undefined;
  readonly #expiresAt: number;
  /** Whether it was handed to a consumer before. */
  #acquired = false;
  #failures = 0;
  #failuresHere = 0;
  #annotations: AmqpMap | undefined = undefined;
  #rejection: ProtocolError | undefined = undefined;

  /** @throws decode-error for sections that are out of order or not known, or a header that is not valid (§3.2) */
  constructor(block: Block, start: number, end: number, messageFormat: number, now: number) {
    this.#block = block;
    this.#start = start;
    this.#end = end;
    this.messageFormat = messageFormat;
    this.#sections = messageFormat === 0 ? splitSections(block, start, end) : undefined;
    const hasHeader = this.#sections !== undefined && this.#sections.headerEnd > start;
    this.#header = hasHeader ? this.#message().header : undefined;
    this.#expiresAt = this.#header?.ttl === undefined ? Infinity : now + this.#header.ttl;
  }

  #message(): Message {
    return new Message(this.#block, this.#start, this.#end, this.messageFormat);
  }

  /** Another message with the same content, for another subscriber. */
  copy(now: number): StoredMessage {
    return new StoredMessage(this.#block, this.#start, this.#end, this.messageFormat, now);
  }

  /** The address that the message itself names (§3.2.4). */
  get to(): string | undefined {
    return this.#message().properties.to;
  }

  /** Failed attempts, those that it came with included (§3.2.1). */
  get deliveryCount(): number {
    return Math.min(MOST_COUNT, (this.#header?.deliveryCount ?? 0) + this.#failures);
  }

  /** Whether its time to live is over (§3.2.1). */
  expired(now: number): boolean {
    return now >= this.#expiresAt;
  }

  /** It is handed to a consumer. */
  acquire(): void {
    this.#acquired = true;
  }

  /** An attempt has failed (§3.4.5). */
  fail(): void {
    this.#failures++;
    this.#failuresHere++;
  }

  /** Failed attempts since it was put into the queue that it is in. */
  get failuresHere(): number {
    return this.#failuresHere;
  }

  /** It was put into a queue, where its attempts are counted anew. */
  enqueued(place: number): void {
    this.place = place;
    this.#failuresHere = 0;
  }

  /** Merges annotations by key (§3.4.5). What is no map of annotations stays as it came. */
  annotate(annotations: Fields): void {
    try {
      const merged = (this.#annotations ??= this.#ownAnnotations());
      for (const [key, value] of Object.entries(annotations)) merged.set(symbol(key), value);
    } catch (error) {
      if (!AmqpError.is(error)) throw error;
    }
  }

  /** The annotations that it came with, each value with its type. */
  #ownAnnotations(): AmqpMap {
    const sections = this.#sections;
    if (sections === undefined || sections.deliveryAnnotationsEnd === sections.messageAnnotationsEnd)
      return new AmqpMap();
    const reader = new Reader(this.#block, sections.deliveryAnnotationsEnd, sections.messageAnnotationsEnd);
    const section = decodeValue(reader, {}, true);
    return section instanceof Described && section.value instanceof AmqpMap ? section.value : reader.fail('no map');
  }

  /** It goes to a dead-letter queue; why it was rejected goes with it (§3.4.3). */
  reject(error: ProtocolError | undefined): void {
    this.#rejection = error;
    this.refusedBy.clear();
  }

  /** The message as the next consumer gets it: byte for byte as it came, unless a section must differ. */
  payload(now: number): Payload {
    const sections = this.#sections;
    const header = this.#headerFor(now);
    if (sections === undefined || (header === undefined && !this.#isChanged(sections)))
      return { bytes: this.#block.bytes, start: this.#start, end: this.#end };
    const { bytes } = this.#block;
    const writer = new Writer(this.#end - this.#start + SPARE);
    if (header === undefined) writer.raw(bytes.subarray(this.#start, sections.headerEnd));
    else writeHeader(writer, header);
    if (this.#rejection !== undefined) writeAnnotations(writer, 'delivery', { rejected: errorValue(this.#rejection) });
    if (this.#annotations !== undefined)
      encodeValue(writer, new Described(ulong(DescriptorCode.messageAnnotations), this.#annotations));
    const { messageAnnotationsEnd, deliveryAnnotationsEnd } = sections;
    const rest = this.#annotations === undefined ? deliveryAnnotationsEnd : messageAnnotationsEnd;
    writer.raw(bytes.subarray(rest, this.#end));
    return { bytes: writer.bytes, start: 0, end: writer.position };
  }

  /** Whether annotations must differ. Those for the delivery are for one hop: they end here (§3.2.2). */
  #isChanged({ headerEnd, deliveryAnnotationsEnd }: Sections): boolean {
    return deliveryAnnotationsEnd > headerEnd || this.#annotations !== undefined || this.#rejection !== undefined;
  }

  /** The header, where it must differ from the one that came. */
  #headerFor(now: number): Parameters<typeof writeHeader>[1] | undefined {
    const { durable, priority, ttl, firstAcquirer = false } = this.#header ?? {};
    // §3.2.1: the time that it was here is taken off.
    const left = ttl === undefined ? undefined : Math.max(0, Math.ceil(this.#expiresAt - now));
    if (this.#failures === 0 && left === ttl && !(firstAcquirer && this.#acquired)) return undefined;
    return {
      durable,
      priority,
      ttl: left,
      firstAcquirer: firstAcquirer && !this.#acquired,
      deliveryCount: this.deliveryCount,
    };
  }
}

/** An error as a value within annotations (§2.8.14). */
function errorValue({ condition, description, info }: ProtocolError): Described {
  const entries = Object.entries(info ?? {}).map(([key, value]): [AmqpSymbol, unknown] => [symbol(key), value]);
  const fields = [symbol(condition), description ?? null, entries.length > 0 ? new AmqpMap(entries) : null];
  while (fields.at(-1) === null) fields.pop();
  return new Described(ulong(DescriptorCode.error), fields);
}
