import type { Receiver, Sender, Session } from '../../../src/client/index.ts';
import type { Life } from './actor.ts';

/** What a program may do with its connection besides work: each is one step of a meddler. */
type Step = (meddler: Meddling) => Promise<unknown>;

/**
 * Calls whatever can be called, in any order and at any moment, beside the workers of the same connection: sessions and
 * links that come and go, attempts that are aborted, dynamic addresses, the anonymous terminus, and looks at everything.
 * It touches none of the messages that the ledger knows.
 */
export class Meddling {
  readonly #life: Life;
  readonly #name: string;
  readonly #sessions: Session[] = [];
  readonly #senders: Sender[] = [];
  readonly #receivers: Receiver[] = [];
  #calls = 0;

  constructor(life: Life, name: string) {
    this.#life = life;
    this.#name = name;
  }

  async run(): Promise<void> {
    const { scene } = this.#life;
    const running: Promise<void>[] = [];
    while (!this.#life.leaving && !scene.stopping) {
      const kind = scene.random.pick(Object.keys(steps));
      const step = steps[kind];
      if (step !== undefined) running.push(this.#try(kind, step));
      // Some steps overlap, others wait for one another.
      if (scene.random.chance(0.5)) await Promise.race([Promise.all(running), scene.sleep(500)]);
      await scene.sleep(scene.random.int(0, 200));
    }
    await Promise.all(running);
  }

  async #try(kind: string, step: Step): Promise<void> {
    const { scene } = this.#life;
    try {
      await scene.track(`${kind} of ${this.#name}`, step(this));
    } catch (error) {
      scene.expectOurs(error);
    }
  }

  get #link(): { name: string; signal: AbortSignal; timeout: number } {
    const { random, world } = this.#life.scene;
    const controller = new AbortController();
    if (random.chance(0.3)) world.after(random.int(0, 60), () => controller.abort());
    const timeout = random.pick([1, 20, 30_000]);
    return { name: `${this.#name}/${this.#calls++}`, signal: controller.signal, timeout };
  }

  /** The connection, or one of the sessions that are there. */
  get #place(): Life['links'] {
    return this.#life.scene.random.pick([this.#life.connection, ...this.#sessions]);
  }

  async begin(): Promise<void> {
    const { random } = this.#life.scene;
    const { signal, timeout } = this.#link;
    const limits = { incomingWindow: random.pick([1, 10, 2048]), maxLinks: random.pick([1, 2, 100]) };
    this.#sessions.push(await this.#life.connection.createSession({ signal, timeout, ...limits }));
  }

  async end(): Promise<void> {
    const session = this.#take(this.#sessions);
    await session?.close({ timeout: this.#life.scene.random.pick([1, 10_000]) });
    await session?.closed;
  }

  async attachSender(): Promise<void> {
    const address = this.#life.scene.random.pick([null, 'meddled', 'amqp:nowhere/else']);
    this.#senders.push(await this.#place.createSender(address, { ...this.#link, maxPending: 3 }));
  }

  async attachReceiver(): Promise<void> {
    const { random } = this.#life.scene;
    const dynamic = { source: { dynamic: true, lifetimePolicy: 'delete-on-close' } } as const;
    const receiver = random.chance(0.5)
      ? await this.#place.createReceiver(null, { ...this.#link, ...dynamic })
      : await this.#place.createReceiver('meddled', { ...this.#link, credit: random.pick(['manual', 3]) });
    this.#receivers.push(receiver);
  }

  /** To a dynamic address, to a queue of its own, or nowhere. */
  async send(): Promise<void> {
    const { random } = this.#life.scene;
    if (this.#senders.length === 0) return;
    const sender = random.pick(this.#senders);
    const addresses = ['meddled', 'nowhere', ...this.#receivers.map(({ address }) => address)];
    const size = random.pick([0, 100, 30_000]);
    const message = { properties: { to: random.pick(addresses) }, body: new Uint8Array(size) };
    const { signal, timeout } = this.#link;
    await sender.send(message, { signal, timeout, settled: random.chance(0.2) });
  }

  async receive(): Promise<void> {
    const { random } = this.#life.scene;
    if (this.#receivers.length === 0) return;
    const receiver = random.pick(this.#receivers);
    const { signal, timeout } = this.#link;
    const delivery = await receiver.receive({ signal, timeout: Math.min(timeout, 500) });
    const outcome = random.pick(['accept', 'reject', 'nothing']);
    if (outcome === 'accept') await delivery.accept({ timeout: 5000 });
    if (outcome === 'reject') await delivery.reject({ condition: 'amqp:not-allowed', description: 'meddled' });
  }

  async credit(): Promise<void> {
    const { random } = this.#life.scene;
    if (this.#receivers.length === 0) return;
    const receiver = random.pick(this.#receivers);
    const change = random.pick(['pause', 'resume', 'issue']);
    if (change === 'pause') receiver.pause();
    if (change === 'resume') receiver.resume();
    // It throws where the credit is not manual, as it should.
    if (change === 'issue') receiver.issueCredit(random.int(1, 5));
    const { signal, timeout } = this.#link;
    if (random.chance(0.5)) await receiver.drainCredit({ signal, timeout: Math.min(timeout, 500) });
  }

  async detach(): Promise<void> {
    const { random } = this.#life.scene;
    const link = random.chance(0.5) ? this.#take(this.#senders) : this.#take(this.#receivers);
    if (link === undefined) return;
    const options = { timeout: random.pick([1, 10_000]) };
    await (random.chance(0.3) ? link.detach(options) : link.close(options));
    await link.closed;
  }

  /** Nothing that only looks may throw or change anything. */
  async look(): Promise<void> {
    const { connection, scene } = this.#life;
    const links = [...this.#senders, ...this.#receivers];
    const seen = [connection.stats(), ...links.map((link) => [link.stats(), link.address, link.properties])];
    if (seen.length !== links.length + 1) scene.faults.push('a look saw nothing');
    const events = connection.events()[Symbol.asyncIterator]();
    await events.next();
    await events.return?.();
  }

  #take<T>(items: T[]): T | undefined {
    if (items.length === 0) return undefined;
    return items.splice(this.#life.scene.random.int(0, items.length - 1), 1)[0];
  }
}

const steps: Readonly<Record<string, Step>> = {
  begin: (meddler) => meddler.begin(),
  end: (meddler) => meddler.end(),
  attachSender: (meddler) => meddler.attachSender(),
  attachReceiver: (meddler) => meddler.attachReceiver(),
  send: (meddler) => meddler.send(),
  receive: (meddler) => meddler.receive(),
  credit: (meddler) => meddler.credit(),
  detach: (meddler) => meddler.detach(),
  look: (meddler) => meddler.look(),
};
