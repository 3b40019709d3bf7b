import { AmqpError, connect, type Connection } from '../../../src/client/index.ts';
import { Consuming } from './consuming.ts';
import { Meddling } from './meddling.ts';
import { Producing } from './producing.ts';
import type { Scene } from './scene.ts';
import type { Pipe } from './network.ts';

/** What the workers of one connection share. */
export interface Life {
  readonly scene: Scene;
  readonly who: string;
  readonly connection: Connection;
  /** What links are made on: the connection, or a session with a window of its own. */
  readonly links: Pick<Connection, 'createSender' | 'createReceiver'>;
  /** What the connection goes over now: another after each recovery. */
  readonly route: Route;
  /** Whether this program has begun to end the connection. */
  leaving: boolean;
}

/** The pipes of one connection, one after the other, and what was settled for good over the last of them. */
export class Route {
  readonly #open: (first: boolean) => Pipe;
  #pipe: Pipe | undefined = undefined;
  readonly finished: Set<string> = new Set<string>();

  constructor(open: (first: boolean) => Pipe) {
    this.#open = open;
  }

  /** What was written over the pipe before may be lost: nothing is known of it any more. */
  next(): Pipe {
    this.finished.clear();
    this.#pipe = this.#open(this.#pipe === undefined);
    return this.#pipe;
  }

  get pipe(): Pipe {
    if (this.#pipe === undefined) throw new Error('there is no pipe yet');
    return this.#pipe;
  }
}

/** A program that uses the client at random: connects, works, is cut off or leaves, and comes again. */
export class Actor {
  readonly #scene: Scene;
  readonly #name: string;
  #lives = 0;

  constructor(scene: Scene, name: string) {
    this.#scene = scene;
    this.#name = name;
  }

  async run(): Promise<void> {
    const { scene } = this;
    while (!scene.stopping) {
      await this.#live();
      await scene.sleep(scene.random.int(0, 500));
    }
  }

  get scene(): Scene {
    return this.#scene;
  }

  async #live(): Promise<void> {
    const { scene } = this;
    const { random } = scene;
    const who = `${this.#name}.${this.#lives++}`;
    const route = new Route((first) => this.#pipe(who, first));
    const connection = await this.#connect(who, route);
    if (connection === undefined) return;
    const links = await this.#links(who, connection);
    const life: Life = { scene, who, connection, links, route, leaving: false };
    this.#plan(route.pipe);
    const workers = Array.from({ length: random.int(1, 4) }, (_, index) =>
      random.chance(0.5) ? new Producing(life, `${who}p${index}`).run() : new Consuming(life, `${who}c${index}`).run(),
    );
    if (random.chance(0.3)) workers.push(new Meddling(life, `${who}m`).run());
    await Promise.race([
      scene.sleep(random.int(100, 5000)),
      connection.closed,
      ...(scene.stopping ? [] : [scene.stop]),
    ]);
    await this.#leave(life);
    await Promise.all(workers);
  }

  #pipe(who: string, first: boolean): Pipe {
    const pipe = this.scene.pipe(who);
    if (this.scene.random.chance(0.1)) pipe.cutAfter(this.scene.random.int(0, 600));
    if (!first) this.#plan(pipe);
    return pipe;
  }

  async #connect(who: string, route: Route): Promise<Connection | undefined> {
    const { scene } = this;
    const { random } = scene;
    const reconnect = {
      initialDelay: 10,
      maxDelay: random.pick([20, 1000]),
      maxAttempts: random.pick([1, 10, Infinity]),
      random: () => random.next(),
    };
    const options = {
      containerId: who,
      clock: scene.world,
      transport: () => route.next().near,
      reconnect: random.chance(0.7) ? reconnect : false,
      maxFrameSize: random.pick([512, 700, 4096, 65_536]),
      idleTimeout: random.pick([0, 2000, 60_000]),
      highWaterMark: random.pick([1, 5000, 1_048_576]),
      maxSessions: random.pick([1, 2, 65_536]),
      maxQueuedSize: random.pick([1000, 20_000, 268_435_456]),
      connectTimeout: random.pick([50, 30_000]),
    };
    try {
      return await scene.track(`connect of ${who}`, connect('amqp://simulated', options));
    } catch (error) {
      scene.expectOurs(error);
      return undefined;
    }
  }

  async #links(who: string, connection: Connection): Promise<Life['links']> {
    const { scene } = this;
    if (scene.random.chance(0.6)) return connection;
    try {
      const incomingWindow = scene.random.pick([1, 2, 50]);
      return await scene.track(`createSession of ${who}`, connection.createSession({ incomingWindow }));
    } catch (error) {
      scene.expectOurs(error);
      return connection;
    }
  }

  /** What will happen to the connection, if anything does. */
  #plan(pipe: Pipe): void {
    const { random, world } = this.scene;
    const fault = random.weighted(['none', 4], ['late cut', 2], ['cut', 2], ['silence', 1]);
    if (fault === 'late cut') pipe.cutAfter(random.int(0, 50_000));
    if (fault === 'cut') pipe.cutAfter(random.int(0, 5000));
    if (fault === 'silence') world.after(random.int(0, 4000), () => pipe.silence());
  }

  async #leave(life: Life): Promise<void> {
    const { scene } = this;
    life.leaving = true;
    if (scene.random.chance(0.2)) life.route.pipe.cut();
    try {
      await scene.track(`close of ${life.who}`, life.connection.close());
    } catch (error) {
      scene.expectOurs(error);
    }
    const { by, error } = await scene.track(`closed of ${life.who}`, life.connection.closed);
    // Where the peer has answered our close it has seen all that was written before; in an outage nobody has.
    const answered = by === 'local' && error === undefined && !life.route.pipe.broken;
    if (answered) for (const id of life.route.finished) scene.ledger.confirmed(id);
    if (error !== undefined && !AmqpError.is(error))
      scene.faults.push(`closed of ${life.who} carries ${String(error)}`);
  }
}
