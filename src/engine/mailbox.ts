/** Something to be told to the host of an endpoint. */
export interface Notice {
  notify(): void;
}

/**
 * What the hosts shall be told, in the order in which it happened. Notices are collected while input is taken in and
 * handed out after it, so a host never runs in the middle of a frame, and may call the engine at will.
 */
export class Mailbox {
  #notices: Notice[] = [];
  #next = 0;
  #delivering = false;

  post(notice: Notice): void {
    this.#notices.push(notice);
  }

  /** Hands out all notices, those that arise meanwhile too. What a host throws leaves the rest for the next time. */
  deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let notice = this.#notices[this.#next]; notice !== undefined; notice = this.#notices[this.#next]) {
        this.#next++;
        notice.notify();
      }
      this.#notices = [];
      this.#next = 0;
    } finally {
      this.#delivering = false;
    }
  }
}
