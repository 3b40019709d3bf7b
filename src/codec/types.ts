import { formatCode as code } from './format-code.ts';
import type { NumericType } from './values/typed.ts';

/** The name of a primitive type (§1.6). A described value is named by its descriptor instead. */
export type AmqpType =
  | NumericType
  | 'null'
  | 'boolean'
  | 'decimal32'
  | 'decimal64'
  | 'decimal128'
  | 'char'
  | 'timestamp'
  | 'uuid'
  | 'binary'
  | 'string'
  | 'symbol'
  | 'list'
  | 'map'
  | 'array';

const types: ReadonlyMap<number, AmqpType> = new Map<number, AmqpType>([
  [code.null, 'null'],
  [code.true, 'boolean'],
  [code.false, 'boolean'],
  [code.boolean, 'boolean'],
  [code.ubyte, 'ubyte'],
  [code.ushort, 'ushort'],
  [code.uint0, 'uint'],
  [code.smalluint, 'uint'],
  [code.uint, 'uint'],
  [code.ulong0, 'ulong'],
  [code.smallulong, 'ulong'],
  [code.ulong, 'ulong'],
  [code.byte, 'byte'],
  [code.short, 'short'],
  [code.smallint, 'int'],
  [code.int, 'int'],
  [code.smalllong, 'long'],
  [code.long, 'long'],
  [code.float, 'float'],
  [code.double, 'double'],
  [code.decimal32, 'decimal32'],
  [code.decimal64, 'decimal64'],
  [code.decimal128, 'decimal128'],
  [code.char, 'char'],
  [code.timestamp, 'timestamp'],
  [code.uuid, 'uuid'],
  [code.vbin8, 'binary'],
  [code.vbin32, 'binary'],
  [code.str8, 'string'],
  [code.str32, 'string'],
  [code.sym8, 'symbol'],
  [code.sym32, 'symbol'],
  [code.list0, 'list'],
  [code.list8, 'list'],
  [code.list32, 'list'],
  [code.map8, 'map'],
  [code.map32, 'map'],
  [code.array8, 'array'],
  [code.array32, 'array'],
]);

/** The type that a format code belongs to; undefined for a code that the standard does not define (§1.6). */
export function typeOfCode(formatCode: number): AmqpType | undefined {
  return types.get(formatCode);
}

/** The fewest octets that data with this format code takes: the high nibble fixes the layout (§1.2). */
export function leastOctets(formatCode: number): number {
  switch (formatCode >> 4) {
    case 0x4:
      return 0;
    case 0x5:
    case 0xa:
      return 1;
    case 0x6:
    case 0xc:
    case 0xe:
      return 2;
    case 0x7:
    case 0xb:
      return 4;
    case 0x9:
      return 16;
    default:
      return 8; // 0x8 is eight octets wide; 0xd and 0xf hold a size and a count of four each.
  }
}

const names: ReadonlySet<unknown> = new Set(types.values());

/** Whether a text is the name of a primitive type. */
export function isAmqpType(name: unknown): name is AmqpType {
  return names.has(name);
}
