import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { blockOf } from '../../src/codec/index.ts';
import { Assembly } from '../../src/engine/assembly.ts';
import { DispositionBatch } from '../../src/engine/disposition-batch.ts';
import { HeldList } from '../../src/engine/held-list.ts';
import { Mailbox } from '../../src/engine/mailbox.ts';
import { copyPrefix, takeFrameMemory } from '../../src/engine/memory.ts';
import { Output } from '../../src/engine/output.ts';
import { PayloadStore } from '../../src/engine/payload-store.ts';
import { Unsettled } from '../../src/engine/unsettled.ts';
import { collectGarbage } from '../support/garbage.ts';
import { frame } from './support/frames.ts';
import { RawPeer, attach, begin, transfer } from './support/raw-peer.ts';

const PAGE = 65_536;
const SMALL_PAGE = 4096;

/** Fills a page with an octet; gives the memory where it lies. */
function put(output: Output, fill: number, size = PAGE): ArrayBufferLike {
  const writer = output.begin(size);
  const start = writer.position;
  writer.raw(new Uint8Array(size).fill(fill));
  output.commit(writer, start);
  return writer.bytes.buffer;
}

function transmitAll(output: Output): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let chunk = output.transmit(); chunk !== undefined; chunk = output.transmit()) chunks.push(chunk);
  return chunks;
}

/** Takes pages until all that are free are in use. */
function takeFreePages(): void {
  const hoarder = new Output();
  for (let count = 0; count < 100; count++) put(hoarder, 0);
  transmitAll(hoarder);
}

describe('the pages of the output', () => {
  it('are used again when the transport is done with all of them, and not before', () => {
    takeFreePages();
    const output = new Output();
    const [first, second] = [put(output, 1), put(output, 2)];
    const chunks = transmitAll(output);
    const other = new Output();
    output.written(40_000);
    const early = put(other, 3);
    expect([first, second]).not.toContain(early);
    output.written(PAGE - 40_000);
    expect(put(other, 4)).toBe(first);
    expect([first, second]).not.toContain(put(other, 5));
    expect([...new Set(chunks[1])]).toEqual([2]);
    output.written(PAGE);
    expect(put(other, 6)).toBe(second);
    expect(output.pending).toBe(0);
    expect(transmitAll(other).map((chunk) => [chunk.length, chunk[0], chunk.at(-1)])).toEqual(
      [3, 4, 5, 6].map((fill) => [PAGE, fill, fill]),
    );
  });

  it('are each given back by what was written of them, though it is told of several at once', () => {
    takeFreePages();
    const output = new Output();
    const pages = [1, 2, 3].map((fill) => put(output, fill));
    transmitAll(output);
    output.written(PAGE);
    const other = new Output();
    expect([put(other, 4), put(other, 5)].filter((page) => pages.includes(page))).toHaveLength(1);
    output.written(40_000);
    output.written(2 * PAGE - 40_000);
    expect([put(other, 6), put(other, 7)].filter((page) => pages.includes(page))).toHaveLength(2);
  });

  it('are written on where they have room, though the transport is done with the beginning', () => {
    const output = new Output();
    const page = put(output, 1, 100);
    transmitAll(output);
    put(output, 2, 100);
    output.written(100);
    expect(put(output, 3, 100)).toBe(page);
    expect(transmitAll(output).map((chunk) => [...new Set(chunk)])).toEqual([[2, 3]]);
    const next = put(output, 4);
    expect(next).not.toBe(page);
    transmitAll(output);
    output.written(200);
    put(output, 5, 10);
    expect(output.pending).toBe(PAGE + 10);
  });

  it('are no larger than they must be, and only those of the usual size are kept', () => {
    takeFreePages();
    const output = new Output();
    const large = put(output, 1, PAGE + 1);
    expect(large.byteLength).toBe(PAGE + 1);
    const exact = put(output, 2, PAGE);
    expect(exact.byteLength).toBe(PAGE);
    transmitAll(output);
    output.written(output.pending);
    expect(put(new Output(), 3, 10)).toBe(exact);
    expect(put(new Output(), 4, 10).byteLength).toBe(SMALL_PAGE);
  });

  it('begin with a small one where none is free, so that many connections may say little at the same time', () => {
    takeFreePages();
    const outputs = Array.from({ length: 40 }, () => new Output());
    const pages = new Set(outputs.map((output, index) => put(output, index, SMALL_PAGE)));
    expect([...pages].map(({ byteLength }) => byteLength)).toEqual(outputs.map(() => SMALL_PAGE));
    for (const [index, output] of outputs.entries()) {
      expect(put(output, index, 10).byteLength).toBe(PAGE);
      expect(transmitAll(output).map((chunk) => [chunk.length, ...new Set(chunk)])).toEqual([
        [SMALL_PAGE, index],
        [10, index],
      ]);
      output.written(SMALL_PAGE);
    }
    // 32 small ones are kept; more than fits into them lies in one of the usual size.
    const again = outputs.map(() => put(new Output(), 1, 10));
    expect(again.filter((page) => pages.has(page))).toHaveLength(32);
    expect(new Set(again).size).toBe(40);
    expect(put(new Output(), 1, SMALL_PAGE + 1).byteLength).toBe(PAGE);
  });

  it('are kept up to 32', () => {
    takeFreePages();
    const output = new Output();
    const pages = new Set(Array.from({ length: 40 }, () => put(output, 1)));
    transmitAll(output);
    output.written(output.pending);
    const other = new Output();
    const again = Array.from({ length: 40 }, () => put(other, 2)).filter((page) => pages.has(page));
    expect(again).toHaveLength(32);
  });
});

