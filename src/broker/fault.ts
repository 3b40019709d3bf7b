/** Even if each of so many characters has four octets, they fit a frame of 512. */
const MOST_CHARACTERS = 100;

/** A condition, and a description that fits the frames of every client. */
export interface Fault {
  readonly condition: string;
  readonly description: string;
}

/** What a client is told of a fault. Names that it chose itself may be longer than the frames that it takes. */
export function faultFor(condition: string, detail: string): Fault {
  return { condition, description: Array.from(detail).slice(0, MOST_CHARACTERS).join('') };
}
