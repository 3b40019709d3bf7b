/** A JSON body, standard properties and properties of the application. */
import { connect, json } from 'amqp1';
import { findPlace } from './support/broker.ts';

await using place = await findPlace('json-and-properties');
await using connection = await connect(place.url);

const sender = await connection.createSender(place.address);
const order = { id: 17, lines: ['tea', 'milk'] };
const { body, properties } = json(order);
await sender.send({
  body,
  properties: { ...properties, messageId: 'order-17', subject: 'order', correlationId: 17n },
  applicationProperties: { region: 'north', urgent: true },
  header: { durable: true, priority: 7 },
});

const receiver = await connection.createReceiver(place.address);
const delivery = await receiver.receive({ timeout: 5_000 });
const { message } = delivery;
console.log(message.properties.subject, message.properties.correlationId, message.applicationProperties['region']);
console.log(message.json());
await delivery.accept();
