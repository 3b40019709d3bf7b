/**
 * RabbitMQ 4: its addresses name queues and exchanges, and the queue must exist (`rabbitmqadmin queues declare`).
 * Runs only where AMQP_URL leads to RabbitMQ.
 */
import { connect, DeliveryError } from 'amqp1';
import { needed, skip } from './support/elsewhere.ts';

const url = needed('AMQP_URL', 'the URL of a RabbitMQ 4 broker');
const queue = needed('AMQP_QUEUE', 'the name of a queue there');
// A virtual host other than / is part of the host name of the open: `hostname: 'vhost:orders'`.
await using connection = await connect(url);
const { product, version } = connection.properties;
if (product !== 'RabbitMQ') skip(`${String(product)} is not RabbitMQ`);
console.log(product, String(version));

// What stands between the slashes is percent-encoded, so that a name may hold a slash itself.
const address = `/queues/${encodeURIComponent(queue)}`;
const sender = await connection.createSender(address);
await sender.send({ body: 'Hello!', header: { durable: true } });

// To an exchange, each message with a routing key of its own. One that leads nowhere is released, which rejects here.
const anonymous = await connection.createSender(null);
const to = `/exchanges/amq.direct/${encodeURIComponent('no queue/is bound')}`;
const failure = await anonymous.send({ body: 'Hello?', properties: { to } }).catch((error: unknown) => error);
console.log(failure instanceof DeliveryError ? `unroutable: ${failure.code}` : 'somebody is bound to it');

const receiver = await connection.createReceiver(address);
const delivery = await receiver.receive({ timeout: 5_000 });
console.log(delivery.message.text());
await delivery.accept();
