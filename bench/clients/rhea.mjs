/** rhea: events, as its own examples use it. */
import rhea from 'rhea';
import { Meter } from './node/meter.mjs';
import { commandLine } from './node/task.mjs';
import { allocationOfReceive, allocationOfSend } from './rhea/allocation.mjs';
import { codec } from './rhea/codec.mjs';
import { connections, links } from './rhea/many.mjs';
import { receive, receiveAndRead, receiveHuge, receiveTypical } from './rhea/receiving.mjs';
import { send, sendAwaited, sendHuge } from './rhea/sending.mjs';

const scenarios = {
  send,
  'send-awaited': sendAwaited,
  receive,
  'receive-read': receiveAndRead,
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
};

/**
 * Each scenario gets the setting with which rhea does better: it writes every frame on its own, so that Nagle's
 * algorithm gathers its pipelined sends; anywhere else, the last octets would wait for a delayed acknowledgement.
 */
const GATHERED = new Set(['send', 'typical-send', 'links', 'allocation-send']);

const task = commandLine();
const name = task.scenario.replace(/-\d+$/, '');

function connect() {
  const { host, port } = task;
  const connection = rhea.connect({
    host,
    port,
    tcp_no_delay: !GATHERED.has(name),
    reconnect: false,
    username: 'anonymous',
  });
  const fail = (context) => {
    throw context.error ?? new Error('the peer ended the connection');
  };
  connection.on('connection_error', fail);
  connection.on('error', fail);
  return connection;
}

if (name === 'codec') codec(task);
else await scenarios[name](connect(), task, new Meter(), connect);
