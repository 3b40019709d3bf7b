import { Reader, skipValue, type Block } from '../codec/index.ts';
import { DescriptorCode, readDescriptorCode } from '../definitions/index.ts';
import { unreachable } from '../errors/index.ts';

/**
 * Where the sections of a message lie (§3.2). They follow one another without a gap, so each begins where the one
 * before it ends, and one that is not there is empty.
 */
export interface Sections {
  /** The header begins here. */
  readonly start: number;
  /** The header ends here, and the delivery-annotations begin. */
  readonly headerEnd: number;
  /** The delivery-annotations end here, and the message-annotations begin. */
  readonly deliveryAnnotationsEnd: number;
  /** The message-annotations end here, and the bare message begins with its properties. */
  readonly messageAnnotationsEnd: number;
  /** The properties end here, and the application-properties begin. */
  readonly propertiesEnd: number;
  /** The application-properties end here, and the body begins. */
  readonly applicationPropertiesEnd: number;
  /** The body and with it the bare message end here, and the footer begins. */
  readonly bodyEnd: number;
  /** The footer ends here. */
  readonly end: number;
  /** The numeric descriptor of the body sections: 0x75, 0x76 or 0x77, or 0 where there is no body. */
  readonly bodyCode: number;
  /** The number of body sections. */
  readonly bodyCount: number;
}

/** The places in the order of §3.2; the three kinds of bodies share one. */
const BODY = 5;
const FOOTER = 6;

/** Where the section at each place in the order ends; one that is not there ends where it would begin. */
type Ends = [number, number, number, number, number, number, number];

/**
 * Finds the sections of a message, without a look at what is in them (§3.2).
 *
 * Takes time by the number of sections, whatever their size. No octets and no body are fine (M-03).
 *
 * @throws decode-error for a section that is unknown, cut, out of order, twice, or of another kind of body.
 */
export function splitSections(block: Block, start: number, end: number): Sections {
  const reader = new Reader(block, start, end);
  const ends: Ends = [start, start, start, start, start, start, start];
  let last = -1;
  let bodyCode = 0;
  let bodyCount = 0;
  while (reader.position < end) {
    const code = sectionCode(reader);
    const place = placeOf(code);
    if (place === BODY) {
      if (bodyCount > 0 && (code !== bodyCode || code === DescriptorCode.amqpValue))
        reader.fail(`a body is of one kind, and of one amqp-value: ${nameOf(code)} follows ${nameOf(bodyCode)}`);
      bodyCode = code;
      bodyCount++;
    }
    if (place < last || (place === last && place !== BODY)) reader.fail(`the section ${nameOf(code)} is out of order`);
    last = place;
    skipValue(reader);
    // A later section that is not there begins and ends here as well.
    for (let later = place; later <= FOOTER; later++) ends[later] = reader.position;
  }
  return {
    start,
    headerEnd: ends[0],
    deliveryAnnotationsEnd: ends[1],
    messageAnnotationsEnd: ends[2],
    propertiesEnd: ends[3],
    applicationPropertiesEnd: ends[4],
    bodyEnd: ends[5],
    end: ends[6],
    bodyCode,
    bodyCount,
  };
}

/** Reads the descriptor of a section, numeric or symbolic. @throws decode-error for anything else (§3.2). */
export function sectionCode(reader: Reader): number {
  const at = reader.position;
  const code = readDescriptorCode(reader);
  if (code !== undefined && code >= DescriptorCode.header && code <= DescriptorCode.footer) return code;
  reader.position = at;
  return reader.fail('a message has a section that is not known');
}

function placeOf(code: number): number {
  if (code === DescriptorCode.footer) return FOOTER;
  return code >= DescriptorCode.data ? BODY : code - DescriptorCode.header;
}

const names: ReadonlyMap<number, string> = new Map([
  [DescriptorCode.header, 'header'],
  [DescriptorCode.deliveryAnnotations, 'delivery-annotations'],
  [DescriptorCode.messageAnnotations, 'message-annotations'],
  [DescriptorCode.properties, 'properties'],
  [DescriptorCode.applicationProperties, 'application-properties'],
  [DescriptorCode.data, 'data'],
  [DescriptorCode.amqpSequence, 'amqp-sequence'],
  [DescriptorCode.amqpValue, 'amqp-value'],
  [DescriptorCode.footer, 'footer'],
]);

function nameOf(code: number): string {
  return names.get(code) ?? unreachable(`the section ${code}`);
}
