import { describe, expect, it } from 'vitest';
import type { SaslFrame } from '../../src/definitions/index.ts';
import {
  SaslServer,
  serverAnonymous,
  serverPlain,
  type SaslAsk,
  type SaslServerMechanism,
  type SaslVerdict,
} from '../../src/sasl/index.ts';
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

/** A server that was started and fed some frames. */
async function fed(mechanisms: readonly SaslServerMechanism[], frames: readonly SaslFrame[]): Promise<Recorder> {
  const host = new Recorder();
  const server = new SaslServer(mechanisms, host);
  server.start();
  for (const frame of frames) {
    server.receive(frame);
    await settle();
  }
  return host;
}

type Decide = (response: Uint8Array | undefined, ask: SaslAsk) => SaslVerdict | Promise<SaslVerdict>;
const made = (authenticate: Decide): SaslServerMechanism => ({ name: 'TEST', authenticate });
const guest = serverPlain((user, password) => user === 'guest' && password === 'guest');

describe('SaslServer', () => {
  it('[A-10] offers its mechanisms, takes one init, and tells the outcome', async () => {
    const host = await fed([guest, serverAnonymous()], [initFrame('PLAIN', ascii('\0guest\0guest'))]);
    expect(host.sent).toEqual([
      { type: 'sasl-mechanisms', saslServerMechanisms: ['PLAIN', 'ANONYMOUS'] },
      { type: 'sasl-outcome', code: 0, additionalData: undefined },
    ]);
    expect(host.ends).toEqual(['done']);
    expect(host.identity).toBe('guest');
  });

  it('[A-11] has at least one mechanism to offer', () => {
    expect(() => new SaslServer([], new Recorder())).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });

  it.each(['GSSAPI', 'NOPE', 'toString', 'valueOf', 'enable_anonymous', '__proto__', 'plain', ''])(
    '[A-14] [BX-04] refuses the mechanism "%s", which was not offered',
    async (name) => {
      const host = await fed([guest], [initFrame(name, ascii('\0guest\0guest'))]);
      expect(host.sent[1]).toEqual({ type: 'sasl-outcome', code: 1 });
      expect(host.ends).toEqual(['failed']);
      expect(host.error?.code).toBe('authentication-failed');
    },
  );

  it('[A-17] refuses wrong credentials with the code auth', async () => {
    const host = await fed([guest], [initFrame('PLAIN', ascii('\0guest\0wrong'))]);
    expect(host.sent[1]).toEqual({ type: 'sasl-outcome', code: 1 });
    expect(host.ends).toEqual(['failed']);
  });

  it('[A-23] answers an unknown user and a wrong password alike', async () => {
    const unknown = await fed([guest], [initFrame('PLAIN', ascii('\0nobody\0guest'))]);
    const wrong = await fed([guest], [initFrame('PLAIN', ascii('\0guest\0wrong'))]);
    expect(unknown.sent).toEqual(wrong.sent);
    expect(unknown.error?.message).toBe(wrong.error?.message);
  });

  it('refuses with the code sys where the check throws, at once or later', async () => {
    const cause = new Error('the directory is down');
    const thrower = (): never => {
      throw cause;
    };
    const failing: readonly Decide[] = [thrower, () => Promise.reject(cause)];
    for (const authenticate of failing) {
      const host = await fed([made(authenticate)], [initFrame('TEST')]);
      expect(host.sent[1]).toEqual({ type: 'sasl-outcome', code: 2 });
      expect(host.ends).toEqual(['failed']);
      expect(host.error).toMatchObject({ code: 'authentication-failed', cause });
    }
  });

  it('[A-18] sends the proof of a mechanism with success', async () => {
    const proof = ascii('v=proof');
    const host = await fed([made(() => ({ ok: true, identity: 'me', additionalData: proof }))], [initFrame('TEST')]);
    expect(host.sent[1]).toEqual({ type: 'sasl-outcome', code: 0, additionalData: proof });
  });
});

