/** A piece of memory with both of its faces: bytes to copy, and a view to read numbers from. */
export interface Block {
  /** The octets. */
  readonly bytes: Uint8Array;
  /** The same octets, to read numbers from. */
  readonly view: DataView;
}

/** Makes a block of existing bytes; nothing is copied. */
export function blockOf(bytes: Uint8Array): Block {
  const { buffer, byteOffset, byteLength } = bytes;
  // The methods of subclasses are slower and mean other things: slice() of a Buffer is a view that changes with it.
  const plain = bytes.constructor === Uint8Array ? bytes : new Uint8Array(buffer, byteOffset, byteLength);
  return { bytes: plain, view: new DataView(buffer, byteOffset, byteLength) };
}
