import {
  decodeMessage,
  encodeMessage,
  value,
  type Connection,
  type ConnectOptions,
  type Delivery,
  type Message,
  type Receiver,
  type ReceiverOptions,
} from '../../../src/client/index.ts';
import { FakeClock, type ScriptedPeer } from '../../../src/testing/index.ts';
import { hex, toHex } from '../../codec/support/hex.ts';
import { connected, PeerLink, until } from '../../client/support/scripted.ts';

/** A receiver whose time stands still, and the peer's side of its link. */
export interface Receiving {
  readonly connection: Connection;
  readonly peer: ScriptedPeer;
  readonly clock: FakeClock;
  readonly receiver: Receiver;
  readonly link: PeerLink;
}

/** Attaches a receiver to a scripted peer. */
export async function receiving(
  options: ReceiverOptions = {},
  script: (peer: ScriptedPeer) => void = () => undefined,
  connectOptions: ConnectOptions = {},
): Promise<Receiving> {
  const clock = new FakeClock();
  const { connection, peer } = await connected(script, { clock, ...connectOptions });
  const receiver = await connection.createReceiver('q', options);
  const link = await PeerLink.of(peer);
  if (options.credit !== 'manual') await until(() => link.flows.length === 1, 'the first credit');
  return { connection, peer, clock, receiver, link };
}

/** Takes messages that have arrived. */
export const taken = (receiver: Receiver, count: number): Delivery[] =>
  Array.from({ length: count }, () => {
    const delivery = receiver.tryReceive();
    if (delivery === undefined) throw new Error('fewer messages have arrived');
    return delivery;
  });

/** The credit that the flows granted, each with the count that it stands on. */
export const grants = ({ flows }: PeerLink): unknown[] =>
  flows.map((flow) => [flow['delivery-count'] ?? 0, flow['link-credit'] ?? 0]);

/** The dispositions that the peer got: first, last, state and whether they settle. */
export const told = (peer: ScriptedPeer): unknown[] =>
  peer
    .framesOf('disposition')
    .map(({ fields }) => [
      fields['first'],
      fields['last'] ?? fields['first'],
      nameOf(fields['state']),
      fields['settled'] === true,
    ]);

function nameOf(state: unknown): unknown {
  return typeof state === 'object' && state !== null && 'is' in state ? state.is : undefined;
}

/** The message whose sections have these octets. */
export const messageOf = (...sections: readonly string[]): Message => decodeMessage(hex(sections.join('')));

/** What a value with these octets reads as, in an amqp-value section. */
export const readValue = (octets: string): unknown => messageOf('005377', octets).value;

/** The octets of a value, as they are sent in an amqp-value section. */
export const writtenValue = (content: unknown): string =>
  toHex(encodeMessage({ body: value(content) })).replace(/^005377/, '');

/** Reads a value, and writes it back as it was read. */
export const roundTrip = (octets: string): string => writtenValue(readValue(octets));
