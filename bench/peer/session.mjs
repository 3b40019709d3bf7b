/** One session of the peer: windows, links, and the answers that leave together at the end of each read. */
import { ACCEPTED, FALSE, NULL, TRUE, booleanAt, fieldsAt, frame, textOf, uint, uintAt } from './frames.mjs';
import { LargeSource } from './large-source.mjs';
import { heldBack, transfersOf, wanted } from './messages.mjs';
import { shapeOf } from './shape.mjs';
import { Sink, readTransfer } from './sink.mjs';
import { MAX_IN_FLIGHT, Source, readDisposition } from './source.mjs';

const WINDOW = 1_000_000;
const ATTACH = 0x12;
const FLOW = 0x13;
const DISPOSITION = 0x15;
const DETACH = 0x16;

const addressOf = (terminus) => (terminus[0] === 0x00 ? textOf(fieldsAt(terminus, 0)[0]) : undefined);

export class Session {
  #channel;
  #out;
  #counts;
  #frameLimit;
  #links = new Map();
  #sources = new Set();
  /** Sinks that something happened to in this read: a client may have thousands that nothing happens to. */
  #touched = new Set();
  #lastTouched = undefined;
  #transfer = {};
  #disposition = {};
  #nextIncomingId;
  #windowLeft = WINDOW;
  #first;
  #last = 0;
  #nextOutgoingId = 0;
  #nextDeliveryId = 0;
  #remoteWindow;
  #oldest = 0;
  #unsettled = new Uint8Array(MAX_IN_FLIGHT);

  /** `begin` are the encoded fields of the client's begin; frames of at most `frameLimit` octets go to `out`. */
  constructor(channel, begin, out, counts, frameLimit) {
    this.#channel = channel;
    this.#out = out;
    this.#counts = counts;
    this.#frameLimit = frameLimit;
    this.#nextIncomingId = uintAt(begin[1], 0);
    this.#remoteWindow = uintAt(begin[2], 0);
  }

  attach(bytes, at) {
    const [name, handleField, role, sndMode = NULL, rcvMode = NULL, source = NULL, target = NULL, , , initial] =
      fieldsAt(bytes, at);
    const handle = uintAt(handleField, 0);
    const clientReceives = booleanAt(role, 0);
    const fields = [name, uint(handle), clientReceives ? FALSE : TRUE, sndMode, rcvMode, source, target];
    if (clientReceives) {
      this.#addSource(handle, addressOf(source));
      fields.push(NULL, NULL, uint(0));
    } else {
      const sink = new Sink(handle, uintAt(initial, 0) ?? 0, heldBack(addressOf(target)));
      this.#links.set(handle, sink);
      this.#touch(sink);
    }
    this.#write(ATTACH, ...fields);
  }

