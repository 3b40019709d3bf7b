import { formatCode as code } from './format-code.ts';
import { DEFAULT_DEPTH, defaultLimits, type Limits } from './limits.ts';
import type { Reader } from './reader.ts';
import { leastOctets, typeOfCode } from './types.ts';

/**
 * Moves past one value by its announced size, without a look at what is inside.
 *
 * Takes the time of its descriptors, which `maxDepth` bounds, whatever the size of the value.
 *
 * @throws decode-error if the octets are not there, or the format code is not known.
 */
export function skipValue(reader: Reader, limits: Limits = defaultLimits): void {
  const maxDepth = limits.maxDepth ?? DEFAULT_DEPTH;
  let descriptors = 0;
  // A described value is two values, the descriptor and what it describes, so each 0x00 makes one more to skip.
  for (let values = 1; values > 0;) {
    const formatCode = reader.octet();
    if (formatCode === code.described) {
      if (++descriptors > maxDepth) reader.fail(`a value nests deeper than ${maxDepth}`);
      values++;
    } else {
      skipData(reader, formatCode);
      values--;
    }
  }
}

function skipData(reader: Reader, formatCode: number): void {
  if (typeOfCode(formatCode) === undefined) reader.wrongType('a value', formatCode);
  if (formatCode < code.vbin8) reader.take(leastOctets(formatCode));
  // An even high nibble has sizes of one octet, an odd one of four (§1.2).
  else reader.take(reader.size((formatCode & 0x10) === 0));
}