describe('SaslServer with a mechanism of several steps', () => {
  const counting = made(async (_response, ask) => {
    const first = await ask(ascii('one'));
    const second = await ask(ascii('two'));
    return { ok: true, identity: String.fromCharCode(...first, ...second) };
  });

  it('[A-10] sends challenges and takes responses', async () => {
    const host = await fed([counting], [initFrame('TEST'), responseFrame('a'), responseFrame('b')]);
    expect(host.sent.slice(1)).toEqual([
      { type: 'sasl-challenge', challenge: ascii('one') },
      { type: 'sasl-challenge', challenge: ascii('two') },
      { type: 'sasl-outcome', code: 0, additionalData: undefined },
    ]);
    expect(host.identity).toBe('ab');
  });

  it('tells a mechanism that waits that the exchange has failed', async () => {
    let heard: unknown;
    const waiting = made(async (_response, ask) => {
      try {
        await ask(ascii('?'));
      } catch (error) {
        heard = error;
        throw error;
      }
      return { ok: true, identity: 'nobody' };
    });
    const host = await fed([waiting], [initFrame('TEST'), initFrame('TEST')]);
    expect(heard).toBe(host.error);
    expect(host.ends).toEqual(['failed']);
    expect(host.sent.length).toBe(2);
  });

  it('[A-07] refuses with the code sys where a challenge or a proof is too large to be sent', async () => {
    const large: readonly Decide[] = [
      (_response, ask) => ask(new Uint8Array(600)).then(() => ({ ok: true, identity: 'never' })),
      () => ({ ok: true, identity: 'never', additionalData: new Uint8Array(600) }),
    ];
    for (const authenticate of large) {
      const host = await fed([made(authenticate)], [initFrame('TEST')]);
      expect(host.sent.slice(1)).toEqual([{ type: 'sasl-outcome', code: 2 }]);
      expect(host.ends).toEqual(['failed']);
    }
  });

  it('refuses a mechanism that asks two things at a time, or after it decided', async () => {
    const errors: unknown[] = [];
    let ask: SaslAsk = () => Promise.reject(new Error('not begun'));
    const hasty = made((_response, given) => {
      ask = given;
      void given(ascii('one'));
      given(ascii('two')).catch((error: unknown) => errors.push(error));
      return { ok: true, identity: 'hasty' };
    });
    const host = await fed([hasty], [initFrame('TEST')]);
    expect(host.ends).toEqual(['done']);
    await expect(ask(ascii('three'))).rejects.toMatchObject({ code: 'illegal-state' });
    expect(errors).toMatchObject([{ code: 'illegal-state' }]);
  });

  it('does not end the process by a challenge that nobody waits for', async () => {
    const forgetful = made((_response, ask) => {
      void ask(ascii('?'));
      return new Promise(() => undefined);
    });
    const host = await fed([forgetful], [initFrame('TEST'), outcomeFrame(0)]);
    expect(host.error?.code).toBe('protocol-error');
  });

  it('ignores a verdict that comes after the exchange has failed', async () => {
    const slow: readonly (() => Promise<SaslVerdict>)[] = [
      () => Promise.resolve({ ok: true, identity: 'late' }),
      () => Promise.resolve({ ok: false }),
      () => Promise.reject(new Error('late')),
    ];
    for (const verdict of slow) {
      const host = new Recorder();
      const server = new SaslServer([made(verdict)], host);
      server.receive(initFrame('TEST'));
      server.receive(initFrame('TEST'));
      await settle();
      expect(host.ends).toEqual(['failed']);
      expect(host.sent).toEqual([]);
    }
  });
});

describe('SaslServer knows the order', () => {
  const asking = made((_response, ask) => ask(ascii('?')).then(() => ({ ok: true, identity: 'x' })));
  const pending = made(() => new Promise(() => undefined));
  const states: readonly [string, SaslServerMechanism, readonly SaslFrame[], string | undefined][] = [
    ['before the init', asking, [], 'sasl-init'],
    ['while it decides', pending, [initFrame('TEST')], undefined],
    ['while it asks', asking, [initFrame('TEST')], 'sasl-response'],
  ];
  const cases = states.flatMap(([title, mechanism, before, taken]) =>
    everyFrame.map((frame) => ({ title, mechanism, before, frame, type: frame.type, taken: frame.type === taken })),
  );

  it.each(cases)('[A-10] $title, $type: $taken', async ({ mechanism, before, frame, taken }) => {
    const host = await fed([mechanism, guest], [...before, frame]);
    const outcomes = host.sent.filter(({ type }) => type === 'sasl-outcome');
    if (taken) expect(host.error?.code).not.toBe('protocol-error');
    else {
      expect(host.error?.code).toBe('protocol-error');
      expect(outcomes).toEqual([]);
    }
  });

  it.each([
    ['[BX-05] sasl-mechanisms', mechanismsFrame('PLAIN')],
    ['[BX-06] sasl-outcome', outcomeFrame(0)],
    ['a challenge', challengeFrame()],
    ['a response', responseFrame()],
  ])('[A-05] a client that sends %s is dropped without an outcome', async (_title, frame) => {
    const host = await fed([guest], [frame, initFrame('PLAIN', ascii('\0guest\0guest'))]);
    expect(host.sent.length).toBe(1);
    expect(host.ends).toEqual(['failed']);
  });

  it('[BX-07] a second init while the first is decided is a violation', async () => {
    const host = await fed([pending], [initFrame('TEST'), initFrame('TEST')]);
    expect(host.ends).toEqual(['failed']);
    expect(host.sent.length).toBe(1);
  });

  it('ends once: nothing counts after the end', async () => {
    const done = await fed([serverAnonymous()], [initFrame('ANONYMOUS'), ...everyFrame]);
    expect(done.ends).toEqual(['done']);
    const failed = await fed([serverAnonymous()], [initFrame('NOPE'), initFrame('ANONYMOUS'), ...everyFrame]);
    expect(failed.ends).toEqual(['failed']);
  });
});
