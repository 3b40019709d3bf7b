/**
 * rhea as a server with one node: each message is settled with the outcome that its body names. Prints `{ port }` when
 * it listens, and runs until it is killed.
 */
import rhea from 'rhea';
import { modified, rejected } from './told-outcomes.mjs';

const { message } = rhea;
const states = {
  accepted: message.accepted(),
  rejected: message.rejected({ error: { condition: rejected.condition, description: rejected.description } }),
  released: message.released(),
  modified: message.modified({
    delivery_failed: modified.deliveryFailed,
    undeliverable_here: modified.undeliverableHere,
    message_annotations: modified.messageAnnotations,
  }),
};

const container = rhea.create_container();
// Without a target the attach would be a refusal (§2.6.3).
container.on('receiver_open', ({ receiver }) => receiver.set_target(receiver.target));
container.on('message', (context) => {
  const state = states[context.message.body] ?? states.accepted;
  context.delivery.update(true, state.described());
});
container.on('disconnected', () => {});
const server = container.listen({ host: '127.0.0.1', port: 0, receiver_options: { autoaccept: false } });
server.on('listening', () => console.log(JSON.stringify({ port: server.address().port })));
