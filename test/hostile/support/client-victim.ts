import { AmqpError, connect, type CloseInfo, type Connection, type Session } from '../../../src/client/index.ts';
import type { SaslMechanism } from '../../../src/sasl/index.ts';
import { FakeClock } from '../../../src/testing/index.ts';
import { HostileServer } from './hostile-server.ts';
import type { Misbehaviour, Step } from './misbehaviour.ts';
import type { Report } from './report.ts';
import { idle } from '../../support/idle.ts';

/** Octets of a message that needs three frames of 512 octets. */
const LONG = 1200;
/** How long each call of the program may take, in ms of the clock. */
const timeout = 1000;
/** Seconds after which everything must have come to rest: longer than all timeouts together. */
const SECONDS = 300;

/** A mechanism that is asked once. */
const asking: SaslMechanism = {
  name: 'ASKING',
  clearText: false,
  start: () => undefined,
  step: (challenge) => challenge,
};

/** A program that does all that a client can, and does not give up at the first error. */
class Program {
  readonly calls = new Map<string, string | undefined>();
  readonly told = new Set<string>();
  readonly #clock: FakeClock;
  readonly #server: HostileServer;

  constructor(server: HostileServer, clock: FakeClock) {
    this.#server = server;
    this.#clock = clock;
  }

  /** Makes a call; undefined where it fails. */
  async #call<T>(name: string, call: () => Promise<T>): Promise<T | undefined> {
    this.calls.set(name, undefined);
    try {
      const result = await call();
      this.calls.set(name, 'ok');
      return result;
    } catch (error) {
      const code = AmqpError.is(error) ? error.code : `no AmqpError: ${String(error)}`;
      this.calls.set(name, code);
      this.told.add(code);
      return undefined;
    }
  }

  /** Waits for the end of something: it must come, and may be an error. */
  async #end(name: string, closed: Promise<CloseInfo>): Promise<void> {
    const info = await this.#call(name, () => closed);
    if (info?.error !== undefined) this.told.add(info.error.code);
  }

  /** Follows what the connection tells: it must end, and it ends once. */
  async #follow(connection: Connection): Promise<void> {
    await this.#call('events', async () => {
      let ends = 0;
      for await (const { type } of connection.events()) if (type === 'disconnected') ends++;
      if (ends !== 1) throw new Error(`the connection ended ${ends} times`);
    });
  }

  async run(): Promise<void> {
    const connection = await this.#call('connect', () =>
      connect('amqp://hostile', {
        transport: () => this.#server.transport,
        clock: this.#clock,
        mechanisms: [asking],
        connectTimeout: timeout,
        maxSessions: 4,
      }),
    );
    if (connection === undefined) return;
    const following = this.#follow(connection);
    const session = await this.#call('createSession', () => connection.createSession({ timeout, maxLinks: 8 }));
    if (session !== undefined) await this.#inSession(session);
    await this.#leave(connection, following);
  }

  async #inSession(session: Session): Promise<void> {
    await this.#send(session);
    await this.#call('session.close', () => session.close({ timeout }));
    await this.#end('session.closed', session.closed);
  }

  async #send(session: Session): Promise<void> {
    const sender = await this.#call('createSender', () => session.createSender('q', { name: 's', timeout }));
    if (sender !== undefined) {
      await this.#call('send', () => sender.send('x', { timeout }));
      await this.#call('send of three frames', () => sender.send(new Uint8Array(LONG), { timeout }));
    }
    await this.#receive(session);
    if (sender === undefined) return;
    await this.#call('sender.close', () => sender.close({ timeout }));
    await this.#end('sender.closed', sender.closed);
  }

  async #receive(session: Session): Promise<void> {
    const options = { name: 'r', timeout, credit: 'manual', receiverSettleMode: 'second', stalledAfter: 0 } as const;
    const receiver = await this.#call('createReceiver', () => session.createReceiver('q', options));
    if (receiver === undefined) return;
    await this.#call('issueCredit', async () => receiver.issueCredit(10));
    for (const name of ['first', 'second']) {
      const delivery = await this.#call(`${name} receive`, () => receiver.receive({ timeout }));
      if (delivery !== undefined) {
        await this.#call(`message of the ${name}`, async () => delivery.message.value);
        await this.#call(`${name} accept`, () => delivery.accept({ timeout }));
      }
    }
    await this.#call('drainCredit', () => receiver.drainCredit({ timeout }));
    await this.#call('receiver.detach', () => receiver.detach({ timeout }));
    await this.#end('receiver.closed', receiver.closed);
  }

  async #leave(connection: Connection, following: Promise<void>): Promise<void> {
    await this.#call('close', () => connection.close({ timeout }));
    await this.#end('closed', connection.closed);
    await following;
    await this.#call('createSession after close', () => connection.createSession({ timeout }));
  }
}

/** Lets a program run against a server that is hostile at one step, until everything has come to rest. */
export async function playClient(strays: string[], step?: Step, misbehaviour?: Misbehaviour): Promise<Report> {
  const clock = new FakeClock();
  const server = new HostileServer(step, misbehaviour);
  const program = new Program(server, clock);
  const over = { done: false };
  void program.run().then(() => (over.done = true));
  await idle();
  for (let second = 0; second < SECONDS && !(over.done && clock.pending === 0); second++) {
    clock.advance(1000);
    await idle();
  }
  const { calls, told } = program;
  const late = calls.get('createSession after close');
  // The only call that has to fail.
  if (late !== undefined && late !== 'ok') calls.delete('createSession after close');
  const faults = [...server.faults, ...server.observer.faults, ...strays.splice(0)];
  if (!over.done) faults.push('the program did not come to an end');
  if (clock.pending > 0) faults.push(`${clock.pending} timers are left`);
  const foreign = [...calls].filter(
    ([, outcome]) => outcome?.startsWith('no AmqpError') === true || outcome === 'internal',
  );
  faults.push(...foreign.map(([call, outcome]) => `${call}: ${outcome}`));
  if (misbehaviour !== undefined && server.brokenAt === undefined) faults.push('the step was never reached');
  server.peer.end();
  const said = server.peer.frames.slice(server.brokenAt ?? server.peer.frames.length);
  const connected = calls.get('connect');
  const silent = !said.some(({ is }) => is === 'close');
  const loggedOut = server.ended && silent && connected !== 'ok' && connected !== 'connect-timeout';
  return { calls, told, faults, said, loggedOut };
}
