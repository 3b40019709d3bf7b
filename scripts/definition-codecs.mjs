/** Straight-line codecs for the composites of every message: the same octets and errors as the generic machine. */
import { pascal, tableName } from './definition-model.mjs';

export const HOT_TYPES = ['transfer', 'disposition', 'flow'];

/** The octets of a described list8 before its first item. */
const HEAD = 6;
const ROOM = { uint: 5, ubyte: 2, boolean: 1, binary: 5, composite: 4, fields: 0 };

const isFlag = (field) => field.type === 'boolean' && (field.mandatory || field.default === 'false');

/** The type of a class member and what it begins with. */
function member(field, valueType) {
  if (isFlag(field)) return [`${field.key}: boolean`, 'false'];
  return field.mandatory
    ? [`${field.key}: number`, '0']
    : [`${field.key}: ${valueType(field, '')} | undefined`, 'undefined'];
}

function fieldsClass(composite, valueType) {
  const name = pascal(composite.name);
  const members = composite.fields.map((field) => {
    const [type, value] = member(field, valueType);
    if (field.type !== 'binary') return `/** ${field.doc} */\n${type} = ${value};`;
    return `/** ${field.doc} Only for writing. */
      ${type} = ${value};
      /** Where the ${field.name} lies in the octets that were read; -1 if it is absent. Only for reading. */
      ${field.key}Start: number = -1;
      /** Where the ${field.name} ends in the octets that were read; -1 if it is absent. Only for reading. */
      ${field.key}End: number = -1;`;
  });
  return `/** The fields of {@link ${name}} in one object that is used again for each frame (§${composite.section}). */
  export class ${name}Fields { ${members.join('\n')} }`;
}

function readValue(field) {
  if (field.restricted !== undefined) return `read${pascal(field.restricted)}(reader)`;
  if (field.type === 'composite') return 'readDeliveryState(reader, limits)';
  return field.type === 'fields' ? 'readFields(reader, limits)' : `reader.${field.type}()`;
}

function readField(field, index) {
  const absent = `count <= ${index} || reader.skipNull()`;
  const to = `into.${field.key}`;
  if (field.type === 'binary') {
    return `if (${absent}) {
        ${to}Start = -1;
        ${to}End = -1;
      } else {
        ${to}Start = binaryStart(reader);
        ${to}End = reader.position;
      }`;
  }
  if (field.mandatory)
    return `if (${absent}) reader.fail('a mandatory field is missing');\n${to} = ${readValue(field)};`;
  return isFlag(field)
    ? `${to} = !(${absent}) && reader.boolean();`
    : `${to} = ${absent} ? undefined : ${readValue(field)};`;
}

function reader(composite) {
  const name = pascal(composite.name);
  return `/**
   * Reads a ${composite.name} behind its descriptor into an object that exists; every field is set (§${composite.section}).
   *
   * @throws decode-error that names the field.
   */
  export function read${name}(reader: Reader, into: ${name}Fields, limits?: Limits): void {
    const start = reader.position;
    const outer = reader.end;
    try {
      const count = enterList(reader);
      ${composite.fields.map(readField).join('\n')}
      leaveList(reader, count - ${composite.fields.length}, outer);
    } catch (error) {
      reader.position = start;
      reader.end = outer;
      explainDecodeError(reader, ${tableName(composite.name)}, limits, error);
    }
  }`;
}

function counter(composite) {
  const name = pascal(composite.name);
  const least = composite.fields.findLastIndex((field) => field.mandatory) + 1;
  const checks = composite.fields
    .map((field, index) => `if (fields.${field.key}${isFlag(field) ? '' : ' !== undefined'}) return ${index + 1};`)
    .slice(least)
    .toReversed();
  return `/** How many fields are written: nothing follows the last one that says something. */
  function count${name}(fields: ${name}Fields): number {
    ${checks.join('\n')}
    return ${least};
  }`;
}

