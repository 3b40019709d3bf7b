/** How a conversation usually begins: headers, SASL, and the frames of a peer until the session has two links. */
import { plain, SaslClient, SaslServer, serverPlain } from '../../dist/sasl/index.js';
import { frameOf } from './frames.mjs';
import { performatives, saslFrames } from './tables.mjs';

export const AMQP = Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 1, 0, 0);
export const SASL = Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 3, 1, 0, 0);

/** A mechanism that is asked once. */
const asking = { name: 'ASKING', clearText: false, start: () => undefined, step: (challenge) => challenge };
/** One that never decides: what follows waits. */
const slow = { name: 'ASKING', authenticate: () => new Promise(() => undefined) };
const client = { encrypted: false, loopback: true, allowInsecurePlain: false };

/** The engine's side of SASL, by its role. */
export const saslOf = {
  client: (host) => new SaslClient({ ...client, mechanisms: [asking, plain('user', 'pass')] }, host),
  server: (host) =>
    new SaslServer([serverPlain((user, password) => user === 'user' && password === 'pass'), slow], host),
};

const header = (octets) => () => octets;
const amqp = (index) => (choices, peer) => frameOf(choices, performatives[index], peer);
const sasl = (index) => (choices, peer) => frameOf(choices, saslFrames[index], peer, 1);
const [OPEN, BEGIN, ATTACH, FLOW] = [0, 1, 2, 3];
const [MECHANISMS, INIT, , , OUTCOME] = [0, 1, 2, 3, 4];
/** An attach with the name and the role of the second link; a flow for the handle of it. */
const SECOND = { attach: [2, 0, 1, 2, 1], flow: [1, 4, 1] };

const links = [[amqp(ATTACH)], [amqp(ATTACH), ...SECOND.attach]];

/** What a peer says until the session has two links, and the sender credit: kinds of frames with their choices. */
export const greetings = {
  client: (secure) => [
    ...(secure ? [[header(SASL)], [sasl(MECHANISMS)], [sasl(OUTCOME)]] : []),
    [header(AMQP)],
    [amqp(OPEN)],
    [amqp(BEGIN)],
    ...links,
    [amqp(FLOW)],
  ],
  server: (secure) => [
    ...(secure ? [[header(SASL)], [sasl(INIT)]] : []),
    [header(AMQP)],
    [amqp(OPEN)],
    [amqp(BEGIN)],
    ...links,
    [amqp(FLOW), ...SECOND.flow],
  ],
};
