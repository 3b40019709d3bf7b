import type { AmqpError } from '../errors/index.ts';
import { amqpError } from '../errors/index.ts';
import { Reader, type Block } from '../codec/index.ts';
import { readSaslFrame } from '../definitions/index.ts';
import type { SaslFrame, SaslFrameInit } from '../definitions/index.ts';
import { MIN_MAX_FRAME_SIZE, type FrameWriter } from './frame-writer.ts';
import { describeHeader, protocolHeader, ProtocolId, protocolIdOf } from './protocol-header.ts';

/** What an exchange of SASL frames reports; exactly one of `done` and `failed` is called, once. */
export interface SaslExchangeHost {
  /** Sends a frame to the peer. */
  send(frame: SaslFrameInit): void;
  /** The exchange has succeeded: the AMQP layer follows. */
  done(): void;
  /** The exchange has failed: the connection ends with this error. */
  failed(error: AmqpError): void;
}

/** One side of a SASL exchange (§5.3.2). */
export interface SaslExchange {
  /** Whether the exchange waits for its own side: what the peer sends meanwhile is for later. */
  readonly deciding?: boolean;
  /** The headers have been exchanged: a server offers its mechanisms now. */
  start(): void;
  /** A frame of the peer. */
  receive(frame: SaslFrame): void;
}

/** How the layers are negotiated. */
export interface NegotiationOptions {
  /** Which side this is: a client speaks first. */
  readonly role: 'client' | 'server';
  /** Makes our side of the SASL exchange; without it there is no SASL layer. */
  readonly sasl?: ((host: SaslExchangeHost) => SaslExchange) | undefined;
  /** Whether a server insists on SASL where it has it. Default true; false also takes clients that skip it. */
  readonly requireSasl?: boolean | undefined;
  /**
   * The largest SASL frame, both ways, in octets. Default 512, which every peer takes (§5.3.1); mechanisms with large
   * tokens need more.
   */
  readonly saslMaxFrameSize?: number | undefined;
}

/** What the negotiation tells its connection. */
export interface NegotiationHost {
  /** The AMQP layer begins: the client sends its open. */
  established(): void;
  /** A SASL exchange that was deciding has gone on: input may be read again. */
  resume(): void;
  /** The layers could not be agreed on. */
  failed(error: AmqpError): void;
}

/** Where the negotiation of the layers stands (§2.2). */
type Phase = 'start' | 'saslHeader' | 'sasl' | 'amqpHeader' | 'amqp';

/** The exchange of protocol headers, and of SASL frames where SASL is used. */
export class Negotiation {
  readonly #role: 'client' | 'server';
  readonly #frames: FrameWriter;
  readonly #host: NegotiationHost;
  readonly #sasl: SaslExchange | undefined;
  readonly #requireSasl: boolean;
  readonly #saslMaxFrameSize: number;
  #phase: Phase = 'start';

  constructor(options: NegotiationOptions, frames: FrameWriter, host: NegotiationHost) {
    this.#role = options.role;
    this.#requireSasl = options.requireSasl ?? true;
    this.#saslMaxFrameSize = options.saslMaxFrameSize ?? MIN_MAX_FRAME_SIZE;
    this.#frames = frames;
    this.#host = host;
    this.#sasl = options.sasl?.({
      send: (frame) => {
        frames.sasl(frame);
        host.resume();
      },
      done: () => this.#saslDone(),
      failed: (error) => host.failed(error),
    });
  }

  get expectsHeader(): boolean {
    return this.#phase !== 'sasl' && this.#phase !== 'amqp';
  }

  /** Whether the exchange has to decide before the input can be understood. */
  get paused(): boolean {
    return this.#phase === 'sasl' && this.#sasl?.deciding === true;
  }

  /** The largest frame that is taken in this phase; undefined where the connection's own limit holds. */
  get maxFrameSize(): number | undefined {
    // §5.3.1: SASL frames are small, whatever is announced for later.
    return this.inSasl ? this.#saslMaxFrameSize : undefined;
  }

  /** Whether frames belong to SASL. */
  get inSasl(): boolean {
    return this.#phase === 'sasl';
  }

  /** Whether the AMQP layer has been agreed on by both sides. */
  get complete(): boolean {
    return this.#phase === 'amqp';
  }

  /** What the peer owes us, in words. */
  get waitingFor(): string {
    if (this.inSasl) return 'the SASL exchange has not ended';
    // A peer that speaks TLS, or does not like our certificate, hangs up without a word.
    return 'its protocol header is missing; it may expect TLS, or a certificate of ours';
  }

  /** A client speaks first. */
  start(): void {
    if (this.#sasl === undefined) this.#beginAmqp();
    else {
      this.#phase = 'saslHeader';
      this.#frames.header(protocolHeader(ProtocolId.sasl));
    }
  }

  /** The open follows our header at once: waiting for the peer's would cost a round trip (§2.4.2). */
  #beginAmqp(): void {
    this.#phase = 'amqpHeader';
    this.#frames.header(protocolHeader(ProtocolId.amqp));
    this.#host.established();
  }

  #saslDone(): void {
    this.#frames.setLimit(MIN_MAX_FRAME_SIZE);
    if (this.#role === 'client') this.#beginAmqp();
    else this.#phase = 'amqpHeader';
    this.#host.resume();
  }

  header(octets: Uint8Array): void {
    if (this.#role === 'client') this.#clientHeader(octets);
    else this.#serverHeader(octets);
  }

  #clientHeader(octets: Uint8Array): void {
    const wanted = this.#phase === 'saslHeader' ? ProtocolId.sasl : ProtocolId.amqp;
    if (protocolIdOf(octets) !== wanted) {
      this.#host.failed(amqpError('protocol-mismatch', describeHeader(octets)));
      return;
    }
    if (wanted === ProtocolId.amqp) this.#phase = 'amqp';
    else this.#startSasl();
  }

  #startSasl(): void {
    this.#phase = 'sasl';
    this.#frames.setLimit(this.#saslMaxFrameSize);
    this.#sasl?.start();
  }

  #serverHeader(octets: Uint8Array): void {
    const given = protocolIdOf(octets);
    // SASL cannot be skipped where it is asked for, and not repeated where it has succeeded.
    const saslNow =
      this.#phase === 'start' && this.#sasl !== undefined && (this.#requireSasl || given !== ProtocolId.amqp);
    const wanted = saslNow ? ProtocolId.sasl : ProtocolId.amqp;
    this.#frames.header(protocolHeader(wanted));
    if (given !== wanted) {
      // §2.2: the peer learns from our header what we would take, and no frames follow.
      this.#host.failed(amqpError('protocol-mismatch', describeHeader(octets)));
    } else if (wanted === ProtocolId.sasl) this.#startSasl();
    else {
      this.#phase = 'amqp';
      this.#host.established();
    }
  }

  /** A frame arrived while SASL goes on. Throws a decode-error for what is no SASL frame. */
  frame(type: number, block: Block, start: number, end: number): void {
    if (type !== 1) {
      this.#host.failed(amqpError('protocol-error', `a frame of type ${type} came where SASL frames belong`));
      return;
    }
    const reader = new Reader(block, start, end);
    const frame = readSaslFrame(reader);
    if (reader.remaining > 0) reader.fail('octets follow a SASL frame');
    this.#sasl?.receive(frame);
  }
}
