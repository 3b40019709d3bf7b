import { onTestFinished } from 'vitest';
import {
  connect,
  type Connection,
  type ConnectOptions,
  type HostSource,
  type ReconnectOptions,
} from '../../../src/client/index.ts';
import { ScriptedPeer } from '../../../src/testing/index.ts';
import { soon } from './outage.ts';

/** A new scripted peer for each connection that is made, and where each was made to. */
export class Peers {
  readonly all: ScriptedPeer[] = [];
  readonly places: string[] = [];
  readonly #script: (peer: ScriptedPeer, index: number) => void;

  /** @param script - prepares the peer of a connection; what it throws makes the attempt fail */
  constructor(script: (peer: ScriptedPeer, index: number) => void = () => undefined) {
    this.#script = script;
  }

  async connect(
    reconnect: boolean | ReconnectOptions = soon,
    hosts: HostSource = 'amqp://one',
    options: ConnectOptions = {},
  ): Promise<Connection> {
    const connection = await connect(hosts, {
      ...options,
      reconnect,
      transport: (host, port) => {
        this.places.push(`${host}:${port}`);
        const peer = new ScriptedPeer();
        this.#script(peer, this.places.length - 1);
        this.all.push(peer);
        return peer.transport;
      },
    });
    onTestFinished(() => connection.close());
    return connection;
  }

  /** The peer of the n-th connection. */
  peer(index: number): ScriptedPeer {
    const peer = this.all[index];
    if (peer === undefined) throw new Error(`there is no connection ${index}`);
    return peer;
  }
}
