/**
 * What is measured through RabbitMQ, for each kind of queue. The rows are those of ../scenarios.mjs; in addition,
 * `task` is the scenario that the clients know, and `queueType` the kind.
 */
const FLOW = ['cpuMicrosPerMessage', 'messagesPerSecond', 'clientBusy', 'brokerCpuMicrosPerMessage', 'brokerBusy'];
const CLIENTS = ['amqp1', 'rhea', 'go-amqp'];

const TASKS = [
  { task: 'send', says: '100 octets, 1,000 in flight, each acknowledged', figures: FLOW, share: 1 },
  { task: 'receive', says: 'the same received and accepted, credit 1,000', figures: FLOW, share: 1 },
  {
    task: 'send-awaited',
    says: 'a send only when the one before is acknowledged',
    figures: ['p50Micros', 'cpuMicrosPerMessage', 'p99Micros', 'brokerBusy'],
    share: 50,
  },
];

export const SCENARIOS = ['classic', 'quorum', 'stream'].flatMap((queueType) =>
  TASKS.map(({ task, says, figures, share }) => ({
    name: `${queueType}-${task}`,
    says,
    clients: CLIENTS,
    figures,
    queueType,
    task,
    count: (count) => Math.max(1, Math.ceil(count / share)),
  })),
);
