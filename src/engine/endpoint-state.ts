/**
 * The life of an endpoint. Connection, session and link share one shape: each side opens its half and closes it, in
 * either order (§2.4.7, §2.5.5, §2.6.3). Open stands for open, begin and attach; close for close, end and detach.
 */

/** What has been sent and received so far. */
export type EndpointState =
  | 'idle'
  | 'openSent'
  | 'openReceived'
  | 'opened'
  | 'closePipe'
  | 'abandoned'
  | 'closeSent'
  | 'discarding'
  | 'closeReceived'
  | 'closed';

/** What is being sent or received. `sendError` is a close that carries an error: all input is dropped after it. */
export type EndpointInput = 'sendOpen' | 'receiveOpen' | 'sendClose' | 'sendError' | 'receiveClose';

/** `(state, input) → state`. What is not listed is not allowed. */
export const endpointTable: Readonly<Record<EndpointState, Readonly<Partial<Record<EndpointInput, EndpointState>>>>> = {
  idle: { sendOpen: 'openSent', receiveOpen: 'openReceived' },
  openSent: { receiveOpen: 'opened', sendClose: 'closePipe', sendError: 'closePipe' },
  openReceived: { sendOpen: 'opened', receiveClose: 'abandoned' },
  opened: { sendClose: 'closeSent', sendError: 'discarding', receiveClose: 'closeReceived' },
  // We closed before the peer answered our open: its open and its close are still to come.
  closePipe: { receiveOpen: 'discarding' },
  // The peer opened and closed before we answered.
  abandoned: { sendOpen: 'closeReceived' },
  closeSent: { receiveClose: 'closed' },
  discarding: { receiveClose: 'closed' },
  closeReceived: { sendClose: 'closed', sendError: 'closed' },
  closed: {},
};

/** The state after an input, or undefined where the input is not allowed. */
export function nextState(state: EndpointState, input: EndpointInput): EndpointState | undefined {
  return endpointTable[state][input];
}

/** Whether the local half is open: frames of the endpoint may be sent. */
export function canSend(state: EndpointState): boolean {
  return state === 'opened' || state === 'openSent';
}

/** Whether we have sent our close and the peer has not: what comes until then is discarded (§2.4.6). */
export function isClosing(state: EndpointState): boolean {
  return state === 'closePipe' || state === 'closeSent' || state === 'discarding';
}
