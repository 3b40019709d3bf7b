/**
 * A neutral AMQP 1.0 peer that both clients talk to: it accepts what it is sent and sends what it is asked for, with
 * one write per read. It prints its port as a line of JSON, then one line for each connection that ended.
 */
import { createServer } from 'node:net';
import { EMPTY_FRAME, NULL, descriptorAt, fieldsAt, frame, uint, uintAt } from './peer/frames.mjs';
import { Session, beginFrame } from './peer/session.mjs';

const MAX_FRAME_SIZE = 65_536;
const PROTOCOL = 0x414d5150;
const EMPTY = Buffer.alloc(0);
const text = (value, code = 0xa1) => Buffer.concat([Buffer.from([code, value.length]), Buffer.from(value)]);

class Connection {
  #socket;
  #rest = EMPTY;
  #out = [];
  #sessions = new Map();
  #touched = new Set();
  #counts = { transfers: 0, accepted: 0 };
  #heartbeat;
  #closed = false;
  #startCpu = process.cpuUsage();
  #startTime = performance.now();

  constructor(socket) {
    this.#socket = socket;
  }

  receive(chunk) {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    while (bytes.length - at >= 8) {
      const size = bytes.readUInt32BE(at);
      if (size === PROTOCOL) {
        this.#protocolHeader(bytes.subarray(at, at + 8));
        at += 8;
        continue;
      }
      if (size < 8 || size > MAX_FRAME_SIZE) throw new Error(`a frame of ${size} bytes`);
      if (bytes.length - at < size) break;
      this.#frame(bytes, at, at + size);
      at += size;
    }
    this.#rest = bytes.subarray(at);
    for (const session of this.#touched) session.finish();
    this.#touched.clear();
    this.#flush();
  }

  /** What happened on this connection, and what it cost this process. */
  report() {
    clearInterval(this.#heartbeat);
    const { user, system } = process.cpuUsage(this.#startCpu);
    return { ...this.#counts, cpuMicros: user + system, wallMicros: (performance.now() - this.#startTime) * 1000 };
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
    if (bytes[start + 5] === 1) {
      if (descriptor === 0x41) this.#out.push(frame(1, 0, 0x44, Buffer.from([0x50, 0])));
      return;
    }
    if (descriptor === 0x10) this.#open(fieldsAt(bytes, at));
    else if (descriptor === 0x11) this.#begin(channel, fieldsAt(bytes, at));
    else if (descriptor === 0x18) this.#close();
    else this.#sessionFrame(this.#sessions.get(channel), descriptor, channel, bytes, at);
  }

  #sessionFrame(session, descriptor, channel, bytes, at) {
    this.#touched.add(session);
    if (descriptor === 0x14) session.transfer(bytes, at);
    else if (descriptor === 0x15) session.disposition(bytes, at);
    else if (descriptor === 0x13) session.flow(bytes, at);
    else if (descriptor === 0x12) session.attach(bytes, at);
    else if (descriptor === 0x16) session.detach(bytes, at);
    else if (descriptor === 0x17) this.#end(session, channel);
    else throw new Error(`performative 0x${descriptor.toString(16)} is unknown to the peer`);
  }

  #open(fields) {
    this.#out.push(frame(0, 0, 0x10, text('bench-peer'), NULL, uint(MAX_FRAME_SIZE)));
    const idleTimeout = fields[4] === undefined ? undefined : uintAt(fields[4], 0);
    if (idleTimeout > 0) this.#heartbeat = setInterval(() => this.#socket.write(EMPTY_FRAME), idleTimeout / 2);
  }

  #begin(channel, fields) {
    this.#out.push(beginFrame(channel));
    this.#sessions.set(channel, new Session(channel, fields, this.#out, this.#counts));
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

const server = createServer({ noDelay: true }, (socket) => {
  const connection = new Connection(socket);
  let failure;
  socket.on('data', (chunk) => {
    try {
      connection.receive(chunk);
    } catch (error) {
      failure = String(error);
      socket.destroy();
    }
  });
  socket.on('error', (error) => (failure ??= String(error)));
  socket.on('close', () => console.log(JSON.stringify({ ...connection.report(), failure })));
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
// A runner that dies leaves no peer behind.
process.on('disconnect', () => process.exit());
