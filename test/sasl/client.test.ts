import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { amqpError } from '../../src/errors/index.ts';
import type { SaslFrame } from '../../src/definitions/index.ts';
import { anonymous, external, plain, SaslClient, type SaslMechanism } from '../../src/sasl/index.ts';
import {
  ascii,
  challengeFrame,
  everyFrame,
  initFrame,
  mechanismsFrame,
  outcomeFrame,
  Recorder,
  responseFrame,
  settle,
} from './support/recorder.ts';

const remote = { encrypted: false, loopback: false, allowInsecurePlain: false };
const local = { ...remote, loopback: true };

/** A client that was fed some frames. */
function fed(mechanisms: readonly SaslMechanism[], frames: readonly SaslFrame[], where = local): Recorder {
  const host = new Recorder();
  const client = new SaslClient({ mechanisms, hostname: 'broker.example', ...where }, host);
  client.start();
  for (const frame of frames) client.receive(frame);
  return host;
}

/** A mechanism of several steps: answers each challenge with its upper case. */
const shouting = (more: Partial<SaslMechanism> = {}): SaslMechanism => ({
  name: 'SHOUT',
  clearText: false,
  start: () => undefined,
  step: (challenge) => challenge.map((octet) => octet & 0xdf),
  ...more,
});

describe('SaslClient chooses', () => {
  it('[A-10] [A-16] answers the mechanisms with an init that names the host, and is done by the outcome', () => {
    const host = fed([plain('user', 'secret')], [mechanismsFrame('ANONYMOUS', 'PLAIN'), outcomeFrame(0)]);
    expect(host.sent).toEqual([
      {
        type: 'sasl-init',
        mechanism: 'PLAIN',
        initialResponse: ascii('\0user\0secret'),
        hostname: 'broker.example',
      },
    ]);
    expect(host.ends).toEqual(['done']);
    expect(host.identity).toBeUndefined();
  });

  it('[A-12] picks the first of ours that is offered', () => {
    const host = fed([external(), plain('a', 'b'), anonymous()], [mechanismsFrame('ANONYMOUS', 'PLAIN')]);
    expect(host.sent).toMatchObject([{ mechanism: 'PLAIN' }]);
  });

  it.each([
    ['is not among what is offered', [plain('a', 'b')], ['SCRAM-SHA-256', 'GSSAPI'], 'SCRAM-SHA-256, GSSAPI'],
    ['[A-11] is missing, for nothing is offered', [plain('a', 'b')], [], 'no mechanism'],
    ['is missing, for this side has none', [], ['PLAIN'], 'this side has none'],
    ['is the name of a method of Object', [plain('a', 'b')], ['toString', '__proto__', 'constructor'], 'toString'],
  ])('[A-12] gives up where a mechanism %s', (_title, ours, theirs, named) => {
    const host = fed(ours, [mechanismsFrame(...theirs)]);
    expect(host.sent).toEqual([]);
    expect(host.ends).toEqual(['failed']);
    expect(host.error).toMatchObject({ code: 'mechanism-unavailable', message: expect.stringContaining(named) });
  });

  it.each([
    ['over clear text to another machine', remote, 'failed'],
    ['over TLS', { ...remote, encrypted: true }, 'sent'],
    ['to this machine', local, 'sent'],
    ['where it was allowed', { ...remote, allowInsecurePlain: true }, 'sent'],
  ])('[A-13] PLAIN %s: %s', (_title, where, end) => {
    const host = fed([plain('a', 'b')], [mechanismsFrame('PLAIN')], where);
    expect(host.sent.length).toBe(end === 'sent' ? 1 : 0);
    expect(host.error?.code).toBe(end === 'sent' ? undefined : 'insecure-credentials');
  });

  it('[A-13] prefers a later mechanism to an unsafe one', () => {
    const host = fed([plain('a', 'b'), anonymous()], [mechanismsFrame('PLAIN', 'ANONYMOUS')], remote);
    expect(host.sent).toMatchObject([{ mechanism: 'ANONYMOUS' }]);
  });

  it('fails where a mechanism cannot start', () => {
    const cause = new Error('no ticket');
    const start = (): never => {
      throw cause;
    };
    const host = fed([shouting({ start })], [mechanismsFrame('SHOUT')]);
    expect(host.sent).toEqual([]);
    expect(host.error).toMatchObject({ code: 'authentication-failed', cause });
  });
});

