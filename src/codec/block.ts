/** A piece of memory with both of its faces: bytes to copy, and a view to read numbers from. */
export interface Block {
  /** The octets. */
  readonly bytes: Uint8Array;
  /** The same octets, to read numbers from. */
  readonly view: DataView;
}

/** Makes a block of existing bytes; nothing is copied. */
export function blockOf(bytes: Uint8Array): Block {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}