describe('octets that are sent from where they lie', () => {
  const owner = (log: Uint8Array[]) => ({ written: (payload: Uint8Array) => log.push(payload) });

  it('leave between what was written before them and after, and are told when they have', () => {
    takeFreePages();
    const output = new Output();
    const [told, payload] = [[] as Uint8Array[], new Uint8Array(1000).fill(9)];
    const page = put(output, 1, 10);
    output.refer(payload, 0, 400, undefined);
    expect(put(output, 2, 10)).toBe(page);
    output.refer(payload, 400, 1000, owner(told));
    expect(put(output, 3, 10)).toBe(page);
    expect(output.pending).toBe(1030);
    const chunks = transmitAll(output);
    expect(chunks.map((chunk) => [chunk[0], chunk.length])).toEqual([
      [1, 10],
      [9, 400],
      [2, 10],
      [9, 600],
      [3, 10],
    ]);
    expect(chunks.filter(({ buffer }) => buffer === payload.buffer)).toHaveLength(2);
    output.written(410);
    output.written(609);
    expect(told).toEqual([]);
    output.written(1);
    expect(told).toEqual([payload]);
    // The rest of the page is not done with, so nobody else gets it.
    expect(put(new Output(), 4, 10)).not.toBe(page);
    output.written(10);
    expect(put(new Output(), 5, 10)).toBe(page);
    expect([told.length, output.pending, transmitAll(output)]).toEqual([1, 0, []]);
  });

  it('may be none', () => {
    const output = new Output();
    const told: Uint8Array[] = [];
    put(output, 1, 10);
    output.refer(new Uint8Array(50), 50, 50, owner(told));
    put(output, 2, 10);
    expect(transmitAll(output).map(([octet]) => octet)).toEqual([1, 2]);
    output.written(20);
    expect([told.length, output.pending]).toEqual([1, 0]);
  });

  it('are forgotten with the transport', () => {
    const output = new Output();
    const told: Uint8Array[] = [];
    put(output, 1, 10);
    output.refer(new Uint8Array(50), 0, 50, owner(told));
    transmitAll(output);
    output.clear();
    expect([output.pending, transmitAll(output)]).toEqual([0, []]);
    put(output, 2, 10);
    expect(transmitAll(output).map(([octet]) => octet)).toEqual([2]);
    expect(told).toEqual([]);
  });
});

describe('the copy of a prefix', () => {
  it('is of the memory that is asked for', () => {
    const to = new Uint8Array(256);
    for (const octet of [1, 2, 3]) {
      copyPrefix(new Uint8Array(256).fill(octet), 100, to, 0);
      expect([to[0], to[99]]).toEqual([octet, octet]);
    }
  });
});

describe('the mailbox', () => {
  it('tells nobody in the middle of what another is told', () => {
    const mailbox = new Mailbox();
    const told: string[] = [];
    mailbox.post({
      notify: () => {
        told.push('begin');
        mailbox.post({ notify: () => told.push('next') });
        mailbox.deliver();
        told.push('end');
      },
    });
    mailbox.deliver();
    expect(told).toEqual(['begin', 'end', 'next']);
  });
});

