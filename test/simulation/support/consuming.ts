import { AmqpError, type Delivery, type Receiver } from '../../../src/client/index.ts';
import type { Life } from './actor.ts';
import { LOSSY } from './queues.ts';
import type { Holder } from './ledger.ts';

/** Receives messages in every way that there is, and settles them in every way, on links that come and go. */
export class Consuming {
  readonly #life: Life;
  readonly #name: string;
  #links = 0;

  constructor(life: Life, name: string) {
    this.#life = life;
    this.#name = name;
  }

  async run(): Promise<void> {
    const { scene, links } = this.#life;
    const { random } = scene;
    while (!this.#over) {
      try {
        const queue = random.pick(scene.queues);
        const credit = random.pick(['manual', 1, 2, 10, 100] as const);
        const receiver = await scene.track(
          `createReceiver of ${this.#name}`,
          links.createReceiver(queue, {
            name: `${this.#name}/${this.#links++}`,
            credit,
            timeout: random.pick([20, 30_000]),
            receiverSettleMode: random.chance(0.2) ? 'second' : 'first',
            ...(queue === LOSSY ? ({ senderSettleMode: 'settled' } as const) : {}),
          }),
        );
        await new Use(this.#life, receiver, queue, credit).run();
      } catch (error) {
        scene.expectOurs(error);
        await scene.sleep(50);
      }
    }
  }

  get #over(): boolean {
    const { scene, leaving } = this.#life;
    return leaving || scene.stopping;
  }
}

/** One link, from its attach to its end. */
class Use {
  readonly #life: Life;
  readonly #receiver: Receiver;
  readonly #queue: string;
  readonly #credit: number | 'manual';
  #closing = false;
  #gone = false;
  readonly #working: Promise<void>[] = [];

  constructor(life: Life, receiver: Receiver, queue: string, credit: number | 'manual') {
    this.#life = life;
    this.#receiver = receiver;
    this.#queue = queue;
    this.#credit = credit;
    void receiver.closed.then(() => (this.#gone = true));
  }

  async run(): Promise<void> {
    const { scene } = this.#life;
    const way =
      this.#credit === 'manual' ? 'drain' : scene.random.weighted(['receive', 3], ['iterate', 2], ['consume', 3]);
    try {
      if (way === 'drain') await this.#drain();
      else if (way === 'receive') await this.#receive();
      else if (way === 'iterate') await this.#iterate();
      else await this.#consume();
    } catch (error) {
      scene.expectOurs(error);
    }
    if (scene.random.chance(0.5)) await Promise.race([Promise.all(this.#working), scene.sleep(200)]);
    this.#closing = true;
    const end = scene.random.chance(0.2) ? this.#receiver.detach() : this.#receiver.close();
    await scene.track(`close of ${this.#receiver.name}`, end);
    await Promise.all(this.#working);
  }

  get #over(): boolean {
    const { scene, leaving } = this.#life;
    return this.#gone || leaving || scene.stopping;
  }

  async #receive(): Promise<void> {
    const { scene } = this.#life;
    for (let left = scene.random.int(1, 40); left > 0 && !this.#over; left--) {
      const timeout = scene.random.pick([0, 10, 300]);
      try {
        const delivery = await scene.track(`receive of ${this.#receiver.name}`, this.#receiver.receive({ timeout }));
        this.#work(delivery);
      } catch (error) {
        scene.expectOurs(error);
      }
      if (scene.random.chance(0.1)) this.#hesitate();
    }
  }

  /** Pauses and goes on later. */
  #hesitate(): void {
    const { world, random } = this.#life.scene;
    this.#receiver.pause();
    world.after(random.int(0, 200), () => this.#receiver.resume());
  }

  async #iterate(): Promise<void> {
    const { scene } = this.#life;
    let left = scene.random.int(1, 40);
    const stop = scene.sleep(scene.random.int(100, 2000));
    const iterator = this.#receiver[Symbol.asyncIterator]();
    while (left-- > 0 && !this.#over) {
      const next = iterator.next();
      next.catch(() => undefined);
      const result = await Promise.race([next, stop]);
      if (result === undefined) {
        // What the loop was waiting for still comes to it, or its end does.
        this.#working.push(this.#late(next));
        return;
      }
      if (result.done === true) return;
      this.#work(result.value);
    }
  }

  async #late(next: Promise<IteratorResult<Delivery, undefined>>): Promise<void> {
    const { scene } = this.#life;
    try {
      const result = await scene.track(`next of ${this.#receiver.name}`, next);
      if (result.done !== true) await this.#settle(result.value);
    } catch (error) {
      scene.expectOurs(error);
    }
  }

  async #consume(): Promise<void> {
    const { scene } = this.#life;
    const { random } = scene;
    const consumed = this.#receiver.consume((delivery) => this.#handle(delivery), {
      concurrency: random.pick([1, 3, 50]),
    });
    this.#working.push(
      scene.track(`consume of ${this.#receiver.name}`, consumed).catch((error: unknown) => scene.expectOurs(error)),
    );
    await Promise.race([scene.sleep(random.int(50, 3000)), this.#receiver.closed]);
  }

  /** A handler: its result settles the message. */
  async #handle(delivery: Delivery): Promise<void> {
    const { scene } = this.#life;
    const id = this.#took(delivery);
    await scene.sleep(scene.random.int(0, 100));
    if (scene.random.chance(0.2)) {
      scene.ledger.returned(id);
      throw new Error('the handler failed');
    }
    // The consumer accepts it next, unless the link has ended meanwhile.
    scene.ledger.finished(id);
  }