  transfer(bytes, at, end) {
    const transfer = this.#transfer;
    readTransfer(bytes, at, end, transfer);
    this.#nextIncomingId = (this.#nextIncomingId + 1) >>> 0;
    this.#windowLeft--;
    const counts = this.#counts;
    if (counts.octets === 0 && end <= bytes.length) counts.shape = shapeOf(bytes, transfer.payloadAt, end);
    counts.octets += transfer.payloadSize;
    const link = this.#links.get(transfer.handle);
    this.#touch(link);
    if (!link.transfer(transfer)) return;
    counts.transfers++;
    const id = link.completedId;
    if (id === undefined) return;
    counts.accepted++;
    if (this.#first !== undefined && id !== (this.#last + 1) >>> 0) this.#accept();
    this.#first ??= id;
    this.#last = id;
  }

  flow(bytes, at) {
    const fields = fieldsAt(bytes, at);
    const number = (index) => (fields[index] === undefined ? undefined : uintAt(fields[index], 0));
    // §2.5.6: a null next-incoming-id stands for the id of our first transfer, which is 0 here.
    this.#remoteWindow = ((number(0) ?? 0) + number(1) - this.#nextOutgoingId) | 0;
    const link = this.#links.get(number(4));
    if (link?.role === 'sender' && number(6) !== undefined) {
      link.grant(number(5) ?? 0, number(6), fields[8] !== undefined && booleanAt(fields[8], 0));
    }
    if (fields[9] !== undefined && booleanAt(fields[9], 0)) this.#flow(link);
  }

  disposition(bytes, at) {
    const disposition = this.#disposition;
    readDisposition(bytes, at, disposition);
    if (!disposition.receiver) return;
    const { first, last, accepted } = disposition;
    // RFC 1982: ids are compared by their distance from the oldest unsettled one.
    const end = Math.min((last - this.#oldest) | 0, MAX_IN_FLIGHT - 1);
    for (let offset = Math.max((first - this.#oldest) | 0, 0); offset <= end; offset++) {
      const slot = (this.#oldest + offset) % MAX_IN_FLIGHT;
      if (accepted) this.#counts.accepted += this.#unsettled[slot];
      this.#unsettled[slot] = 0;
    }
    while (this.#oldest !== this.#nextDeliveryId && this.#unsettled[this.#oldest % MAX_IN_FLIGHT] === 0) {
      this.#oldest = (this.#oldest + 1) >>> 0;
    }
    // Receiver settle mode second: the receiver waits for the sender's settlement.
    if (!disposition.settled) this.#write(DISPOSITION, FALSE, uint(first), uint(last), TRUE, ACCEPTED);
  }

  detach(bytes, at) {
    const [handleField, closed = FALSE] = fieldsAt(bytes, at);
    const handle = uintAt(handleField, 0);
    const link = this.#links.get(handle);
    this.#links.delete(handle);
    this.#sources.delete(link);
    this.#touched.delete(link);
    this.#write(DETACH, handleField, closed);
  }

  /** Called once per read, after its frames: outcomes, credit, then transfers. */
  finish() {
    this.#accept();
    let flowed = false;
    for (const sink of this.#touched) {
      if (!sink.topUp()) continue;
      this.#flow(sink);
      flowed = true;
    }
    this.#touched.clear();
    this.#lastTouched = undefined;
    if (!flowed && this.#windowLeft < WINDOW / 2) this.#flow();
    for (const source of this.#sources) this.#send(source);
  }

  #addSource(handle, address) {
    const { payload, count } = wanted(address);
    const transfers = transfersOf(this.#channel, handle, payload, this.#frameLimit);
    const source =
      transfers.length === 1 ? new Source(handle, count, transfers[0]) : new LargeSource(handle, count, transfers);
    this.#links.set(handle, source);
    this.#sources.add(source);
  }

  #touch(sink) {
    if (sink === this.#lastTouched) return;
    this.#lastTouched = sink;
    this.#touched.add(sink);
  }

  #accept() {
    if (this.#first === undefined) return;
    this.#write(DISPOSITION, TRUE, uint(this.#first), uint(this.#last), TRUE, ACCEPTED);
    this.#first = undefined;
  }

  #send(source) {
    const free = MAX_IN_FLIGHT - ((this.#nextDeliveryId - this.#oldest) | 0);
    const { deliveries, frames } = source.send(this.#out, this.#nextDeliveryId, free, this.#remoteWindow);
    for (let index = 0; index < deliveries; index++) {
      this.#unsettled[(this.#nextDeliveryId + index) % MAX_IN_FLIGHT] = 1;
    }
    this.#nextDeliveryId = (this.#nextDeliveryId + deliveries) >>> 0;
    this.#nextOutgoingId = (this.#nextOutgoingId + frames) >>> 0;
    this.#remoteWindow -= frames;
    this.#counts.transfers += deliveries;
    if (source.drained()) this.#flow(source);
  }

  #flow(link) {
    this.#windowLeft = WINDOW;
    const fields = [uint(this.#nextIncomingId), uint(WINDOW), uint(this.#nextOutgoingId), uint(WINDOW)];
    if (link !== undefined) fields.push(uint(link.handle), uint(link.deliveryCount), uint(link.credit));
    if (link?.drain) fields.push(NULL, TRUE);
    this.#write(FLOW, ...fields);
  }

  #write(descriptor, ...fields) {
    this.#out.push(frame(0, this.#channel, descriptor, ...fields));
  }
}

/** The peer's begin in answer to a client's begin on `channel`. */
export function beginFrame(channel) {
  const remoteChannel = Buffer.from([0x60, channel >> 8, channel & 255]);
  return frame(0, channel, 0x11, remoteChannel, uint(0), uint(WINDOW), uint(WINDOW), uint(0xffffffff));
}
