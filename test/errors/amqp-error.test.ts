import { describe, expect, it } from 'vitest';
import {
  AmqpError,
  amqpError,
  ConnectionError,
  DeliveryError,
  errorTable,
  LinkError,
  SessionError,
  type ErrorCode,
  type ErrorRow,
} from '../../src/errors/index.ts';

const codes = Object.keys(errorTable).filter((code): code is ErrorCode => code in errorTable);
const classes = {
  connection: ConnectionError,
  session: SessionError,
  link: LinkError,
  delivery: DeliveryError,
  local: AmqpError,
};

describe('the error table', () => {
  it.each(codes)('%s makes an error of its class that says what to do', (code) => {
    const row: ErrorRow = errorTable[code];
    const error = amqpError(code, 'it failed');
    expect(error).toBeInstanceOf(classes[row.scope]);
    expect(error.constructor).toBe(classes[row.scope]);
    expect(error).toMatchObject({ code, scope: row.scope, retryable: row.retryable, name: classes[row.scope].name });
    expect(error.message).toBe(`it failed. ${row.advice}`);
    expect(row.advice).toMatch(/^[A-Z].*\.$/);
    expect(row.meaning).toMatch(/^[a-z].*[^.]$/);
  });
});

describe('an AmqpError', () => {
  it('carries what the peer said, and the cause', () => {
    const cause = new Error('below');
    const error = amqpError('link-refused', 'no', {
      condition: 'amqp:not-found',
      description: 'd',
      info: { a: 1 },
      cause,
    });
    expect(error).toMatchObject({ condition: 'amqp:not-found', description: 'd', info: { a: 1 } });
    expect(error.cause).toBe(cause);
    expect('cause' in amqpError('link-refused', 'no')).toBe(false);
  });

  it('is a sentence also where its detail ends with the message of another', () => {
    const inner = amqpError('connection-lost', 'the wire was cut');
    const outer = amqpError('outcome-unknown', `the outcome is not known: ${inner.message}`, { cause: inner });
    expect(outer.message).not.toContain('..');
    expect(outer.message).toContain(`${inner.message} `);
  });

  it('is known in another copy of the package too', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('amqp1.error')]: true });
    expect([AmqpError.is(amqpError('timeout', 'x')), AmqpError.is(foreign)]).toEqual([true, true]);
    expect([AmqpError.is(new Error('x')), AmqpError.is({ code: 'timeout' }), AmqpError.is(undefined)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
