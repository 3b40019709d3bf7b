/** The other end of a bare socket: octets of the size of messages and answers, and no protocol at all. */

/**
 * The first 16 octets that come say what to do: `initial`, `inSize`, `outSize` and `total`, four uint32. First
 * `initial` pieces of `outSize` octets leave, then one more for every `inSize` octets that come, `total` in all.
 */
export class BareConnection {
  #socket;
  #counts;
  #order = Buffer.alloc(0);
  #plan = undefined;
  #piece;
  #came = 0;
  #left = 0;

  /** What happens is added up in `counts`: a piece that came stands for a message or for its acceptance. */
  constructor(socket, counts) {
    this.#socket = socket;
    this.#counts = counts;
  }

  receive(chunk) {
    if (this.#plan !== undefined) {
      this.#took(chunk.length);
      return;
    }
    this.#order = Buffer.concat([this.#order, chunk]);
    if (this.#order.length < 16) return;
    const [initial, inSize, outSize, total] = [0, 4, 8, 12].map((at) => this.#order.readUInt32BE(at));
    this.#plan = { inSize, initial };
    this.#piece = Buffer.alloc(outSize, 'x');
    this.#left = total;
    this.#give(initial);
    this.#took(this.#order.length - 16);
  }

  /** Whether all has been given and taken. */
  get closed() {
    return this.#plan !== undefined && this.#left === 0;
  }

  stop() {}

  #took(octets) {
    this.#came += octets;
    const { inSize } = this.#plan;
    const pieces = Math.floor(this.#came / inSize);
    this.#came -= pieces * inSize;
    this.#counts.transfers += pieces;
    this.#counts.accepted += pieces;
    this.#counts.octets += octets;
    this.#give(pieces);
  }

  #give(pieces) {
    const count = Math.min(pieces, this.#left);
    this.#left -= count;
    this.#socket.cork();
    for (let index = 0; index < count; index++) this.#socket.write(this.#piece);
    this.#socket.uncork();
  }
}
