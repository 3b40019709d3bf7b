/** `codec`: the typical message, and the transfer frame around it, without a connection. */
import { blockOf, Reader, Writer } from '../../../dist/codec/index.js';
import { TransferFields, readDescriptorCode, readTransfer, writeTransfer } from '../../../dist/definitions/index.js';
import { TRANSFER, measureCodec } from '../node/codec.mjs';
import { decodeMessage, encodeMessage } from './library.mjs';
import { messageMaker, readTypical } from './messages.mjs';

export function codec({ count }) {
  const message = messageMaker({ scenario: 'typical', bodySize: 1024 });
  const bytes = encodeMessage(message(1));
  const writer = new Writer(4096);
  const fields = Object.assign(new TransferFields(), TRANSFER, { messageFormat: 0, settled: false });
  const encodeTransfer = (index) => {
    fields.deliveryId = 70_000 + (index & 0xffff);
    writer.position = 0;
    writer.reserve(8);
    writeTransfer(writer, fields);
    writer.raw(bytes);
    writer.view.setUint32(0, writer.position);
    writer.view.setUint32(4, 0x0200_0000);
    return writer.position;
  };
  const frame = blockOf(writer.bytes.slice(0, encodeTransfer(0)));
  const read = new TransferFields();
  measureCodec(count, {
    encodeMessage: (index) => encodeMessage(message(index)).length,
    decodeMessage: () => {
      readTypical(decodeMessage(bytes));
      return 1;
    },
    encodeTransfer,
    decodeTransfer: () => {
      const reader = new Reader(frame, frame.bytes[4] * 4, frame.view.getUint32(0));
      readDescriptorCode(reader);
      readTransfer(reader, read);
      return frame.bytes.subarray(reader.position, reader.end).length;
    },
  });
}
