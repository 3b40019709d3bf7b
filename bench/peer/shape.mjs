/** A message in few words, so that the runner can tell whether every client sends the same. */
import { descriptorAt, skip } from './frames.mjs';

/**
 * The sections of the message between `start` and `end`: descriptor and count, as in `73:4 74:5 75:1024`. A list
 * counts its fields that are not null, a map its pairs, binary its octets.
 */
export function shapeOf(bytes, start, end) {
  const sections = [];
  for (let at = start; at < end; at = skip(bytes, at)) {
    const value = skip(bytes, at + 1);
    sections.push(`${descriptorAt(bytes, at).toString(16)}:${countAt(bytes, value)}`);
  }
  return sections.join(' ');
}

function countAt(bytes, at) {
  switch (bytes[at]) {
    case 0x45:
      return 0;
    case 0xa0:
      return bytes[at + 1];
    case 0xb0:
      return bytes.readUInt32BE(at + 1);
    case 0xc0:
      return notNull(bytes, at + 3, bytes[at + 2]);
    case 0xd0:
      return notNull(bytes, at + 9, bytes.readUInt32BE(at + 5));
    case 0xc1:
      return bytes[at + 2] / 2;
    case 0xd1:
      return bytes.readUInt32BE(at + 5) / 2;
    default:
      return `0x${bytes[at].toString(16)}`;
  }
}

function notNull(bytes, first, count) {
  let found = 0;
  let at = first;
  for (let index = 0; index < count; index++, at = skip(bytes, at)) {
    if (bytes[at] !== 0x40) found++;
  }
  return found;
}
