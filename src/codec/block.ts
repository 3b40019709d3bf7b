/** A piece of memory with both of its faces: bytes to copy, and a view to read numbers from. */
export interface Block {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Makes a block of existing bytes; nothing is copied. */
export function blockOf(bytes: Uint8Array): Block {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}
