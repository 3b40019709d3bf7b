import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  DescriptorCode,
  ErrorCondition,
  ReceiverSettleMode,
  Role,
  SaslCode,
  SenderSettleMode,
  StdDistMode,
  TerminusDurability,
  TerminusExpiryPolicy,
  TxnCapability,
  header,
  source,
} from '../../src/definitions/index.ts';
import { tables } from './support/tables.ts';

describe('tables', () => {
  it('are what the generator makes of the XML', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    expect(
      execFileSync(process.execPath, ['scripts/generate-definitions.mjs', '--check'], { cwd: root }).toString(),
    ).toBe('');
  });

  it('hold every composite type once', () => {
    expect(tables.map((table) => table.type).toSorted()).toStrictEqual(
      [
        'open begin attach flow transfer disposition detach end close error',
        'received accepted rejected released modified declared transactional-state',
        'source target coordinator delete-on-close delete-on-no-links delete-on-no-messages delete-on-no-links-or-messages',
        'sasl-mechanisms sasl-init sasl-challenge sasl-response sasl-outcome header properties declare discharge',
      ]
        .flatMap((line) => line.split(' '))
        .toSorted(),
    );
  });

  it.each(tables)('[T-39] $type has consistent rows', (table) => {
    const key = table.type.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    expect(Object.entries(DescriptorCode)).toContainEqual([key, table.code]);
    expect(table.descriptor).toBe(`amqp:${table.type}:list`);
    expect(table.section).toMatch(/^[2-5](\.\d+){2,3}$/);
    for (const field of table.fields) {
      expect(field.key).toBe(field.name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()));
      // Neither of them leaves anything to a default.
      expect((field.mandatory ?? field.multiple) === true && field.default !== undefined).toBe(false);
    }
  });

  it('have the defaults of the text of 2012', () => {
    expect(header.fields.map((field) => [field.name, field.default])).toStrictEqual([
      ['durable', false],
      ['priority', 4],
      ['ttl', undefined],
      ['first-acquirer', false],
      ['delivery-count', 0],
    ]);
  });

  it('[N-01] have the fields of a source in order', () => {
    expect(source.fields.map((field) => field.name).join(' ')).toBe(
      'address durable expiry-policy timeout dynamic dynamic-node-properties distribution-mode filter default-outcome outcomes capabilities',
    );
  });
});

describe('choices', () => {
  it('[N-02] are those of the standard', () => {
    expect({ Role, SenderSettleMode, ReceiverSettleMode, TerminusDurability, StdDistMode, SaslCode }).toStrictEqual({
      Role: { sender: false, receiver: true },
      SenderSettleMode: { unsettled: 0, settled: 1, mixed: 2 },
      ReceiverSettleMode: { first: 0, second: 1 },
      TerminusDurability: { none: 0, configuration: 1, unsettledState: 2 },
      StdDistMode: { move: 'move', copy: 'copy' },
      SaslCode: { ok: 0, auth: 1, sys: 2, sysPerm: 3, sysTemp: 4 },
    });
    expect(source.fields[1]).toMatchObject({ name: 'durable', default: TerminusDurability.none });
    expect(Object.values(TerminusExpiryPolicy)).toStrictEqual([
      'link-detach',
      'session-end',
      'connection-close',
      'never',
    ]);
    expect(Object.values(TxnCapability).map((value) => value.slice(5))).toStrictEqual([
      'local-transactions',
      'distributed-transactions',
      'promotable-transactions',
      'multi-txns-per-ssn',
      'multi-ssns-per-txn',
    ]);
  });
});

describe('error conditions', () => {
  it.each([
    [
      '[E-02]',
      'amqp:',
      'internal-error not-found unauthorized-access decode-error resource-limit-exceeded not-allowed',
    ],
    ['[E-02]', 'amqp:', 'invalid-field not-implemented resource-locked precondition-failed resource-deleted'],
    ['[E-02]', 'amqp:', 'illegal-state frame-size-too-small'],
    ['[E-03]', 'amqp:connection:', 'forced framing-error redirect'],
    ['[E-04]', 'amqp:session:', 'window-violation errant-link handle-in-use unattached-handle'],
    ['[E-05]', 'amqp:link:', 'detach-forced transfer-limit-exceeded message-size-exceeded redirect stolen'],
    ['[E-06]', 'amqp:transaction:', 'unknown-id rollback timeout'],
  ])('%s %s: %s', (_, prefix, names) => {
    const conditions: readonly string[] = Object.values(ErrorCondition);
    for (const name of names.split(' ')) expect(conditions).toContain(prefix + name);
  });

  it('[E-03] are no more than those', () => {
    expect(Object.keys(ErrorCondition)).toHaveLength(28);
    expect(new Set(Object.values(ErrorCondition)).size).toBe(28);
    expect(ErrorCondition.connectionForced).toBe('amqp:connection:forced');
    expect(ErrorCondition.linkRedirect).toBe('amqp:link:redirect');
  });
});
