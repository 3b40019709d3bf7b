/** A map with symbols as keys (§2.8.13), as a record without prototype when it was read. */
export type Fields = Readonly<Record<string, unknown>>;

/** How the value of a field is written, if it is no composite: a primitive type, or a form of this standard. */
export type ScalarType =
  | 'boolean'
  | 'ubyte'
  | 'ushort'
  | 'uint'
  | 'ulong'
  | 'string'
  | 'symbol'
  | 'binary'
  | 'timestamp'
  /** A map with symbols as keys. */
  | 'fields'
  /** A map with keys of any type. */
  | 'map'
  /** Any value. */
  | 'any'
  /** Any value, where a bigint is a ulong (§3.2.11). */
  | 'message-id';

/** What the rows of all fields have. */
interface FieldBase<K extends string> {
  /** The name in the standard. */
  readonly name: string;
  /** The name in the interfaces. */
  readonly key: K;
  /** Null is an error (§1.3.4). */
  readonly mandatory?: true;
  /** An array of symbols, where null and no symbol are the same (§1.3.4). */
  readonly multiple?: true;
  /** What null means. */
  readonly default?: boolean | number | string;
}

/** A field that holds a plain value. */
export interface ScalarField<K extends string = string> extends FieldBase<K> {
  readonly type: ScalarType;
  /** The values that its type is restricted to. */
  readonly choices?: readonly (number | string)[];
}

/** A field that holds another composite. */
export interface CompositeField<K extends string = string> extends FieldBase<K> {
  readonly type: 'composite';
  /** The types that it takes; the first is meant where a value to write has no `type`. */
  readonly composites: readonly CompositeTable[];
  /** The archetype that the standard asks for. Where it asks for one, other described values are taken as they are. */
  readonly requires?: string;
}

/** A field of a composite type: its row in the table. */
export type FieldSpec<K extends string = string> = ScalarField<K> | CompositeField<K>;

/** The table of a composite type, whatever it is (§1.4). */
export interface CompositeTable {
  /** The name in the standard; also the `type` of its values. */
  readonly type: string;
  /** The symbolic descriptor. */
  readonly descriptor: string;
  /** The numeric descriptor, in the domain 0. */
  readonly code: number;
  /** The section of the standard that defines it. */
  readonly section: string;
  /** The fields in their order. */
  readonly fields: readonly FieldSpec[];
  /** Whether a field that is given is written even where it has its default. */
  readonly explicit?: boolean;
}

/** The tables of some composite types, of which a value that is read has one: `T`. */
export type Tables<T> = readonly CompositeTable[] & {
  /** Never set: ties the tables to what is read with them. */
  readonly value?: T;
};

/** What every value of a composite type has. */
export interface Composite {
  readonly type: string;
}

/** The names of the fields of a composite type. */
export type FieldKey<T> = T extends unknown ? Exclude<keyof T, 'type'> & string : never;

/** The table of a composite type that reads as `T` and is written from `I`. */
export interface CompositeSpec<T extends Composite, I extends object = object> extends CompositeTable {
  readonly type: T['type'];
  readonly fields: readonly FieldSpec<FieldKey<T>>[];
  /** Never set: ties the table to what is read with it. */
  readonly value?: T;
  /** Never set: ties the table to what is written with it. */
  readonly init?: I;
}
