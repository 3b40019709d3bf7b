/** An engine with a program that uses it, driven by choices, in front of a peer that is made of choices too. */
import { blockOf } from '../../dist/codec/index.js';
import { accepted, released } from '../../dist/definitions/index.js';
import { Connection } from '../../dist/engine/index.js';
import { Choices } from './choices.mjs';
import { AMQP, greetings, SASL, saslOf } from './conversation.mjs';
import { frameOf } from './frames.mjs';
import { performatives, saslFrames } from './tables.mjs';
import { Heard, OVERWRITTEN } from './heard.mjs';
import { ConnectionHost, LinkHost, Sent, SessionHost } from './hosts.mjs';
import { check, outcome } from './oracle.mjs';
import { Peer } from './plausible.mjs';

/** What a call of the program may fail with: it calls without a look at where things stand. */
const REFUSALS = [
  ['illegal-state', 'invalid-argument', 'encode-error', 'message-too-large', 'send-queue-full', 'link-closed'],
  ['link-detached-by-peer', 'link-failed', 'link-refused', 'session-ended', 'session-failed', 'connection-closed'],
  ['session-ended-by-peer', 'connection-closed-by-peer', 'connection-lost', 'protocol-error', 'framing-error'],
  ['frame-too-large', 'idle-timeout', 'connect-timeout', 'channels-exhausted', 'handles-exhausted'],
  ['authentication-failed', 'authentication-unavailable', 'mechanism-unavailable', 'insecure-credentials'],
  ['protocol-mismatch', 'close-timeout'],
].flat();
const ACTIONS = 16;
/** Deliveries that a repeating peer may leave unsettled: what it says of them concerns no more than these. */
const MOST_CREDIT = 50;
/** Nothing that one input makes it do may go on for longer. */
const MOST_SENDS = 200;

export class Scene {
  log = [];
  hosts = [];
  written = [];
  #links = [];
  #sessions = [];
  #sent = [];
  #now = 0;
  #unwritten = 0;
  #uncut = false;

  /** @param deliver - gives octets to the engine, in one read or several; as whole says, they must not be cut */
  constructor(role, choices, deliver) {
    this.role = role;
    this.choices = choices;
    this.deliver = deliver;
    this.peer = new Peer(role === 'server');
    const setting = choices.octet();
    this.policy = choices.octet();
    this.sasl = setting % 4 === 1;
    this.limits = { maxFrameSize: setting & 4 ? 512 : 4096, highWaterMark: setting & 8 ? 600 : 1_000_000 };
    this.heard = new Heard();
    this.connection = new Connection(
      {
        role,
        containerId: 'engine',
        channelMax: 3,
        maxQueuedSize: 20_000,
        maxIncompleteSize: 20_000,
        ...(this.sasl ? { sasl: saslOf[role] } : {}),
        ...this.limits,
      },
      new ConnectionHost(this, 'connection'),
    );
    this.greeting = greetings[role](this.sasl).slice(0, [undefined, -4, -5, 0][(setting >> 4) % 4]);
  }

  run() {
    this.#greet();
    for (let step = 0; !this.choices.over && step < 300; step++) {
      this.#step();
      this.flush();
    }
    this.#end();
  }

  /** Has some octets of the peer arrive, made of what `make` gives, again and again. */
  repeat(size, make) {
    this.#greet();
    for (const { link } of this.#links) if ('grant' in link) link.grant(MOST_CREDIT);
    for (let arrived = 0; arrived < size;) {
      const octets = make(this.peer);
      this.#receive(octets);
      this.flush();
      arrived += octets.length;
    }
    this.#end();
  }

  #greet() {
    this.connection.start(this.#now);
    this.#begin();
    for (const [kind, ...choices] of this.greeting) {
      this.#receive(kind(new Choices(Uint8Array.from(choices)), this.peer));
      this.#begin();
      this.flush();
    }
  }

  /** A client begins a session with two links as soon as it can. */
  #begin() {
    if (this.role === 'client' && this.#sessions.length === 0 && this.connection.sending) this.#beginSession();
  }

  #beginSession() {
    const session = this.#call('createSession', () => this.#session());
    if (session === undefined) return;
    this.#attach(session, 'out', false);
    this.#attach(session, 'in', true);
  }