describe('SaslClient within the size of a frame', () => {
  it('[A-07] an init that is too large fails here, not at the peer', () => {
    const host = fed([plain('user', 'x'.repeat(600))], [mechanismsFrame('PLAIN')]);
    expect(host.sent).toEqual([]);
    expect(host.ends).toEqual(['failed']);
    expect(host.error).toMatchObject({ code: 'authentication-failed', message: expect.stringContaining('too large') });
  });

  it('[A-07] so does a response, at once or later', async () => {
    const large = new Uint8Array(600);
    for (const step of [(): Uint8Array => large, (): Promise<Uint8Array> => Promise.resolve(large)]) {
      const host = fed([shouting({ step })], [mechanismsFrame('SHOUT'), challengeFrame()]);
      await settle();
      expect(host.sent.length).toBe(1);
      expect(host.ends).toEqual(['failed']);
    }
  });

  it('what a mechanism throws need not be an Error', async () => {
    const step = (): Promise<Uint8Array> => Promise.reject('a text');
    const host = fed([shouting({ step })], [mechanismsFrame('SHOUT'), challengeFrame()]);
    await settle();
    expect(host.error).toMatchObject({ code: 'authentication-failed', cause: 'a text' });
  });
});

describe('SaslClient answers challenges', () => {
  it('[A-10] of a mechanism with several steps', () => {
    const host = fed(
      [shouting()],
      [mechanismsFrame('SHOUT'), challengeFrame('who'), challengeFrame('why'), outcomeFrame(0)],
    );
    expect(host.sent).toEqual([
      { type: 'sasl-init', mechanism: 'SHOUT', initialResponse: undefined, hostname: 'broker.example' },
      { type: 'sasl-response', response: ascii('WHO') },
      { type: 'sasl-response', response: ascii('WHY') },
    ]);
    expect(host.ends).toEqual(['done']);
  });

  it('of a mechanism that needs time', async () => {
    const step = (): Promise<Uint8Array> => Promise.resolve(ascii('later'));
    const host = new Recorder();
    const client = new SaslClient({ mechanisms: [shouting({ step })], ...local }, host);
    client.receive(mechanismsFrame('SHOUT'));
    client.receive(challengeFrame());
    expect(host.sent.length).toBe(1);
    await settle();
    expect(host.sent[1]).toEqual({ type: 'sasl-response', response: ascii('later') });
    client.receive(outcomeFrame(0));
    expect(host.ends).toEqual(['done']);
  });

  it.each([
    ['answers', (): Promise<Uint8Array> => Promise.resolve(ascii('late'))],
    ['fails', (): Promise<Uint8Array> => Promise.reject(new Error('late'))],
  ])(
    '[A-10] a server that does not wait fails, and a mechanism that %s too late changes nothing',
    async (_how, step) => {
      const host = fed([shouting({ step })], [mechanismsFrame('SHOUT'), challengeFrame(), outcomeFrame(0)]);
      await settle();
      expect(host.ends).toEqual(['failed']);
      expect(host.error?.code).toBe('protocol-error');
      expect(host.sent.length).toBe(1);
    },
  );

  it('fails by what a mechanism throws, at once or later', async () => {
    const cause = new Error('wrong nonce');
    const thrown = fed(
      [
        shouting({
          step: () => {
            throw cause;
          },
        }),
      ],
      [mechanismsFrame('SHOUT'), challengeFrame()],
    );
    const rejected = fed(
      [shouting({ step: () => Promise.reject(cause) })],
      [mechanismsFrame('SHOUT'), challengeFrame()],
    );
    await settle();
    for (const host of [thrown, rejected]) {
      expect(host.ends).toEqual(['failed']);
      expect(host.error).toMatchObject({ code: 'authentication-failed', cause });
    }
  });

  it('a challenge for a mechanism that has none', () => {
    const host = fed([plain('a', 'b')], [mechanismsFrame('PLAIN'), challengeFrame()]);
    expect(host.error?.code).toBe('authentication-failed');
    expect(host.ends).toEqual(['failed']);
  });

  it('[BY-52] gives up after ten challenges', () => {
    const frames = [mechanismsFrame('SHOUT'), ...Array.from({ length: 50 }, () => challengeFrame('again'))];
    const host = fed([shouting()], frames);
    expect(host.sent.length).toBe(1 + 10);
    expect(host.ends).toEqual(['failed']);
    expect(host.error?.code).toBe('authentication-failed');
  });
});

