/** `codec`: the typical message, and the transfer frame around it, without a connection. */
import rhea from 'rhea';
import frames from 'rhea/lib/frames.js';
import { TRANSFER, measureCodec } from '../node/codec.mjs';
import { messageMaker, readTypical } from './messages.mjs';

export function codec({ count }) {
  const message = messageMaker({ scenario: 'typical', bodySize: 1024 });
  const bytes = rhea.message.encode(message(1));
  const { handle, deliveryTag: delivery_tag } = TRANSFER;
  const encode = (index) => {
    const fields = { handle, delivery_id: 70_000 + (index & 0xffff), delivery_tag, message_format: 0, settled: false };
    return frames.write_frame(frames.amqp_frame(0, frames.transfer(fields), bytes));
  };
  const frame = encode(0);
  measureCodec(count, {
    encodeMessage: (index) => rhea.message.encode(message(index)).length,
    decodeMessage: () => {
      readTypical(rhea.message.decode(bytes));
      return 1;
    },
    encodeTransfer: (index) => encode(index).length,
    decodeTransfer: () => frames.read_frame(frame).payload.length,
  });
}
