import { AmqpError, amqpError } from '../errors/index.ts';
import type { Budget, SenderLink } from '../engine/index.ts';
import type { PendingSend } from './pending-send.ts';

/** The octets are those of the send, and there is room for them. */
const again = { readmitted: true, lasting: true };

/** Sends that wait for a sender to be attached again, in the order of the calls. */
export class HeldSends {
  readonly #budget: Budget;
  /** What the lost link had taken: it comes first. */
  readonly #kept = new Map<PendingSend, Uint8Array>();
  /** What came since. */
  readonly #added = new Map<PendingSend, Uint8Array>();

  /** @param budget - where the octets are counted, over all senders of a connection */
  constructor(budget: Budget) {
    this.#budget = budget;
  }

  get size(): number {
    return this.#kept.size + this.#added.size;
  }

  /** Adds a send; the octets are its own. @throws `send-queue-full` */
  add(pending: PendingSend, octets: Uint8Array): void {
    const { held, limit } = this.#budget;
    if (held > 0 && !this.#budget.fits(octets.length))
      throw amqpError('send-queue-full', `messages of ${held} octets wait for a connection, and the limit is ${limit}`);
    this.#budget.take(octets.length);
    this.#added.set(pending, octets);
  }

  /** Adds a send that the lost link had taken: there is room for it, however much waits. */
  keep(pending: PendingSend, octets: Uint8Array): void {
    this.#budget.take(octets.length);
    this.#kept.set(pending, octets);
  }

  /** Its caller does not wait any longer. */
  remove(pending: PendingSend): void {
    const octets = this.#kept.get(pending) ?? this.#added.get(pending);
    if (octets === undefined) return;
    this.#kept.delete(pending);
    this.#added.delete(pending);
    this.#budget.giveBack(octets.length);
  }

  /** Sends all over a link that is attached. */
  sendAll(link: SenderLink): void {
    for (const [pending, octets] of [...this.#kept, ...this.#added]) {
      this.remove(pending);
      pending.link = link;
      try {
        if (link.send(pending, octets, 0, octets.length, again)) pending.transferred();
      } catch (error) {
        if (!AmqpError.is(error)) throw error;
        pending.finish({ state: 'unknown', error });
      }
    }
  }

  /** No link will come: nothing of this has left. */
  drop(error: AmqpError): void {
    for (const pending of [...this.#kept.keys(), ...this.#added.keys()]) {
      this.remove(pending);
      pending.finish({ state: 'unknown', error });
    }
  }
}