  async #drain(): Promise<void> {
    const { scene } = this.#life;
    const receiver = this.#receiver;
    for (let round = scene.random.int(1, 5); round > 0 && !this.#over; round--) {
      receiver.issueCredit(scene.random.int(1, 20));
      await scene.sleep(scene.random.int(0, 50));
      if (scene.random.chance(0.7))
        await scene.track(
          `drainCredit of ${receiver.name}`,
          receiver.drainCredit({ timeout: scene.random.pick([5, 30_000]) }),
        );
      for (let ready = receiver.tryReceive(); ready !== undefined; ready = receiver.tryReceive()) this.#work(ready);
    }
  }

  #work(delivery: Delivery): void {
    this.#working.push(this.#settle(delivery));
  }

  #took(delivery: Delivery): string {
    const { scene, route, who } = this.#life;
    const { pipe } = route;
    const id = String(delivery.message.properties.messageId);
    const holder: Holder = {
      who,
      alive: () => !this.#closing && !this.#gone && route.pipe === pipe && !pipe.broken && !this.#life.leaving,
    };
    // What had arrived before the end can still be read after it; the broker has given it to others by then.
    if (holder.alive()) scene.ledger.delivered(id, holder, this.#queue === LOSSY);
    this.#checkCredit();
    return id;
  }

  /** What is here, and what may still come, is never more than was asked for. */
  #checkCredit(): void {
    if (this.#credit === 'manual') return;
    const { credit, prefetched, unsettled } = this.#receiver.stats();
    if (credit + prefetched + unsettled <= this.#credit) return;
    this.#life.scene.faults.push(
      `${this.#receiver.name} has ${credit} + ${prefetched} + ${unsettled} messages, and asked for ${this.#credit}`,
    );
  }

  async #settle(delivery: Delivery): Promise<void> {
    const { scene } = this.#life;
    const { random, ledger } = scene;
    const id = this.#took(delivery);
    await scene.sleep(random.int(0, 150));
    const outcome = random.weighted(['accept', 6], ['release', 1], ['modify', 1], ['reject', 1], ['nothing', 1]);
    if (outcome === 'nothing') return;
    if (outcome === 'accept' || outcome === 'reject') ledger.finished(id);
    else ledger.returned(id);
    try {
      await scene.track(`${outcome} of ${id}`, this.#tell(delivery, outcome));
      if (outcome === 'accept' || outcome === 'reject') this.#life.route.finished.add(id);
    } catch (error) {
      scene.expectOurs(error);
      if (AmqpError.is(error) && error.code === 'outcome-differs')
        scene.faults.push(`the broker changed an outcome of ${id}`);
    }
  }

  #tell(delivery: Delivery, outcome: 'accept' | 'release' | 'modify' | 'reject'): Promise<void> {
    if (outcome === 'modify') return delivery.modify({ deliveryFailed: true });
    return delivery[outcome]();
  }
}
