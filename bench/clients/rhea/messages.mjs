/** The messages of each scenario as rhea sends them, and how it reads them. */
import rhea from 'rhea';
import { APPLICATION_PROPERTIES, check, messageId } from '../node/typical.mjs';

/** Gives a function from the index of a message to the message. */
export function messageMaker({ scenario, bodySize }) {
  const content = Buffer.alloc(bodySize, 'x');
  if (!scenario.startsWith('typical')) return () => ({ body: rhea.message.data_section(content) });
  return (index) => ({
    message_id: messageId(index),
    to: 'orders',
    subject: 'order.created',
    content_type: 'application/json',
    application_properties: APPLICATION_PROPERTIES,
    body: rhea.message.data_section(content),
  });
}

/** Reads all of a typical message. */
export function readTypical({ message_id: id, to, subject, content_type: contentType, ...message }) {
  check({ id, to, subject, contentType, body: message.body.content, application: message.application_properties });
}
