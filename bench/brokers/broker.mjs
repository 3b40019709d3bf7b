/** RabbitMQ 4 as the broker between clients: started by the scripts of interop/, and what it costs. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { home, peers, script } from '../../interop/peers.mjs';

const peer = peers['rabbitmq-4.0'];

/** Starts it, unless it runs already. */
export async function startBroker() {
  const running = await script('rabbitmq.sh', '4', 'status').then(
    () => true,
    () => false,
  );
  if (!running) await peer.start();
  const pid = readFileSync(`${home}/rabbitmq4/pid`, 'utf8').trim();
  const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return {
    port: peer.port,
    queue: (name, options) => peer.queue(name, options),
    /** Processor time that it has used so far, user and system, in µs. */
    cpuMicros() {
      // The name of the program, in brackets, may hold spaces; the fields are counted behind it (proc(5)).
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
    },
    /** Stops it where this has started it. */
    stop: () => (running ? undefined : peer.stop()),
  };
}
