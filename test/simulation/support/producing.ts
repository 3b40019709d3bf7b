import { AmqpError, type Receipt, type Sender, type SendOptions } from '../../../src/client/index.ts';
import type { Life } from './actor.ts';
import { LOSSY } from './queues.ts';

/** Errors of a send after which the peer may have the message. */
const IN_DOUBT = new Set(['outcome-unknown', 'aborted', 'timeout']);

/** Sends messages in every way that there is, on links that come and go. */
export class Producing {
  readonly #life: Life;
  readonly #name: string;
  #links = 0;
  #messages = 0;

  constructor(life: Life, name: string) {
    this.#life = life;
    this.#name = name;
  }

  async run(): Promise<void> {
    const { scene, links } = this.#life;
    while (!this.#over) {
      try {
        const queue = scene.random.pick(scene.queues);
        const sender = await scene.track(
          `createSender of ${this.#name}`,
          links.createSender(queue, {
            name: `${this.#name}/${this.#links++}`,
            timeout: scene.random.pick([20, 30_000]),
            maxPending: scene.random.pick([2, 1000]),
            ...(queue === LOSSY ? ({ senderSettleMode: 'settled' } as const) : {}),
          }),
        );
        await this.#use(sender, queue);
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

  async #use(sender: Sender, queue: string): Promise<void> {
    const { scene } = this.#life;
    const { random } = scene;
    const link = { gone: false };
    void sender.closed.then(() => (link.gone = true));
    const sends: Promise<void>[] = [];
    for (let left = random.int(1, 60); left > 0 && !link.gone && !this.#over; left--) {
      sends.push(this.#send(sender, queue));
      if (sends.length > 20 || random.chance(0.2)) await Promise.race([Promise.all(sends.splice(0)), sender.closed]);
      if (random.chance(0.5)) await scene.sleep(random.int(0, 100));
    }
    if (random.chance(0.7)) await Promise.race([Promise.all(sends), sender.closed, scene.sleep(5000)]);
    const end = random.chance(0.2) ? sender.detach() : sender.close();
    await scene.track(`close of ${sender.name}`, end);
  }

  async #send(sender: Sender, queue: string): Promise<void> {
    const { scene } = this.#life;
    const { random, ledger } = scene;
    const id = `${this.#name}#${this.#messages++}`;
    const size = random.chance(0.03) ? random.int(2000, 50_000) : random.int(0, 400);
    const message = { properties: { messageId: id }, body: new Uint8Array(size) };
    ledger.sending(id, queue);
    try {
      await this.#dispatch(sender, message, id);
      ledger.accepted(id);
    } catch (error) {
      scene.expectOurs(error);
      if (AmqpError.is(error) && !IN_DOUBT.has(error.code)) ledger.refused(id);
      else ledger.unknown(id);
    }
  }

  async #dispatch(sender: Sender, message: { properties: object; body: Uint8Array }, id: string): Promise<void> {
    const { scene } = this.#life;
    switch (scene.random.weighted(['send', 6], ['receipt', 2], ['attempt', 1])) {
      case 'send':
        return scene.track(`send of ${id}`, sender.send(message, this.#limits()));
      case 'receipt':
        return this.#settled(await scene.track(`sendWithReceipt of ${id}`, sender.sendWithReceipt(message)), id);
      case 'attempt': {
        const receipt = sender.trySend(message);
        if (receipt === undefined) throw new AmqpError('link-closed', 'nothing was sent');
        return this.#settled(receipt, id);
      }
      default:
    }
  }

  async #settled(receipt: Receipt, id: string): Promise<void> {
    const outcome = await this.#life.scene.track(`outcome of ${id}`, receipt.outcome);
    if (outcome.state === 'accepted') return;
    throw outcome.state === 'unknown' ? outcome.error : new AmqpError('rejected', outcome.state);
  }

  #limits(): SendOptions {
    const { random, world } = this.#life.scene;
    if (random.chance(0.1)) return { timeout: random.int(0, 100) };
    if (!random.chance(0.1)) return {};
    const controller = new AbortController();
    world.after(random.int(0, 100), () => controller.abort());
    return { signal: controller.signal };
  }
}
