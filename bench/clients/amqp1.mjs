/** amqp1: every scenario. */
import { commandLine } from './node/task.mjs';
import { Meter } from './node/meter.mjs';
import { codec } from './amqp1/codec.mjs';
import { after, held, links } from './amqp1/growth.mjs';
import { connect } from './amqp1/library.mjs';
import { allocationOfReceive, allocationOfSend, connections } from './amqp1/memory.mjs';
import { receive, receiveAndConsume, receiveAndRead, receiveHuge, receiveTypical } from './amqp1/receiving.mjs';
import { send, sendAwaited, sendHuge } from './amqp1/sending.mjs';

const scenarios = {
  send,
  'send-awaited': sendAwaited,
  receive,
  'receive-read': receiveAndRead,
  'receive-consume': receiveAndConsume,
  'typical-send': send,
  'typical-receive': receiveTypical,
  'large-send': send,
  'large-receive': receiveAndRead,
  'huge-send': sendHuge,
  'huge-receive': receiveHuge,
  connections,
  'allocation-send': allocationOfSend,
  'allocation-receive': allocationOfReceive,
  links,
  held,
  after,
};

const task = commandLine();
if (task.scenario === 'codec') {
  codec(task);
} else {
  const connection = await connect(`amqp://${task.host}:${task.port}`);
  await scenarios[task.scenario.replace(/-\d+$/, '')](connection, task, new Meter());
  await connection.close();
}
