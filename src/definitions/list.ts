import { formatCode, type Reader, type Writer } from '../codec/index.ts';

/** 00 53 <code> c0: a described list8 whose descriptor is a smallulong. */
const LIST8_HEAD = 0x005300c0;
const LIST32_HEAD = 0x005300d0;
/** 00 53 <code> 45: the empty list. */
const LIST0_HEAD = 0x00530045;
/** How much longer the head of a list32 is. */
const WIDER = 6;

/**
 * Reads the head of a list and narrows the reader to its items; returns their number (§1.6.22).
 *
 * Keep `reader.end` first: {@link leaveList} puts it back.
 */
export function enterList(reader: Reader): number {
  const constructor = reader.octet();
  if (constructor === formatCode.list0) {
    reader.end = reader.position;
    return 0;
  }
  const small = constructor === formatCode.list8;
  if (!small && constructor !== formatCode.list32) reader.wrongType('list', constructor);
  const size = reader.size(small);
  if (size > reader.remaining) reader.fail(`a list of ${size} octets is announced and ${reader.remaining} are there`);
  // §1.2.3: the size counts the octets of the count as well, and the items fill the rest.
  reader.end = reader.position + size;
  return reader.size(small);
}

/**
 * Ends the reading of a list after its last known field: `extra` more items may follow if they are null, and then
 * nothing. Gives the reader its former end back.
 */
export function leaveList(reader: Reader, extra: number, outer: number): void {
  for (let left = extra; left > 0; left--)
    if (!reader.skipNull()) reader.fail('there are more fields than the type has');
  if (reader.remaining > 0) reader.fail(`${reader.remaining} octets are left over in a list`);
  reader.end = outer;
}

/**
 * Ends a composite whose items lie from `start` + 6 to `at`: writes descriptor, size and count before them, in the
 * fewest octets.
 */
export function endList(writer: Writer, start: number, at: number, code: number, count: number): void {
  const head = code << 8;
  const size = at - start - 5;
  if (count === 0) {
    writer.view.setUint32(start, LIST0_HEAD | head);
    writer.position = start + 4;
  } else if (size <= 0xff) {
    writer.view.setUint32(start, LIST8_HEAD | head);
    writer.view.setUint8(start + 4, size);
    writer.view.setUint8(start + 5, count);
    writer.position = at;
  } else {
    writer.position = at;
    writer.reserve(WIDER);
    writer.bytes.copyWithin(start + 6 + WIDER, start + 6, at);
    writer.view.setUint32(start, LIST32_HEAD | head);
    writer.view.setUint32(start + 4, size + 3);
    writer.view.setUint32(start + 8, count);
  }
}
