import type { Available } from './available.ts';
import type { Consumer } from './node.ts';
import type { StoredMessage } from './stored-message.ts';

/** A consumer that only looks: it is shown each message once and takes none (§3.5.7). */
export class Browser {
  readonly #consumer: Consumer;
  readonly #available: Available;
  readonly #now: () => number;
  /** The place of the last message that it was shown. */
  #seen = -1;
  /** What it has still to see, as it was when last looked. */
  #ahead: StoredMessage[] = [];
  #next = 0;
  /** Whether there may be more to see than what is ahead. */
  #behind = true;

  constructor(consumer: Consumer, available: Available, now: () => number) {
    this.#consumer = consumer;
    this.#available = available;
    this.#now = now;
  }

  /** Shows what it has not seen, as far as it is ready. */
  wake(): void {
    for (let message = this.#peek(); message !== undefined && this.#consumer.ready; message = this.#peek()) {
      this.#next++;
      this.#show(message);
    }
  }

  #peek(): StoredMessage | undefined {
    this.#passGone();
    if (this.#next >= this.#ahead.length && this.#behind) {
      this.#ahead = this.#available.behind(this.#seen);
      this.#next = 0;
      this.#behind = false;
      this.#passGone();
    }
    return this.#ahead[this.#next];
  }

  #passGone(): void {
    while (this.#isGone(this.#ahead[this.#next])) this.#next++;
  }

  /** Whether a message was taken meanwhile, or has expired (§3.2.1). */
  #isGone(message: StoredMessage | undefined): boolean {
    return message !== undefined && (!message.waits || message.expired(this.#now()));
  }

  #show(message: StoredMessage): void {
    this.#seen = message.place;
    // One that is too large for the link is passed over.
    this.#consumer.deliver(message);
  }

  /** A new message has come. */
  added(message: StoredMessage): void {
    if (this.#behind || this.#next < this.#ahead.length || !this.#consumer.ready) this.#behind = true;
    else this.#show(message);
  }

  /** A message is back at its place. */
  returned(): void {
    this.#behind = true;
    this.wake();
  }
}
