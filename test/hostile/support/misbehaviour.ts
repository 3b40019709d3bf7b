import { octetsOf, type Frame } from './frame.ts';

/** At which level the victim tells that something is wrong; `login` ends the transport without a word (§5.3.2). */
export type Level = 'connection' | 'session' | 'link' | 'login' | 'nothing';

/** What must become of the victim. */
export interface Expectation {
  /** The levels at which it may answer. Undefined: at any level. */
  readonly levels?: readonly Level[];
  /** The conditions that it may name, without `amqp:`. Undefined: all that its level knows. */
  readonly conditions?: readonly string[];
  /** Codes of which the program of the victim must be told one. Undefined: those of the level. */
  readonly codes?: readonly string[];
  /** What was sent means the same as the right frame: everything goes on. */
  readonly harmless?: true;
}

/** One way to do a step of an exchange wrong, or otherwise than is usual. */
export interface Misbehaviour {
  readonly name: string;
  /** What is sent in place of the right frame, in one piece; undefined for nothing at all. */
  readonly octets: Uint8Array | undefined;
  /** What an observer is told that reads only the usual form. */
  readonly heard?: Uint8Array;
  readonly expected: Expectation;
}

/**
 * Where the connection stands when a step is due: protocol headers and SASL; the open is missing; no session; a session
 * that goes on; one that the victim has ended; a connection that the victim has closed, so that it only hangs up.
 */
export type Phase = 'login' | 'opening' | 'open' | 'session' | 'ending' | 'closing';

/** A step of an exchange: the frame, or protocol header, that is due. */
export interface Step {
  readonly name: string;
  readonly phase: Phase;
  readonly right: Frame | Uint8Array;
}

const written = new WeakMap<Step, Uint8Array>();

/** The octets of a step that is done right. They are made once: thousands of cases send them. */
export function rightOctets(step: Step): Uint8Array {
  const { right } = step;
  if (right instanceof Uint8Array) return right;
  const octets = written.get(step) ?? octetsOf(right);
  written.set(step, octets);
  return octets;
}

export const anything: Expectation = {};
export const harmless: Expectation = { levels: ['nothing'], harmless: true };

/** The connection must end, with one of some conditions. */
export function brokenBy({ phase }: Step, ...conditions: readonly string[]): Expectation {
  if (phase === 'login') return { levels: ['login'] };
  return phase === 'closing' ? { levels: ['nothing'] } : { levels: ['connection'], conditions };
}

/** The frame cannot be read: the connection must end. */
export const unreadable = (step: Step): Expectation =>
  brokenBy(step, 'decode-error', 'invalid-field', 'connection:framing-error');

/** The conditions that each level may name, without `amqp:` (§2.8.15 to §2.8.18). */
export const conditionsOf: Readonly<Record<Level, readonly string[]>> = {
  connection: [
    'decode-error',
    'invalid-field',
    'not-allowed',
    'illegal-state',
    'resource-limit-exceeded',
    'connection:framing-error',
    // §2.7.3: an attach under a handle that is in use closes the connection.
    'session:handle-in-use',
  ],
  session: [
    'invalid-field',
    'not-allowed',
    'not-implemented',
    'resource-limit-exceeded',
    'session:window-violation',
    'session:errant-link',
    'session:unattached-handle',
  ],
  link: [
    'invalid-field',
    'not-allowed',
    'not-found',
    'not-implemented',
    'illegal-state',
    'transaction:unknown-id',
    'link:stolen',
    'link:transfer-limit-exceeded',
    'link:message-size-exceeded',
  ],
  login: [],
  nothing: [],
};
