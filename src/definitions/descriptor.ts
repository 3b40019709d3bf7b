import { formatCode, skipValue, type Limits, type Reader } from '../codec/index.ts';
import { codeOfDescriptor } from './generated/descriptors.ts';

/**
 * Reads the descriptor of a described value and returns it as a number of the domain 0 (§1.5); what it describes is
 * next. A symbol that the standard defines is its number (§1.3.2). Undefined stands for any other descriptor.
 *
 * @throws decode-error if the next value is not described.
 */
export function readDescriptorCode(reader: Reader, limits?: Limits): number | undefined {
  const constructor = reader.octet();
  if (constructor !== formatCode.described) reader.wrongType('a described value', constructor);
  const code = reader.peek();
  if (code === formatCode.smallulong) {
    reader.position++;
    return reader.octet();
  }
  if (code === formatCode.ulong || code === formatCode.ulong0) {
    const descriptor = reader.ulong();
    return descriptor <= 0xffff_ffffn ? Number(descriptor) : undefined;
  }
  if (code === formatCode.sym8 || code === formatCode.sym32) return codeOfDescriptor.get(reader.symbol());
  skipValue(reader, limits);
  return undefined;
}
