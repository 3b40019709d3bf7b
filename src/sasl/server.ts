import type { AmqpError } from '../errors/index.ts';
import { amqpError } from '../errors/index.ts';
import { SaslCode } from '../definitions/index.ts';
import type { SaslFrame, SaslInit } from '../definitions/index.ts';
import { outOfOrder, type SaslHost } from './exchange.ts';
import type { SaslServerMechanism, SaslVerdict } from './mechanism.ts';

/** Where the exchange stands. While deciding, a mechanism works and the client has to wait. */
type Phase =
  | { readonly at: 'init' | 'deciding' | 'over' }
  | { readonly at: 'asking'; answered(response: Uint8Array): void; failed(error: AmqpError): void };

/** The server's side of a SASL exchange (§5.3.2): mechanisms, init, challenges and responses, outcome. */
export class SaslServer {
  readonly #mechanisms: ReadonlyMap<string, SaslServerMechanism>;
  readonly #host: SaslHost;
  #phase: Phase = { at: 'init' };

  /**
   * @param mechanisms - what is offered, the best first
   * @throws `invalid-argument` for an empty list: the client could only give up (§5.3.3.1)
   */
  constructor(mechanisms: readonly SaslServerMechanism[], host: SaslHost) {
    if (mechanisms.length === 0) throw amqpError('invalid-argument', 'a SASL server needs a mechanism to offer');
    this.#mechanisms = new Map(mechanisms.map((mechanism) => [mechanism.name, mechanism]));
    this.#host = host;
  }

  /** Whether a mechanism works on its verdict: what the client sends meanwhile is for later. */
  get deciding(): boolean {
    return this.#phase.at === 'deciding';
  }

  /** The headers have been exchanged: offers the mechanisms. */
  start(): void {
    this.#host.send({ type: 'sasl-mechanisms', saslServerMechanisms: [...this.#mechanisms.keys()] });
  }

  /**
   * Takes in a frame of the client. One that is out of order fails the exchange and is not answered; after its end
   * all are ignored.
   */
  receive(frame: SaslFrame): void {
    const phase = this.#phase;
    if (phase.at === 'over') return;
    if (phase.at === 'init' && frame.type === 'sasl-init') this.#init(frame);
    else if (phase.at === 'asking' && frame.type === 'sasl-response') {
      this.#phase = { at: 'deciding' };
      phase.answered(frame.response);
    } else this.#fail(outOfOrder(frame));
  }

  #init(frame: SaslInit): void {
    this.#phase = { at: 'deciding' };
    const mechanism = this.#mechanisms.get(frame.mechanism);
    if (mechanism === undefined) {
      this.#refuse(SaslCode.auth, 'the peer chose a mechanism that was not offered');
      return;
    }
    let verdict: SaslVerdict | Promise<SaslVerdict>;
    try {
      verdict = mechanism.authenticate(frame.initialResponse, (challenge) => {
        const response = this.#ask(challenge);
        // A mechanism that does not wait for what it asked must not end the process by it.
        response.catch(() => undefined);
        return response;
      });
    } catch (error) {
      this.#broken(error);
      return;
    }
    if ('ok' in verdict) {
      this.#decide(verdict);
      return;
    }
    verdict.then(
      (later) => this.#decide(later),
      (error: unknown) => this.#broken(error),
    );
  }

  async #ask(challenge: Uint8Array): Promise<Uint8Array> {
    if (this.#phase.at !== 'deciding') {
      throw amqpError('illegal-state', 'a SASL mechanism asks one thing at a time, until it decides');
    }
    const response = new Promise<Uint8Array>((answered, failed) => {
      this.#phase = { at: 'asking', answered, failed };
    });
    try {
      this.#host.send({ type: 'sasl-challenge', challenge });
    } catch (error) {
      this.#phase = { at: 'deciding' };
      throw error;
    }
    return response;
  }

  #decide(verdict: SaslVerdict): void {
    if (this.#phase.at === 'over') return;
    if (!verdict.ok) {
      this.#refuse(SaslCode.auth, 'the credentials were refused');
      return;
    }
    try {
      this.#host.send({ type: 'sasl-outcome', code: SaslCode.ok, additionalData: verdict.additionalData });
    } catch (error) {
      // The proof of the mechanism is too large for a frame (§5.3.1).
      this.#broken(error);
      return;
    }
    this.#phase = { at: 'over' };
    this.#host.done(verdict.identity);
  }

  /** A mechanism threw. That is no verdict on the client. */
  #broken(cause: unknown): void {
    if (this.#phase.at !== 'over') this.#refuse(SaslCode.sys, 'the check of the credentials failed', cause);
  }

  #refuse(code: SaslCode, detail: string, cause?: unknown): void {
    this.#host.send({ type: 'sasl-outcome', code });
    this.#fail(amqpError('authentication-failed', detail, { cause }));
  }

  #fail(error: AmqpError): void {
    const phase = this.#phase;
    this.#phase = { at: 'over' };
    if (phase.at === 'asking') phase.failed(error);
    this.#host.failed(error);
  }
}
