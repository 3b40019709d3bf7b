import { amqpError, AmqpError } from '../errors/index.ts';
import { OutgoingDelivery, type SenderLink } from '../engine/index.ts';
import { Deferred } from './deferred.ts';
import { giveBackEncoder } from './payload-memory.ts';
import { outcomeError, outcomeOf, type DeliveryOutcome } from './outcome.ts';

/** What a send tells its sender. */
export interface PendingSendHost {
  readonly address: string;
  /** The peer told a state, final or not. */
  stateChanged(pending: PendingSend): void;
  /** The send is over, one way or the other. */
  finished(): void;
  /** The link was lost: whether the send is kept for the next one. */
  keep(pending: PendingSend, error: AmqpError): boolean;
  /** Its caller does not wait any longer. */
  abandoned(pending: PendingSend): void;
}

const nothing = (): void => undefined;

const unknown = (error: AmqpError): DeliveryOutcome => ({ state: 'unknown', error });

/** A message on its way out, and whoever waits for it. */
export abstract class PendingSend extends OutgoingDelivery {
  protected readonly host: PendingSendHost;
  /** The link that it is sent over. */
  link: SenderLink;
  /** The octets, while they may have to be sent again. */
  octets: Uint8Array | undefined = undefined;
  #finished = false;

  constructor(host: PendingSendHost, link: SenderLink) {
    super();
    this.host = host;
    this.link = link;
  }

  /** Whether the outcome is known, or will never be. */
  get finished(): boolean {
    return this.#finished;
  }

  /** The message was handed over to the connection. */
  protected abstract left(): void;
  /** What became of it. */
  protected abstract done(outcome: DeliveryOutcome): void;

  override transferred(): void {
    this.left();
    // Nothing more is said about what was sent settled (§2.6.12).
    if (this.settled) this.finish({ state: 'accepted' });
  }

  override updated(): void {
    this.host.stateChanged(this);
    const outcome = outcomeOf(this.remoteState);
    if (outcome !== undefined) {
      // A receiver that settles second waits for us to settle first (§2.8.3).
      if (!this.remoteSettled) this.link.settle(this);
      this.finish(outcome);
    } else if (this.remoteSettled) {
      this.finish(
        unknown(amqpError('outcome-unknown', `the peer settled a message to ${this.host.address} without an outcome`)),
      );
    }
  }

  override written(payload: Uint8Array): void {
    giveBackEncoder(payload);
  }

  override dropped(error: AmqpError): void {
    if (!this.#finished && this.host.keep(this, error)) return;
    if (this.progress === 'queued') this.finish(unknown(error));
    else {
      this.finish(
        unknown(
          amqpError(
            'outcome-unknown',
            `the outcome of a message to ${this.host.address} is not known: ${error.message}`,
            { cause: error },
          ),
        ),
      );
    }
  }

  finish(outcome: DeliveryOutcome): void {
    if (this.#finished) return;
    this.#finished = true;
    this.octets = undefined;
    this.host.finished();
    this.done(outcome);
  }

  /**
   * The caller does not wait any longer. What has not left is taken back, what has begun to leave is aborted; the
   * outcome of what has left stays unknown to the caller.
   */
  abandon(): void {
    this.link.cancel(this);
    this.host.abandoned(this);
    this.octets = undefined;
    if (!this.#finished) {
      this.#finished = true;
      this.host.finished();
    }
  }
}

/** The levers of the promise that was made last. A function for each promise would cost as much memory as the promise. */
let resolveNew: () => void = nothing;
let rejectNew: (error: Error) => void = nothing;

function takeLevers(resolve: () => void, reject: (error: Error) => void): void {
  resolveNew = resolve;
  rejectNew = reject;
}

/** A send that waits for acceptance. One is made for every message: its promise has no object of its own. */
export class AcceptedSend extends PendingSend {
  readonly promise: Promise<void>;
  readonly #resolve: () => void;
  readonly #reject: (error: Error) => void;

  constructor(host: PendingSendHost, link: SenderLink) {
    super(host, link);
    this.promise = new Promise<void>(takeLevers);
    this.#resolve = resolveNew;
    this.#reject = rejectNew;
  }

  protected override left(): void {
    // Only the outcome matters.
  }

  protected override done(outcome: DeliveryOutcome): void {
    if (outcome.state === 'accepted') this.#resolve();
    else this.#reject(outcomeError(outcome, this.host.address));
  }

  fail(error: Error): void {
    this.abandon();
    this.#reject(error);
  }
}

/** What {@link Sender.sendWithReceipt} gives: the message has been handed over, its outcome is still to come. */
export interface Receipt {
  /** The delivery-tag under which it was sent: the one that was given, or four octets of a counter (§2.6.12). */
  readonly deliveryTag: Uint8Array;
  /**
   * Resolves with the outcome as data; `{ state: 'unknown', error }` if it will never be known. For a message that was
   * sent settled it is `accepted` at once (§2.6.12). Never rejects.
   */
  readonly outcome: Promise<DeliveryOutcome>;
}

/** A send that waits to be handed over, and gives a receipt. */
export class ReceiptSend extends PendingSend {
  readonly #handedOver = new Deferred<Receipt>();
  readonly #outcome = new Deferred<DeliveryOutcome>();
  #left = false;

  get promise(): Promise<Receipt> {
    return this.#handedOver.promise;
  }

  get receipt(): Receipt {
    return { deliveryTag: this.tagOctets, outcome: this.#outcome.promise };
  }

  protected override left(): void {
    this.#left = true;
    this.#handedOver.resolve(this.receipt);
  }

  protected override done(outcome: DeliveryOutcome): void {
    this.#outcome.resolve(outcome);
    if (this.#left) return;
    // It was never handed over: the call itself fails, unless the peer has decided on a part of it already.
    if (outcome.state === 'unknown') this.#handedOver.reject(outcome.error);
    else this.left();
  }

  fail(error: Error): void {
    if (this.#left) return;
    this.abandon();
    this.#handedOver.reject(error);
  }
}
