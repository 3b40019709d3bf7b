/** The messages of each scenario as amqp1 sends them, and how it reads them. */
import { APPLICATION_PROPERTIES, check, messageId } from '../node/typical.mjs';

const typical = (body) => (index) => ({
  properties: { messageId: messageId(index), to: 'orders', subject: 'order.created', contentType: 'application/json' },
  applicationProperties: APPLICATION_PROPERTIES,
  body,
});

/** Gives a function from the index of a message to the message. */
export function messageMaker({ scenario, bodySize }) {
  const body = new Uint8Array(bodySize).fill(0x78);
  return scenario.startsWith('typical') ? typical(body) : () => body;
}

/** Reads all of a typical message. */
export function readTypical(message) {
  const { messageId: id, to, subject, contentType } = message.properties;
  check({ id, to, subject, contentType, body: message.bytes(), application: message.applicationProperties });
}
