/**
 * The time, and a way to be called later. The whole client runs by it, so a clock that is moved by hand makes a test of
 * timeouts exact and quick.
 */
export interface Clock {
  /** Milliseconds that never run backwards, from any origin. */
  now(): number;
  /** Calls back once after a delay in ms, 0 or more; the returned function cancels that, also when it is too late. */
  setTimer(delay: number, callback: () => void): () => void;
}

/** The longest delay that timers take; a longer one would fire at once. */
const LONGEST = 0x7fff_ffff;

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer: (delay, callback) => {
    const timer = setTimeout(callback, Math.min(delay, LONGEST));
    return () => clearTimeout(timer);
  },
};
