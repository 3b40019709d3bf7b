import { serialAdd, serialDifference, serialDistance } from './serial-number.ts';

/** Which transfers we may send, as the peer grants it (§2.5.6). Each transfer frame counts one, not each delivery. */
export class OutgoingWindow {
  /** What we announce: nothing of ours depends on it. */
  size = 0;
  /** The transfer-id of our next transfer. */
  nextOutgoingId = 0;
  #initialOutgoingId = 0;
  /** Transfers that we may send now. It is 0 until the peer's begin told its window. */
  remoteIncomingWindow = 0;

  /** Where our transfers begin to count: at any number (§2.5.6). */
  begin(nextOutgoingId: number): void {
    this.nextOutgoingId = nextOutgoingId;
    this.#initialOutgoingId = nextOutgoingId;
  }

  /** A begin or flow tells what the peer expects next and how much it takes; false where it contradicts what we sent. */
  update(nextIncomingId: number | undefined, incomingWindow: number): boolean {
    // §2.5.6: without next-incoming-id the peer had seen nothing yet.
    const expected = nextIncomingId ?? this.#initialOutgoingId;
    const inFlight = serialDistance(expected, this.nextOutgoingId);
    if (serialDifference(expected, this.nextOutgoingId) < 0) return false;
    this.remoteIncomingWindow = Math.max(0, incomingWindow - inFlight);
    return true;
  }

  /** Counts a transfer. */
  take(): void {
    this.nextOutgoingId = serialAdd(this.nextOutgoingId, 1);
    this.remoteIncomingWindow--;
  }
}

/** Which transfers the peer may send, as we grant it (§2.5.6). */
export class IncomingWindow {
  /** The transfer-id that comes next; undefined until the peer's begin. */
  nextIncomingId: number | undefined = undefined;
  /** Transfers that the peer may still send before we refresh the window. */
  window = 0;
  #size = 0;

  /** Our begin grants this many transfers, and every flow does again. */
  open(size: number): void {
    this.#size = size;
    this.window = size;
  }

  /** A begin or flow tells which id comes next. */
  update(nextOutgoingId: number): void {
    this.nextIncomingId = nextOutgoingId;
  }

  /** Counts a transfer; false where the peer had no right to send it. */
  take(): boolean {
    this.nextIncomingId = serialAdd(this.nextIncomingId ?? 0, 1);
    this.window--;
    return this.window >= 0;
  }

  /** Whether a flow should open the window again, well before it shuts. */
  get worn(): boolean {
    return this.window <= this.#size >>> 1;
  }

  /** Opens the window fully: a flow that says so is on its way. */
  refresh(): void {
    this.window = this.#size;
  }
}
