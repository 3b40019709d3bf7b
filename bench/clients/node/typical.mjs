/** The message with 4 properties, 5 application properties and 1 KiB of body, apart from how a library spells it. */
export const APPLICATION_PROPERTIES = {
  tenant: 'acme-europe',
  region: 'eu-west-1',
  attempt: 3,
  replayed: false,
  weight: 12.5,
};

/** Unique, and of the same length for all. */
export const messageId = (index) => `order-${String(index).padStart(10, '0')}`;

/** Uses every value that was received; throws unless they are those of the peer. */
export function check({ id, to, subject, contentType, body, application }) {
  const { tenant, region, attempt, replayed, weight } = application;
  const right =
    id.length === 16 &&
    to === 'orders' &&
    subject === 'order.created' &&
    contentType === 'application/json' &&
    tenant === 'acme-europe' &&
    region === 'eu-west-1' &&
    attempt === 3 &&
    replayed === false &&
    weight === 12.5 &&
    body.length === 1024;
  if (!right) throw new Error('a message that the peer did not send');
}
