/** Octets as a list of choices: what changes an input by little changes by little what is made of it. */
export class Choices {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  /** Whether all octets are used up. Every choice is the first one then. */
  get over() {
    return this.#at >= this.#bytes.length;
  }

  octet() {
    return this.#bytes[this.#at++] ?? 0;
  }

  /** A number of so many octets, up to six. */
  number(octets) {
    let value = 0;
    for (let index = 0; index < octets; index++) value = value * 256 + this.octet();
    return value;
  }

  one(list) {
    return list[this.octet() % list.length];
  }

  /** The next octets, as far as there are so many. */
  take(length) {
    const taken = this.#bytes.slice(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  rest() {
    return this.take(this.#bytes.length);
  }
}
