import { describe, expect, it } from 'vitest';
import { endpointTable } from '../../src/engine/index.ts';
import { canSend, nextState, type EndpointInput, type EndpointState } from '../../src/engine/endpoint-state.ts';

const inputs: readonly EndpointInput[] = ['sendOpen', 'receiveOpen', 'sendClose', 'sendError', 'receiveClose'];
const states: readonly EndpointState[] = [
  'idle',
  'openSent',
  'openReceived',
  'opened',
  'closePipe',
  'abandoned',
  'closeSent',
  'discarding',
  'closeReceived',
  'closed',
];

/** The states that can be reached from one. */
function reachable(from: EndpointState): Set<EndpointState> {
  const found = new Set<EndpointState>([from]);
  for (const state of found) {
    for (const input of inputs) {
      const next = nextState(state, input);
      if (next !== undefined) found.add(next);
    }
  }
  return found;
}

describe('the table of endpoint states', () => {
  it('[S-25] says for each state and input where it leads, or that it is not allowed', () => {
    expect(Object.keys(endpointTable).sort()).toEqual([...states].sort());
    for (const state of states) {
      for (const input of inputs) {
        const next = nextState(state, input);
        if (next !== undefined) expect(states).toContain(next);
      }
    }
  });

  it('[S-25] reaches every state from idle, and closed from every state', () => {
    expect([...reachable('idle')].sort()).toEqual([...states].sort());
    for (const state of states) expect(reachable(state)).toContain('closed');
  });

  it('[C-09] closes when each side has opened and closed once, in any order', () => {
    const orders: EndpointInput[][] = [
      ['sendOpen', 'receiveOpen', 'sendClose', 'receiveClose'],
      ['sendOpen', 'receiveOpen', 'receiveClose', 'sendClose'],
      ['sendOpen', 'sendClose', 'receiveOpen', 'receiveClose'],
      ['receiveOpen', 'sendOpen', 'receiveClose', 'sendClose'],
      ['receiveOpen', 'receiveClose', 'sendOpen', 'sendClose'],
      ['sendOpen', 'receiveOpen', 'sendError', 'receiveClose'],
      ['sendOpen', 'receiveOpen', 'receiveClose', 'sendError'],
      ['sendOpen', 'sendError', 'receiveOpen', 'receiveClose'],
    ];
    for (const order of orders) {
      const end = order.reduce<EndpointState | undefined>(
        (state, input) => (state === undefined ? undefined : nextState(state, input)),
        'idle',
      );
      expect(end).toBe('closed');
    }
  });

  it('[C-01] never takes an input twice', () => {
    for (const state of states) {
      for (const input of inputs) {
        const next = nextState(state, input);
        if (next !== undefined) expect(nextState(next, input)).toBeUndefined();
      }
    }
  });

  it('[C-08] sends only between our open and our close', () => {
    expect(states.filter(canSend)).toEqual(['openSent', 'opened']);
  });

  it('can be drawn', () => {
    const lines = states.flatMap((state) =>
      inputs.flatMap((input) => {
        const next = nextState(state, input);
        return next === undefined ? [] : [`  ${state} --> ${next}: ${input}`];
      }),
    );
    expect(['stateDiagram-v2', '  [*] --> idle', ...lines, '  closed --> [*]'].join('\n')).toMatchInlineSnapshot(`
      "stateDiagram-v2
        [*] --> idle
        idle --> openSent: sendOpen
        idle --> openReceived: receiveOpen
        openSent --> opened: receiveOpen
        openSent --> closePipe: sendClose
        openSent --> closePipe: sendError
        openReceived --> opened: sendOpen
        openReceived --> abandoned: receiveClose
        opened --> closeSent: sendClose
        opened --> discarding: sendError
        opened --> closeReceived: receiveClose
        closePipe --> discarding: receiveOpen
        abandoned --> closeReceived: sendOpen
        closeSent --> closed: receiveClose
        discarding --> closed: receiveClose
        closeReceived --> closed: sendClose
        closeReceived --> closed: sendError
        closed --> [*]"
    `);
  });
});
