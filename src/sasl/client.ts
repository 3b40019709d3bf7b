import { amqpError, AmqpError, ConnectionError } from '../errors/index.ts';
import type { SaslChallenge, SaslFrame, SaslMechanisms, SaslOutcome } from '../definitions/index.ts';
import type { SaslHost, SaslState } from './exchange.ts';
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
const codes: readonly string[] = [
  'ok',
  'the credentials are wrong',
  'a system error occurred',
  'a permanent system error occurred',
  'a passing system error occurred; the same credentials may succeed later',
];

/** The client's side of a SASL exchange (§5.3.2): mechanisms, init, challenges and responses, outcome. */
export class SaslClient {
  readonly #options: SaslClientOptions;
  readonly #host: SaslHost;
  #state: SaslState = 'mechanisms';
  #mechanism: SaslMechanism | undefined = undefined;
  #challenges = 0;

  constructor(options: SaslClientOptions, host: SaslHost) {
    this.#options = options;
    this.#host = host;
  }

  /** The server speaks first: nothing is to be done. */
  start(): void {
    this.#state = 'mechanisms';
  }

  /** Takes in a frame of the server. */
  receive(frame: SaslFrame): void {
    if (frame.type === 'sasl-mechanisms' && this.#state === 'mechanisms') this.#choose(frame);
    else if (frame.type === 'sasl-challenge' && this.#state === 'outcome') this.#challenged(frame);
    else if (frame.type === 'sasl-outcome' && this.#state === 'outcome') this.#decided(frame);
    else this.#fail(amqpError('protocol-error', `the peer sent ${frame.type} out of order in the SASL exchange`));
  }

  #choose(frame: SaslMechanisms): void {
    const offered = new Set(frame.saslServerMechanisms);
    const fitting = this.#options.mechanisms.filter((mechanism) => offered.has(mechanism.name));
    const mechanism = fitting.find((candidate) => this.#isSafe(candidate));
    if (mechanism !== undefined) {
      this.#init(mechanism);
      return;
    }
    const known = this.#options.mechanisms.map(({ name }) => name).join(', ');
    const [unsafe] = fitting;
    this.#fail(
      unsafe === undefined
        ? amqpError('mechanism-unavailable', `the peer offers ${[...offered].join(', ')}, and this side has ${known}`)
        : amqpError('insecure-credentials', `${unsafe.name} would send the password over an unprotected transport`),
    );
  }

  #isSafe(mechanism: SaslMechanism): boolean {
    const { encrypted, loopback, allowInsecurePlain } = this.#options;
    return !mechanism.clearText || encrypted || loopback || allowInsecurePlain;
  }

  #init(mechanism: SaslMechanism): void {
    this.#mechanism = mechanism;
    this.#state = 'outcome';
    this.#host.send({
      type: 'sasl-init',
      mechanism: mechanism.name,
      initialResponse: mechanism.start(),
      hostname: this.#options.hostname,
    });
  }

  #challenged(frame: SaslChallenge): void {
    this.#challenges++;
    if (this.#challenges > MOST_CHALLENGES) {
      this.#fail(amqpError('authentication-failed', `the peer sent more than ${MOST_CHALLENGES} challenges`));
      return;
    }
    this.#state = 'deciding';
    this.#answer(frame.challenge).then(
      (response) => this.#respond(response),
      (error: unknown) => this.#mechanismFailed(error),
    );
  }

  /** A mechanism may need time; what it throws, at once or later, ends the exchange. */
  async #answer(challenge: Uint8Array): Promise<Uint8Array> {
    const response = await this.#mechanism?.step?.(challenge);
    if (response !== undefined) return response;
    throw amqpError('authentication-failed', 'the peer sent a challenge that the mechanism does not know');
  }

  #respond(response: Uint8Array): void {
    if (this.#state !== 'deciding') return;
    this.#state = 'outcome';
    this.#host.send({ type: 'sasl-response', response });
  }

  #mechanismFailed(cause: unknown): void {
    this.#fail(
      AmqpError.is(cause) && cause instanceof ConnectionError
        ? cause
        : amqpError('authentication-failed', `the mechanism ${this.#mechanism?.name ?? ''} failed`, { cause }),
    );
  }

  #decided(frame: SaslOutcome): void {
    if (frame.code !== 0) {
      this.#fail(
        amqpError('authentication-failed', `the peer refused the login: ${codes[frame.code] ?? `code ${frame.code}`}`),
      );
      return;
    }
    try {
      this.#mechanism?.finish?.(frame.additionalData);
    } catch (error) {
      this.#mechanismFailed(error);
      return;
    }
    this.#state = 'over';
    this.#host.done();
  }

  #fail(error: AmqpError): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#host.failed(error);
  }
}
