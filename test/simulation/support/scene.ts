import { AmqpError, connect } from '../../../src/client/index.ts';
import { startBroker, type Broker } from '../../../src/broker/index.ts';
import { Actor } from './actor.ts';
import { Ledger } from './ledger.ts';
import { Pipe, type Weather } from './network.ts';
import { Observer } from './observer.ts';
import { LOSSY } from './queues.ts';
import { Random } from './random.ts';
import { World } from './world.ts';

/** How long the programs of a run work, and how long the run may take to come to rest, in simulated ms. */
const WORK = 4000;
const REST = 600_000;

/** What a run was like. */
export interface Report {
  readonly seed: number;
  readonly steps: number;
  readonly faults: readonly string[];
  readonly sent: number;
  readonly accepted: number;
  readonly delivered: number;
}

/** One run: programs, a broker, the network between them, and all that is known of them. */
export class Scene {
  readonly world = new World();
  readonly random: Random;
  readonly ledger = new Ledger();
  readonly faults: string[] = [];
  readonly queues: readonly string[] = ['q0', 'q1', LOSSY];
  readonly #broker: Broker;
  readonly #weather: Weather;
  readonly #observers: Observer[] = [];
  readonly #pipes: Pipe[] = [];
  readonly #pending = new Map<number, string>();
  #calls = 0;
  stopping = false;
  #stop: () => void = () => undefined;
  readonly stop = new Promise<void>((resolve) => (this.#stop = resolve));

  private constructor(random: Random, broker: Broker, world: World) {
    this.random = random;
    this.#broker = broker;
    this.world = world;
    this.#weather = {
      latency: random.pick([0, 5, 100]),
      piece: random.pick([1 << 20, 1000, 200]),
      lingering: random.pick([0, 10, 200]),
    };
  }

  /** Runs a seed to its end. */
  static async play(seed: number): Promise<Report> {
    const random = new Random(seed);
    const world = new World();
    const broker = await startBroker({
      clock: world,
      queues: [{ name: 'q0', maxDeliveries: 1000 }],
      credit: random.pick([1, 5, 1000]),
      maxFrameSize: random.pick([512, 4096, 65_536]),
      idleTimeout: random.pick([0, 3000, 60_000]),
    });
    const scene = new Scene(random, broker, world);
    try {
      await scene.#play();
    } finally {
      await broker.close();
    }
    return { seed, steps: world.steps, faults: scene.faults, ...scene.ledger.counts };
  }

  /** A new connection to the broker, watched at both ends. */
  pipe(who: string, weather: Weather = this.#weather): Pipe {
    const near = new Observer(who);
    const far = new Observer(`broker for ${who}`);
    this.#observers.push(near, far);
    const pipe = new Pipe(this.world, this.random, weather, { near, far });
    this.#pipes.push(pipe);
    this.#broker.accept(pipe.far);
    return pipe;
  }

  sleep(milliseconds: number): Promise<undefined> {
    return new Promise((resolve) => this.world.after(milliseconds, () => resolve(undefined)));
  }

  /** Follows a call until it settles: none may stay unsettled. */
  track<T>(what: string, promise: Promise<T>): Promise<T> {
    const call = this.#calls++;
    this.#pending.set(call, what);
    const settled = (): void => void this.#pending.delete(call);
    promise.then(settled, settled);
    return promise;
  }

  /** Whatever a call fails with must be an error of the library. */
  expectOurs(error: unknown): void {
    if (!AmqpError.is(error))
      this.faults.push(`an error that is not ours: ${String(error instanceof Error ? error.stack : error)}`);
    else if (error.code === 'internal' || error.code === 'protocol-error' || error.code === 'session-failed')
      this.faults.push(`an error that only a bug can cause: ${error.code} ${error.message}`);
  }

  async #play(): Promise<void> {
    const { world } = this;
    const actors = Array.from({ length: this.random.int(1, 6) }, (_, index) => new Actor(this, `a${index}`).run());
    const ended = this.#all(actors);
    await world.run(
      () => false,
      WORK,
      () => this.#look(),
    );
    this.stopping = true;
    this.#stop();
    await world.run(
      () => ended.done,
      WORK + REST,
      () => this.#look(),
    );
    if (!ended.done) this.faults.push('the programs did not come to an end');
    await this.#drain();
    this.ledger.checkNothingLost((queue) => queue === LOSSY);
    for (const what of this.#pending.values()) this.faults.push(`never settled: ${what}`);
    this.#look();
  }

  #all(actors: readonly Promise<void>[]): { done: boolean } {
    const state = { done: false };
    const finish = async (): Promise<void> => {
      try {
        await Promise.all(actors);
      } catch (error) {
        this.faults.push(`a program failed: ${String(error instanceof Error ? error.stack : error)}`);
      }
      state.done = true;
    };
    void finish();
    return state;
  }

  #look(): void {
    for (const { faults } of this.#observers) this.faults.push(...faults.splice(0));
    this.faults.push(...this.ledger.faults.splice(0));
  }

  /** Takes what is left in the queues, over a network without faults, and lets everything come to rest. */
  async #drain(): Promise<void> {
    const calm: Weather = { latency: 0, piece: 1 << 20, lingering: 0 };
    const drained = this.#all([this.#drainWith(calm)]);
    await this.world.run(
      () => drained.done,
      Infinity,
      () => this.#look(),
    );
    if (!drained.done) this.faults.push('the queues could not be drained');
    // Half-open connections end when their side gives up; then nothing is left that could happen.
    const rest = this.#broker.close();
    const closed = this.#all([rest]);
    await this.world.run(
      () => closed.done,
      Infinity,
      () => this.#look(),
    );
    await this.world.run(
      () => this.world.pending === 0,
      this.world.now() + REST,
      () => this.#look(),
    );
    if (this.world.pending > 0) this.faults.push(`${this.world.pending} timers or tasks are left`);
  }

  async #drainWith(weather: Weather): Promise<void> {
    // The broker must notice first which of its clients are gone.
    for (const pipe of this.#pipes.splice(0)) pipe.hangUp();
    await this.sleep(1000);
    const pipe = this.pipe('drain', weather);
    const connection = await connect('amqp://simulated', {
      containerId: 'drain',
      clock: this.world,
      transport: () => pipe.near,
    });
    for (const queue of this.queues) {
      const receiver = await connection.createReceiver(queue, { name: queue, credit: 'manual' });
      for (;;) {
        receiver.issueCredit(100);
        await receiver.drainCredit();
        let taken = 0;
        for (let next = receiver.tryReceive(); next !== undefined; next = receiver.tryReceive()) {
          this.ledger.drained(String(next.message.properties.messageId));
          await next.accept();
          taken++;
        }
        if (taken === 0) break;
      }
      await receiver.close();
    }
    await connection.close();
  }
}
