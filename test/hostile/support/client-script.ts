import {
  attach,
  begin,
  close,
  detach,
  disposition,
  end,
  flow,
  rejectedSpec,
  saslInit,
  saslResponse,
  source,
  target,
} from '../../../src/definitions/index.ts';
import type { Wire } from '../../../src/testing/index.ts';
import { composite, frame, type Frame } from './frame.ts';
import type { Step } from './misbehaviour.ts';
import { accepted, error, header, opened, RECEIVER, SENDER, settles, transfers, windows } from './script.ts';
import { serverFrames } from './server-script.ts';

/** User and password of the client, as PLAIN wants them (RFC 4616). */
export const users: Readonly<Record<string, string>> = { guest: 'secret' };
const guest = new TextEncoder().encode('\0guest\0secret');

const outcomes: Wire = {
  type: 'array',
  value: ['amqp:accepted:list', 'amqp:rejected:list'].map((value) => ({ type: 'symbol', value })),
};
const clientSource = composite(source, { address: 'q', outcomes });

/** The steps of a client that logs in, sends, receives what it sent, and leaves. */
export const clientSteps: readonly Step[] = [
  { name: 'SASL header', phase: 'login', right: header(3) },
  // Without an initial response PLAIN asks for it (RFC 4422).
  { name: 'init', phase: 'login', right: frame(saslInit, { mechanism: 'PLAIN' }) },
  { name: 'response', phase: 'login', right: frame(saslResponse, { response: guest }) },
  { name: 'AMQP header', phase: 'login', right: header(0) },
  { name: 'open', phase: 'opening', right: opened },
  { name: 'begin', phase: 'open', right: frame(begin, windows) },
  {
    name: 'attach as sender',
    phase: 'session',
    right: frame(attach, {
      name: 's',
      handle: SENDER,
      role: false,
      source: composite(source),
      target: composite(target, { address: 'q' }),
      'initial-delivery-count': 0,
    }),
  },
  ...transfers(SENDER),
  {
    name: 'attach as receiver',
    phase: 'session',
    right: frame(attach, {
      name: 'r',
      handle: RECEIVER,
      role: true,
      source: clientSource,
      target: composite(target),
      'rcv-settle-mode': 1,
    }),
  },
  {
    name: 'credit',
    phase: 'session',
    right: frame(flow, {
      'next-incoming-id': 0,
      ...windows,
      'next-outgoing-id': 4,
      handle: RECEIVER,
      'delivery-count': 0,
      'link-credit': 2,
    }),
  },
  { name: 'disposition', phase: 'session', right: settles(true, 0, composite(rejectedSpec, { error })) },
  {
    name: 'unsettled disposition',
    phase: 'session',
    right: frame(disposition, { role: true, first: 1, state: accepted }),
  },
  {
    name: 'drain',
    phase: 'session',
    right: frame(flow, {
      'next-incoming-id': 2,
      ...windows,
      'next-outgoing-id': 4,
      handle: RECEIVER,
      'delivery-count': 2,
      'link-credit': 10,
      drain: true,
      echo: true,
    }),
  },
  { name: 'detach', phase: 'session', right: frame(detach, { handle: RECEIVER }) },
  { name: 'closing detach', phase: 'session', right: frame(detach, { handle: SENDER, closed: true, error }) },
  { name: 'end', phase: 'session', right: frame(end, { error }) },
  { name: 'close', phase: 'open', right: frame(close, { error }) },
];

/** The same for a client. */
export const clientFrames: readonly Frame[] = serverFrames.map((each) => {
  const own = clientSteps.find(({ right }) => !(right instanceof Uint8Array) && right.table === each.table);
  const { right } = own ?? { right: each };
  return right instanceof Uint8Array || each.table.type === 'end' || each.table.type === 'detach' ? each : right;
});
