import { errorTable, permanentConditions, type ErrorCode, type ErrorRow, type ErrorScope } from './table.ts';

/** What the peer said, and what lies behind an error. */
export interface ErrorDetails {
  /** The error condition that the peer sent or was sent, for example `amqp:not-found` (§2.8.14). */
  readonly condition?: string | undefined;
  /** The description that the peer sent. */
  readonly description?: string | undefined;
  /** The info map that the peer sent, by key. */
  readonly info?: Readonly<Record<string, unknown>> | undefined;
  /** The error below this one. */
  readonly cause?: unknown;
}

/** What the end of a detail may have, and the end of a clause must not. */
function isTrailing(text: string, at: number): boolean {
  // A colon may belong to the clause (`use amqps:`), but not where words were to follow it.
  return ' \t\r\n.…'.includes(text.charAt(at)) || (text.charAt(at) === ':' && at + 1 < text.length);
}

/**
 * A detail as a sentence. It often ends with the message of its cause, which may be a sentence already, a question, or
 * a line. No pattern: one would walk long runs of spaces again and again, and a peer may send them.
 */
function sentence(detail: string): string {
  let end = detail.length;
  while (end > 0 && isTrailing(detail, end - 1)) end--;
  const clause = detail.slice(0, end);
  return clause.endsWith('?') || clause.endsWith('!') ? clause : `${clause}.`;
}

const brand = Symbol.for('amqp1.error');

/**
 * The base of all errors of this library.
 *
 * Decide by `code` (stable) or `retryable`, not by `message`. `AmqpError.is(x)` also holds across two copies of the
 * package.
 *
 * @example
 * ```ts
 * import { AmqpError, connect } from 'amqp1';
 * try {
 *   await connect('amqp://localhost:1');
 * } catch (error) {
 *   if (AmqpError.is(error) && error.retryable) console.log(error.code, error.message);
 * }
 * ```
 */
export class AmqpError extends Error {
  /** The name of the class, as stacks show it. */
  override readonly name: string = 'AmqpError';
  /** The row of the {@link errorTable}: stable, and what to decide by. */
  readonly code: ErrorCode;
  /** What failed, as the row says. */
  readonly scope: ErrorScope;
  /** Whether the same call may succeed later: as the row says, and false for a condition that no retry helps. */
  readonly retryable: boolean;
  /** The error condition of the peer, if it sent one. */
  readonly condition: string | undefined;
  /** The description of the peer, if it sent one. */
  readonly description: string | undefined;
  /** The info map of the peer, if it sent one. */
  readonly info: Readonly<Record<string, unknown>> | undefined;

  /**
   * Makes the error of a row of the table; its message is the detail and the advice of that row.
   *
   * @param code - a code of the error table
   * @param detail - what happened and where; it is made a sentence
   */
  constructor(code: ErrorCode, detail: string, details: ErrorDetails = {}) {
    const row: ErrorRow = errorTable[code];
    super(`${sentence(detail)} ${row.advice}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.scope = row.scope;
    this.retryable = row.retryable && !(details.condition !== undefined && permanentConditions.has(details.condition));
    this.condition = details.condition;
    this.description = details.description;
    this.info = details.info;
    Object.defineProperty(this, brand, { value: true });
  }

  /**
   * Whether a value is an error of this library, of this copy or another.
   *
   * @throws nothing
   */
  static is(value: unknown): value is AmqpError {
    return value instanceof Error && brand in value;
  }
}

/**
 * The connection failed, ended, or could not be made. All its sessions and links have ended too.
 *
 * @example
 * ```ts
 * import { ConnectionError } from 'amqp1';
 *
 * const { error } = await connection.closed;
 * if (error instanceof ConnectionError) console.log(error.code, error.retryable);
 * ```
 */
export class ConnectionError extends AmqpError {
  /** The name of the class, as stacks show it. */
  override readonly name: string = 'ConnectionError';
}

/**
 * A session failed or ended; its connection may live on.
 *
 * @example
 * ```ts
 * import { SessionError } from 'amqp1';
 *
 * const { error } = await session.closed;
 * if (error instanceof SessionError) console.log(error.condition, error.description);
 * ```
 */
export class SessionError extends AmqpError {
  /** The name of the class, as stacks show it. */
  override readonly name: string = 'SessionError';
}

/**
 * A link failed, was refused or ended; its session may live on.
 *
 * @example
 * ```ts
 * import { LinkError } from 'amqp1';
 *
 * try {
 *   await connection.createSender('no-such-queue');
 * } catch (error) {
 *   if (error instanceof LinkError && error.condition === 'amqp:not-found') console.log(error.message);
 * }
 * ```
 */
export class LinkError extends AmqpError {
  /** The name of the class, as stacks show it. */
  override readonly name: string = 'LinkError';
}

/**
 * One message did not end as asked; its link lives on. `outcome` is what the peer said.
 *
 * @example
 * ```ts
 * import { DeliveryError } from 'amqp1';
 *
 * try {
 *   await sender.send('Hello!');
 * } catch (error) {
 *   if (error instanceof DeliveryError) console.log(error.code, error.outcome);
 * }
 * ```
 */
export class DeliveryError extends AmqpError {
  /** The name of the class, as stacks show it. */
  override readonly name: string = 'DeliveryError';
  /** The state of the delivery at the peer, where it is known: an outcome of §3.4. */
  readonly outcome: unknown;

  /** Makes the error of a row of the table, with the outcome of the delivery where it is known. */
  constructor(code: ErrorCode, detail: string, details: ErrorDetails & { readonly outcome?: unknown } = {}) {
    super(code, detail, details);
    this.outcome = details.outcome;
  }
}

const classes = {
  connection: ConnectionError,
  session: SessionError,
  link: LinkError,
  delivery: DeliveryError,
  local: AmqpError,
} as const;

/** Makes the error of a code, as an instance of the class that its scope asks for. */
export function amqpError(code: ErrorCode, detail: string, details?: ErrorDetails): AmqpError {
  return new classes[errorTable[code].scope](code, detail, details);
}

/** What an error tells besides the advice, as a clause: for the detail of another. */
export function detailOf({ message, code }: AmqpError): string {
  const advice = ` ${errorTable[code].advice}`;
  const told = message.endsWith(advice) ? message.slice(0, -advice.length) : message;
  return told.endsWith('.') ? told.slice(0, -1) : told;
}

/**
 * Ends a branch that cannot be reached. To get here is a bug of the library.
 *
 * @throws `internal` always
 */
export function unreachable(what: string): never {
  throw new AmqpError('internal', `reached what cannot be reached: ${what}`);
}
