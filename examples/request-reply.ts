/** Request and reply over an address that the broker makes for us. */
import { connect } from 'amqp1';
import { startBroker } from 'amqp1/broker';

await using broker = await startBroker({});
await using connection = await connect(broker.url);

// The service: answers to the address that the request names.
const requests = await connection.createReceiver('squares');
const answers = await connection.createSender(null); // each message names its address
const serving = requests.consume(async ({ message }) => {
  const { replyTo, messageId } = message.properties;
  if (typeof replyTo !== 'string') return;
  await answers.send({
    body: { kind: 'value', value: Number(message.text()) ** 2 },
    properties: { to: replyTo, correlationId: messageId },
  });
});

// The caller.
const replies = await connection.createReceiver(null, { source: { dynamic: true } });
const sender = await connection.createSender('squares');
await sender.send({ body: '12', properties: { messageId: 'request-1', replyTo: replies.address } });
const reply = await replies.receive({ timeout: 5_000 });
console.log(reply.message.properties.correlationId, reply.message.value);
await reply.accept();

await requests.close();
await serving;
