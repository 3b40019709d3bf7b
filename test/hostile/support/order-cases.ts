import { isSasl, joined, numberFor, octetsOf, type Frame } from './frame.ts';
import { anything, brokenBy, harmless, type Expectation, type Misbehaviour, type Step } from './misbehaviour.ts';

/** A handle within our handle-max that no link has. */
const UNKNOWN_HANDLE = 5;
const unattached: Expectation = { levels: ['session'], conditions: ['session:unattached-handle'] };
const silence: Expectation = { codes: ['timeout', 'connect-timeout'] };
const closedByPeer: Expectation = { levels: ['nothing'] };

const withHandle = (frame: Frame, handle: number): Frame =>
  frame.fields['handle'] === undefined
    ? frame
    : { ...frame, fields: { ...frame.fields, handle: numberFor('uint', handle) } };

/** What must come of a frame where another is due. */
function misplaced(step: Step, { table }: Frame): Expectation {
  const { phase } = step;
  // A server may decide before it has asked, and ask again before it decides.
  if (/^(?:challenge|outcome)$/.test(step.name) && /^sasl-(?:challenge|outcome)$/.test(table.type)) return anything;
  if (phase === 'login' || phase === 'closing') return brokenBy(step);
  if (isSasl(table)) return brokenBy(step, 'connection:framing-error');
  if (table.type === 'open') return brokenBy(step, 'illegal-state', 'not-allowed');
  if (phase === 'opening') return brokenBy(step, 'not-allowed', 'illegal-state');
  if (table.type === 'close') return closedByPeer;
  if (table.type === 'begin') return phase === 'open' ? anything : brokenBy(step, 'not-allowed');
  return phase === 'open' ? brokenBy(step, 'not-allowed') : anything;
}

/** What must come of a frame that comes twice. */
function repeated(step: Step, { table, fields }: Frame): Expectation {
  switch (table.type) {
    case 'open':
      return brokenBy(step, 'illegal-state', 'not-allowed');
    case 'begin':
    case 'end':
      return brokenBy(step, 'not-allowed', 'illegal-state');
    case 'attach':
      return brokenBy(step, 'session:handle-in-use');
    case 'detach':
      return unattached;
    case 'transfer':
      return fields['more'] === undefined ? { levels: ['session', 'link'] } : anything;
    case 'close':
      return closedByPeer;
    case 'sasl-mechanisms':
    case 'sasl-init':
    case 'sasl-response':
    case 'sasl-outcome':
      return { levels: ['login'] };
    case 'sasl-challenge':
      // A mechanism may ask several times.
      return anything;
    default:
      return harmless;
  }
}

/** What must come of a frame on a session that its sender has ended. */
function afterEnd(step: Step, frame: Frame): Expectation {
  return frame.table.type === 'begin' ? anything : misplaced({ ...step, phase: 'open' }, frame);
}

/** Frames behind the one that ends what they belong to. */
function lateCases(step: Step, right: Frame, amqp: ReadonlyMap<string, Frame>): Misbehaviour[] {
  const [end, detach, close] = ['end', 'detach', 'close'].map((type) => amqp.get(type));
  if (end === undefined || detach === undefined || close === undefined) return [];
  const behind = (name: string, first: readonly Frame[], last: Frame, expected: Expectation): Misbehaviour => ({
    name: `${last.table.type} behind ${name}`,
    octets: joined(...[...first, last].map((each) => octetsOf(each))),
    expected,
  });
  const all = [...amqp.values()];
  const cases = all.map((last) => behind('close', [right, close], last, closedByPeer));
  if (step.phase !== 'session') return cases;
  cases.push(...all.map((last) => behind('end', [end], last, afterEnd(step, last))));
  const handle = right.fields['handle'];
  if (handle?.type !== 'uint' || right.table.type === 'attach') return cases;
  const detached = withHandle(detach, handle.value);
  const named = all.filter(({ table }) => /^(?:flow|transfer|detach)$/.test(table.type));
  cases.push(...named.map((last) => behind('detach', [detached], withHandle(last, handle.value), unattached)));
  return cases;
}

/** Other frames in the place of the right one, the right one twice, none, late, and for a link that is not there. */
export function orderCases(step: Step, right: Frame, others: readonly Frame[]): Misbehaviour[] {
  const octets = octetsOf(right);
  const inPlace = others
    .filter(({ table }) => table !== right.table)
    .map((other) => ({
      name: `a ${other.table.type} in its place`,
      octets: octetsOf(other),
      expected: misplaced(step, other),
    }));
  const cases: Misbehaviour[] = [
    ...inPlace,
    { name: 'twice', octets: joined(octets, octets), expected: repeated(step, right) },
    { name: 'nothing at all', octets: undefined, expected: silence },
  ];
  if (!isSasl(right.table)) {
    const amqp = new Map(others.filter(({ table }) => !isSasl(table)).map((other) => [other.table.type, other]));
    cases.push(...lateCases(step, right, amqp));
  }
  if (right.fields['handle'] !== undefined && right.table.type !== 'attach')
    cases.push({
      name: 'for a handle that no link has',
      octets: octetsOf(withHandle(right, UNKNOWN_HANDLE)),
      expected: unattached,
    });
  return cases;
}

const text = (what: string): Uint8Array => new TextEncoder().encode(what);

/** What may come in place of a protocol header (§2.2). */
export function headerCases(right: Uint8Array, others: readonly Frame[]): Misbehaviour[] {
  const refused: Expectation = { levels: ['login'] };
  const wrong: readonly [string, Uint8Array][] = [
    ['another layer', right.with(4, right[4] === 3 ? 0 : 3)],
    ['TLS', right.with(4, 2)],
    ['an unknown layer', right.with(4, 9)],
    ['version 0.9.1', Uint8Array.of(...text('AMQP'), 0, 0, 9, 1)],
    ['a later version', right.with(5, 2)],
    ['a later revision', right.with(7, 1)],
    ['a TLS alert', Uint8Array.of(0x15, 3, 3, 0, 2, 2, 40, 0)],
    ['HTTP', text('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['zeros', new Uint8Array(8)],
  ];
  const phase = others.map((other): Misbehaviour => ({
    name: `a ${other.table.type} in its place`,
    octets: octetsOf(other),
    heard: new Uint8Array(0),
    expected: refused,
  }));
  return [
    ...wrong.map(([name, octets]) => ({ name, octets, heard: new Uint8Array(0), expected: refused })),
    ...phase,
    { name: 'half of it', octets: right.subarray(0, 4), heard: new Uint8Array(0), expected: anything },
    { name: 'twice', octets: joined(right, right), heard: right, expected: { levels: ['login', 'connection'] } },
    // What follows lies in the place of the header then.
    { name: 'nothing at all', octets: undefined, expected: { codes: ['protocol-mismatch', 'connect-timeout'] } },
  ];
}
