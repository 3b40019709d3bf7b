import { fieldCases } from './field-cases.ts';
import { formCases } from './form-cases.ts';
import type { Frame } from './frame.ts';
import type { Misbehaviour, Step } from './misbehaviour.ts';
import { headerCases, orderCases } from './order-cases.ts';

/** All ways of one kind in which a step is done wrong. */
export interface Group {
  readonly step: Step;
  readonly kind: 'out of order' | 'in another form' | 'with other fields';
  readonly cases: readonly Misbehaviour[];
}

/**
 * All ways in which the steps of an exchange are done wrong, by generators that know nothing but the definitions.
 *
 * @param others - frames of every kind, to be sent where they do not belong
 */
export function groupsOf(steps: readonly Step[], others: readonly Frame[]): Group[] {
  const tried = new Set<unknown>();
  return steps.flatMap((step): Group[] => {
    const { right } = step;
    if (right instanceof Uint8Array) return [{ step, kind: 'out of order', cases: headerCases(right, others) }];
    const thorough = !tried.has(right.table);
    tried.add(right.table);
    return [
      { step, kind: 'out of order', cases: orderCases(step, right, others) },
      { step, kind: 'in another form', cases: formCases(step, right) },
      { step, kind: 'with other fields', cases: fieldCases(step, right, thorough) },
    ];
  });
}
