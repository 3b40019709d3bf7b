import type { SenderLink } from './sender-link.ts';

/** The senders that have something to write and credit for it, in the order in which their turn comes. */
export class ReadyLinks {
  #links: SenderLink[] = [];

  get empty(): boolean {
    return this.#links.length === 0;
  }

  add(link: SenderLink): void {
    if (link.scheduled) return;
    link.scheduled = true;
    this.#links.push(link);
  }

  /**
   * Lets each link write while `sendable` holds. Those that could not finish come first the next time, and those whose
   * turn did not come because a host threw.
   */
  pump(gate: { readonly sendable: boolean }): void {
    const links = this.#links;
    this.#links = [];
    const waiting: SenderLink[] = [];
    const unfinished: SenderLink[] = [];
    let done = 0;
    try {
      for (const link of links) {
        if (!gate.sendable) waiting.push(link);
        else if (link.pump()) unfinished.push(link);
        else link.scheduled = false;
        done++;
      }
    } finally {
      const rest = done === links.length ? unfinished : [...links.slice(done), ...unfinished];
      this.#links = [...waiting, ...rest, ...this.#links];
    }
  }
}
