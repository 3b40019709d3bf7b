import {
  attach,
  begin,
  close,
  detach,
  end,
  flow,
  saslChallenge,
  saslInit,
  saslMechanisms,
  saslOutcome,
  saslResponse,
  source,
  target,
} from '../../../src/definitions/index.ts';
import type { WireFrame } from '../../../src/testing/index.ts';
import { composite, frame, type Frame } from './frame.ts';
import type { Step } from './misbehaviour.ts';
import {
  accepted,
  error,
  header,
  message,
  opened,
  RECEIVER,
  SENDER,
  settles,
  transferOf,
  transfers,
  windows,
} from './script.ts';

/** What a server sends when a frame of the client comes, each once. */
export interface Reply {
  /** The frame of the client, and what else must be true of it. */
  readonly on: string;
  readonly where?: (fields: WireFrame['fields']) => boolean;
  readonly steps: readonly Step[];
}

const asReceiver = frame(attach, {
  name: 's',
  handle: SENDER,
  role: true,
  source: composite(source),
  target: composite(target, { address: 'q' }),
});
const asSender = frame(attach, {
  name: 'r',
  handle: RECEIVER,
  role: false,
  source: composite(source, { address: 'q', 'default-outcome': accepted }),
  target: composite(target),
  'rcv-settle-mode': 1,
  'initial-delivery-count': 0,
});
const credit = frame(flow, {
  'next-incoming-id': 0,
  ...windows,
  handle: SENDER,
  'delivery-count': 0,
  'link-credit': 100,
});
const drained = frame(flow, {
  'next-incoming-id': 4,
  'incoming-window': 1000,
  'next-outgoing-id': 4,
  'outgoing-window': 1000,
  handle: RECEIVER,
  'delivery-count': 10,
  'link-credit': 0,
  drain: true,
});
/** The whole conversation of a server with a client that logs in, sends, receives, and leaves. */
export const serverReplies: readonly Reply[] = [
  {
    on: 'header',
    steps: [
      { name: 'SASL header', phase: 'login', right: header(3) },
      { name: 'mechanisms', phase: 'login', right: frame(saslMechanisms, { 'sasl-server-mechanisms': 'ASKING' }) },
    ],
  },
  {
    on: 'sasl-init',
    steps: [{ name: 'challenge', phase: 'login', right: frame(saslChallenge, { challenge: message }) }],
  },
  { on: 'sasl-response', steps: [{ name: 'outcome', phase: 'login', right: frame(saslOutcome, { code: 0 }) }] },
  { on: 'header', steps: [{ name: 'AMQP header', phase: 'login', right: header(0) }] },
  { on: 'open', steps: [{ name: 'open', phase: 'opening', right: opened }] },
  {
    on: 'begin',
    steps: [{ name: 'begin', phase: 'open', right: frame(begin, { 'remote-channel': 0, ...windows }) }],
  },
  {
    on: 'attach',
    where: ({ role }) => role === false,
    steps: [
      { name: 'attach as receiver', phase: 'session', right: asReceiver },
      { name: 'credit', phase: 'session', right: credit },
    ],
  },
  {
    on: 'transfer',
    where: ({ more }) => more !== true,
    steps: [{ name: 'disposition', phase: 'session', right: settles(true, 0) }],
  },
  {
    on: 'transfer',
    where: ({ more }) => more !== true,
    steps: [{ name: 'disposition of a long message', phase: 'session', right: settles(true, 1) }],
  },
  {
    on: 'attach',
    where: ({ role }) => role === true,
    steps: [{ name: 'attach as sender', phase: 'session', right: asSender }],
  },
  {
    on: 'flow',
    where: ({ handle, drain }) => handle === RECEIVER && drain !== true,
    steps: transfers(RECEIVER),
  },
  { on: 'disposition', steps: [{ name: 'settlement', phase: 'session', right: settles(false, 0) }] },
  { on: 'disposition', steps: [{ name: 'second settlement', phase: 'session', right: settles(false, 1) }] },
  {
    on: 'flow',
    where: ({ handle, drain }) => handle === RECEIVER && drain === true,
    steps: [{ name: 'drained', phase: 'session', right: drained }],
  },
  {
    on: 'detach',
    where: ({ handle }) => handle === RECEIVER,
    steps: [{ name: 'detach', phase: 'session', right: frame(detach, { handle: RECEIVER }) }],
  },
  {
    on: 'detach',
    where: ({ handle }) => handle === SENDER,
    steps: [
      { name: 'closing detach', phase: 'session', right: frame(detach, { handle: SENDER, closed: true, error }) },
    ],
  },
  { on: 'end', steps: [{ name: 'end', phase: 'ending', right: frame(end) }] },
  { on: 'close', steps: [{ name: 'close', phase: 'closing', right: frame(close) }] },
];

/** The steps of the server in their order. */
export const serverSteps: readonly Step[] = serverReplies.flatMap(({ steps }) => steps);

/** A frame of every kind, as a server may send it where it does not belong. */
export const serverFrames: readonly Frame[] = [
  opened,
  frame(begin, { 'remote-channel': 0, ...windows }),
  asReceiver,
  credit,
  transferOf(0, {}, message, RECEIVER),
  settles(true, 0),
  frame(detach, { handle: SENDER, closed: true, error }),
  frame(end, { error }),
  frame(close, { error }),
  frame(saslMechanisms, { 'sasl-server-mechanisms': 'ASKING' }),
  frame(saslInit, { mechanism: 'ASKING' }),
  frame(saslChallenge, { challenge: message }),
  frame(saslResponse, { response: message }),
  frame(saslOutcome, { code: 0 }),
];
