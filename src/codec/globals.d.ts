/** The globals that the sans-I/O rooms may use beyond the language itself; every runtime has the first two. */
declare class TextEncoder {
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number };
}

declare class TextDecoder {
  constructor(label: 'utf-8', options: { fatal: boolean; ignoreBOM: boolean });
  decode(input: Uint8Array): string;
}

/** Only in Node and what resembles it. */
declare const Buffer:
  | { readonly prototype: { readonly latin1Slice: (this: Uint8Array, start: number, end: number) => string } }
  | undefined;
