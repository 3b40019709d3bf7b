/** Reads the body of a message in the forms that it is asked for. */
import { Reader, blockOf, decodeValue, formatCode, type Block, type Limits } from '../codec/index.ts';
import { DescriptorCode } from '../definitions/index.ts';
import { AmqpError, unreachable } from '../errors/index.ts';
import type { ReceivedBody } from './body.ts';
import { octetsOf } from './octet-pool.ts';
import { sectionCode, type Sections } from './sections.ts';

/** How many array items without octets one message may hold in all, whatever the number of its sections. */
const MAX_ELEMENTS = 65_536;

/** Reads the body by its kind. @throws decode-error if a section holds another type than it may. */
export function readBody(block: Block, sections: Sections, limits: Limits = {}): ReceivedBody {
  switch (sections.bodyCode) {
    case 0:
      return { kind: 'none' };
    case DescriptorCode.data:
      return { kind: 'data', data: readEach(block, sections, readBinary) };
    case DescriptorCode.amqpSequence: {
      const { maxElements = MAX_ELEMENTS } = limits;
      const each = { ...limits, maxElements: Math.floor(maxElements / sections.bodyCount) };
      return { kind: 'sequence', sequence: readEach(block, sections, (reader) => readList(reader, each)) };
    }
    case DescriptorCode.amqpValue:
      return { kind: 'value', value: decodeValue(bodyReader(block, sections), limits) };
    default:
      return unreachable(`a body of ${sections.bodyCode}`);
  }
}

/** Reads the body as text. @throws illegal-state where it is none, decode-error where it is not UTF-8. */
export function readText(block: Block, sections: Sections, limits?: Limits): string {
  if (sections.bodyCode === DescriptorCode.data) {
    if (sections.bodyCount === 1) {
      const reader = bodyReader(block, sections);
      return reader.utf8(binarySize(reader));
    }
    // A character may begin in one section and end in the next.
    const octets = readBytes(block, sections);
    return new Reader(blockOf(octets)).utf8(octets.length);
  }
  const content = readContent(block, sections, limits);
  if (content === null) return '';
  return typeof content === 'string' ? content : refuse(sections, 'a text');
}

/** Reads the body as octets. @throws illegal-state where it is something else. */
export function readBytes(block: Block, sections: Sections, limits?: Limits): Uint8Array {
  if (sections.bodyCode === DescriptorCode.data) {
    if (sections.bodyCount === 1) return readBinary(bodyReader(block, sections));
    return join(readEach(block, sections, readBinary));
  }
  const content = readContent(block, sections, limits);
  if (content === null) return new Uint8Array(0);
  return content instanceof Uint8Array ? content : refuse(sections, 'octets');
}

/** A value, or null where there is no body. */
function readContent(block: Block, sections: Sections, limits: Limits | undefined): unknown {
  const body = readBody(block, sections, limits);
  if (body.kind === 'none') return null;
  return body.kind === 'value' ? body.value : undefined;
}

function readEach<T>(block: Block, sections: Sections, read: (reader: Reader) => T): T[] {
  const reader = new Reader(block, sections.applicationPropertiesEnd, sections.bodyEnd);
  const items: T[] = [];
  while (reader.remaining > 0) {
    sectionCode(reader);
    items.push(read(reader));
  }
  return items;
}

/** A reader behind the descriptor of the first body section. */
function bodyReader(block: Block, sections: Sections): Reader {
  const reader = new Reader(block, sections.applicationPropertiesEnd, sections.bodyEnd);
  sectionCode(reader);
  return reader;
}

/** Reads the head of a binary and returns its size. */
function binarySize(reader: Reader): number {
  const constructor = reader.octet();
  if (constructor !== formatCode.vbin8 && constructor !== formatCode.vbin32) reader.wrongType('binary', constructor);
  return reader.size(constructor === formatCode.vbin8);
}

/** Reads a binary. */
function readBinary(reader: Reader): Uint8Array {
  const size = binarySize(reader);
  const start = reader.take(size);
  return octetsOf(reader.bytes, start, start + size);
}

function readList(reader: Reader, limits: Limits): readonly unknown[] {
  const constructor = reader.peek();
  const value = decodeValue(reader, limits);
  return Array.isArray(value) ? value : reader.wrongType('list', constructor);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function refuse(sections: Sections, what: string): never {
  const found = sections.bodyCode === DescriptorCode.amqpSequence ? 'amqp-sequence' : 'amqp-value of another type';
  throw new AmqpError('illegal-state', `the body is not ${what} but an ${found}: use message.body`);
}
