import {
  amqpError,
  AmqpError,
  checkOptions,
  DeliveryError,
  isBoolean,
  isName,
  isObject,
  isOneOf,
  isString,
  type OptionTable,
} from '../errors/index.ts';
import { blockOf, type Limits } from '../codec/index.ts';
import { accepted, released } from '../definitions/index.ts';
import type { DeliveryState, Modified, ProtocolError, ProtocolErrorInit, Rejected } from '../definitions/index.ts';
import { IncomingDelivery, type ReceiverLink } from '../engine/index.ts';
import type { Clock } from '../io/index.ts';
import { Message } from '../message/index.ts';
import { Deferred } from './deferred.ts';
import { outcomeOf } from './outcome.ts';
import { checkWait, watch, type WaitOptions } from './waiting.ts';

/** What a delivery tells its receiver. */
export interface DeliveryHost {
  readonly name: string;
  readonly clock: Clock;
  /** What is decoded of a message at most. */
  readonly limits: Limits | undefined;
  /** The link that messages come over now. */
  readonly currentLink: ReceiverLink | undefined;
  /** Whether a link that ends with this error is attached again. */
  survives(error: AmqpError): boolean;
  arrived(received: Received): void;
  /** The delivery is settled: its credit can be granted again. */
  settled(received: Received): void;
  /** The sender changed the state of a delivery that we hold. */
  changed(received: Received): void;
}

/** The engine's part of a delivery. */
export class Received extends IncomingDelivery {
  readonly host: DeliveryHost;
  readonly link: ReceiverLink;
  /** Whether the application has it. */
  taken = false;
  /** Whether the credit of this delivery was given back. */
  counted = false;
  #waiting: { readonly deferred: Deferred<void>; readonly asked: DeliveryState } | undefined = undefined;

  constructor(host: DeliveryHost, link: ReceiverLink) {
    super();
    this.host = host;
    this.link = link;
  }

  override delivered(): void {
    this.host.arrived(this);
  }

  override updated(): void {
    this.host.changed(this);
    const waiting = this.#waiting;
    if (waiting === undefined || !this.remoteSettled) return;
    this.#waiting = undefined;
    this.settled = true;
    this.count();
    const difference = this.#difference(waiting.asked);
    if (difference === undefined) waiting.deferred.resolve();
    else waiting.deferred.reject(difference);
  }

  /** The error of a sender that has settled with another outcome than the one asked for. */
  #difference(asked: DeliveryState): DeliveryError | undefined {
    const state = this.remoteState;
    const outcome = outcomeOf(state);
    if (outcome === undefined || state === undefined || !('type' in state) || state.type === asked.type)
      return undefined;
    const detail = `asked for ${asked.type}, the sender settled with ${outcome.state}`;
    return new DeliveryError('outcome-differs', detail, { outcome });
  }

  /** The link is gone: the sender will not settle any more. */
  dropped(error: AmqpError): void {
    this.#waiting?.deferred.reject(
      amqpError('outcome-unknown', `the link ${this.host.name} ended before the sender settled: ${error.message}`, {
        cause: error,
      }),
    );
    this.#waiting = undefined;
  }

  /** Tells the sender, and in mode second waits for it, no longer than the options allow. */
  settle(state: DeliveryState, what: string, options: WaitOptions | undefined): Promise<void> {
    try {
      checkWait(options, what);
      const settled = this.#settle(state);
      if (options !== undefined) this.#watch(what, options);
      return settled;
    } catch (error) {
      // A state that cannot be sent leaves the delivery as it was.
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #watch(what: string, options: WaitOptions): void {
    const deferred = this.#waiting?.deferred;
    if (deferred === undefined) return;
    // What was told stays told: the delivery is over when the sender settles, though nobody waits for that.
    const stop = watch(this.host.clock, options, what, (error) => deferred.reject(error));
    deferred.promise.then(stop, stop);
  }

  #settle(state: DeliveryState): Promise<void> {
    const { link } = this;
    if (this.settled || this.#waiting !== undefined) return done;
    if (!link.attached) return Promise.reject(this.#endError());
    if (this.remoteSettled) return this.#settleLate(state);
    if (!this.settlesSecond) {
      link.settle(this, state);
      this.count();
      return done;
    }
    link.settle(this, state, false);
    const deferred = new Deferred<void>();
    this.#waiting = { deferred, asked: state };
    return deferred.promise;
  }

  /** The sender has settled before we told anything: its word stands. */
  #settleLate(state: DeliveryState): Promise<void> {
    this.settled = true;
    const difference = this.settlesSecond ? this.#difference(state) : undefined;
    return difference === undefined ? done : Promise.reject(difference);
  }

  /** What is told after our detach means nothing to the sender. */
  #endError(): AmqpError {
    const { ended } = this.link;
    // The link may have ended and nobody been told: a connection that the peer closes ends with its transport.
    const isLost = this.link !== this.host.currentLink || (ended !== undefined && this.host.survives(ended.error));
    if (!isLost) return this.link.closingError;
    return amqpError('delivery-lost', `the link ${this.host.name} was lost after it brought this message`, {
      cause: ended?.error,
    });
  }

  /** Gives back the credit of this delivery, once. */
  count(): void {
    if (this.counted) return;
    this.counted = true;
    this.host.settled(this);
  }
}

const done = Promise.resolve();

const protocolError = ({ condition, description, info }: ProtocolErrorInit): ProtocolError => ({
  type: 'error',
  condition,
  description,
  info,
});

