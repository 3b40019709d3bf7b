import { isInteger, type Check, type OptionTable } from '../errors/index.ts';

/** What a decoder accepts at most; all are checked before memory is taken. */
export interface Limits {
  /** How deep lists, maps, arrays and described values may nest: 1 to 1024, 32 unless told. */
  readonly maxDepth?: number | undefined;
  /** How many array items that take no octets (§1.2.4) one value may hold in all: 65,536 unless told. */
  readonly maxElements?: number | undefined;
  /** How many octets one binary, string, symbol, list, map or array may announce; without bound unless told. */
  readonly maxSize?: number | undefined;
}

/** How values are read: the limits, and how numbers come. */
export interface ReadOptions extends Limits {
  /** Whether numbers come with their AMQP type, so that they can be written back as it: false unless told. */
  readonly typed?: boolean | undefined;
}

/** The depth of values that is read and written unless told otherwise. */
export const DEFAULT_DEPTH = 32;
/** The items without octets that are read unless told otherwise. */
export const DEFAULT_ELEMENTS = 65_536;

/** The limits that apply unless told otherwise. */
export const defaultLimits: Limits = {};

const isSize: Check = (value) =>
  value === Infinity ? undefined : isInteger(0, Number.MAX_SAFE_INTEGER)(value) && 'a number of octets, or Infinity';

/** How the limits are checked that a caller passes. */
export const limitsTable: OptionTable<Limits> = {
  maxDepth: isInteger(1, 1024),
  maxElements: isInteger(0, 0xffff_ffff),
  maxSize: isSize,
};
