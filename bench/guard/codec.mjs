/** One typical message, encoded with its transfer and decoded again with all values read: by hand and by amqp1. */
import { Reader, Writer, blockOf } from '../../dist/codec/index.js';
import { TransferFields, readDescriptorCode, readTransfer, writeTransfer } from '../../dist/definitions/index.js';
import { decodeMessage, encodeMessage } from '../clients/amqp1/library.mjs';
import { messageMaker, readTypical } from '../clients/amqp1/messages.mjs';
import { TRANSFER } from '../clients/node/codec.mjs';
import { APPLICATION_PROPERTIES, check, messageId } from '../clients/node/typical.mjs';
import * as straight from '../clients/straight-line/codec.mjs';

const body = Buffer.alloc(1024, 'x');

/** The reference: a loop that knows the one message, does no checks and makes no object that it does not need. */
export function byHand() {
  const message = new straight.Page(4096);
  const frame = new straight.Page(4096);
  return (index) => {
    message.at = 0;
    straight.writeMessage(message, messageId(index), APPLICATION_PROPERTIES, body);
    straight.writeTransfer(frame, TRANSFER, message.bytes.subarray(0, message.at));
    check(straight.readMessage(straight.readTransfer(frame.bytes).payload));
  };
}

/** The same by the codec of the library. */
export function byLibrary() {
  const message = messageMaker({ scenario: 'typical', bodySize: 1024 });
  const writer = new Writer(4096);
  const fields = Object.assign(new TransferFields(), TRANSFER, { messageFormat: 0, settled: false });
  const read = new TransferFields();
  return (index) => {
    writer.position = 0;
    writeTransfer(writer, fields);
    writer.raw(encodeMessage(message(index)));
    const reader = new Reader(blockOf(writer.bytes), 0, writer.position);
    readDescriptorCode(reader);
    readTransfer(reader, read);
    readTypical(decodeMessage(writer.bytes.subarray(reader.position, reader.end)));
  };
}
