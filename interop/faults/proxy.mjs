/** A TCP relay that can do to connections what networks do. */
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export class Proxy {
  #server;
  #pairs = new Set();
  #target;
  /** What each piece waits before it passes, in ms. */
  latency = 0;
  /** Octets that pass in a second, each way, on each connection. */
  rate = Infinity;
  /** Nothing passes, and nobody is told. */
  blackHole = false;
  /** New connections are refused. */
  down = false;

  /** @param port - the port of the broker on this machine */
  static async before(port) {
    const proxy = new Proxy();
    proxy.#target = port;
    proxy.#server = createServer((near) => proxy.#join(near));
    await new Promise((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port() {
    return this.#server.address().port;
  }

  #join(near) {
    if (this.down) {
      near.destroy();
      return;
    }
    const far = connect(this.#target, '127.0.0.1');
    const pair = [near, far];
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.setNoDelay(true).on('error', end).on('close', end);
    void this.#carry(near, far);
    void this.#carry(far, near);
  }

  /** Passes on piece by piece; a reader that is not asked on holds its sender back. */
  async #carry(from, to) {
    try {
      for await (const piece of from) {
        while (this.blackHole) await delay(20);
        if (this.latency > 0) await delay(this.latency);
        if (this.rate < Infinity) await delay((1000 * piece.length) / this.rate);
        if (!to.write(piece)) await new Promise((resolve) => to.once('drain', resolve).once('close', resolve));
      }
    } catch {
      // The end of either socket ends both.
    }
  }

  /** Cuts all connections. */
  cut() {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  /** All is as if nothing had been done. */
  heal() {
    Object.assign(this, { latency: 0, rate: Infinity, blackHole: false, down: false });
  }

  async close() {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
