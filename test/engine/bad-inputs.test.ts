import { describe, expect, it } from 'vitest';
import { SaslServer, serverAnonymous, serverPlain } from '../../src/sasl/index.ts';
import file from '../data/bad-inputs.json' with { type: 'json' };
import { amqpHeader, hex } from './support/frames.ts';
import { RawPeer, begin, open } from './support/raw-peer.ts';

interface Expectation {
  /** What the engine says at last, as patterns; undefined says that it goes on without an error. */
  readonly said?: RegExp;
  /** Whether the connection lives on. */
  readonly up: boolean;
}

const close = (conditions: string): Expectation => ({ said: new RegExp(`^close amqp:(${conditions})$`), up: false });
const end = (conditions: string): Expectation => ({ said: new RegExp(`^end amqp:(${conditions})$`), up: true });
const detach = (conditions: string): Expectation => ({ said: new RegExp(`^detach amqp:(${conditions})$`), up: true });
const header: Expectation = { said: /^header 0$/, up: false };
const ignored: Expectation = { up: true };

const framing = close('connection:framing-error');
const decoding = close('decode-error|invalid-field');

/** What is expected of the engine for each row of the data. */
const expectations: Readonly<Record<string, Expectation>> = {
  'BE-01': header,
  'BE-02': header,
  'BE-03': header,
  'BE-06': framing,
  'BE-07': framing,
  'BE-08': framing,
  'BE-09': framing,
  'BE-10': framing,
  'BE-11': framing,
  'BE-12': framing,
  'BE-13': framing,
  'BE-14': close('not-allowed|illegal-state'),
  'BE-15': close('not-allowed|illegal-state'),
  'BE-16': framing,
  'BE-17': decoding,
  'BE-19': decoding,
  'BE-20': decoding,
  'BE-23': decoding,
  'BE-25': framing,
  'BE-26': close('not-allowed|connection:framing-error'),
  'BE-27': close('not-allowed|invalid-field|connection:framing-error'),
  'BE-28': decoding,
  'BE-30': close('not-allowed|invalid-field'),
  'BE-31': end('session:unattached-handle'),
  'BE-33': end('session:unattached-handle'),
  'BE-36': detach('link:stolen'),
  'BE-37': detach('invalid-field'),
  'BE-38': decoding,
  'BE-40': detach('link:transfer-limit-exceeded'),
  'BE-41': detach('invalid-field'),
  'BE-42': detach('invalid-field'),
  'BE-43': detach('invalid-field'),
  'BE-44': end('invalid-field'),
  'BE-48': decoding,
  'BE-49': end('session:window-violation'),
  'BE-50': ignored,
  'BE-51': close('not-allowed|invalid-field'),
  'BE-52': close('not-allowed|invalid-field'),
  'BE-53': end('session:unattached-handle'),
  'BE-54': { said: /^close$/, up: false },
  'BE-55': close('connection:framing-error|decode-error'),
  'BE-56': { said: /^open$/, up: false },
  // Deliveries are told apart by their ids; to compare tags would cost each of them a lookup.
  'BE-57': ignored,
  'BE-58': decoding,
};

const sasl: Readonly<Record<string, string[]>> = {
  'BX-01': ['header 3', 'sasl-mechanisms'],
  'BX-02': ['header 3', 'sasl-mechanisms'],
  'BX-04': ['header 3', 'sasl-mechanisms', 'sasl-outcome'],
  'BX-05': ['header 3', 'sasl-mechanisms'],
  'BX-06': ['header 3', 'sasl-mechanisms'],
  // The second init lies where the header of the next layer belongs.
  'BX-07': ['header 3', 'sasl-mechanisms', 'sasl-outcome', 'header 0'],
  'BX-10': ['header 3', 'sasl-mechanisms'],
  'BX-11': ['header 3', 'sasl-mechanisms', 'sasl-outcome', 'header 0', 'open'],
};

const ways: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array[]>> = {
  'as it is': (bytes) => [bytes],
  'octet by octet': (bytes) => Array.from(bytes, (octet) => Uint8Array.of(octet)),
};

function feed(peer: RawPeer, chunks: readonly string[], cut: (bytes: Uint8Array) => Uint8Array[]): void {
  for (const chunk of chunks) {
    if (chunk === 'EOF') peer.connection.transportEnded();
    else for (const piece of cut(hex(chunk))) peer.bytes(piece);
  }
}

/** The reads of a row: as written, and all in one. Transfers must not come before the session was answered. */
function readsOf(chunks: readonly string[]): string[][] {
  const bytes = chunks.filter((chunk) => chunk !== 'EOF').join('');
  if (bytes.includes('005314')) return [[...chunks]];
  return [[...chunks], chunks.includes('EOF') ? [bytes, 'EOF'] : [bytes]];
}

const rows = file.cases
  .filter(({ kind }) => kind === 'server-input')
  .map(({ id, name, chunks }) => ({ id, name, chunks: chunks ?? [] }));

describe('[E-08] bad inputs to a server', () => {
  it('has an expectation for each row', () => {
    expect(rows.map(({ id }) => id).sort()).toEqual([...Object.keys(expectations), ...Object.keys(sasl)].sort());
  });

  for (const { id, name, chunks } of rows.filter((row) => row.id in expectations)) {
    for (const [way, cut] of Object.entries(ways)) {
      it.each(readsOf(chunks))(`[${id}] ${name}, ${way} (%#)`, (...reads) => {
        const peer = new RawPeer({ channelMax: 255 });
        peer.credit = 10;
        feed(peer, reads, cut);
        const { said: pattern, up } = expectations[id] ?? { up: true };
        const said = peer.said();
        if (pattern === undefined) expect(said.filter((what) => /close|end|detach/.test(what))).toEqual([]);
        else if (id !== 'BE-56')
          expect(said.filter((what) => what !== 'attach' && what !== 'flow').at(-1)).toMatch(pattern);
        expect(peer.connection.ended === undefined).toBe(up);
        expect(peer.log.types.filter((type) => type === 'ended')).toHaveLength(up ? 0 : 1);
      });
    }
  }

  for (const { id, name, chunks } of rows.filter((row) => row.id in sasl)) {
    for (const [way, cut] of Object.entries(ways)) {
      it(`[${id}] ${name}, ${way}`, () => {
        const peer = new RawPeer({
          sasl: (host) => new SaslServer([serverPlain(() => true), serverAnonymous()], host),
        });
        feed(peer, chunks, cut);
        const said = peer.said();
        expect(said).toEqual(sasl[id]);
        const { ended, finished } = peer.connection;
        expect(finished).toBe(id !== 'BX-11');
        expect(ended?.clean).toBe(id === 'BX-11' ? undefined : false);
      });
    }
  }
});

describe('[E-08] bad inputs to a client', () => {
  const ids = /^BE-(0[6-9]|1[0-35]|2[3578]|30|48|55)$/;
  it.each(rows.filter(({ id }) => ids.test(id)))('[$id] $name', ({ id, chunks }) => {
    const peer = new RawPeer({ role: 'client', channelMax: 255 });
    peer.bytes(amqpHeader).send(open);
    const session = peer.connection.createSession({}, { event: () => undefined });
    peer.send(begin({ remoteChannel: 0 }));
    peer.said();
    peer.bytes(hex(chunks.at(-1) ?? ''));
    expect(peer.said()).toEqual([expect.stringMatching(expectations[id]?.said ?? /^$/)]);
    expect(peer.connection.ended).toMatchObject({ by: 'local', clean: false });
    expect(session.ended?.error).toBe(peer.connection.ended?.error);
  });
});
