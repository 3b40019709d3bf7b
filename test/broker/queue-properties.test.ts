import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '../../src/definitions/index.ts';
import { Queue } from '../../src/broker/queue.ts';
import type { StoredMessage } from '../../src/broker/stored-message.ts';
import { FakeConsumer, outgoing, stored } from './support/fake-consumer.ts';

const LINKS = 4;

const state = (type: 'accepted' | 'released' | 'elsewhere'): DeliveryState =>
  type === 'elsewhere'
    ? { type: 'modified', deliveryFailed: true, undeliverableHere: true, messageAnnotations: undefined }
    : { type };

const operation = fc.oneof(
  fc.record({ do: fc.constant('put' as const) }),
  fc.record({ do: fc.constant('grant' as const), link: fc.nat(LINKS - 1), credit: fc.nat(5) }),
  fc.record({
    do: fc.constant('settle' as const),
    link: fc.nat(LINKS - 1),
    which: fc.nat(),
    outcome: fc.constantFrom('accepted' as const, 'released' as const, 'elsewhere' as const),
  }),
);

describe('a queue under any use', () => {
  it('loses nothing, gives nothing to two, and leaves nobody waiting for what there is', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 150 }), (operations) => {
        const queue = new Queue({ now: () => 0, deadLetter: () => undefined }, { name: 'q' });
        const links = Array.from({ length: LINKS }, () => new FakeConsumer(queue));
        const held = links.map((): StoredMessage[] => []);
        const accepted: StoredMessage[] = [];
        let put = 0;
        const collect = (): void => {
          for (const [index, link] of links.entries()) held[index]?.push(...link.got.splice(0));
        };
        for (const each of operations) {
          if (each.do === 'put') queue.put(stored({ body: put++ }));
          else if (each.do === 'grant') links[each.link]?.grant(each.credit);
          else {
            const mine = held[each.link] ?? [];
            const [message] = mine.splice(each.which % Math.max(1, mine.length), 1);
            if (message === undefined) continue;
            if (each.outcome === 'accepted') accepted.push(message);
            links[each.link]?.subscription.settled(message, state(each.outcome));
          }
          collect();
          const away = [...held.flat(), ...accepted];
          expect(new Set(away).size).toBe(away.length);
          expect(queue.depth + away.length).toBe(put);
        }
        for (const link of links) {
          link.grant(link.credit);
          collect();
        }
        const rest = new FakeConsumer(queue).grant(1000);
        const left = rest.values.map(Number);
        expect(left).toEqual(left.toSorted((one, other) => one - other));
        for (const link of links.filter(({ credit }) => credit > 0))
          expect(rest.got.every((message) => message.refusedBy.has(link))).toBe(true);
        const all = [...left, ...[...held.flat(), ...accepted].map((message) => outgoing(message).value)];
        expect(new Set(all).size).toBe(put);
      }),
    );
  });
});
