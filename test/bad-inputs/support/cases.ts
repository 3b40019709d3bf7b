import { hex } from '../../engine/support/frames.ts';
import file from '../../data/bad-inputs.json' with { type: 'json' };

/** A bad input: octets to decode, octets to send one read after the other, or only a description. */
export interface BadInput {
  readonly id: string;
  readonly name: string;
  /** The value of a BD case. */
  readonly octets: Uint8Array;
  /** The reads of a BE or BX case; `EOF` ends the transport. */
  readonly reads: readonly (Uint8Array | 'EOF')[];
}

/** All bad inputs, by id. */
export const badInputs: ReadonlyMap<string, BadInput> = new Map(
  file.cases.map(({ id, name, hex: text = '', chunks = [] }) => [
    id,
    { id, name, octets: hex(text), reads: chunks.map((chunk) => (chunk === 'EOF' ? 'EOF' : hex(chunk))) },
  ]),
);

export function badInput(id: string): BadInput {
  const found = badInputs.get(id);
  if (found === undefined) throw new Error(`there is no bad input ${id}`);
  return found;
}

/** The ids that begin with one of some prefixes. */
export const idsOf = (...prefixes: readonly string[]): string[] =>
  [...badInputs.keys()].filter((id) => prefixes.some((prefix) => id.startsWith(prefix)));

/**
 * What is expected on one surface, by id: something that the test of the surface runs, or the reason why the input
 * cannot reach the surface.
 */
export type Surface<T> = Readonly<Record<string, T | string>>;

/** The rows of a surface that run, each with the title of its test. */
export function running<T>(surface: Surface<T>): { id: string; title: string; expected: T }[] {
  return Object.entries(surface).flatMap(([id, expected]) =>
    typeof expected === 'string' ? [] : [{ id, title: `[${id}] ${badInput(id).name}`, expected }],
  );
}

/** How many octets the tests send at most for what is only described, where that is more than 200 kB. */
const described: Readonly<Record<string, number>> = { 'BY-10': 1_000_000, 'BY-11': 300_000_000, 'BY-14': 4_000_000 };

/** How many octets a bad input has. */
export function sizeOf(id: string): number {
  const { octets, reads } = badInput(id);
  const size = reads.reduce((sum, read) => sum + read.length, octets.length);
  return size > 0 ? size : (described[id] ?? 200_000);
}

/** The same reason for several ids. */
export const because = (reason: string, ...ids: readonly string[]): Record<string, string> =>
  Object.fromEntries(ids.map((id) => [id, reason]));
