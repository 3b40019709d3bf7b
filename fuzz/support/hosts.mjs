/** Hosts of an engine that write down what they are told, and find fault with what they must not be told. */
import { IncomingDelivery, OutgoingDelivery } from '../../dist/engine/index.js';
import { check } from './oracle.mjs';

const stateOf = ({ remoteState, remoteSettled }) =>
  `${remoteState?.type ?? typeof remoteState}${remoteSettled ? '!' : ''}`;

/** What all hosts have: a name, and an end that comes once and last. */
class Host {
  ended = false;

  constructor(scene, name) {
    this.scene = scene;
    this.name = name;
    scene.hosts.push(this);
  }

  told(what) {
    check(!this.ended, `${this.name} is told ${what} after its end`);
    this.scene.log.push(`${this.name}: ${what}`);
  }

  event(event) {
    const { type } = event;
    if (type !== 'ended') {
      this.told(type);
      this.happened(event);
      return;
    }
    const { by, error, clean, closed } = event;
    check(error.code !== 'internal', `${this.name} ended with an internal error: ${error.message}`);
    this.told(`ended by ${by}, ${error.code}: ${error.message} ${clean} ${closed}`);
    this.ended = true;
  }

  happened() {}
}

export class ConnectionHost extends Host {
  happened({ type, session }) {
    if (type === 'sessionRequested') this.scene.serve(session);
  }

  wake() {}
}

export class SessionHost extends Host {
  happened({ type, link, remote }) {
    if (type === 'linkRequested') this.scene.serveLink(link, remote);
  }
}

export class LinkHost extends Host {
  taken = [];

  creditChanged() {
    this.told(`credit ${this.link.credit} ${this.link.drain}`);
    this.scene.credit(this.link);
  }

  createDelivery() {
    return new Taken(this);
  }

  aborted() {
    this.told('aborted');
  }

  drained() {
    this.told('drained');
  }
}

/** A delivery that was received. */
class Taken extends IncomingDelivery {
  #delivered = false;

  constructor(host) {
    super();
    this.host = host;
  }

  delivered() {
    check(!this.#delivered, 'a delivery is delivered twice');
    this.#delivered = true;
    // A copy: what the engine has kept must not change later.
    this.content = Buffer.from(this.block.bytes.subarray(this.payloadStart, this.payloadEnd)).toString('base64');
    const tag = Buffer.from(this.tag).toString('hex');
    this.host.told(`delivery ${this.id} ${tag} ${this.messageFormat} ${stateOf(this)} ${this.content}`);
    this.host.taken.push(this);
    this.host.scene.arrived(this.host, this);
  }

  updated() {
    check(this.#delivered, 'a delivery that was not delivered is updated');
    this.host.told(`delivery ${this.id} ${stateOf(this)}`);
  }

  /** Finds fault with octets that have changed since. */
  checkContent() {
    const now = Buffer.from(this.block.bytes.subarray(this.payloadStart, this.payloadEnd)).toString('base64');
    check(now === this.content, 'the octets of a delivery have changed');
  }
}

/** A delivery to send. */
export class Sent extends OutgoingDelivery {
  handedOver = 0;
  settledByPeer = false;
  lost = false;

  constructor(host, number) {
    super();
    this.host = host;
    this.number = number;
  }

  #told(what) {
    check(!this.lost, `delivery ${this.number} is told ${what} after it was dropped`);
    this.host.scene.log.push(`sent ${this.number}: ${what}`);
  }

  transferred() {
    this.#told('transferred');
    check(++this.handedOver === 1, 'a delivery is handed over twice');
  }

  updated() {
    this.#told(`${this.id} ${stateOf(this)}`);
    check(!this.settledByPeer, 'a delivery that the peer has settled is updated');
    this.settledByPeer = this.remoteSettled;
  }

  dropped(error) {
    this.#told(`dropped, ${error.code}`);
    check(error.code !== 'internal', 'a delivery is dropped with an internal error');
    check(!this.settledByPeer, 'a delivery that the peer has settled is dropped');
    this.lost = true;
  }

  /** When all has ended, its fate is known. */
  checkEnd() {
    const { progress, settled, settledByPeer, lost } = this;
    const known = settledByPeer || lost || progress === 'aborted' || (settled && progress === 'transferred');
    check(known, `delivery ${this.number} is ${progress} at the end, and nobody was told`);
  }
}
