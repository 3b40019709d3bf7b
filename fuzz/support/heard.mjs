/** Reads what an engine writes, and finds fault with what a peer would: frames, their order, and their place. */
import { blockOf, Reader } from '../../dist/codec/index.js';
import { readPerformative, readSaslFrame } from '../../dist/definitions/index.js';
import { check } from './oracle.mjs';

/** What the memory of a message is overwritten with after `send`; no message consists of it. */
export const OVERWRITTEN = 0xee;

export class Heard {
  transfers = 0;
  #rest = new Uint8Array(0);
  /** Open performatives by kind and number: connection, channels, links. */
  #open = new Set();
  #closed = false;
  /** Channel and handle of deliveries that have begun and are not complete. */
  #partial = new Set();

  take(octets) {
    const bytes = new Uint8Array(Buffer.concat([this.#rest, octets]));
    const { view } = blockOf(bytes);
    let at = 0;
    while (bytes.length - at >= 8) {
      const size = bytes[at] === 0x41 ? 8 : view.getUint32(at);
      check(size >= 8, `a frame of ${size} octets was written`);
      if (size > bytes.length - at) break;
      if (bytes[at] !== 0x41) this.#frame(bytes.slice(at, at + size));
      at += size;
    }
    this.#rest = bytes.slice(at);
  }

  /** Everything was written in whole frames. */
  end() {
    check(this.#rest.length === 0, `${this.#rest.length} octets of a frame were written, and no more`);
  }

  #frame(octets) {
    const block = blockOf(octets);
    if (octets.length === 8) return;
    check(octets[4] === 2, 'a frame header is not of eight octets');
    const reader = new Reader(block, 8);
    if (octets[5] === 1) readSaslFrame(reader);
    else {
      const performative = readPerformative(reader);
      if (performative.type !== 'transfer') check(reader.remaining === 0, `octets follow a ${performative.type}`);
      const payload = octets.subarray(reader.position);
      check(!payload.includes(OVERWRITTEN), 'a transfer has what its memory was overwritten with');
      this.#performative(block.view.getUint16(6), performative);
    }
  }

  #performative(channel, frame) {
    check(!this.#closed, `a ${frame.type} follows our close`);
    const session = `session ${channel}`;
    switch (frame.type) {
      case 'open':
        return this.#opened('connection');
      case 'close':
        this.#closed = true;
        return this.#ended('connection');
      case 'begin':
        check(this.#open.has('connection'), 'a begin came before our open');
        return this.#opened(session);
      case 'end':
        for (const each of this.#open) if (each.startsWith(`${session} link`)) this.#open.delete(each);
        return this.#ended(session);
      case 'attach':
        check(this.#open.has(session), 'an attach came outside of a session');
        return this.#opened(`${session} link ${frame.handle} ${frame.role}`);
      case 'detach':
        this.#partial.delete(`${session} ${frame.handle}`);
        return this.#ended(`${session} link ${frame.handle} ${this.#roleOf(session, frame.handle)}`);
      case 'transfer':
        return this.#transfer(session, frame);
      default:
        return check(this.#open.has(session), `a ${frame.type} came outside of a session`);
    }
  }

  #roleOf(session, handle) {
    return this.#open.has(`${session} link ${handle} true`);
  }

  #transfer(session, { handle, deliveryId, more, aborted }) {
    this.transfers++;
    check(this.#open.has(`${session} link ${handle} false`), 'a transfer came where no sender is attached');
    const link = `${session} ${handle}`;
    check(this.#partial.has(link) || deliveryId !== undefined, 'the first transfer of a delivery has no id');
    if (more && !aborted) this.#partial.add(link);
    else this.#partial.delete(link);
  }

  #opened(what) {
    check(!this.#open.has(what), `the ${what} was opened twice`);
    if (what.includes('link')) {
      const other = what.endsWith('true') ? what.replace(/true$/, 'false') : what.replace(/false$/, 'true');
      check(!this.#open.has(other), `the handle of ${what} is in use`);
    }
    this.#open.add(what);
  }

  #ended(what) {
    check(this.#open.delete(what), `the ${what} was ended without being open`);
  }
}