  #session() {
    const host = new SessionHost(this, `session ${this.#sessions.length}`);
    const session = this.#made(host, () => this.connection.createSession({ handleMax: 7, incomingWindow: 8 }, host));
    this.#sessions.push(session);
    return session;
  }

  #attach(session, name, receiver) {
    const host = new LinkHost(this, `link ${this.#links.length}`);
    const options = { ...this.#linkOptions(), source: { address: name }, target: { address: name } };
    const link = this.#call(`attach ${name}`, () =>
      this.#made(host, () => session[receiver ? 'attachReceiver' : 'attachSender'](name, options, host)),
    );
    if (link === undefined) return;
    host.link = link;
    this.#links.push({ link, host });
    if (receiver) link.grant(3);
  }

  #linkOptions() {
    const second = this.policy & 1 ? 1 : 0;
    return { receiverSettleMode: second, maxMessageSize: this.policy & 2 ? 1000n : undefined };
  }

  /** A host of what could not be made hears nothing, and no end. */
  #made(host, make) {
    try {
      return make();
    } catch (error) {
      this.hosts.splice(this.hosts.indexOf(host), 1);
      throw error;
    }
  }

  /** A call of the program: what it fails with is written down too. */
  #call(name, call) {
    const { value, error } = outcome(call, ...REFUSALS);
    if (error !== undefined) this.log.push(`${name}: ${error.code}`);
    return value;
  }

  serve(session) {
    if (this.policy & 0x80) return;
    const host = new SessionHost(this, `session ${this.#sessions.length}`);
    this.#call('begin', () => this.#made(host, () => session.begin({ handleMax: 7, incomingWindow: 8 }, host)));
    this.#sessions.push(session);
  }

  serveLink(link, remote) {
    if (remote.name === 'third' && this.policy & 4) {
      this.#call('refuse', () => link.refuse({ condition: 'amqp:not-found', description: remote.name }));
      return;
    }
    const host = new LinkHost(this, `link ${this.#links.length}`);
    host.link = link;
    const options = { ...this.#linkOptions(), source: {}, target: {} };
    this.#call('attach', () => this.#made(host, () => link.attach(options, host)));
    this.#links.push({ link, host });
    if ('grant' in link && link.attached) link.grant(3);
  }

  credit(link) {
    if (this.policy & 8) link.drained();
    else if (link.credit > 0 && this.policy & 16) this.#send(link, 20);
  }

  arrived(host, delivery) {
    if (this.policy & 32) this.#settle(host, delivery);
  }

  #settle({ link }, delivery) {
    const states = [accepted, released, { type: 'rejected', error: { condition: 'x:y' } }];
    this.#call('settle', () => link.settle(delivery, states[delivery.id % states.length], delivery.id % 5 !== 4));
  }

  #send(link, size) {
    const { host } = this.#links.find((each) => each.link === link) ?? {};
    if (host === undefined || this.#sent.length > MOST_SENDS) return;
    const delivery = new Sent(host, this.#sent.length);
    delivery.settled = size % 5 === 1;
    // A Buffer, whose methods are not all those of its class.
    const payload = Buffer.alloc(size, this.#sent.length);
    const handedOver = this.#call('send', () => link.send(delivery, payload));
    payload.fill(OVERWRITTEN);
    if (handedOver === undefined) return;
    this.#sent.push(delivery);
    this.log.push(`sent ${delivery.number}: ${handedOver}`);
    if (handedOver) delivery.handedOver++;
  }

  /** What follows octets that are no whole frame may be several frames; only one at a time may be cut: see README. */
  #receive(octets) {
    const whole = octets.length >= 8 && (octets[0] === AMQP[0] || blockOf(octets).view.getUint32(0) === octets.length);
    this.#uncut ||= !whole;
    this.deliver(octets, this.#uncut, (piece) => this.connection.receive(piece, this.#now));
  }

  /** One thing that the peer says, or that the program does. */
  #step() {
    const { choices, peer } = this;
    const choice = choices.octet();
    if (choice < 0xa0) this.#receive(frameOf(choices, performatives[choice % performatives.length], peer));
    else if (choice < 0xb0) this.#receive(frameOf(choices, saslFrames[choice % saslFrames.length], peer, 1));
    else if (choice < 0xb4) this.#receive(choice % 2 ? SASL : AMQP);
    else if (choice < 0xb8) this.#receive(choices.take(8 + choices.octet()));
    else this.#act(choice);
  }

  #act(choice) {
    const { choices, connection } = this;
    const link = this.#links[choices.octet() % Math.max(1, this.#links.length)];
    const session = this.#sessions.at(-1);
    const error = choice & 0x10 ? { condition: 'x:y', description: 'because' } : undefined;
    switch (choice % ACTIONS) {
      case 0:
        return this.#actOnSender(link, (sender) => this.#send(sender, choices.octet() * 40));
      case 1:
        return this.#actOnSender(link, (sender) => sender.drained());
      case 2: {
        const delivery = this.#sent.find(({ progress }) => progress === 'queued' || progress === 'started');
        if (delivery !== undefined) this.#call('cancel', () => delivery.host.link.cancel(delivery));
        return undefined;
      }
      case 3: {
        const delivery = this.#sent.find(({ progress, settled }) => progress === 'transferred' && !settled);
        if (delivery !== undefined) this.#call('settle', () => delivery.host.link.settle(delivery, accepted));
        return undefined;
      }
      case 4:
        return this.#actOnReceiver(link, (receiver) => receiver.grant(choices.octet()));
      case 5:
        return this.#actOnReceiver(link, (receiver) => receiver.drainCredit());
      case 6:
      case 7: {
        const delivery = link?.host.taken.find(({ settled }) => !settled);
        if (delivery !== undefined) this.#settle(link.host, delivery);
        return undefined;
      }
      case 8:
        return link && this.#call('detach', () => link.link.detach({ closed: choices.octet() % 2 === 0, error }));
      case 9:
        return session && this.#call('end', () => session.end(error));
      case 10:
        return this.#call('close', () => connection.close(error));
      case 11:
        return this.#beginSession();
      case 12:
        return session && this.#attach(session, choices.one(['third', 'out', 'in']), choices.octet() % 2 === 0);
      case 13:
        return this.#tick(choices.number(2));
      case 14:
        this.#unwritten = choices.octet() % 4;
        return undefined;
      default:
        return connection.transportEnded();
    }
  }

  #actOnSender(each, act) {
    if (each !== undefined && 'send' in each.link) this.#call('act', () => act(each.link));
  }

  #actOnReceiver(each, act) {
    if (each !== undefined && 'grant' in each.link && each.link.handle >= 0) this.#call('act', () => act(each.link));
  }

  #tick(milliseconds) {
    this.#now += milliseconds;
    const { connection } = this;
    const due = connection.deadline();
    if (due !== undefined && due <= this.#now) connection.tick(this.#now);
  }

  /** Takes what the engine writes. A slow transport takes it and is not done with it. */
  flush() {
    const { connection } = this;
    for (let chunk = connection.transmit(); chunk !== undefined; chunk = connection.transmit()) {
      this.heard.take(chunk);
      this.written.push(chunk.slice());
      if (this.#unwritten > 0) this.#held += chunk.length;
      else connection.written(chunk.length);
    }
    if (this.#unwritten > 0 && --this.#unwritten === 0) {
      connection.written(this.#held);
      this.#held = 0;
    }
    this.peer.heard = this.heard.transfers;
  }

  #held = 0;

  #end() {
    const { connection } = this;
    this.heard.end();
    for (const { host } of this.#links) for (const delivery of host.taken) delivery.checkContent();
    connection.transportEnded();
    check(connection.buffered === 0, `${connection.buffered} octets are left at the end`);
    for (const { name, ended } of this.hosts) check(ended, `${name} was never told its end`);
    for (const delivery of this.#sent) delivery.checkEnd();
    for (const { unsettledOutgoing, unsettledIncoming } of this.#sessions)
      check(unsettledOutgoing + unsettledIncoming === 0, 'a session holds deliveries at the end');
    // Whatever comes now is heard by nobody.
    const said = this.log.length;
    connection.receive(AMQP, this.#now);
    connection.transportEnded();
    check(this.log.length === said, 'something is told after the end');
  }
}
