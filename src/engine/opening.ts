import { amqpError, type ErrorCode } from '../errors/index.ts';
import { Writer } from '../codec/index.ts';
import { ErrorCondition, writePerformative } from '../definitions/index.ts';
import type { Fields, Open, OpenInit } from '../definitions/index.ts';
import type { ConnectionOptions } from './connection-host.ts';
import { FRAME_HEADER_SIZE, MIN_MAX_FRAME_SIZE } from './frame-writer.ts';
import { LEAST_IDLE_TIMEOUT } from './idle-timer.ts';

/** The property that announces a refusal, so that the open is not taken for a success. */
export const REFUSAL = 'amqp:connection-establishment-failed';

/** Octets of messages that a connection holds unless told otherwise. */
const MUCH = 268_435_456;

/** What is wrong with an open of the peer. */
export interface OpenFault {
  readonly condition: string;
  readonly detail: string;
  readonly code: ErrorCode;
}

/** The options of a connection with their defaults, the open that they make, and what is asked of the peer's. */
export class Opening {
  readonly maxFrameSize: number;
  readonly channelMax: number;
  readonly idleTimeout: number;
  readonly highWaterMark: number;
  readonly maxQueuedSize: number;
  readonly maxIncompleteSize: number;
  readonly handshakeTimeout: number;
  readonly closeTimeout: number;
  readonly #options: ConnectionOptions;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    ({
      maxFrameSize: this.maxFrameSize = 65_536,
      channelMax: this.channelMax = 65_535,
      idleTimeout: this.idleTimeout = 60_000,
      highWaterMark: this.highWaterMark = 1_048_576,
      maxQueuedSize: this.maxQueuedSize = MUCH,
      maxIncompleteSize: this.maxIncompleteSize = MUCH,
      handshakeTimeout: this.handshakeTimeout = 30_000,
      closeTimeout: this.closeTimeout = 10_000,
    } = options);
  }

  /** Refuses options whose open would not fit the frame that every peer takes (§2.4.1), before anything is sent. */
  checkSize(): void {
    // The one that refuses a peer is sent in the middle of its input, where nobody could be told.
    const size = Math.max(this.#sizeOf(undefined), this.#sizeOf({ [REFUSAL]: true }));
    if (size <= MIN_MAX_FRAME_SIZE) return;
    const limit = `${MIN_MAX_FRAME_SIZE} are allowed before the peer has said more`;
    throw amqpError(
      'invalid-argument',
      `the open has ${size} octets, ${limit}: shorten names, capabilities and properties`,
    );
  }

  #sizeOf(properties: Fields | undefined): number {
    const writer = new Writer();
    writePerformative(writer, this.open(properties));
    return FRAME_HEADER_SIZE + writer.position;
  }

  /** Our open (§2.7.1); `properties` replace those of the options. */
  open(properties: Fields | undefined): OpenInit & { readonly type: 'open' } {
    const { containerId, hostname, offeredCapabilities, desiredCapabilities } = this.#options;
    return {
      type: 'open',
      containerId,
      hostname,
      maxFrameSize: this.maxFrameSize,
      channelMax: this.channelMax,
      // §2.4.5: announce half of what is really tolerated.
      idleTimeOut: this.idleTimeout === 0 ? undefined : Math.ceil(this.idleTimeout / 2),
      offeredCapabilities,
      desiredCapabilities,
      properties: properties ?? this.#options.properties,
    };
  }

  /** What makes it impossible to go on with this open of the peer, if anything does. */
  check(open: Open): OpenFault | undefined {
    if (open.maxFrameSize < MIN_MAX_FRAME_SIZE) {
      const detail = `the max-frame-size ${open.maxFrameSize} is below ${MIN_MAX_FRAME_SIZE}`;
      return { condition: ErrorCondition.framingError, detail, code: 'framing-error' };
    }
    const { idleTimeOut = 0 } = open;
    if (idleTimeOut === 0 || idleTimeOut >= LEAST_IDLE_TIMEOUT) return undefined;
    const detail = `the idle-time-out of ${idleTimeOut} ms is too short to be honoured`;
    return { condition: ErrorCondition.notAllowed, detail, code: 'protocol-error' };
  }
}
