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
  #delivering = false;

  get empty(): boolean {
    return this.#notices.length === 0;
  }

  post(notice: Notice): void {
    this.#notices.push(notice);
  }

  /** Hands out all notices, those that arise meanwhile too. */
  deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#notices.length > 0) {
        const notices = this.#notices;
        this.#notices = [];
        for (const notice of notices) notice.notify();
      }
    } finally {
      this.#delivering = false;
    }
  }
}
