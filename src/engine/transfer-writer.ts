import { TransferFields, writeTransfer } from '../definitions/index.ts';
import { PLAIN_HEAD } from './check-delivery.ts';
import { FRAME_HEADER_SIZE, type FrameWriter } from './frame-writer.ts';
import { copyPrefix } from './memory.ts';
import type { PayloadOwner } from './output.ts';
import type { OutgoingDelivery } from './outgoing-delivery.ts';
import { serialAdd } from './serial-number.ts';
import type { Unsettled } from './unsettled.ts';
import type { OutgoingWindow } from './windows.ts';

/** Octets of a payload that it costs more to copy than to send from where they lie. */
const LEAST_REFERRED = 32_768;

/** What limits the transfers besides the window. */
export interface TransferGate {
  readonly sendable: boolean;
}

/** Cuts deliveries into transfer frames (§2.6.14) and gives them their ids, in the order in which they leave. */
export class TransferWriter {
  readonly #frames: FrameWriter;
  readonly #channel: number;
  readonly #window: OutgoingWindow;
  readonly #unsettled: Unsettled<OutgoingDelivery>;
  readonly #gate: TransferGate;
  readonly #fields = new TransferFields();
  /** The memory of tags that are numbers. */
  readonly #tag = new Uint8Array(4);
  readonly #tagView = new DataView(this.#tag.buffer);
  /** Deliveries count from where the transfers do; undefined before the first. */
  #nextDeliveryId: number | undefined = undefined;

  constructor(
    frames: FrameWriter,
    channel: number,
    window: OutgoingWindow,
    unsettled: Unsettled<OutgoingDelivery>,
    gate: TransferGate,
  ) {
    this.#frames = frames;
    this.#channel = channel;
    this.#window = window;
    this.#unsettled = unsettled;
    this.#gate = gate;
  }

  /**
   * Writes transfers from `start` on; says whether the delivery is complete. `offset` grows by what was written. A payload
   * that is `lasting` stays as it is until the transport is done with it.
   */
  transfer(
    handle: number,
    delivery: OutgoingDelivery,
    payload: Uint8Array,
    start: number,
    end: number,
    lasting: boolean,
  ): boolean {
    const fields = this.#fields;
    const refers =
      lasting && payload.length >= LEAST_REFERRED && this.#frames.maxFrameSize >= LEAST_REFERRED && this.#frames.refers;
    let at = start;
    do {
      if (!this.#gate.sendable) {
        delivery.offset += at - start;
        return false;
      }
      fields.handle = handle;
      if (delivery.progress === 'started') this.#continue(fields);
      else this.#begin(fields, delivery);
      at += this.#frame(payload, at, end, refers ? delivery : undefined);
      this.#window.take();
    } while (at < end);
    delivery.progress = 'transferred';
    return true;
  }

  #begin(fields: TransferFields, delivery: OutgoingDelivery): void {
    const { tag } = delivery;
    delivery.id = this.#nextDeliveryId ?? this.#window.nextOutgoingId;
    this.#nextDeliveryId = serialAdd(delivery.id, 1);
    delivery.progress = 'started';
    fields.deliveryId = delivery.id;
    fields.deliveryTag = typeof tag === 'number' ? this.#numberTag(tag) : tag;
    fields.messageFormat = delivery.messageFormat;
    fields.settled = delivery.settled;
    fields.state = delivery.localState;
    if (!delivery.settled) this.#unsettled.add(delivery.id, delivery);
  }

  /** §2.7.5: later transfers of a delivery may leave out what the first has said. */
  #continue(fields: TransferFields): void {
    fields.deliveryId = undefined;
    fields.deliveryTag = undefined;
    fields.messageFormat = undefined;
    fields.settled = undefined;
    fields.state = undefined;
  }

  #numberTag(tag: number): Uint8Array {
    this.#tagView.setUint32(0, tag);
    return this.#tag;
  }

  /**
   * Writes one frame with as much payload as it holds; returns how much that is. With an owner the payload is sent from
   * where it lies.
   */
  #frame(payload: Uint8Array, at: number, end: number, owner: PayloadOwner | undefined): number {
    const fields = this.#fields;
    const { maxFrameSize } = this.#frames;
    const left = end - at;
    const room = owner === undefined ? left : 0;
    const writer = this.#frames.begin(0, this.#channel, Math.min(maxFrameSize, room + 4 * PLAIN_HEAD));
    const start = writer.position - FRAME_HEADER_SIZE;
    fields.more = fields.state !== undefined || left + PLAIN_HEAD > maxFrameSize;
    writeTransfer(writer, fields);
    if (fields.more && writer.position - start + left <= maxFrameSize) {
      // It fits after all: whether it does depends on the length of what was just written.
      fields.more = false;
      writer.position = start + FRAME_HEADER_SIZE;
      writeTransfer(writer, fields);
    }
    const size = Math.min(left, maxFrameSize - (writer.position - start));
    if (owner !== undefined) {
      this.#frames.endWith(writer, start, payload, at, at + size, fields.more ? undefined : owner);
      return size;
    }
    const target = writer.reserve(size);
    if (at === 0) copyPrefix(payload, size, writer.bytes, target);
    else writer.bytes.set(payload.subarray(at, at + size), target);
    this.#frames.end(writer, start);
    return size;
  }

  /** Ends a delivery that has begun without completing it (§2.7.5). */
  abort(handle: number, delivery: OutgoingDelivery): void {
    const fields = this.#fields;
    fields.handle = handle;
    this.#continue(fields);
    fields.more = false;
    fields.aborted = true;
    const writer = this.#frames.begin(0, this.#channel, PLAIN_HEAD);
    const start = writer.position - FRAME_HEADER_SIZE;
    writeTransfer(writer, fields);
    this.#frames.end(writer, start);
    fields.aborted = false;
    this.#window.take();
    this.#unsettled.remove(delivery.id);
  }
}
