/** Something to be told to the host of an endpoint. */
export interface Notice {
  notify(): void;
}

/** Places that are kept for the notices of the next input. */
const MOST_KEPT = 1024;

/**
 * What the hosts shall be told, in the order in which it happened. Notices are collected while input is taken in and
 * handed out after it, so a host never runs in the middle of a frame, and may call the engine at will.
 */
export class Mailbox {
  /** From `#next` to `#end` they wait; the other places are empty. An array that grows anew each time costs memory. */
  #notices: (Notice | undefined)[] = [];
  #next = 0;
  #end = 0;
  #delivering = false;

  post(notice: Notice): void {
    this.#notices[this.#end++] = notice;
  }

  /** Hands out all notices, those that arise meanwhile too. What a host throws leaves the rest for the next time. */
  deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#next < this.#end) {
        const notice = this.#notices[this.#next];
        this.#notices[this.#next++] = undefined;
        notice?.notify();
      }
      if (this.#end > MOST_KEPT) this.#notices = [];
      this.#next = 0;
      this.#end = 0;
    } finally {
      this.#delivering = false;
    }
  }
}
