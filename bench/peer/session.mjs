/** One session of the peer: windows, links, and the answers that leave together at the end of each read. */
import { ACCEPTED, FALSE, NULL, TRUE, booleanAt, fieldsAt, frame, textOf, uint, uintAt } from './frames.mjs';
import { Sink, readTransfer } from './sink.mjs';
import { MAX_IN_FLIGHT, Source, readDisposition } from './source.mjs';

const WINDOW = 1_000_000;
const ATTACH = 0x12;
const FLOW = 0x13;
const DISPOSITION = 0x15;
const DETACH = 0x16;

export class Session {
  #channel;
  #out;
  #counts;
  #links = new Map();
  #transfer = {};
  #disposition = {};
  #nextIncomingId;
  #windowLeft = WINDOW;
  #first;
  #last = 0;
  #nextOutgoingId = 0;
  #remoteWindow;
  #oldest = 0;
  #unsettled = new Uint8Array(MAX_IN_FLIGHT);

  /** `begin` are the encoded fields of the client's begin; frames to write go to `out`. */
  constructor(channel, begin, out, counts) {
    this.#channel = channel;
    this.#out = out;
    this.#counts = counts;
    this.#nextIncomingId = uintAt(begin[1], 0);
    this.#remoteWindow = uintAt(begin[2], 0);
  }

  attach(bytes, at) {
    const [name, handleField, role, sndMode = NULL, rcvMode = NULL, source = NULL, target = NULL, , , initial] =
      fieldsAt(bytes, at);
    const handle = uintAt(handleField, 0);
    const clientReceives = booleanAt(role, 0);
    const count = clientReceives && source[0] === 0x00 ? /^count-(\d+)$/.exec(textOf(fieldsAt(source, 0)[0])) : null;
    const link = clientReceives
      ? new Source(this.#channel, handle, count ? Number(count[1]) : Infinity)
      : new Sink(handle, uintAt(initial, 0));
    this.#links.set(handle, link);
    const fields = [name, uint(handle), clientReceives ? FALSE : TRUE, sndMode, rcvMode, source, target];
    if (clientReceives) fields.push(NULL, NULL, uint(0));
    this.#write(ATTACH, ...fields);
  }

  transfer(bytes, at) {
    const transfer = this.#transfer;
    readTransfer(bytes, at, transfer);
    this.#nextIncomingId = (this.#nextIncomingId + 1) >>> 0;
    this.#windowLeft--;
    this.#counts.transfers++;
    const id = this.#links.get(transfer.handle).transfer(transfer);
    if (id === undefined) return;
    this.#counts.accepted++;
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
    while (this.#oldest !== this.#nextOutgoingId && this.#unsettled[this.#oldest % MAX_IN_FLIGHT] === 0) {
      this.#oldest = (this.#oldest + 1) >>> 0;
    }
    // Receiver settle mode second: the receiver waits for the sender's settlement.
    if (!disposition.settled) this.#write(DISPOSITION, FALSE, uint(first), uint(last), TRUE, ACCEPTED);
  }

  detach(bytes, at) {
    const [handle, closed = FALSE] = fieldsAt(bytes, at);
    this.#links.delete(uintAt(handle, 0));
    this.#write(DETACH, handle, closed);
  }

  /** Called once per read, after its frames: outcomes, credit, then transfers. */
  finish() {
    this.#accept();
    let flowed = false;
    for (const link of this.#links.values()) {
      if (link.role === 'sender') {
        this.#send(link);
      } else if (link.topUp()) {
        this.#flow(link);
        flowed = true;
      }
    }
    if (!flowed && this.#windowLeft < WINDOW / 2) this.#flow();
  }

  #accept() {
    if (this.#first === undefined) return;
    this.#write(DISPOSITION, TRUE, uint(this.#first), uint(this.#last), TRUE, ACCEPTED);
    this.#first = undefined;
  }

  #send(source) {
    const inFlight = (this.#nextOutgoingId - this.#oldest) | 0;
    const count = Math.min(source.ready, this.#remoteWindow, MAX_IN_FLIGHT - inFlight);
    if (count > 0) {
      this.#out.push(source.transfers(this.#nextOutgoingId, count));
      for (let index = 0; index < count; index++) this.#unsettled[(this.#nextOutgoingId + index) % MAX_IN_FLIGHT] = 1;
      this.#nextOutgoingId = (this.#nextOutgoingId + count) >>> 0;
      this.#remoteWindow -= count;
      this.#counts.transfers += count;
    }
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
