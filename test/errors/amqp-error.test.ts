import { describe, expect, it } from 'vitest';
import {
  AmqpError,
  amqpError,
  ConnectionError,
  DeliveryError,
  detailOf,
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

  it.each([
    ['read ECONNRESET', 'read ECONNRESET.'],
    ['Login failed.', 'Login failed.'],
    ['still waiting...', 'still waiting.'],
    ['still waiting… ', 'still waiting.'],
    ['who are you?', 'who are you?'],
    ['go away!\n', 'go away!'],
    ['error:0A00010B:SSL routines::wrong version number:ssl3_record.c:355:\n', '355.'],
    ['', 'the transport failed.'],
    ['use amqps:', 'use amqps:.'],
  ])('joins the words of another, %j, to its advice as sentences', (words, end) => {
    const { message } = amqpError('connect-failed', `the transport failed: ${words}`);
    expect(message).toMatch(/[^\s.…][.?!] See the cause\.$/);
    expect(message).toContain(`${end} See the cause.`);
  });

  it('is made quickly, also of words with many spaces in a row', () => {
    const words = `${' '.repeat(1_000_000)}x`;
    expect(amqpError('connect-failed', words).message).toBe(`${words}. See the cause.`);
  });

  it('gives back its detail as a clause, without the advice', () => {
    expect(detailOf(amqpError('decode-error', 'not a list'))).toBe('not a list');
    expect(detailOf(amqpError('decode-error', 'is it a list?'))).toBe('is it a list?');
    const foreign = Object.assign(amqpError('decode-error', 'x'), { message: 'with advice of another copy.' });
    expect(detailOf(foreign)).toBe('with advice of another copy');
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
