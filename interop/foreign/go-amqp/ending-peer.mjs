/** A peer that ends what a client asks it to, which no broker does: the address of a link tells what a message on it ends. */
import { Connection, IncomingDelivery } from '../../../dist/engine/index.js';
import { Driver, listenTcp, systemClock } from '../../../dist/io/index.js';
import { SaslServer, serverPlain } from '../../../dist/sasl/index.js';

const stolen = { condition: 'amqp:link:stolen', description: 'somebody else has it' };
const exhausted = { condition: 'amqp:resource-limit-exceeded', description: 'too much' };
const forced = { condition: 'amqp:connection:forced', description: 'go away' };

const accepted = { type: 'accepted' };

/** A message from the client: hands on that it is there. */
class Incoming extends IncomingDelivery {
  #taken;

  constructor(taken) {
    super();
    this.#taken = taken;
  }

  delivered() {
    this.#taken(this);
  }
}

class EndingConnection {
  #engine;
  #driver;
  /** The links that are attached, by address. */
  #links = new Map();

  constructor(transport) {
    const sasl = (host) => new SaslServer([serverPlain(() => true)], host);
    const options = { role: 'server', containerId: 'ending-peer', requireSasl: false, sasl };
    this.#engine = new Connection(options, this);
    this.#driver = new Driver(this.#engine, transport, systemClock);
    this.#driver.start();
  }

  wake() {
    this.#driver.wake();
  }

  event(event) {
    if (event.type !== 'sessionRequested') return;
    const { session } = event;
    session.begin({}, { event: (told) => told.type === 'linkRequested' && this.#attach(session, told) });
  }

  #attach(session, { link, remote }) {
    const { source, target } = remote;
    const options = {
      source,
      target,
      senderSettleMode: remote.sndSettleMode,
      receiverSettleMode: remote.rcvSettleMode,
    };
    const { address } = remote.role ? source : target;
    this.#links.set(address, [...(this.#links.get(address) ?? []), link]);
    link.attach(options, {
      event: () => undefined,
      creditChanged: () => undefined,
      createDelivery: () => new Incoming((delivery) => this.#end(address, session, link, delivery)),
    });
    if (!remote.role) link.grant(10);
  }

  #end(what, session, link, delivery) {
    if (what === 'link' || what === 'link quietly') {
      const error = what === 'link' ? stolen : undefined;
      for (const each of this.#links.get(what)) each.detach({ closed: true, error });
    } else if (what === 'session') session.end(exhausted);
    else if (what === 'connection') this.#engine.close(forced);
    else if (what === 'transport') this.#driver.destroy();
    else link.settle(delivery, accepted);
  }
}

/** Listens; resolves to `{ port, close() }`. */
export function startEndingPeer() {
  return listenTcp({ host: '127.0.0.1', port: 0 }, (transport) => new EndingConnection(transport));
}
