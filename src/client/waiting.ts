import { amqpError, type AmqpError, type Check } from '../errors/index.ts';
import type { Clock } from '../io/index.ts';
import { Deferred } from './deferred.ts';

/** How long a call may wait. Each method says what an abort or timeout leaves behind. */
export interface WaitOptions {
  /**
   * Ends the wait; the call rejects with the signal's reason if that is an Error of another kind than AbortError, else
   * with code `aborted`. A signal that is aborted already refuses the call and nothing is begun, except by what closes,
   * detaches or ends: that is done all the same.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * The longest wait, in ms, 0 or more; then the call rejects with code `timeout`. Infinity waits for ever. Each method
   * says its default; where it says none, it waits for ever.
   */
  readonly timeout?: number | undefined;
}

/** An AbortSignal. */
export const isSignal: Check = (value) => (value instanceof AbortSignal ? undefined : 'an AbortSignal');

/** A duration in ms; Infinity waits for ever. */
export const isTimeout: Check = (value) =>
  typeof value === 'number' && value >= 0 ? undefined : 'milliseconds, 0 or more';

/** The error of a wait that the caller gave up. */
export function abortError(signal: AbortSignal, what: string): Error {
  const reason: unknown = signal.reason;
  // Without a reason of its own a signal carries a DOMException named AbortError, which says less than our error.
  if (reason instanceof Error && reason.name !== 'AbortError') return reason;
  return amqpError('aborted', `${what} was aborted`, { cause: reason });
}

function timeoutError(timeout: number, what: string): AmqpError {
  return amqpError('timeout', `${what} did not finish within ${timeout} ms`);
}

const waitKeys: ReadonlySet<string> = new Set(['signal', 'timeout']);

/** Refuses a call whose signal is aborted before it began. */
export function refuseAborted(options: WaitOptions, what: string): void {
  const { signal } = options;
  if (signal?.aborted === true) throw abortError(signal, what);
}

/** Refuses options that a call does not know or that are not as they should be. */
export function checkWaitOptions(
  options: WaitOptions | undefined,
  what: string,
  known: ReadonlySet<string> = waitKeys,
): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw amqpError('invalid-argument', `the options of ${what} must be an object`);
  for (const key of Object.keys(options)) {
    if (!known.has(key))
      throw amqpError(
        'invalid-argument',
        `${what} options.${key} is not an option; there are ${[...known].join(', ')}`,
      );
  }
  const { timeout, signal } = options;
  const wrong = timeout === undefined ? undefined : isTimeout(timeout);
  if (wrong !== undefined)
    throw amqpError('invalid-argument', `the timeout of ${what} must be ${wrong}, not ${String(timeout)}`);
  const refused = signal === undefined ? undefined : isSignal(signal);
  if (refused !== undefined) throw amqpError('invalid-argument', `the signal of ${what} must be ${refused}`);
}

/** The same, and refuses a wait that is over before it began. */
export function checkWait(options: WaitOptions | undefined, what: string, known?: ReadonlySet<string>): void {
  checkWaitOptions(options, what, known);
  if (options !== undefined) refuseAborted(options, what);
}

/** Those who wait for one signal. It gets one listener, however many they are: Node warns of more than ten. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls back when a signal is aborted; the returned function ends that. */
export function onceAborted(signal: AbortSignal, callback: () => void): () => void {
  const others = waiting.get(signal);
  if (others !== undefined) {
    others.add(callback);
    return () => forget(signal, others, callback);
  }
  const callbacks = new Set([callback]);
  waiting.set(signal, callbacks);
  signal.addEventListener('abort', tellAborted);
  return () => forget(signal, callbacks, callback);
}

function forget(signal: AbortSignal, callbacks: Set<() => void>, callback: () => void): void {
  callbacks.delete(callback);
  if (callbacks.size > 0 || waiting.get(signal) !== callbacks) return;
  waiting.delete(signal);
  signal.removeEventListener('abort', tellAborted);
}

function tellAborted({ target }: Event): void {
  if (!(target instanceof AbortSignal)) return;
  // A set lets those go that are called meanwhile.
  for (const callback of waiting.get(target) ?? []) callback();
}

/**
 * Calls `giveUp` when the signal is aborted or the time is over; the returned function ends the watch. Nothing stays
 * behind: neither a listener nor a timer.
 */
export function watch(clock: Clock, options: WaitOptions, what: string, giveUp: (error: Error) => void): () => void {
  const { signal, timeout } = options;
  const onAbort = (): void => {
    if (signal === undefined) return;
    stop();
    giveUp(abortError(signal, what));
  };
  const cancelTimer =
    timeout === undefined || timeout === Infinity
      ? undefined
      : clock.setTimer(timeout, () => {
          stop();
          giveUp(timeoutError(timeout, what));
        });
  let unwatch = (): void => undefined;
  const stop = (): void => {
    unwatch();
    cancelTimer?.();
  };
  if (signal?.aborted === true) onAbort();
  else if (signal !== undefined) unwatch = onceAborted(signal, onAbort);
  return stop;
}

/** Waits for a deferred, no longer than the options allow; `giveUp` runs before the rejection. */
export async function waitFor<T>(
  deferred: Deferred<T>,
  clock: Clock,
  options: WaitOptions,
  what: string,
  giveUp: (error: Error) => void,
): Promise<T> {
  const stop = watch(clock, options, what, (error) => {
    giveUp(error);
    deferred.reject(error);
  });
  try {
    return await deferred.promise;
  } finally {
    stop();
  }
}

/** Does what takes several waits, all together no longer than the options allow: `limits` is for each of them. */
export async function within<T>(
  clock: Clock,
  options: WaitOptions,
  what: string,
  work: (limits: WaitOptions) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const stop = watch(clock, options, what, (error) => limit.abort(error));
  try {
    return await work({ signal: limit.signal, timeout: Infinity });
  } finally {
    stop();
  }
}

/** Waits for a promise that never rejects, no longer than the options allow. */
export async function waitForEnd(
  end: Promise<unknown>,
  clock: Clock,
  options: WaitOptions,
  what: string,
  giveUp: (error: Error) => void,
): Promise<void> {
  const done = new Deferred<void>();
  void end.then(() => done.resolve());
  await waitFor(done, clock, options, what, giveUp);
}
