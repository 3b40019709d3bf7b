/** Up to this length a text is worth its place here. */
const LONGEST = 40;
/** How many texts are known at most; a power of two. */
const PLACES = 512;

/** Texts that were read before, each at the place that its octets lead to. All of them are ASCII. */
const texts: string[] = Array.from({ length: PLACES }, () => '');

/**
 * The text of these octets, if it was read before. Keys and symbols are the same in one message after the other: to
 * compare one costs a fraction of making it anew, and as the key of an object it is found at once.
 */
export function knownText(view: DataView, start: number, end: number): string | undefined {
  if (start === end) return '';
  const text = texts[placeOf(view, start, end)];
  if (text?.length !== end - start) return undefined;
  for (let index = 0; index < text.length; index++)
    if (text.charCodeAt(index) !== view.getUint8(start + index)) return undefined;
  return text;
}

/** Remembers the text that was read from these octets, and returns it. */
export function rememberText(view: DataView, start: number, end: number, text: string): string {
  // Only ASCII has as many units as octets.
  if (text.length === end - start && text.length <= LONGEST) texts[placeOf(view, start, end)] = text;
  return text;
}

/** The length and three of the octets tell most texts apart. */
function placeOf(view: DataView, start: number, end: number): number {
  const middle = view.getUint8((start + end) >>> 1);
  return ((end - start) * 31 + view.getUint8(start) * 17 + middle * 7 + view.getUint8(end - 1)) & (PLACES - 1);
}
