/** What rhea-receiver.mjs tells a sender, as our client shall report it. */
export const outcomes = ['accepted', 'rejected', 'released', 'modified'];

export const rejected = { condition: 'amqp:not-allowed', description: 'not today' };

export const modified = {
  deliveryFailed: true,
  undeliverableHere: true,
  messageAnnotations: { 'x-opt-why': 'because' },
};