function putValue(field) {
  const from = `fields.${field.key}`;
  if (field.restricted !== undefined) return `at = put${pascal(field.restricted)}(view, at, ${from});`;
  if (field.type === 'binary') return `at = putBinary(writer, view, at, ${from});`;
  if (field.type === 'uint') return `at = ${field.mandatory ? 'putUint' : 'putOptionalUint'}(view, at, ${from});`;
  if (field.mandatory) return `at = putBoolean(view, at, ${from});`;
  return `at = ${isFlag(field) ? 'putFlag' : 'putOptionalBoolean'}(view, at, ${from});`;
}

function writeField(field, index, composite) {
  const from = `fields.${field.key}`;
  const rest = roomFor(composite.fields.slice(index + 1));
  const guard = composite.fields.findLastIndex((other) => other.mandatory) >= index ? '' : `if (count > ${index}) `;
  if (field.type === 'composite') {
    return `if (count > ${index}) {
        const { ${field.key} } = fields;
        if (${field.key} === undefined || ${field.key} === accepted) at = putPlainState(view, at, ${field.key});
        else {
          writer.position = at;
          writeDeliveryState(writer, ${field.key});
          at = writer.reserve(${rest});
          view = writer.view;
        }
      }`;
  }
  if (field.type === 'fields') {
    // It is the last field, so nothing more needs room.
    return `if (${from} !== undefined) {
        writer.position = at;
        writeFields(writer, ${from});
        at = writer.position;
      }`;
  }
  return guard + putValue(field);
}

const roomFor = (fields) => fields.reduce((sum, field) => sum + ROOM[field.type], 0);

function writer(composite) {
  const name = pascal(composite.name);
  const binary = composite.fields.find((field) => field.type === 'binary');
  const room = HEAD + roomFor(composite.fields);
  const length = binary === undefined ? `${room}` : `${room} + (fields.${binary.key}?.length ?? 0)`;
  const view = composite.fields.some((field) => field.type === 'composite') ? 'let' : 'const';
  return `/**
   * Writes a ${composite.name} with its descriptor, in the fewest octets (§${composite.section}).
   *
   * @throws encode-error that names the field.
   */
  export function write${name}(writer: Writer, fields: ${name}Fields): void {
    const start = writer.position;
    try {
      const count = count${name}(fields);
      let at = writer.reserve(${length}) + ${HEAD};
      ${view} { view } = writer;
      ${composite.fields.map((field, index) => writeField(field, index, composite)).join('\n')}
      endList(writer, start, at, 0x${composite.code.toString(16)}, count);
    } catch (error) {
      writer.position = start;
      explainEncodeError(writer, ${tableName(composite.name)}, fields, error);
    }
  }`;
}

/** The source of one codec. */
export function hotCodec(composite, valueType) {
  const body = [fieldsClass(composite, valueType), reader(composite), counter(composite), writer(composite)].join(
    '\n\n',
  );
  const used = (...names) =>
    names.filter((name) => new RegExp(`\\b${name}\\b`).test(body.replace(/\/\*\*[^]*?\*\//g, ''))).join(', ');
  const line = (names, from, keyword = '') => (names === '' ? '' : `import ${keyword}{ ${names} } from '${from}';\n`);
  return (
    line(used('readFields', 'writeFields'), '../../codec/index.ts') +
    line(used('Described', 'Limits', 'Reader', 'Writer'), '../../codec/index.ts', 'type ') +
    line(used('explainDecodeError', 'explainEncodeError'), '../composite.ts') +
    line(used('enterList', 'leaveList', 'endList'), '../list.ts') +
    line(
      used(
        'binaryStart',
        'putBinary',
        'putBoolean',
        'putFlag',
        'putOptionalBoolean',
        'putOptionalUint',
        'putReceiverSettleMode',
        'putUint',
        'readReceiverSettleMode',
      ),
      '../straight-line.ts',
    ) +
    line(used('accepted', 'putPlainState', 'readDeliveryState', 'writeDeliveryState'), '../states.ts') +
    line(used('Fields'), '../spec.ts', 'type ') +
    line(used('ReceiverSettleMode'), './choices.ts', 'type ') +
    line(used('DeliveryState'), './delivery-state.ts', 'type ') +
    line(tableName(composite.name), './performatives.ts') +
    `\n${body}`
  );
}
