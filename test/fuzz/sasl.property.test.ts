import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AmqpError } from '../../src/errors/index.ts';
import type { SaslFrame, SaslFrameInit } from '../../src/definitions/index.ts';
import { SaslClient, SaslServer, serverPlain, type SaslHost, type SaslMechanism } from '../../src/sasl/index.ts';

const message = new TextEncoder().encode('\0user\0pass');
const empty = new Uint8Array(0);

const plain = (initialResponse: Uint8Array | undefined): SaslFrame => ({
  type: 'sasl-init',
  mechanism: 'PLAIN',
  initialResponse,
  hostname: undefined,
});

/** What the peer of each side may say, in any order. */
const frames = {
  client: [
    { type: 'sasl-mechanisms', saslServerMechanisms: ['SLOW', 'PLAIN'] },
    { type: 'sasl-challenge', challenge: empty },
    { type: 'sasl-outcome', code: 0, additionalData: undefined },
    { type: 'sasl-outcome', code: 1, additionalData: undefined },
    { type: 'sasl-response', response: empty },
  ],
  server: [
    plain(message),
    plain(undefined),
    { type: 'sasl-init', mechanism: 'FAILING', initialResponse: empty, hostname: undefined },
    { type: 'sasl-response', response: message },
    { type: 'sasl-response', response: empty },
    { type: 'sasl-challenge', challenge: empty },
  ],
} satisfies Record<string, readonly SaslFrame[]>;

/** Frames, and `undefined` where what waits goes on first. */
const said = (side: keyof typeof frames): fc.Arbitrary<(SaslFrame | undefined)[]> =>
  fc.array(fc.constantFrom<SaslFrame | undefined>(undefined, ...frames[side]), { maxLength: 12 });

class Heard implements SaslHost {
  readonly sent: SaslFrameInit[] = [];
  readonly verdicts: (string | undefined)[] = [];
  sentAtVerdict = 0;

  send(frame: SaslFrameInit): void {
    this.sent.push(frame);
  }

  done(identity?: string): void {
    this.#decided(`done ${identity}`);
  }

  failed({ code }: AmqpError): void {
    this.#decided(code);
  }

  #decided(verdict: string): void {
    this.verdicts.push(verdict);
    this.sentAtVerdict = this.sent.length;
  }
}

const slow: SaslMechanism = {
  name: 'SLOW',
  clearText: false,
  start: () => undefined,
  step: (challenge) => Promise.resolve(challenge),
};
const client = { mechanisms: [slow], encrypted: true, loopback: false, allowInsecurePlain: false };
const failing = { name: 'FAILING', authenticate: () => Promise.reject(new Error('no')) };
const sides = {
  client: (host: SaslHost) => new SaslClient(client, host),
  server: (host: SaslHost) =>
    new SaslServer([serverPlain((user, password) => Promise.resolve(user + password === 'userpass')), failing], host),
};

/** Lets all promises go on that can. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it.each(['client', 'server'] as const)('a slow %s of SASL has one verdict, and says nothing after it', async (side) => {
  const seen = new Set<string | undefined>();
  await fc.assert(
    fc.asyncProperty(said(side), async (sequence) => {
      const host = new Heard();
      const exchange = sides[side](host);
      exchange.start();
      for (const frame of sequence) {
        if (frame === undefined) await turn();
        else exchange.receive(frame);
      }
      await turn();
      expect(host.verdicts.length).toBeLessThanOrEqual(1);
      if (host.verdicts.length === 1) expect(host.sent.length).toBe(host.sentAtVerdict);
      expect(host.verdicts).not.toContain('internal');
      for (const verdict of host.verdicts) seen.add(verdict);
    }),
    { numRuns: 300 },
  );
  // The property has seen logins that succeed, or it shows nothing.
  expect([...seen]).toContain(side === 'server' ? 'done user' : 'done undefined');
});
