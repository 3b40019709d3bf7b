import { AmqpError } from '../errors/index.ts';

/** What a decoder accepts at most; all are checked before memory is taken. */
export interface Limits {
  /** How deep lists, maps, arrays and described values may nest: 1 to 1024, 32 unless told. */
  readonly maxDepth?: number;
  /** How many array items that take no octets (§1.2.4) one value may hold in all: 65,536 unless told. */
  readonly maxElements?: number;
  /** How many octets one binary, string, symbol, list, map or array may announce; without bound unless told. */
  readonly maxSize?: number;
}

/** The depth of values that is read and written unless told otherwise. */
export const DEFAULT_DEPTH = 32;
/** The items without octets that are read unless told otherwise. */
export const DEFAULT_ELEMENTS = 65_536;

/** The limits that apply unless told otherwise. */
export const defaultLimits: Limits = {};

const ranges: Readonly<Record<keyof Limits, readonly [number, number]>> = {
  maxDepth: [1, 1024],
  maxElements: [0, 0xffff_ffff],
  maxSize: [0, Number.POSITIVE_INFINITY],
};

/** Checks limits that a caller passed. @throws invalid-argument for a value out of range. */
export function checkLimits(limits: Limits): void {
  for (const name of ['maxDepth', 'maxElements', 'maxSize'] as const) {
    const value = limits[name];
    const [least, most] = ranges[name];
    if (value === undefined || (value >= least && value <= most && (value === most || Number.isInteger(value))))
      continue;
    throw new AmqpError('invalid-argument', `options.${name} is ${value}, and must be from ${least} to ${most}`);
  }
}
