/** `codec` for one message only: every section at its known place, values of known types, no checks. */
import { TRANSFER, measureCodec } from '../node/codec.mjs';
import { APPLICATION_PROPERTIES, check, messageId } from '../node/typical.mjs';

const FRAME_HEAD = 8;

/** Writes one thing after the other into a buffer. */
export class Page {
  at = 0;

  constructor(size) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  octets(...octets) {
    for (const octet of octets) this.bytes[this.at++] = octet;
  }

  text(value, code) {
    this.bytes[this.at] = code;
    this.bytes[this.at + 1] = value.length;
    this.at += 2 + this.bytes.latin1Write(value, this.at + 2);
  }

  uint(value) {
    this.bytes[this.at] = 0x70;
    this.at = this.bytes.writeUInt32BE(value, this.at + 1);
  }

  /** A described list or map of less than 256 octets, whose content `write` writes. */
  section(descriptor, code, count, write) {
    this.octets(0x00, 0x53, descriptor, code, 0, count);
    const start = this.at;
    write();
    this.bytes[start - 2] = this.at - start + 1;
  }

  raw(bytes) {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }
}

export function writeMessage(page, id, { tenant, region, attempt, replayed, weight }, body) {
  page.section(0x73, 0xc0, 7, () => {
    page.text(id, 0xa1);
    page.octets(0x40);
    page.text('orders', 0xa1);
    page.text('order.created', 0xa1);
    page.octets(0x40, 0x40);
    page.text('application/json', 0xa3);
  });
  page.section(0x74, 0xc1, 10, () => {
    page.text('tenant', 0xa1);
    page.text(tenant, 0xa1);
    page.text('region', 0xa1);
    page.text(region, 0xa1);
    page.text('attempt', 0xa1);
    page.octets(0x54, attempt);
    page.text('replayed', 0xa1);
    page.octets(replayed ? 0x41 : 0x42);
    page.text('weight', 0xa1);
    page.octets(0x82);
    page.at = page.bytes.writeDoubleBE(weight, page.at);
  });
  page.octets(0x00, 0x53, 0x75, 0xb0);
  page.at = page.bytes.writeUInt32BE(body.length, page.at);
  page.raw(body);
}

export function readMessage(bytes) {
  let at = 0;
  const text = () => {
    const start = at + 2;
    at = start + bytes[at + 1];
    return bytes.latin1Slice(start, at);
  };
  at += 6;
  const id = text();
  at += 1;
  const to = text();
  const subject = text();
  at += 2;
  const contentType = text();
  at += 6;
  const application = {};
  application[text()] = text();
  application[text()] = text();
  application[text()] = bytes[at + 1];
  at += 2;
  application[text()] = bytes[at++] === 0x41;
  application[text()] = bytes.readDoubleBE(at + 1);
  at += 9;
  const body = bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at + 4));
  return { id, to, subject, contentType, application, body };
}

export function writeTransfer(page, { handle, deliveryId, deliveryTag }, payload) {
  page.at = FRAME_HEAD;
  page.section(0x14, 0xc0, 5, () => {
    page.octets(0x52, handle);
    page.uint(deliveryId);
    page.octets(0xa0, deliveryTag.length);
    page.raw(deliveryTag);
    page.octets(0x43, 0x42);
  });
  page.raw(payload);
  page.bytes.writeUInt32BE(page.at, 0);
  page.bytes.writeUInt32BE(0x0200_0000, 4);
}

export function readTransfer(bytes) {
  const end = bytes.readUInt32BE(0);
  const list = bytes[4] * 4 + 3;
  const handle = bytes[list + 4];
  const deliveryId = bytes.readUInt32BE(list + 6);
  return { handle, deliveryId, payload: bytes.subarray(list + 2 + bytes[list + 1], end) };
}

export function codec({ count }) {
  const page = new Page(4096);
  const body = Buffer.alloc(1024, 'x');
  const encodeMessage = (index) => {
    page.at = 0;
    writeMessage(page, messageId(index), APPLICATION_PROPERTIES, body);
    return page.at;
  };
  encodeMessage(1);
  const message = Buffer.from(page.bytes.subarray(0, page.at));
  writeTransfer(page, TRANSFER, message);
  const frame = Buffer.from(page.bytes.subarray(0, page.at));
  measureCodec(count, {
    encodeMessage,
    decodeMessage: () => {
      check(readMessage(message));
      return 1;
    },
    encodeTransfer: (index) => {
      writeTransfer(page, { ...TRANSFER, deliveryId: 70_000 + (index & 0xffff) }, message);
      return page.at;
    },
    decodeTransfer: () => readTransfer(frame).payload.length,
  });
}
