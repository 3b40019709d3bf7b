/** One connection of the peer: protocol headers, SASL ANONYMOUS, open, and frames given to their session. */
import { EMPTY_FRAME, NULL, descriptorAt, fieldsAt, frame, uint, uintAt } from './frames.mjs';
import { Session, beginFrame } from './session.mjs';

const MAX_FRAME_SIZE = 65_536;
/** Of a larger frame, only this much must be there before it is read: the rest is the payload of a transfer. */
const ENOUGH = 4096;
const PROTOCOL = 0x414d5150;
const EMPTY = Buffer.alloc(0);
const text = (value, code = 0xa1) => Buffer.concat([Buffer.from([code, value.length]), Buffer.from(value)]);

export class Connection {
  #socket;
  #counts;
  #rest = EMPTY;
  /** Octets of a payload that are still to come and that nobody looks at. */
  #skip = 0;
  #out = [];
  #sessions = new Map();
  #touched = new Set();
  #frameLimit = MAX_FRAME_SIZE;
  #heartbeat;
  #closed = false;

  /** What happens is added up in `counts`. */
  constructor(socket, counts) {
    this.#socket = socket;
    this.#counts = counts;
  }

  receive(chunk) {
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    this.#rest = this.#frames(this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk, skipped);
    for (const session of this.#touched) session.finish();
    this.#touched.clear();
    this.#flush();
  }

  /** Whether the client has said goodbye: what becomes of the socket after that is no failure. */
  get closed() {
    return this.#closed;
  }

  stop() {
    clearInterval(this.#heartbeat);
  }

  /** Takes the frames from `start` on; gives what is left of `bytes`. */
  #frames(bytes, start) {
    let at = start;
    while (bytes.length - at >= 8) {
      const size = bytes.readUInt32BE(at);
      if (size === PROTOCOL) {
        this.#protocolHeader(bytes.subarray(at, at + 8));
        at += 8;
        continue;
      }
      if (size < 8 || size > MAX_FRAME_SIZE) throw new Error(`a frame of ${size} bytes`);
      const there = bytes.length - at;
      if (there < size && there < ENOUGH) break;
      this.#frame(bytes, at, at + size);
      this.#skip = Math.max(0, size - there);
      at += Math.min(size, there);
    }
    return bytes.subarray(at);
  }

  #protocolHeader(header) {
    this.#out.push(Buffer.from(header));
    if (header[4] === 3) this.#out.push(frame(1, 0, 0x40, text('ANONYMOUS', 0xa3)));
  }

  #frame(bytes, start, end) {
    const at = start + bytes[start + 4] * 4;
    if (at === end) return;
    const channel = bytes.readUInt16BE(start + 6);
    const descriptor = descriptorAt(bytes, at);
    if (end > bytes.length && descriptor !== 0x14) throw new Error('a long frame that is not a transfer');
    if (bytes[start + 5] === 1) {
      if (descriptor === 0x41) this.#out.push(frame(1, 0, 0x44, Buffer.from([0x50, 0])));
      return;
    }
    if (descriptor === 0x10) this.#open(fieldsAt(bytes, at));
    else if (descriptor === 0x11) this.#begin(channel, fieldsAt(bytes, at));
    else if (descriptor === 0x18) this.#close();
    else this.#sessionFrame(this.#sessions.get(channel), descriptor, channel, bytes, at, end);
  }

  #sessionFrame(session, descriptor, channel, bytes, at, end) {
    this.#touched.add(session);
    if (descriptor === 0x14) session.transfer(bytes, at, end);
    else if (descriptor === 0x15) session.disposition(bytes, at);
    else if (descriptor === 0x13) session.flow(bytes, at);
    else if (descriptor === 0x12) session.attach(bytes, at);
    else if (descriptor === 0x16) session.detach(bytes, at);
    else if (descriptor === 0x17) this.#end(session, channel);
    else throw new Error(`performative 0x${descriptor.toString(16)} is unknown to the peer`);
  }

  #open(fields) {
    this.#out.push(frame(0, 0, 0x10, text('bench-peer'), NULL, uint(MAX_FRAME_SIZE)));
    const limit = fields[2] === undefined ? undefined : uintAt(fields[2], 0);
    this.#frameLimit = Math.min(MAX_FRAME_SIZE, limit ?? MAX_FRAME_SIZE);
    const idleTimeout = fields[4] === undefined ? undefined : uintAt(fields[4], 0);
    if (idleTimeout > 0) this.#heartbeat = setInterval(() => this.#socket.write(EMPTY_FRAME), idleTimeout / 2);
  }

  #begin(channel, fields) {
    this.#out.push(beginFrame(channel));
    this.#sessions.set(channel, new Session(channel, fields, this.#out, this.#counts, this.#frameLimit));
  }

  #end(session, channel) {
    session.finish();
    this.#touched.delete(session);
    this.#sessions.delete(channel);
    this.#out.push(frame(0, channel, 0x17));
  }

  #close() {
    for (const session of this.#touched) session.finish();
    this.#touched.clear();
    this.#out.push(frame(0, 0, 0x18));
    this.#closed = true;
  }

  #flush() {
    if (this.#out.length > 0) {
      this.#socket.cork();
      for (const bytes of this.#out) this.#socket.write(bytes);
      this.#socket.uncork();
      this.#out.length = 0;
    }
    if (this.#closed) this.#socket.end();
  }
}