describe('a batch of dispositions', () => {
  it('[D-02] joins nothing to what has left already', () => {
    const told: number[] = [];
    const batch = new DispositionBatch(false, ({ first, last }) => told.push(first, last));
    for (const id of [1, 2]) {
      batch.add(id, undefined, false);
      batch.flush();
    }
    expect(told).toEqual([1, 1, 2, 2]);
  });
});

class Item {
  readonly owner: HeldList<Item> | undefined = undefined;
  previous: Item | undefined = undefined;
  next: Item | undefined = undefined;
}

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** Octets that are in use, once all that is garbage is gone. */
function used(): number {
  if (typeof collect !== 'function') throw new Error('the memory cannot be collected');
  collect();
  return process.memoryUsage().heapUsed;
}

describe('the parts of a delivery', () => {
  it('hold little more than their octets, however few each has', () => {
    const assembly = new Assembly(1, Uint8Array.of(9), 0, false);
    const read = blockOf(Uint8Array.from({ length: 300 }, (_, index) => index & 0xff));
    const before = used();
    for (let index = 0; index < 300_000; index++) assembly.add(read, index % 300, (index % 300) + 1, false);
    expect(used() - before).toBeLessThan(3_000_000);
    expect(assembly.size).toBe(300_000);
    const { bytes } = assembly.join();
    expect(bytes.subarray(1).every((octet, index) => octet === ((index % 300) & 0xff))).toBe(true);
  });

  it('are joined in their order, those that were copied and those whose memory was taken over', () => {
    const assembly = new Assembly(1, Uint8Array.of(9), 0, false);
    const expected: number[] = [9];
    const read = blockOf(new Uint8Array(40_000));
    for (const [index, size] of [1, 1, 2, 40_000, 1, 30_000, 3000, 0, 20_000, 1].entries()) {
      read.bytes.fill(index + 1);
      const adopted = index % 3 === 2;
      assembly.add(adopted ? blockOf(read.bytes.slice()) : read, 40_000 - size, 40_000, adopted);
      expected.push(...Array.from({ length: size }, () => index + 1));
    }
    expect(assembly.join().bytes).toEqual(Uint8Array.from(expected));
  });

  it('give back the memory that they took over, and none that they share', () => {
    const taken = new Set(Array.from({ length: 40 }, () => takeFrameMemory(PAGE, PAGE)));
    const assembly = new Assembly(1, Uint8Array.of(9), 0, false);
    const [own] = taken;
    if (own === undefined) throw new Error('no memory was taken');
    // A copy of just this size is memory of the same size.
    assembly.add(blockOf(new Uint8Array(PAGE).fill(7)), 0, PAGE, false);
    assembly.add(own, 0, PAGE, true);
    assembly.join();
    expect(takeFrameMemory(PAGE, PAGE)).toBe(own);
    const next = takeFrameMemory(PAGE, PAGE);
    expect(next.bytes.every((octet) => octet === 0)).toBe(true);
    expect(taken).not.toContain(next);
  });
});

describe('a connection that falls silent', () => {
  it('holds no memory of the last read', async () => {
    const peer = new RawPeer();
    peer.credit = 10;
    peer.opened(begin(), attach());
    const read = (): WeakRef<ArrayBufferLike> => {
      const octets = frame(transfer(0), 0, new Uint8Array(60_000));
      peer.connection.receive(octets, 0);
      return new WeakRef(octets.buffer);
    };
    const memory = read();
    await collectGarbage();
    expect(memory.deref()).toBeUndefined();
    expect(peer.link.log.taken.map(({ payload }) => payload.length)).toEqual([60_000]);
  });

  it('holds no memory of the last large piece that was kept for another', async () => {
    const store = new PayloadStore();
    const memory = new WeakRef(store.keep(new Uint8Array(60_000), 0, 60_000).bytes.buffer);
    await collectGarbage();
    expect(memory.deref()).toBeUndefined();
    expect(store.start).toBe(0);
  });
});

describe('the memory of unsettled deliveries', () => {
  it('is given back when they are settled, however many there were', () => {
    const unsettled = new Unsettled<Item>();
    const item = new Item();
    const before = used();
    for (let id = 0; id < 500_000; id++) {
      unsettled.add(id, item);
      unsettled.remove(id);
    }
    for (let id = 0; id < 500_000; id++) unsettled.add(id, item);
    for (let id = 0; id < 500_000; id++) unsettled.remove(id);
    const kept = used() - before;
    expect(unsettled.size).toBe(0);
    // Each bucket of 256 that stayed would be 2 KiB: 4 MiB in all.
    expect(kept).toBeLessThan(1_500_000);
  });
});
