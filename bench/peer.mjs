/**
 * A neutral AMQP 1.0 peer that all clients talk to: it accepts what it is sent and sends what it is asked for, with
 * one write per read. A second port answers bare sockets. It prints its ports as a line of JSON, then one line for
 * each round: from the first connection that opens until none is open.
 */
import { createServer } from 'node:net';
import { BareConnection } from './peer/bare.mjs';
import { Connection } from './peer/connection.mjs';

/** What happened in a round, and what it cost this process. */
class Round {
  counts = { transfers: 0, accepted: 0, octets: 0, shape: undefined };
  failure = undefined;
  #open = 0;
  #connections = 0;
  #startCpu = process.cpuUsage();
  #startTime = performance.now();

  opened() {
    this.#open++;
    this.#connections++;
  }

  /** True when that was the last one. */
  closed() {
    this.#open--;
    return this.#open === 0;
  }

  report() {
    const { user, system } = process.cpuUsage(this.#startCpu);
    const wallMicros = (performance.now() - this.#startTime) * 1000;
    const { counts, failure } = this;
    return { ...counts, connections: this.#connections, cpuMicros: user + system, wallMicros, failure };
  }
}

let round;

/** A server whose connections are handled by a `Handler`. */
function serve(Handler) {
  return createServer({ noDelay: true }, (socket) => {
    round ??= new Round();
    const current = round;
    current.opened();
    const connection = new Handler(socket, current.counts);
    socket.on('data', (chunk) => {
      try {
        connection.receive(chunk);
      } catch (error) {
        current.failure ??= String(error);
        socket.destroy();
      }
    });
    socket.on('error', (error) => {
      if (!connection.closed) current.failure ??= String(error);
    });
    socket.on('close', () => {
      connection.stop();
      if (!current.closed()) return;
      round = undefined;
      console.log(JSON.stringify(current.report()));
    });
  });
}

const listen = (server) =>
  new Promise((resolve) => {
    // Thousands of connections may be asked for at once.
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => resolve(server.address().port));
  });
const [port, barePort] = await Promise.all([listen(serve(Connection)), listen(serve(BareConnection))]);
console.log(JSON.stringify({ port, barePort }));
// A runner that dies leaves no peer behind.
process.on('disconnect', () => process.exit());
