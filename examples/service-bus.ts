/**
 * Azure Service Bus with a shared access key: its name is the user and the key the password of SASL PLAIN, over TLS.
 * Runs only where the variables below are set.
 */
import { connect } from 'amqp1';
import { needed } from './support/elsewhere.ts';

const host = needed('SERVICEBUS_HOST', 'the host of a namespace, such as NAME.servicebus.windows.net');
const user = needed('SERVICEBUS_KEY_NAME', 'the name of a shared access policy');
const password = needed('SERVICEBUS_KEY', 'its key');
const queue = needed('SERVICEBUS_QUEUE', 'the name of a queue');

// As options the key needs no percent-encoding; keys often hold the characters / and +.
await using connection = await connect(`amqps://${host}`, { user, password });

const sender = await connection.createSender(queue);
await sender.send({
  body: new TextEncoder().encode('Hello!'), // a data section: what the other clients of Service Bus expect
  properties: { messageId: crypto.randomUUID(), subject: 'greeting' },
  messageAnnotations: { 'x-opt-partition-key': 'greetings' },
});

// Service Bus closes links that are idle for ten minutes: look at `closed`, and attach again.
const receiver = await connection.createReceiver(queue, { credit: 10 });
const delivery = await receiver.receive({ timeout: 30_000 });
console.log(delivery.message.text(), delivery.message.messageAnnotations['x-opt-sequence-number']);
await delivery.accept(); // completes it; reject() moves it to the dead-letter queue, release() unlocks it
