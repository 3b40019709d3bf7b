import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PATIENCE, readTargets, type Target } from './support/targets.ts';

const targets: readonly Target[] = (await readTargets()).filter(({ name }) => name !== 'growth');

/** A change of a list of choices: some are left out, and others stand in their place. */
interface Change {
  readonly at: number;
  readonly out: number;
  readonly in: Uint8Array;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  out: fc.nat({ max: 4 }),
  in: fc.uint8Array({ maxLength: 4 }),
});

function changed(input: Uint8Array, { at, out, in: added }: Change): Uint8Array {
  const place = at % (input.length + 1);
  return Uint8Array.of(...input.subarray(0, place), ...added, ...input.subarray(place + out));
}

/** Two inputs in one, changed in a few places: with choices that is another conversation, frame, message or value. */
function mutants(inputs: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const known = fc.constantFrom(...inputs);
  return fc
    .tuple(known, known, fc.nat(), fc.array(change, { maxLength: 4 }))
    .map(([first, second, cut, changes]) =>
      changes.reduce(changed, Uint8Array.of(...first, ...second.subarray(cut % (second.length + 1)))),
    );
}

describe('what is near to the corpus of the fuzzer', () => {
  it.each(targets)(
    'for $name breaks no oracle',
    ({ fuzz, inputs }) => {
      fc.assert(
        fc.property(mutants(inputs), (octets) => {
          expect(() => fuzz(octets)).not.toThrow();
        }),
        { numRuns: 150 },
      );
    },
    PATIENCE,
  );
});

describe('any octets', () => {
  it.each(targets)(
    'for $name break no oracle',
    ({ fuzz }) => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
          expect(() => fuzz(octets)).not.toThrow();
        }),
        { numRuns: 100 },
      );
    },
    PATIENCE,
  );
});
