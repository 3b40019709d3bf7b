import { describe, expect, it } from 'vitest';
import { blockOf, type Block } from '../../src/codec/index.ts';
import { accepted, released } from '../../src/definitions/index.ts';
import { Assembly } from '../../src/engine/assembly.ts';
import { DispositionBatch, type DispositionRange } from '../../src/engine/disposition-batch.ts';
import { Input } from '../../src/engine/input.ts';
import { Mailbox } from '../../src/engine/mailbox.ts';
import { copyPrefix, giveBackFrameMemory, takeFrameMemory } from '../../src/engine/memory.ts';
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
      const { bytes } = store.keep(payload, 0, size);
      payload.fill(0);
      expect([...new Set(bytes.subarray(store.start, store.start + size))]).toEqual([7]);
    }
  });

  it('has a small slab at first, and larger ones as more is kept', () => {
    const store = new PayloadStore();
    const read = new Uint8Array(4096);
    const slabs = new Set(Array.from({ length: 500 }, () => store.keep(read, 0, 100)));
    const lengths = [...slabs].map(({ bytes }) => bytes.length);
    expect(lengths).toEqual([1024, 2048, 4096, 8192, 16_384, 16_384, 16_384]);
    expect(new PayloadStore().keep(read, 0, 4096).bytes).toHaveLength(4096);
  });

  it('gives small pieces places in one slab, and large ones memory of their own', () => {
    const store = new PayloadStore();
    const read = Uint8Array.from({ length: 10_000 }, (_, index) => index & 0xff);
    const slab = store.keep(read, 10, 20);
    const { start } = store;
    expect(store.keep(read, 20, 40)).toBe(slab);
    expect(store.start).toBe(start + 10);
    const large = store.keep(read, 0, 10_000);
    expect(large).not.toBe(slab);
    expect(large.bytes).toEqual(read);
    const later = Array.from({ length: 8 }, () => store.keep(read, 0, 4000)).at(-1);
    expect(later).not.toBe(slab);
    expect([...slab.bytes.subarray(start, start + 10)]).toEqual([...read.subarray(10, 20)]);
    expect(later?.bytes.slice(store.start, store.start + 4000)).toEqual(read.slice(0, 4000));
  });
});

describe('an assembly', () => {
  it('[X-07] joins tag and parts, empty ones too', () => {
    const assembly = new Assembly(1, Uint8Array.of(9), 0, false);
    assembly.add(blockOf(Uint8Array.of(0, 1, 2, 3)), 1, 3, false);
    assembly.add(blockOf(Uint8Array.of(0)), 1, 1, false);
    assembly.add(blockOf(Uint8Array.of(4)), 0, 1, false);
    expect(assembly.size).toBe(3);
    expect([...assembly.join().bytes]).toEqual([9, 1, 2, 4]);
  });

  it('copies a part at once from memory that is written again, and at the end from memory that is its own', () => {
    const assembly = new Assembly(1, Uint8Array.of(9), 0, false);
    const [foreign, own] = [Uint8Array.of(1, 2), Uint8Array.of(3, 4)];
    assembly.add(blockOf(foreign), 0, 2, false);
    assembly.add(blockOf(own), 1, 2, true);
    foreign.fill(0);
    own.fill(5);
    expect([...assembly.join().bytes]).toEqual([9, 1, 2, 5]);
  });
});

describe('memory for frames', () => {
  it('grows with the octets that are there, and is a shared piece once those are a quarter of it', () => {
    expect(takeFrameMemory(8, 0).bytes).toHaveLength(8);
    expect(takeFrameMemory(100, 60_000).bytes).toHaveLength(200);
    expect(takeFrameMemory(100, 150).bytes).toHaveLength(150);
    expect(takeFrameMemory(16_383, 65_536).bytes).toHaveLength(32_766);
    expect(takeFrameMemory(16_384, 65_536).bytes).toHaveLength(65_536);
    expect(takeFrameMemory(16_384, 65_537).bytes).toHaveLength(32_768);
  });

  it('is used again, up to a number, and no other piece is', () => {
    const pieces = Array.from({ length: 40 }, () => takeFrameMemory(65_536, 65_536));
    expect(new Set(pieces).size).toBe(40);
    giveBackFrameMemory(blockOf(new Uint8Array(65_535)));
    for (const piece of pieces) giveBackFrameMemory(piece);
    const again = Array.from({ length: 40 }, () => takeFrameMemory(65_536, 65_536));
    expect(again.filter((piece) => pieces.includes(piece))).toHaveLength(32);
    expect(new Set(again).size).toBe(40);
  });

  it('is taken over by who asks while a frame is handed out that spans reads, and by nobody else', () => {
    const lengths = [300, 300, 70_000, 300];
    const seen: { readonly block: Block; readonly adopted: boolean }[] = [];
    const input: Input = new Input({
      expectsHeader: false,
      deaf: false,
      paused: false,
      maxFrameSize: 100_000,
      header: () => undefined,
      malformed: () => undefined,
      // The second frame is not wanted: its memory is free again.
      frame: (_type, _channel, block) => seen.push({ block, adopted: seen.length !== 1 && input.adopt(block) }),
    });
    for (const size of lengths) {
      const octets = new Uint8Array(size).fill(7);
      octets.set([0, size >>> 16, (size >>> 8) & 0xff, size & 0xff, 2, 0]);
      input.receive(octets.subarray(0, 200));
      input.receive(octets.subarray(200));
    }
    const whole = new Uint8Array(300);
    whole.set([0, 0, 1, 44, 2, 0]);
    input.receive(whole);
    expect(seen.map(({ adopted }) => adopted)).toEqual([true, false, true, true, false]);
    expect(new Set(seen.map(({ block }) => block)).size).toBe(5);
    for (const [index, size] of lengths.entries()) expect(seen[index]?.block.bytes[size - 1]).toBe(7);
  });
});

describe('the copy of a prefix', () => {
  it('is what is asked for, whatever the size, room and memory', () => {
    for (const memory of [2000, 100, 2000, 70_000])
      for (const size of [0, 1, 63, 64, 65, 100, 1000, 1024, 1025, 2000].filter((wanted) => wanted <= memory))
        for (const room of [size, size + 10, size + 200]) {
          const from = Uint8Array.from({ length: memory }, (_, index) => (index % 200) + 1);
          const to = new Uint8Array(10 + room);
          copyPrefix(from, size, to, 10);
          expect(to.subarray(0, 10)).toEqual(new Uint8Array(10));
          expect(to.subarray(10, 10 + size)).toEqual(from.subarray(0, size));
        }
  });

  it('is what the memory holds now', () => {
    const from = new Uint8Array(128);
    const to = new Uint8Array(128);
    for (const octet of [1, 2]) {
      from.fill(octet);
      copyPrefix(from, 100, to, 0);
      expect(to[99]).toBe(octet);
    }
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
  it('tells as many as there are, time and again', () => {
    const mailbox = new Mailbox();
    let told = 0;
    for (const count of [1500, 3, 1024, 1025]) {
      told = 0;
      for (let index = 0; index < count; index++) mailbox.post({ notify: () => expect(told++).toBe(index) });
      mailbox.deliver();
      expect(told).toBe(count);
    }
  });

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
