import type { AmqpError } from '../errors/index.ts';
import { amqpError, ConnectionError } from '../errors/index.ts';
import type {
  SaslChallenge,
  SaslCode,
  SaslFrame,
  SaslFrameInit,
  SaslMechanisms,
  SaslOutcome,
} from '../definitions/index.ts';
import { outOfOrder, type SaslHost } from './exchange.ts';
import type { SaslMechanism } from './mechanism.ts';

/** A server that asks more often than this is not going to agree. */
const MOST_CHALLENGES = 10;

/** What a client knows when it logs in. */
export interface SaslClientOptions {
  /** What this side can do, the best first. */
  readonly mechanisms: readonly SaslMechanism[];
  /** The virtual host that is meant (§5.3.3.2). */
  readonly hostname?: string | undefined;
  /** Whether the transport protects what is sent. */
  readonly encrypted: boolean;
  /** Whether the peer is this machine. */
  readonly loopback: boolean;
  /** Whether a password may cross the network as it is. */
  readonly allowInsecurePlain: boolean;
}

/** What the codes of an outcome mean (§5.3.3.6). */
const refusals: Readonly<Record<Exclude<SaslCode, 0>, string>> = {
  1: 'auth, the credentials are wrong',
  2: 'sys, a system error',
  3: 'sys-perm, a permanent system error',
  4: 'sys-temp, a passing system error; the same credentials may succeed later',
};

/** Outcomes that say nothing about the credentials. */
const PASSING: ReadonlySet<SaslCode> = new Set([2, 4]);

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Where the exchange stands. While stepping, a mechanism works on its answer and the server has to wait. */
type Phase =
  { readonly at: 'offer' | 'over' } | { readonly at: 'outcome' | 'stepping'; readonly mechanism: SaslMechanism };

/** The client's side of a SASL exchange (§5.3.2): mechanisms, init, challenges and responses, outcome. */
export class SaslClient {
  readonly #options: SaslClientOptions;
  readonly #host: SaslHost;
  #phase: Phase = { at: 'offer' };
  #challenges = 0;

  constructor(options: SaslClientOptions, host: SaslHost) {
    this.#options = options;
    this.#host = host;
  }

  /** The headers have been exchanged. The server speaks first: nothing is to be done. */
  start(): void {
    this.#phase = { at: 'offer' };
  }

  /** Takes in a frame of the server. One that is out of order fails the exchange; after its end all are ignored. */
  receive(frame: SaslFrame): void {
    const phase = this.#phase;
    if (phase.at === 'over') return;
    if (phase.at === 'offer' && frame.type === 'sasl-mechanisms') this.#choose(frame);
    else if (phase.at === 'outcome' && frame.type === 'sasl-challenge') this.#challenged(phase.mechanism, frame);
    else if (phase.at === 'outcome' && frame.type === 'sasl-outcome') this.#decided(phase.mechanism, frame);
    else this.#fail(outOfOrder(frame));
  }

  #choose(frame: SaslMechanisms): void {
    const offered = new Set(frame.saslServerMechanisms);
    const fitting = this.#options.mechanisms.filter((mechanism) => offered.has(mechanism.name));
    const mechanism = fitting.find((candidate) => this.#isSafe(candidate));
    if (mechanism !== undefined) {
      this.#init(mechanism);
      return;
    }
    const theirs = [...offered].join(', ') || 'no mechanism';
    const ours = this.#options.mechanisms.map(({ name }) => name).join(', ') || 'none';
    const [unsafe] = fitting;
    this.#fail(
      unsafe === undefined
        ? amqpError('mechanism-unavailable', `the peer offers ${theirs}, and this side has ${ours}`)
        : amqpError('insecure-credentials', `${unsafe.name} would send the password over an unprotected transport`),
    );
  }

  #isSafe(mechanism: SaslMechanism): boolean {
    const { encrypted, loopback, allowInsecurePlain } = this.#options;
    return !mechanism.clearText || encrypted || loopback || allowInsecurePlain;
  }

  #init(mechanism: SaslMechanism): void {
    let initialResponse: Uint8Array | undefined;
    try {
      initialResponse = mechanism.start();
    } catch (error) {
      this.#mechanismFailed(mechanism, error);
      return;
    }
    this.#send(mechanism, {
      type: 'sasl-init',
      mechanism: mechanism.name,
      initialResponse,
      hostname: this.#options.hostname,
    });
  }

  #challenged(mechanism: SaslMechanism, frame: SaslChallenge): void {
    this.#challenges++;
    if (this.#challenges > MOST_CHALLENGES) {
      this.#fail(amqpError('authentication-failed', `the peer sent more than ${MOST_CHALLENGES} challenges`));
      return;
    }
    if (mechanism.step === undefined) {
      this.#fail(amqpError('authentication-failed', `the peer sent a challenge, and ${mechanism.name} has none`));
      return;
    }
    this.#phase = { at: 'stepping', mechanism };
    let answer: Uint8Array | Promise<Uint8Array>;
    try {
      answer = mechanism.step(frame.challenge);
    } catch (error) {
      this.#mechanismFailed(mechanism, error);
      return;
    }
    if (answer instanceof Uint8Array) {
      this.#respond(mechanism, answer);
      return;
    }
    answer.then(
      (response) => this.#respond(mechanism, response),
      (error: unknown) => this.#mechanismFailed(mechanism, error),
    );
  }

  #respond(mechanism: SaslMechanism, response: Uint8Array): void {
    // A server that did not wait for a slow mechanism has ended the exchange meanwhile.
    if (this.#phase.at === 'over') return;
    this.#send(mechanism, { type: 'sasl-response', response });
  }

  /** Sends a frame, after which it is the server's turn. One that is too large (§5.3.1) ends the exchange. */
  #send(mechanism: SaslMechanism, frame: SaslFrameInit): void {
    this.#phase = { at: 'outcome', mechanism };
    try {
      this.#host.send(frame);
    } catch (error) {
      this.#mechanismFailed(mechanism, error);
    }
  }

  #decided(mechanism: SaslMechanism, frame: SaslOutcome): void {
    if (frame.code !== 0) {
      this.#fail(
        amqpError(
          PASSING.has(frame.code) ? 'authentication-unavailable' : 'authentication-failed',
          `the peer refused the login by ${mechanism.name} with the code ${refusals[frame.code]}`,
        ),
      );
      return;
    }
    try {
      mechanism.finish?.(frame.additionalData);
    } catch (error) {
      this.#mechanismFailed(mechanism, error);
      return;
    }
    this.#phase = { at: 'over' };
    this.#host.done();
  }

  /** A mechanism threw, for it does not trust the server or is broken; or what it gave cannot be sent. */
  #mechanismFailed(mechanism: SaslMechanism, cause: unknown): void {
    this.#fail(
      cause instanceof ConnectionError
        ? cause
        : amqpError('authentication-failed', `the mechanism ${mechanism.name} failed: ${textOf(cause)}`, { cause }),
    );
  }

  #fail(error: AmqpError): void {
    if (this.#phase.at === 'over') return;
    this.#phase = { at: 'over' };
    this.#host.failed(error);
  }
}
