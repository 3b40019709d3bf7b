/** Where faults are done: brokers of one node or more, each of which can be killed, frozen and started again. */
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../amqp1.mjs';
import { artemis, clusterPort, peers, rabbitmq, script } from '../peers.mjs';

const QUEUE = 'faults';

/** A broker that is alone. */
function alone(name, options) {
  const broker = peers[name];
  return {
    kind: 'alone',
    needs: name,
    nodes: [broker],
    start: () => broker.start(),
    stop: () => broker.stop(),
    queue: () => broker.queue(QUEUE, options),
    leader: () => broker,
  };
}

/** A cluster of three RabbitMQ nodes, with a quorum queue. */
function cluster() {
  const address = (queue) => `/queues/${queue}`;
  const nodes = [0, 1, 2].map((index) =>
    rabbitmq(`node-${index + 1}`, { amqp: clusterPort + index, http: clusterPort + 10_000 + index, address }),
  );
  return {
    kind: 'cluster',
    needs: 'rabbitmq-4.0',
    nodes,
    start: () => script('rabbitmq-cluster.sh', 'up'),
    stop: () => script('rabbitmq-cluster.sh', 'down'),
    queue: () => nodes[0].queue(QUEUE, { 'x-queue-type': 'quorum' }),
    async leader() {
      const name = await nodes[0].leader(QUEUE);
      const index = [1, 2, 3].findIndex((number) => name === `rabbitmqnode-${number}@localhost`);
      if (index < 0) throw new Error(`no node leads the queue: ${name}`);
      return nodes[index];
    },
  };
}

/** Two Artemis that share their store: the second takes over when the first dies, and hands back when it returns. */
function pair() {
  const first = Number(process.env.ARTEMIS_PORT ?? 5690) + 2;
  const nodes = [artemis('primary', first), artemis('backup', first + 1)];
  return {
    kind: 'pair',
    needs: 'artemis',
    nodes,
    async start() {
      for (const node of nodes) await node.start();
    },
    stop: () => Promise.all(nodes.map((node) => node.stop())),
    queue: () => nodes[0].queue(QUEUE),
    /** Resolves when the backup serves. */
    async takenOver() {
      for (;;) {
        try {
          return await (await connect(nodes[1].anonymousUrl)).close();
        } catch {
          await delay(20);
        }
      }
    },
  };
}

/** By the name that the command line uses. */
export const sites = {
  'rabbitmq-4.0': alone('rabbitmq-4.0', { 'x-queue-type': 'quorum' }),
  'rabbitmq-cluster': cluster(),
  artemis: alone('artemis'),
  'artemis-pair': pair(),
};
