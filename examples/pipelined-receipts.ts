/** Many sends under way at once, and what became of each as data. */
import { connect } from 'amqp1';
import { findPlace } from './support/broker.ts';

await using place = await findPlace('pipelined-receipts');
await using connection = await connect(place.url);
const sender = await connection.createSender(place.address);

// A receipt comes as soon as the message is handed over; its outcome comes later and never rejects.
const receipts = await Promise.all(
  Array.from({ length: 100 }, (_, index) => sender.sendWithReceipt(`message ${index}`)),
);
const outcomes = await Promise.all(receipts.map((receipt) => receipt.outcome));
const accepted = outcomes.filter((outcome) => outcome.state === 'accepted').length;
console.log(`${accepted} of ${receipts.length} accepted`);
if (accepted !== receipts.length) process.exitCode = 1;
