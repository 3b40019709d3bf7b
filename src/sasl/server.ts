import { amqpError } from '../errors/index.ts';
import { SaslCode } from '../definitions/index.ts';
import type { SaslFrame, SaslInit } from '../definitions/index.ts';
import type { SaslHost, SaslState } from './exchange.ts';
import type { SaslServerMechanism, SaslVerdict } from './mechanism.ts';

/** The server's side of a SASL exchange (§5.3.2): mechanisms, init, outcome. */
export class SaslServer {
  readonly #mechanisms: ReadonlyMap<string, SaslServerMechanism>;
  readonly #host: SaslHost;
  #state: SaslState = 'init';

  /** @param mechanisms - what is offered, the best first */
  constructor(mechanisms: readonly SaslServerMechanism[], host: SaslHost) {
    this.#mechanisms = new Map(mechanisms.map((mechanism) => [mechanism.name, mechanism]));
    this.#host = host;
  }

  /** Offers the mechanisms. */
  start(): void {
    this.#host.send({ type: 'sasl-mechanisms', saslServerMechanisms: [...this.#mechanisms.keys()] });
  }

  /** Takes in a frame of the client. Anything but one init is a violation, and is not answered. */
  receive(frame: SaslFrame): void {
    if (frame.type === 'sasl-init' && this.#state === 'init') this.#init(frame);
    else this.#fail(`the peer sent ${frame.type} out of order in the SASL exchange`);
  }

  #init(frame: SaslInit): void {
    const mechanism = this.#mechanisms.get(frame.mechanism);
    if (mechanism === undefined) {
      this.#decide({ ok: false });
      return;
    }
    this.#state = 'deciding';
    const decision = mechanism.authenticate(frame.initialResponse);
    if (!(decision instanceof Promise)) {
      this.#decide(decision);
      return;
    }
    decision.then(
      (verdict) => this.#decide(verdict),
      () => this.#decide({ ok: false }),
    );
  }

  #decide(verdict: SaslVerdict): void {
    if (this.#state === 'over') return;
    this.#host.send({ type: 'sasl-outcome', code: verdict.ok ? SaslCode.ok : SaslCode.auth });
    if (!verdict.ok) {
      this.#fail('the login was refused');
      return;
    }
    this.#state = 'over';
    this.#host.done(verdict.identity);
  }

  #fail(detail: string): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#host.failed(amqpError('authentication-failed', detail));
  }
}
