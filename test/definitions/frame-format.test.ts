import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AmqpArray, AmqpMap, Described, Timestamp, Uuid, symbol } from '../../src/codec/index.ts';
import { formatFrame, writePerformative, writeSaslFrame } from '../../src/definitions/index.ts';
import type { PerformativeInit, SaslFrameInit } from '../../src/definitions/index.ts';
import { hex, written } from './support/bytes.ts';

const amqp = (init: PerformativeInit, payload = ''): string =>
  formatFrame('->', 0, 0, hex(written((writer) => writePerformative(writer, init)) + payload));
const sasl = (init: SaslFrameInit): string =>
  formatFrame('<-', 0, 1, hex(written((writer) => writeSaslFrame(writer, init))));

describe('the frame printer', () => {
  it('prints fields that say something', () => {
    expect(amqp({ type: 'open', containerId: 'c1', maxFrameSize: 65536, offeredCapabilities: ['a'] })).toBe(
      '-> ch 0 open containerId="c1" maxFrameSize=65536 offeredCapabilities=["a"]',
    );
    expect(amqp({ type: 'end' })).toBe('-> ch 0 end');
  });

  it('prints composites within, with their type', () => {
    const error = { condition: 'amqp:not-found', info: { k: 1n } };
    expect(amqp({ type: 'close', error })).toBe('-> ch 0 close error=error(condition="amqp:not-found" info={k: 1})');
    const target = new Described(symbol('x'), ['y']);
    expect(amqp({ type: 'attach', name: 'l', handle: 0, role: true, source: { address: 'q' }, target })).toContain(
      'source=source(address="q" durable=0 expiryPolicy="session-end" timeout=0 dynamic=false) target=@"x" ["y"]',
    );
  });

  it('prints a payload by its length, and an empty frame as heartbeat', () => {
    const transfer = { type: 'transfer', handle: 0, deliveryTag: new Uint8Array(20), more: true } as const;
    expect(amqp(transfer, '0053774100')).toBe(
      `-> ch 0 transfer handle=0 deliveryTag=0x${'00'.repeat(16)}… (20 octets) more=true (payload 5 octets)`,
    );
    expect(formatFrame('<-', 3, 0, new Uint8Array(0))).toBe('<- ch 3 heartbeat');
  });

  it('hides what may be secret', () => {
    const secret = new TextEncoder().encode('\0user\0hunter2');
    expect(sasl({ type: 'sasl-init', mechanism: 'PLAIN', initialResponse: secret, hostname: 'h' })).toBe(
      '<- ch 0 sasl-init mechanism="PLAIN" initialResponse=*** hostname="h"',
    );
    expect(sasl({ type: 'sasl-challenge', challenge: secret })).toBe('<- ch 0 sasl-challenge challenge=***');
    expect(sasl({ type: 'sasl-response', response: secret })).toBe('<- ch 0 sasl-response response=***');
    expect(sasl({ type: 'sasl-outcome', code: 0, additionalData: secret })).toBe(
      '<- ch 0 sasl-outcome code=0 additionalData=***',
    );
    expect(formatFrame('->', 0, 1, secret)).toBe('-> ch 0 undecodable SASL frame of 13 octets');
  });

  it('prints values of every kind, cut to a length', () => {
    const properties = {
      text: 'x'.repeat(100),
      date: new Date(0),
      far: new Timestamp(9_000_000_000_000_000n),
      id: Uuid.parse('00010203-0405-0607-0809-0a0b0c0d0e0f'),
      map: new AmqpMap().set('k', null).set(1, true),
      array: new AmqpArray('symbol', ['s']),
      list: Array.from({ length: 20 }, (_, index) => index),
    };
    expect(amqp({ type: 'open', containerId: 'c', properties })).toBe(
      `-> ch 0 open containerId="c" properties={text: "${'x'.repeat(79)}…, date: 1970-01-01T00:00:00.000Z, far: "9000000000000000", ` +
        'id: "00010203-0405-0607-0809-0a0b0c0d0e0f", map: {k: null, 1: true}, array: ["s"], ' +
        'list: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, … 4 more]}',
    );
  });

  it('stays on one line whatever the peer writes', () => {
    const line = amqp({ type: 'open', containerId: 'a\nb\u001B[31m\u2028\u009B', properties: { 'k\r\n': 1 } });
    expect(line).toBe(String.raw`-> ch 0 open containerId="a\nb\u001b[31m\u2028\u009b" properties={k\u000d\u000a: 1}`);
  });

  it('shows octets that it cannot decode', () => {
    expect(formatFrame('<-', 1, 0, hex('005310c00201'))).toBe('<- ch 1 undecodable 0x005310c00201');
    expect(formatFrame('<-', 1, 0, new Uint8Array(17))).toBe(`<- ch 1 undecodable 0x${'00'.repeat(16)}… (17 octets)`);
  });

  it('never throws', () => {
    const heads = fc.constantFrom('', '005310', '005312', '005314', '005341', '005318');
    fc.assert(
      fc.property(heads, fc.uint8Array({ maxLength: 80 }), fc.nat(2), (head, tail, type) => {
        const line = formatFrame('->', 0, type, Buffer.concat([hex(head), tail]));
        expect(line).toMatch(/^-> ch 0 [^\p{Cc}]*$/u);
      }),
    );
  });
});
