import { describe, expect, it } from 'vitest';
import { accepted, released } from '../../src/definitions/index.ts';
import { Assembly } from '../../src/engine/assembly.ts';
import { DispositionBatch, type DispositionRange } from '../../src/engine/disposition-batch.ts';
import { Mailbox } from '../../src/engine/mailbox.ts';
import { Output } from '../../src/engine/output.ts';
import { PayloadStore } from '../../src/engine/payload-store.ts';

function put(output: Output, size: number, fill: number): void {
  const writer = output.begin(size);
  const start = writer.position;
  writer.raw(new Uint8Array(size).fill(fill));
  output.commit(writer, start);
}

function sizes(output: Output): number[] {
  const found: number[] = [];
  for (let chunk = output.transmit(); chunk !== undefined; chunk = output.transmit()) found.push(chunk.length);
  return found;
}

describe('the output', () => {
  it('hands out what is new, once', () => {
    const output = new Output();
    expect(output.transmit()).toBeUndefined();
    put(output, 10, 1);
    put(output, 5, 2);
    expect(sizes(output)).toEqual([15]);
    expect(output.pending).toBe(15);
    put(output, 3, 3);
    expect([...(output.transmit() ?? [])]).toEqual([3, 3, 3]);
    output.written(16);
    expect(output.pending).toBe(2);
    output.written(2);
    expect(output.pending).toBe(0);
    expect(output.frames).toBe(3);
  });

  it('leaves octets as they are until they are written', () => {
    const output = new Output();
    put(output, 40_000, 1);
    const first = output.transmit() ?? new Uint8Array(0);
    put(output, 40_000, 2);
    const second = output.transmit() ?? new Uint8Array(0);
    for (let round = 0; round < 5; round++) put(output, 60_000, 3);
    expect(first.every((octet) => octet === 1)).toBe(true);
    expect(second.every((octet) => octet === 2)).toBe(true);
    expect(sizes(output)).toEqual([60_000, 60_000, 60_000, 60_000, 60_000]);
    output.written(380_000);
    expect(output.pending).toBe(0);
  });

  it('uses pages again, up to a number, and none of another size', () => {
    const output = new Output();
    for (let round = 0; round < 40; round++) put(output, 65_536, round);
    put(output, 100_000, 9);
    expect(sizes(output)).toHaveLength(41);
    output.written(output.pending);
    for (let round = 0; round < 40; round++) put(output, 65_536, round);
    expect(sizes(output).reduce((sum, size) => sum + size, 0)).toBe(40 * 65_536);
    output.written(65_536);
    expect(output.pending).toBe(39 * 65_536);
  });

  it('can be cleared', () => {
    const output = new Output();
    put(output, 10, 1);
    output.clear();
    expect(output.pending).toBe(0);
    expect(output.transmit()).toBeUndefined();
  });
});

describe('the payload store', () => {
  it('copies what lies in a Buffer, too', () => {
    const store = new PayloadStore();
    for (const size of [10, 10_000]) {
      const payload = Buffer.alloc(size, 7);
      store.keep(payload, 0, size);
      payload.fill(0);
      expect([...new Set(store.block.bytes.subarray(store.start, store.start + size))]).toEqual([7]);
    }
  });

  it('gives small pieces places in one slab, and large ones memory of their own', () => {
    const store = new PayloadStore();
    const read = Uint8Array.from({ length: 10_000 }, (_, index) => index & 0xff);
    store.keep(read, 10, 20);
    const { block: slab, start } = store;
    store.keep(read, 20, 40);
    expect(store.block).toBe(slab);
    expect(store.start).toBe(start + 10);
    store.keep(read, 0, 10_000);
    expect(store.block).not.toBe(slab);
    expect(store.block.bytes).toEqual(read);
    for (let round = 0; round < 8; round++) store.keep(read, 0, 4000);
    expect(store.block).not.toBe(slab);
    expect([...slab.bytes.subarray(start, start + 10)]).toEqual([...read.subarray(10, 20)]);
    expect(store.block.bytes.slice(store.start, store.start + 4000)).toEqual(read.slice(0, 4000));
  });
});

describe('an assembly', () => {
  it('[X-07] joins tag and parts, empty ones too', () => {
    const assembly = new Assembly(1, Uint8Array.of(9), 0, false);
    assembly.add(Uint8Array.of(0, 1, 2, 3), 1, 3);
    assembly.add(Uint8Array.of(0), 1, 1);
    assembly.add(Uint8Array.of(4), 0, 1);
    expect(assembly.size).toBe(3);
    expect([...assembly.join().bytes]).toEqual([9, 1, 2, 4]);
  });
});

describe('a batch of dispositions', () => {
  function batch(): { readonly batch: DispositionBatch; readonly ranges: DispositionRange[] } {
    const ranges: DispositionRange[] = [];
    return { batch: new DispositionBatch(true, (range) => ranges.push(range)), ranges };
  }

  it('[D-02] joins neighbours with one state, around 2^32', () => {
    const { batch: gathered, ranges } = batch();
    for (const id of [0xffff_fffe, 0xffff_ffff, 0, 1]) gathered.add(id, accepted, true);
    expect(ranges).toEqual([]);
    gathered.flush();
    gathered.flush();
    expect(ranges).toEqual([{ role: true, first: 0xffff_fffe, last: 1, state: accepted, settled: true }]);
  });

  it('[D-02] keeps apart what differs', () => {
    const { batch: gathered, ranges } = batch();
    gathered.add(1, accepted, true);
    gathered.add(3, accepted, true);
    gathered.add(4, released, true);
    gathered.add(5, released, false);
    gathered.flush();
    expect(ranges.map(({ first, last, settled }) => [first, last, settled])).toEqual([
      [1, 1, true],
      [3, 3, true],
      [4, 4, true],
      [5, 5, false],
    ]);
  });
});

describe('the mailbox', () => {
  it('tells in order, what arises meanwhile too', () => {
    const mailbox = new Mailbox();
    const told: number[] = [];
    mailbox.post({
      notify: () => {
        told.push(1);
        mailbox.post({ notify: () => told.push(3) });
        mailbox.deliver();
      },
    });
    mailbox.post({ notify: () => told.push(2) });
    mailbox.deliver();
    expect(told).toEqual([1, 2, 3]);
    mailbox.deliver();
    expect(told).toEqual([1, 2, 3]);
  });

  it('keeps the rest where a host throws', () => {
    const mailbox = new Mailbox();
    const told: number[] = [];
    mailbox.post({
      notify: () => {
        throw new Error('host');
      },
    });
    mailbox.post({ notify: () => told.push(2) });
    expect(() => mailbox.deliver()).toThrow('host');
    mailbox.deliver();
    expect(told).toEqual([2]);
  });
});
