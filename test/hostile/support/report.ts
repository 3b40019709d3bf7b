import type { WireFrame } from '../../../src/testing/index.ts';
import { conditionsOf, type Expectation, type Level } from './misbehaviour.ts';

/** What was seen of a victim. */
export interface Report {
  /** How each of its calls ended: `ok`, or the code of the error; undefined while it has not. */
  readonly calls: ReadonlyMap<string, string | undefined>;
  /** The codes of all errors that its program was told of, by a call or by how something ended. */
  readonly told: ReadonlySet<string>;
  /** Rules that it broke on the wire, exceptions that got away, timers that are left. */
  readonly faults: readonly string[];
  /** What it sent after the misbehaviour. */
  readonly said: readonly WireFrame[];
  /** Whether it ended the transport of itself, and the connection was never open. */
  readonly loggedOut: boolean;
}

/** What a victim has told of a fault of its peer. */
interface Verdict {
  readonly level: Level;
  readonly condition: string;
}

/** The refusal of a session or link that the peer began: the program of the victim has no part in it. */
const FOREIGN = 'not-implemented';

/** What the program of a victim hears of the faults of its peer. */
const codes: Readonly<Partial<Record<Level, readonly string[]>>> = {
  connection: ['protocol-error', 'framing-error', 'frame-too-large'],
  session: ['session-failed'],
};

const levels: Readonly<Record<string, Level>> = { close: 'connection', end: 'session', detach: 'link' };

function conditionIn(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('condition' in error)) return 'no condition';
  return String(error.condition).replace(/^amqp:/, '');
}

function verdictOf({ said, loggedOut }: Report): Verdict {
  for (const { is, fields } of said) {
    const level = levels[is];
    if (level !== undefined && fields['error'] !== undefined) return { level, condition: conditionIn(fields['error']) };
  }
  return { level: loggedOut ? 'login' : 'nothing', condition: '' };
}

/** What is wrong with what a victim told its own program. */
function programFaults(
  { calls, told }: Report,
  { harmless, codes: wanted }: Expectation,
  { level, condition }: Verdict,
): string[] {
  const faults: string[] = [];
  for (const [call, outcome] of calls) {
    if (outcome === undefined) faults.push(`${call} never settled`);
    else if (harmless === true && outcome !== 'ok') faults.push(`${call} failed with ${outcome}`);
  }
  const due = wanted ?? (condition === FOREIGN ? undefined : codes[level]);
  if (calls.size > 0 && due !== undefined && !due.some((code) => told.has(code)))
    faults.push(`the program was told ${[...told].join(', ') || 'nothing'}, not ${due.join(' or ')}`);
  return faults;
}

/** What is wrong with the behaviour of a victim, by what it was to do. */
export function faultsOf(report: Report, expected: Expectation): string[] {
  const verdict = verdictOf(report);
  const { level, condition } = verdict;
  const faults = [...report.faults, ...programFaults(report, expected, verdict)];
  const closes = report.said.filter(({ is }) => is === 'close').length;
  if (closes > 1) faults.push(`${closes} closes were sent`);
  if (expected.levels !== undefined && !expected.levels.includes(level))
    faults.push(`the level is ${level} (${condition}), not ${expected.levels.join(' or ')}`);
  else if (level !== 'login' && level !== 'nothing') {
    const allowed = expected.conditions ?? conditionsOf[level];
    if (!allowed.includes(condition)) faults.push(`the condition of the ${level} is ${condition}`);
  }
  return faults;
}
