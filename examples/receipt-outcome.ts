/** What became of one message, as data: for programs to which a refusal is no exception. */
import { connect, type DeliveryOutcome } from 'amqp1';
import { startBroker } from 'amqp1/broker';

await using broker = await startBroker({ queues: ['orders'], autoCreate: false });
await using connection = await connect(broker.url);
const sender = await connection.createSender(null);

function describe(outcome: DeliveryOutcome): string {
  switch (outcome.state) {
    case 'accepted':
      return 'the peer has it';
    case 'rejected':
      return `not valid for the peer: ${outcome.error?.condition ?? 'it did not say why'}`;
    case 'released':
      return 'not taken; it may be sent again as it is';
    case 'modified':
      return `not taken; ${outcome.deliveryFailed ? 'an attempt failed' : 'no attempt was made'}`;
    default: // unknown: the link or the connection ended first
      return `nobody knows: ${outcome.error.code}`;
  }
}

for (const to of ['orders', 'no-such-queue']) {
  const receipt = await sender.sendWithReceipt({ body: 'Hello!', properties: { to } }); // handed over, not yet settled
  console.log(`${to}: ${describe(await receipt.outcome)}`);
}
