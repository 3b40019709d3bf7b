import * as definitions from '../../../src/definitions/index.ts';
import type { CompositeTable } from '../../../src/definitions/index.ts';

function isTable(value: unknown): value is CompositeTable {
  return typeof value === 'object' && value !== null && 'fields' in value && 'descriptor' in value;
}

/** The tables of all composite types. */
export const tables: readonly CompositeTable[] = Object.values<unknown>({ ...definitions }).filter(isTable);
