/** Ids that wrap around at 2^32: sessions that begin shortly before, on two engines joined in memory. */
import { IncomingDelivery, OutgoingDelivery } from '../../dist/engine/index.js';
import { EnginePair, TERMINI, nothing } from './engine-pair.mjs';

const MESSAGES = 500_000;
const BATCH = 500;
const PAYLOAD = Uint8Array.of(0x00, 0x53, 0x75, 0xa0, 1, 0x78);

class Sent extends OutgoingDelivery {
  constructor(count) {
    super();
    this.count = count;
  }

  transferred() {}

  updated() {
    if (this.remoteState?.type !== 'accepted') throw new Error('a message was not accepted');
    this.count.settled++;
  }

  dropped(error) {
    throw error;
  }
}

class Taken extends IncomingDelivery {
  constructor(receiver) {
    super();
    this.receiver = receiver;
  }

  delivered() {
    this.receiver.settle(this, { type: 'accepted' });
    if (this.receiver.credit < BATCH) this.receiver.grant(2 * BATCH);
  }

  updated() {}
}

/** Half a million messages in one session, whose transfers, deliveries and counts wrap around in their midst. */
function session(pair) {
  const start = 2 ** 32 - Math.floor(Math.random() * MESSAGES);
  const count = { settled: 0 };
  const near = pair.client.createSession({ nextOutgoingId: start }, { event: nothing });
  const host = { event: nothing, creditChanged: nothing };
  const sender = near.attachSender('wrap', { ...TERMINI, initialDeliveryCount: start }, host);
  pair.pump();
  for (let sent = 0; sent < MESSAGES; sent += BATCH) {
    for (let index = 0; index < BATCH; index++) sender.send(new Sent(count), PAYLOAD);
    pair.pump();
    if (count.settled !== sent + BATCH) throw new Error(`${count.settled} of ${sent + BATCH} messages were settled`);
  }
  near.end();
  pair.pump();
  return MESSAGES;
}

export function wrap() {
  const pair = new EnginePair((receiver) => {
    receiver.attach(TERMINI, {
      createDelivery: () => new Taken(receiver),
      event: nothing,
      drained: nothing,
      aborted: nothing,
    });
    receiver.grant(2 * BATCH);
  });
  return { what: 'messages', least: 1e8, step: () => session(pair), end: nothing };
}
