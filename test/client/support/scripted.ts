import { expect, onTestFinished } from 'vitest';
import {
  AmqpError,
  connect,
  encodeMessage,
  type Connection,
  type ConnectOptions,
  type MessageInit,
} from '../../../src/client/index.ts';
import { ScriptedPeer, type CompositeValue, type WireFrame } from '../../../src/testing/index.ts';

/** Connects to a scripted peer. */
export async function connectTo(peer: ScriptedPeer, options: ConnectOptions = {}): Promise<Connection> {
  const connection = await connect('amqp://peer', { transport: () => peer.transport, ...options });
  onTestFinished(() => peer.end());
  return connection;
}

/** A peer and a connection to it. */
export async function connected(
  script: (peer: ScriptedPeer) => void = () => undefined,
  options: ConnectOptions = {},
): Promise<{ peer: ScriptedPeer; connection: Connection }> {
  const peer = new ScriptedPeer();
  script(peer);
  return { peer, connection: await connectTo(peer, options) };
}

/** Lets everything that is ready run. */
export async function settle(rounds = 10): Promise<void> {
  for (let round = 0; round < rounds; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** How long a test waits for something that needs timers of the system, in ms; less than vitest waits for the test. */
const PATIENCE = 4000;

/** Resolves once a condition holds. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what} did not come true within ${PATIENCE} ms`);
    await settle(1);
  }
}

/** Resolves with the n-th frame of a kind. */
export async function frameOf(peer: ScriptedPeer, is: string, index = 0): Promise<WireFrame> {
  await until(() => peer.framesOf(is).length > index, `frame ${index} of ${is}`);
  const frame = peer.framesOf(is)[index];
  if (frame === undefined) throw new Error('unreachable');
  return frame;
}

/** The error of a promise that must reject. */
export async function failure(promise: Promise<unknown>): Promise<AmqpError> {
  const outcome: unknown = await promise.then(
    () => 'it resolved',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(AmqpError);
  if (!AmqpError.is(outcome)) throw new Error('unreachable');
  return outcome;
}

/** What is thrown by a call that must throw. */
export function thrown(call: () => unknown): AmqpError {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(AmqpError);
    if (AmqpError.is(error)) return error;
  }
  throw new Error('it did not throw');
}

/** Whether a promise is still pending after all that is ready has run. */
export async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let pending = true;
  const over = (): void => {
    pending = false;
  };
  promise.then(over, over);
  await settle();
  return pending;
}

/** A value as a program without types may give it: it is not what it is said to be. */
export function untyped<T>(value: unknown, box: { readonly value?: T } = {}): T {
  Reflect.set(box, 'value', value);
  if (box.value === undefined) throw new Error('undefined has a type');
  return box.value;
}

const windows = { 'next-incoming-id': 0, 'incoming-window': 1000, 'next-outgoing-id': 0, 'outgoing-window': 1000 };

/** The peer's side of one link, known by the attach that the client sent. */
export class PeerLink {
  readonly peer: ScriptedPeer;
  readonly attach: WireFrame;

  constructor(peer: ScriptedPeer, attach: WireFrame) {
    this.peer = peer;
    this.attach = attach;
  }

  static async of(peer: ScriptedPeer, index = 0): Promise<PeerLink> {
    return new PeerLink(peer, await frameOf(peer, 'attach', index));
  }

  get handle(): number {
    return Number(this.attach.fields['handle']);
  }

  send(composite: CompositeValue, payload?: Uint8Array): void {
    this.peer.send(composite, payload, this.attach.channel);
  }

  flow(fields: Omit<CompositeValue, 'is'> = {}): void {
    this.send({ is: 'flow', ...windows, handle: this.handle, 'delivery-count': 0, ...fields });
  }

  transfer(id: number, message: MessageInit | Uint8Array = `m${id}`, fields: Omit<CompositeValue, 'is'> = {}): void {
    const payload = message instanceof Uint8Array ? message : encodeMessage(message);
    const tag = Uint8Array.of(id >> 8, id);
    this.send(
      { is: 'transfer', handle: this.handle, 'delivery-id': id, 'delivery-tag': tag, 'message-format': 0, ...fields },
      payload,
    );
  }

  /** What the receiver tells of deliveries of the client; `asSender` what the sender tells of its own. */
  disposition(first: number, state: CompositeValue | null, fields: Omit<CompositeValue, 'is'> = {}): void {
    this.send({ is: 'disposition', role: true, first, settled: true, state, ...fields });
  }

  detach(error?: CompositeValue): void {
    this.send({ is: 'detach', handle: this.handle, closed: true, error });
  }

  /** The flows of the client for this link. */
  get flows(): readonly Readonly<Record<string, unknown>>[] {
    return this.peer
      .framesOf('flow')
      .filter(({ channel, fields }) => channel === this.attach.channel && fields['handle'] === this.handle)
      .map(({ fields }) => fields);
  }
}

/** An error as it stands in a detach, an end, a close or a rejected. */
export const wireError = (condition: string, description?: string): CompositeValue => ({
  is: 'error',
  condition,
  description,
});

/** Makes a peer say nothing to one kind of frame. */
export const mute = (peer: ScriptedPeer, ...kinds: string[]): void => {
  for (const is of kinds) peer.on(is, () => undefined);
};
