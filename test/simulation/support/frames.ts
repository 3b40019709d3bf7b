import { readFrame, type WireFrame } from '../../../src/testing/index.ts';

/** A frame with its size; a protocol header is one too. */
export interface SizedFrame extends WireFrame {
  readonly size: number;
}

/** Cuts one direction of a connection into frames, by a codec that the library does not use. */
export class FrameStream {
  #rest: Uint8Array = new Uint8Array(0);

  /** The frames that these octets complete. */
  take(bytes: Uint8Array): SizedFrame[] {
    const input = joined(this.#rest, bytes);
    const view = new DataView(input.buffer, input.byteOffset);
    const frames: SizedFrame[] = [];
    let at = 0;
    while (input.length - at >= 8) {
      const isHeader = input[at] === 0x41;
      const size = isHeader ? 8 : view.getUint32(at);
      if (size > input.length - at) break;
      const unit = input.slice(at, at + size);
      frames.push(
        isHeader ? { is: 'header', channel: 0, fields: {}, payload: unit, size } : { ...readFrame(unit), size },
      );
      at += size;
    }
    this.#rest = input.slice(at);
    return frames;
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** A field that is a number. */
export function numberOf(frame: WireFrame, field: string): number | undefined {
  const value = frame.fields[field];
  return typeof value === 'number' ? value : undefined;
}
