/** Where a message is held: a link of a consumer that has it and has not settled it. */
export interface Holder {
  readonly who: string;
  /** Whether the broker must still believe that the holder has it. */
  readonly alive: () => boolean;
}

interface Entry {
  readonly queue: string;
  /** What its sender knows. `refused` means: the peer cannot have it. */
  fate: 'sending' | 'accepted' | 'refused' | 'unknown';
  holder: Holder | undefined;
  /** Whether a consumer has settled it for good: perhaps, or so that the broker must know it. */
  done: 'no' | 'perhaps' | 'surely';
  deliveries: number;
  drained: boolean;
}

/** Knows every message of a run, and says what must not happen to it. */
export class Ledger {
  readonly faults: string[] = [];
  readonly #entries = new Map<string, Entry>();

  /** How many messages were sent and received, for the log of a run. */
  get counts(): { readonly sent: number; readonly accepted: number; readonly delivered: number } {
    const entries = [...this.#entries.values()];
    return {
      sent: entries.length,
      accepted: entries.filter(({ fate }) => fate === 'accepted').length,
      delivered: entries.reduce((sum, { deliveries }) => sum + deliveries, 0),
    };
  }

  sending(id: string, queue: string): void {
    const entry: Entry = { queue, fate: 'sending', holder: undefined, done: 'no', deliveries: 0, drained: false };
    this.#entries.set(id, entry);
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new Error(`nobody sent ${id}`);
    return entry;
  }

  accepted(id: string): void {
    this.#entry(id).fate = 'accepted';
  }

  refused(id: string): void {
    const entry = this.#entry(id);
    entry.fate = 'refused';
    if (entry.deliveries > 0) this.faults.push(`${id} was delivered, and then its send said that it had not left`);
  }

  unknown(id: string): void {
    this.#entry(id).fate = 'unknown';
  }

  /** A consumer has it. `atMostOnce`: it is the queue whose messages are settled as they are sent. */
  delivered(id: string, holder: Holder, atMostOnce: boolean): void {
    const entry = this.#entry(id);
    entry.deliveries++;
    if (entry.fate === 'refused') this.faults.push(`${id} was delivered, but its send said that it had not left`);
    if (entry.done === 'surely') this.faults.push(`${id} was delivered to ${holder.who} after it was settled for good`);
    const other = entry.holder;
    if (other?.alive() === true) this.faults.push(`${id} was delivered to ${holder.who} while ${other.who} had it`);
    if (atMostOnce && entry.deliveries > 1) this.faults.push(`${id} was delivered twice, though it came settled`);
    entry.holder = holder;
    if (atMostOnce) entry.done = 'surely';
  }

  /** The consumer gives it back. */
  returned(id: string): void {
    this.#entry(id).holder = undefined;
  }

  /** The consumer has settled it for good, as far as it can know. */
  finished(id: string): void {
    const entry = this.#entry(id);
    entry.holder = undefined;
    if (entry.done === 'no') entry.done = 'perhaps';
  }

  /** The broker has taken notice of that. */
  confirmed(id: string): void {
    this.#entry(id).done = 'surely';
  }

  /** What was left in a queue at the end. */
  drained(id: string): void {
    const entry = this.#entry(id);
    if (entry.drained) this.faults.push(`${id} lay in its queue twice`);
    if (entry.done === 'surely') this.faults.push(`${id} lay in its queue after it was settled for good`);
    if (entry.fate === 'refused') this.faults.push(`${id} lay in its queue, but its send said that it had not left`);
    entry.drained = true;
  }

  /** Once all queues are empty: nothing that was accepted may be gone. */
  checkNothingLost(isLossy: (queue: string) => boolean): void {
    for (const [id, { fate, done, drained, queue }] of this.#entries) {
      if (fate === 'sending') this.faults.push(`the send of ${id} has not settled`);
      if (fate === 'accepted' && done === 'no' && !drained && !isLossy(queue))
        this.faults.push(`${id} was accepted and is lost`);
    }
  }
}