describe('SaslClient hears the outcome', () => {
  it.each([
    [1, 'auth', 'authentication-failed', false],
    [2, 'sys', 'authentication-unavailable', true],
    [3, 'sys-perm', 'authentication-failed', false],
    [4, 'sys-temp', 'authentication-unavailable', true],
  ] as const)('[A-17] code %i fails and names %s: %s', (code, name, error, retryable) => {
    const host = fed([plain('user', 'hunter2')], [mechanismsFrame('PLAIN'), outcomeFrame(code)]);
    expect(host.ends).toEqual(['failed']);
    expect(host.error).toMatchObject({ code: error, retryable, scope: 'connection' });
    expect(host.error?.message).toContain(`PLAIN with the code ${name},`);
    expect(inspect(host.error, { depth: 9, showHidden: true })).not.toContain('hunter2');
    expect(JSON.stringify(host.error)).not.toContain('hunter2');
  });

  it('[A-18] the mechanism checks the proof of the server', () => {
    const finish = (data: Uint8Array | undefined): void => {
      if (data?.[0] !== 42) throw new Error('v= is wrong');
    };
    const frames = (proof?: Uint8Array): SaslFrame[] => [mechanismsFrame('SHOUT'), outcomeFrame(0, proof)];
    expect(fed([shouting({ finish })], frames(Uint8Array.of(42))).ends).toEqual(['done']);
    for (const proof of [undefined, Uint8Array.of(41)]) {
      const host = fed([shouting({ finish })], frames(proof));
      expect(host.ends).toEqual(['failed']);
      expect(host.error?.code).toBe('authentication-failed');
    }
  });

  it('[A-18] an error of ours passes as it is', () => {
    const error = amqpError('insecure-credentials', 'downgraded');
    const finish = (): never => {
      throw error;
    };
    expect(fed([shouting({ finish })], [mechanismsFrame('SHOUT'), outcomeFrame(0)]).error).toBe(error);
  });
});

describe('SaslClient knows the order', () => {
  const states: readonly [string, readonly SaslFrame[], readonly string[]][] = [
    ['before the offer', [], ['sasl-mechanisms']],
    ['after the init', [mechanismsFrame('SHOUT')], ['sasl-challenge', 'sasl-outcome']],
    ['after a response', [mechanismsFrame('SHOUT'), challengeFrame('a')], ['sasl-challenge', 'sasl-outcome']],
  ];
  const cases = states.flatMap(([title, before, taken]) =>
    everyFrame.map((frame) => ({ title, before, frame, type: frame.type, taken: taken.includes(frame.type) })),
  );

  it.each(cases)('[A-10] $title, $type: $taken', ({ before, frame, taken }) => {
    const host = fed([shouting(), plain('a', 'b')], [...before, frame]);
    expect(host.error?.code).toBe(taken ? undefined : 'protocol-error');
    expect(host.ends.length).toBeLessThanOrEqual(1);
  });

  it.each([
    ['success', outcomeFrame(0), 'done'],
    ['failure', outcomeFrame(1), 'failed'],
    ['[A-05] an init of the peer', initFrame('PLAIN'), 'failed'],
    ['[A-05] a response of the peer', responseFrame(), 'failed'],
  ] as const)('ends once: nothing counts after %s', (_title, last, end) => {
    const host = fed([plain('a', 'b')], [mechanismsFrame('PLAIN'), last, ...everyFrame, last]);
    expect(host.ends).toEqual([end]);
    expect(host.sent.length).toBe(1);
  });
});