/** How a delivery is given back as modified (§3.4.5). */
export interface ModifyOptions {
  /** The delivery counts as a failed attempt: its delivery-count grows. Default false. */
  readonly deliveryFailed?: boolean | undefined;
  /** Do not send it to this link again. Default false. */
  readonly undeliverableHere?: boolean | undefined;
  /** Merged into the message annotations, by key. Default: they stay as they are. */
  readonly messageAnnotations?: Readonly<Record<string, unknown>> | undefined;
}

const modifyTable: OptionTable<ModifyOptions> = {
  deliveryFailed: isBoolean,
  undeliverableHere: isBoolean,
  messageAnnotations: isObject,
};

const errorTable: OptionTable<ProtocolErrorInit> = {
  // One that a peer told has it.
  type: isOneOf('error'),
  condition: isName,
  description: isString,
  info: isObject,
};

/** A promise that rejects with what a check throws; undefined where it passes. */
function refusal(check: () => void): Promise<void> | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Refuses what a message cannot be rejected with. */
function checkError(error: ProtocolErrorInit): void {
  if (typeof error !== 'object' || error === null || isName(error.condition) !== undefined) {
    throw amqpError(
      'invalid-argument',
      'a message is rejected with { condition, description?, info? }, or with nothing',
    );
  }
  checkOptions(error, errorTable, 'reject error');
}

/**
 * A message that was received, and the means to settle it (§2.6.12). One of the four outcomes may be told, once;
 * further calls change nothing and resolve. In mode *first* (the default) they resolve at once, and leave with the next
 * write; in mode *second* they resolve when the sender has settled, and reject with `outcome-differs` if it decided
 * otherwise. They reject with the error of the link once it has ended: the sender will deliver the message again.
 *
 * `signal` and `timeout` end the wait of mode *second*. What was told stays told: the delivery is settled when the sender
 * settles, and gives its credit back then. A signal that is aborted beforehand tells the sender nothing.
 *
 * @example
 * ```ts
 * const delivery = await receiver.receive();
 * if (delivery.message.body.kind === 'value') await delivery.accept();
 * else await delivery.reject({ condition: 'amqp:not-implemented', description: 'only values are read here' });
 * ```
 */
export class Delivery {
  readonly #received: Received;
  #message: Message | undefined = undefined;

  /** @internal */
  constructor(received: Received) {
    this.#received = received;
  }

  /**
   * The message; its sections are decoded when they are first used. It may be kept after the settlement, and holds then
   * what came in the same read as well, up to 64 KiB: to keep few of many for long, keep what was taken out of them.
   */
  get message(): Message {
    return (this.#message ??= this.#open());
  }

  #open(): Message {
    const { block = blockOf(new Uint8Array(0)), payloadStart, payloadEnd, messageFormat = 0, host } = this.#received;
    return new Message(block, payloadStart, payloadEnd, messageFormat, host.limits);
  }

  /** A copy of the delivery-tag (§2.6.12). */
  get tag(): Uint8Array {
    return this.#received.tag;
  }

  /** Whether nothing is left to be told: it came settled, or was settled since. */
  get settled(): boolean {
    return this.#received.settled || this.#received.remoteSettled;
  }

  /**
   * The message was taken care of; the sender forgets it (§3.4.2).
   *
   * @throws {@link AmqpError} the error of a link that has ended, for example `connection-lost`; `link-closed`,
   * `session-ended` or `connection-closed` from when this program closes them: nothing would reach the sender
   * @throws {@link DeliveryError} in mode second: `outcome-differs`, with what the sender decided; `outcome-unknown`
   * when the link ends before it has
   * @throws {@link AmqpError} `timeout`; `aborted`, or the reason of the signal; `invalid-argument` for options that
   * are not valid
   */
  accept(options?: WaitOptions): Promise<void> {
    return this.#received.settle(accepted, 'accept', options);
  }

  /**
   * The message is not valid and will not be tried again here (§3.4.3); a broker may move it to a dead-letter queue.
   *
   * @param error - why, for the sender to read; default: it is told no reason
   * @throws as {@link accept}; `invalid-argument` for an error without a condition, with a key that is not known, or one
   * that does not fit a frame of the peer; `encode-error` for info that AMQP cannot hold. After these two the delivery is as it was.
   */
  reject(error?: ProtocolErrorInit, options?: WaitOptions): Promise<void> {
    const refused = error && refusal(() => checkError(error));
    if (refused !== undefined) return refused;
    const state: Rejected = { type: 'rejected', error: error && protocolError(error) };
    return this.#received.settle(state, 'reject', options);
  }

  /**
   * The message was not looked at and may go to anyone (§3.4.4), also to this receiver again and at once; its
   * delivery-count does not grow.
   *
   * @throws as {@link accept}
   */
  release(options?: WaitOptions): Promise<void> {
    return this.#received.settle(released, 'release', options);
  }

  /**
   * Gives the message back changed, and tells why (§3.4.5).
   *
   * @throws as {@link accept}; `invalid-argument` for options that are not valid or do not fit a frame of the peer;
   * `encode-error` for annotations that AMQP cannot hold. After these two the delivery is as it was.
   */
  modify(options: ModifyOptions = {}, wait?: WaitOptions): Promise<void> {
    const refused = refusal(() => checkOptions(options, modifyTable, 'modify options'));
    if (refused !== undefined) return refused;
    const { deliveryFailed, undeliverableHere, messageAnnotations } = options;
    const state: Modified = { type: 'modified', deliveryFailed, undeliverableHere, messageAnnotations };
    return this.#received.settle(state, 'modify', wait);
  }
}
