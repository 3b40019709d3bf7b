/** What became of every message, on both sides. */
import { AmqpError } from '../amqp1.mjs';

/** The outcomes by which a broker gives a message back. */
const GIVEN_BACK = new Set(['released', 'modified', 'rejected']);

/**
 * How much later than its broker this side may notice that a connection was lost, in ms: a broker that stops gives the
 * messages of one connection to another at once, while what it had sent before is still to be read.
 */
const NOTICED_LATE = 500;

export class Ledger {
  /** Of each message that was sent: its fate, and when it was sent and settled. */
  #fates = new Map();
  /** When each message was received. */
  #received = new Map();
  /** When a connection was lost. */
  #losses = [];
  acceptedCount = 0;
  /** Sends that were refused because too many waited. */
  turnedAway = 0;
  /** Errors that no fault explains. */
  unexpected = [];

  get receivedCount() {
    return this.#received.size;
  }

  disconnected() {
    this.#losses.push(performance.now());
  }

  sent(id) {
    this.#fates.set(id, { fate: 'unsettled', from: performance.now(), to: Infinity });
  }

  accepted(id) {
    this.#settle(id, 'accepted');
    this.acceptedCount++;
  }

  #settle(id, fate) {
    Object.assign(this.#fates.get(id), { fate, to: performance.now() });
  }

  notAccepted(id, error) {
    const code = AmqpError.is(error) ? error.code : undefined;
    if (code === 'send-queue-full') {
      this.#fates.delete(id);
      this.turnedAway++;
    } else if (code === 'outcome-unknown') this.#settle(id, 'unknown');
    else if (GIVEN_BACK.has(code)) this.#settle(id, 'given back');
    else this.unexpected.push(error);
  }

  received(id) {
    const times = this.#received.get(id) ?? [];
    this.#received.set(id, times);
    times.push(performance.now());
  }

  /** The figures, and `faults`: in words, what is not as it must be. */
  account() {
    const fates = [...this.#fates];
    const count = (fate) => fates.filter(([, each]) => each.fate === fate).length;
    const lost = fates.filter(([id, { fate }]) => fate === 'accepted' && !this.#received.has(id)).map(([id]) => id);
    const phantoms = [...this.#received.keys()].filter((id) => !this.#fates.has(id));
    const repeated = [...this.#received].filter(([, times]) => times.length > 1);
    const faults = [];
    const unsettled = count('unsettled');
    const unexplained = repeated.filter((each) => !this.#explained(each)).length;
    if (lost.length > 0) faults.push(`${lost.length} accepted messages are lost: ${lost.slice(0, 5).join(', ')}`);
    if (phantoms.length > 0) faults.push(`${phantoms.length} messages came that nobody sent`);
    if (unsettled > 0) faults.push(`${unsettled} sends have not settled`);
    if (unexplained > 0) faults.push(`${unexplained} messages came twice though no connection was lost`);
    for (const error of this.unexpected.slice(0, 3)) faults.push(`unexpected: ${error.stack ?? error}`);
    return {
      figures: {
        sent: fates.length,
        accepted: count('accepted'),
        unknown: count('unknown'),
        givenBack: count('given back'),
        turnedAway: this.turnedAway,
        received: this.#received.size,
        twice: repeated.length,
        lost: lost.length,
      },
      faults,
    };
  }

  /** Only a connection that was lost between the two, or while the message was under way, explains that it came twice. */
  #explained([id, times]) {
    const { from, to } = this.#fates.get(id) ?? {};
    const last = times.at(-1) + NOTICED_LATE;
    return this.#losses.some((loss) => (loss > times[0] && loss < last) || (loss > from && loss < to));
  }
}
