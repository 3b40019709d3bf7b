/** Straight-line codecs for the sections of every message: the same values, octets and errors as the generic machine. */
import { pascal, tableName } from './definition-model.mjs';

export const HOT_SECTIONS = ['header', 'properties'];

/** The octets of a described list8 before its first item. */
const HEAD = 6;

/** Types that are read by a method of the reader of their name. */
const BY_READER = new Set(['boolean', 'ubyte', 'uint', 'string', 'symbol', 'binary']);

const readerOf = (field) =>
  BY_READER.has(field.type) ? `reader.${field.type}()` : `read${pascal(field.type)}(reader, limits)`;

function sectionReader(composite) {
  const name = pascal(composite.name);
  const members = composite.fields.map(
    (field, index) =>
      `${field.key}: count <= ${index} || reader.skipNull() ? ${field.default ?? 'undefined'} : ${readerOf(field)},`,
  );
  return `/**
   * Reads a ${composite.name} section behind its descriptor (§${composite.section}).
   *
   * @throws decode-error that names the field.
   */
  export function read${name}Fields(reader: Reader, limits?: Limits): ${name} {
    const start = reader.position;
    const outer = reader.end;
    try {
      const count = enterList(reader);
      const value: ${name} = { type: '${composite.name}', ${members.join('\n')} };
      leaveList(reader, count - ${composite.fields.length}, outer);
      return value;
    } catch (error) {
      reader.position = start;
      reader.end = outer;
      return explainDecodeError(reader, ${tableName(composite.name)}, limits, error);
    }
  }`;
}

function sectionWriter(composite) {
  const name = pascal(composite.name);
  const keys = composite.fields.map(({ key }) => key);
  return `/**
   * Writes a ${composite.name} section with its descriptor, in the fewest octets (§${composite.section}).
   *
   * @throws encode-error that names the field.
   */
  export function write${name}Fields(writer: Writer, fields: ${name}Init): void {
    const { ${keys.join(', ')} } = fields;
    // Nothing follows the last field that says something.
    let count = 0;
    ${keys.map((key, index) => `if (isSet(${key})) count = ${index + 1};`).join('\n')}
    const start = writer.position;
    try {
      writer.reserve(${HEAD});
      ${composite.fields.map(({ type, key }, index) => `if (count > ${index}) put${pascal(type)}(writer, ${key});`).join('\n')}
      endList(writer, start, writer.position, 0x${composite.code.toString(16)}, count);
    } catch (error) {
      writer.position = start;
      explainEncodeError(writer, ${tableName(composite.name)}, fields, error);
    }
  }`;
}

/** The source of one codec. A field of such a section is never mandatory, and is written wherever it is given. */
export function sectionCodec(composite) {
  const name = pascal(composite.name);
  const body = `${sectionReader(composite)}\n\n${sectionWriter(composite)}`;
  const types = [...new Set(composite.fields.map(({ type }) => type))];
  const steps = [
    'isSet',
    ...types.map((type) => `put${pascal(type)}`),
    ...types.filter((type) => !BY_READER.has(type)).map((type) => `read${pascal(type)}`),
  ];
  return `import type { Limits, Reader, Writer } from '../../codec/index.ts';
    import { explainDecodeError, explainEncodeError } from '../composite.ts';
    import { endList, enterList, leaveList } from '../list.ts';
    import { ${steps.toSorted().join(', ')} } from '../section-fields.ts';
    import { ${tableName(composite.name)}, type ${name}, type ${name}Init } from './sections.ts';

    ${body}`;
}
