/** rhea: `send`, `receive`. */
import rhea from 'rhea';
import { BODY_SIZE, Meter, WINDOW, commandLine, warmUp } from './meter.mjs';

const { scenario, host, port, count } = commandLine();
const meter = new Meter();
// Each scenario gets the setting with which rhea does better: it writes every frame on its own, so that Nagle's
// algorithm gathers its sends; without `tcp_no_delay` its receiver waits for delayed acknowledgements of its answers.
const connection = rhea.connect({ host, port, tcp_no_delay: scenario === 'receive', reconnect: false });
const fail = (context) => {
  throw context.error ?? new Error('the peer ended the connection');
};
connection.on('connection_error', fail);
connection.on('error', fail);

function send() {
  const content = Buffer.alloc(BODY_SIZE, 'x');
  const sender = connection.open_sender('bench');
  let left = warmUp(count);
  let inFlight = 0;
  let measuring = false;
  const fill = () => {
    for (; left > 0 && inFlight < WINDOW && sender.sendable(); left--, inFlight++) {
      sender.send({ body: rhea.message.data_section(content) });
    }
  };
  sender.on('sendable', fill);
  sender.on('accepted', () => {
    inFlight--;
    if (left > 0) return fill();
    if (inFlight > 0) return undefined;
    if (measuring) {
      meter.stop(count);
      return connection.close();
    }
    measuring = true;
    left = count;
    meter.start();
    return fill();
  });
}

function receive() {
  const total = warmUp(count) + count;
  let received = 0;
  connection.open_receiver({ source: `count-${total}`, credit_window: WINDOW, autoaccept: false });
  connection.on('message', ({ message, delivery }) => {
    if (message.body.content.length !== BODY_SIZE) throw new Error('a body of another size');
    delivery.accept();
    received++;
    if (received === total - count) meter.start();
    if (received !== total) return;
    meter.stop(count);
    connection.close();
  });
}

({ send, receive })[scenario]();
