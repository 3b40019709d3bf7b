import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serialAdd, serialDistance } from '../../src/engine/serial-number.ts';
import { HeldList } from '../../src/engine/held-list.ts';
import { Unsettled } from '../../src/engine/unsettled.ts';

class Item {
  readonly id: number;
  readonly owner: HeldList<Item> | undefined;
  previous: Item | undefined = undefined;
  next: Item | undefined = undefined;

  constructor(id: number, owner?: HeldList<Item>) {
    this.id = id;
    this.owner = owner;
  }
}

function holding(...ids: readonly number[]): Unsettled<Item> {
  const unsettled = new Unsettled<Item>();
  for (const id of ids) unsettled.add(id, new Item(id));
  return unsettled;
}

function range(unsettled: Unsettled<Item>, first: number, last: number): number[] {
  const seen: number[] = [];
  unsettled.forRange(first, last, ({ id }) => seen.push(id));
  return seen;
}

describe('the unsettled deliveries', () => {
  it('are found by id and forgotten', () => {
    const unsettled = holding(1, 2, 300, 0xffff_ffff);
    expect(unsettled.size).toBe(4);
    expect(unsettled.get(300)?.id).toBe(300);
    expect(unsettled.get(0xffff_ffff)?.id).toBe(0xffff_ffff);
    expect(unsettled.get(3)).toBeUndefined();
    expect(unsettled.get(5000)).toBeUndefined();
    expect(unsettled.remove(300)).toBe(true);
    expect(unsettled.remove(300)).toBe(false);
    expect(unsettled.remove(3)).toBe(false);
    expect(unsettled.size).toBe(3);
    expect(range(unsettled, 0xffff_ffff, 5000)).toEqual([0xffff_ffff, 1, 2]);
  });

  it('[D-02] are visited over a range that wraps around', () => {
    const unsettled = holding(0xffff_fffe, 0xffff_ffff, 0, 1, 2);
    expect(range(unsettled, 0xffff_ffff, 1)).toEqual([0xffff_ffff, 0, 1]);
    expect(range(unsettled, 2, 2)).toEqual([2]);
  });

  it('[D-03] may have gaps', () => {
    expect(range(holding(10, 12, 14), 9, 13)).toEqual([10, 12]);
  });

  it('[D-04] are walked over what is held, not over the numbers', () => {
    const unsettled = holding(7, 0x7000_0000, 0xffff_ffff);
    const began = performance.now();
    expect(range(unsettled, 0, 0x7fff_ffff)).toEqual([7, 0x7000_0000]);
    expect(range(unsettled, 0xffff_fff0, 0x7000_0000)).toEqual([0xffff_ffff, 7, 0x7000_0000]);
    expect(performance.now() - began).toBeLessThan(100);
  });

  it('may be removed by those who visit them', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => index);
    for (const last of [999, 0x7fff_fff0]) {
      const unsettled = holding(...ids);
      const seen: number[] = [];
      unsettled.forRange(0, last, ({ id }) => {
        seen.push(id);
        unsettled.remove(id);
        unsettled.remove(id ^ 1);
      });
      expect(seen).toEqual(ids.filter((id) => id % 2 === 0));
      expect(unsettled.size).toBe(0);
    }
  });

  it('[D-02] agree with a map', () => {
    const base = fc.constantFrom(0, 250, 0x7fff_ff00, 0xffff_ff80);
    const step = fc.record({ at: fc.nat({ max: 600 }), span: fc.nat({ max: 1200 }), add: fc.boolean() });
    fc.assert(
      fc.property(base, fc.array(step, { maxLength: 60 }), (from, steps) => {
        const unsettled = holding();
        const model = new Map<number, number>();
        for (const { at, span, add } of steps) {
          const id = serialAdd(from, at);
          if (add && !model.has(id)) {
            unsettled.add(id, new Item(id));
            model.set(id, id);
          } else expect(unsettled.remove(id)).toBe(model.delete(id));
          expect(unsettled.size).toBe(model.size);
          const expected = [...model.keys()]
            .filter((key) => serialDistance(id, key) <= span)
            .sort((a, b) => serialDistance(id, a) - serialDistance(id, b));
          expect(range(unsettled, id, serialAdd(id, span))).toEqual(expected);
        }
      }),
    );
  });

  it('holds as many again after very many were settled', () => {
    const unsettled = new Unsettled<Item>();
    for (const round of [0, 1]) {
      for (let id = 0; id < 20 * 256; id++) unsettled.add(id, new Item(id));
      expect(unsettled.size).toBe(20 * 256);
      expect(unsettled.get(19 * 256 + round)?.id).toBe(19 * 256 + round);
      for (let id = 0; id < 20 * 256; id++) expect(unsettled.remove(id)).toBe(true);
      expect(unsettled.size).toBe(0);
    }
  });
});

describe('the unsettled deliveries of a link', () => {
  it('are those that were added and not removed, oldest first, however they came and went', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(2), fc.boolean())), (steps) => {
        const unsettled = new Unsettled<Item>();
        const links = [new HeldList<Item>(), new HeldList<Item>(), new HeldList<Item>()];
        const model: Item[] = [];
        for (const [id, link, adds] of steps) {
          const held = model.findIndex((item) => item.id === id);
          if (adds && held < 0) {
            const item = new Item(id, links[link]);
            model.push(item);
            unsettled.add(id, item);
          } else if (!adds) {
            expect(unsettled.remove(id)).toBe(held >= 0);
            if (held >= 0) model.splice(held, 1);
          }
        }
        for (const list of links) expect(list.all()).toEqual(model.filter(({ owner }) => owner === list));
        expect(unsettled.size).toBe(model.length);
      }),
    );
  });
});
