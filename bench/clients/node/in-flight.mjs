/** Counts what is on its way, for senders of which each send gives a promise. */
export class InFlight {
  count = 0;
  #wake;

  settled = () => {
    this.count--;
    // Once is enough: to resolve a promise again costs more than a message.
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  };

  async atMost(limit) {
    while (this.count > limit) await new Promise((resolve) => (this.#wake = resolve));
  }
}

/**
 * Calls `send(index)` for `messages` messages, `window` of them in flight; resolves when all are accepted.
 * A refused message is an unhandled rejection, which ends the program.
 */
export async function pipeline(messages, window, send) {
  const inFlight = new InFlight();
  for (let index = 0; index < messages; index++) {
    if (inFlight.count === window) await inFlight.atMost(window - 1);
    inFlight.count++;
    void send(index).then(inFlight.settled);
  }
  await inFlight.atMost(0);
}
