import { Writer, type Block } from '../codec/index.ts';
import type { ProtocolError } from '../definitions/index.ts';
import { Message, splitSections, writeAnnotations, writeHeader } from '../message/index.ts';

/** The message as it goes out: octets, and where they lie. */
export interface Payload {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** A message in a node. What arrived stays as it is; what brokers may change (§3.2) is kept beside it. */
export class StoredMessage {
  /** Its place in the queue. */
  place = 0;
  readonly messageFormat: number;
  /** Consumers that said it is not for them (§3.4.5). */
  readonly kept: Set<object> = new Set<object>();
  readonly #block: Block;
  readonly #start: number;
  readonly #end: number;
  readonly #message: Message;
  /** Whether it was handed to a consumer before. */
  #acquired = false;
  #failures = 0;
  #annotations: Readonly<Record<string, unknown>> = {};
  #rejection: ProtocolError | undefined = undefined;
  readonly #expiresAt: number | undefined;

  /** @throws decode-error for sections that are out of order or not known (§3.2) */
  constructor(block: Block, start: number, end: number, messageFormat: number, now: number) {
    this.#block = block;
    this.#start = start;
    this.#end = end;
    this.messageFormat = messageFormat;
    this.#message = new Message(block, start, end, messageFormat);
    // Another format is opaque: it is stored and forwarded as it is (§2.8.11).
    const ttl = messageFormat === 0 ? this.#message.header.ttl : undefined;
    this.#expiresAt = ttl === undefined ? undefined : now + ttl;
  }

  /** Another message with the same content, for another subscriber. */
  copy(now: number): StoredMessage {
    return new StoredMessage(this.#block, this.#start, this.#end, this.messageFormat, now);
  }

  /** The address that the message itself names (§3.2.4). */
  get to(): string | undefined {
    const { to } = this.#message.properties;
    return typeof to === 'string' ? to : undefined;
  }

  /** Failed attempts, those that it came with included (§3.2.1). */
  get deliveryCount(): number {
    return this.messageFormat === 0 ? this.#message.header.deliveryCount + this.#failures : this.#failures;
  }

  expired(now: number): boolean {
    return this.#expiresAt !== undefined && now >= this.#expiresAt;
  }

  /** It is handed to a consumer. */
  acquire(): void {
    this.#acquired = true;
  }

  /** An attempt has failed (§3.4.5). */
  fail(): void {
    this.#failures++;
  }

  /** Merges annotations by key (§3.4.5). */
  annotate(annotations: Readonly<Record<string, unknown>>): void {
    this.#annotations = { ...this.#annotations, ...annotations };
  }

  /** Keeps why it was rejected, for the reader of the dead-letter queue (§3.4.3). */
  reject(error: ProtocolError | undefined): void {
    this.#rejection = error;
  }

  /** The message as the next consumer gets it: byte for byte as it came, unless a section must differ. */
  payload(now: number): Payload {
    const unchanged: Payload = { bytes: this.#block.bytes, start: this.#start, end: this.#end };
    if (this.messageFormat !== 0) return unchanged;
    const sections = splitSections(this.#block, this.#start, this.#end);
    const hasDeliveryAnnotations = sections.deliveryAnnotationsEnd > sections.headerEnd;
    const annotated = Object.keys(this.#annotations).length > 0;
    if (!this.#acquired && !hasDeliveryAnnotations && !annotated && this.#expiresAt === undefined) return unchanged;
    const writer = new Writer(this.#end - this.#start + 128);
    writeHeader(writer, this.#header(now));
    // §3.2.2: delivery-annotations are for one hop; ours says why the message is here.
    if (this.#rejection !== undefined) writeAnnotations(writer, 'delivery', { rejected: this.#rejection.condition });
    if (annotated) writeAnnotations(writer, 'message', { ...this.#message.messageAnnotations, ...this.#annotations });
    const bareStart = annotated ? sections.messageAnnotationsEnd : sections.deliveryAnnotationsEnd;
    writer.raw(this.#block.bytes.subarray(bareStart, this.#end));
    return { bytes: writer.bytes, start: 0, end: writer.position };
  }

  #header(now: number): Parameters<typeof writeHeader>[1] {
    const { type: _type, ...header } = this.#message.header;
    return {
      ...header,
      ttl: this.#expiresAt === undefined ? undefined : Math.max(0, Math.ceil(this.#expiresAt - now)),
      firstAcquirer: header.firstAcquirer && !this.#acquired,
      deliveryCount: this.deliveryCount,
    };
  }
}
