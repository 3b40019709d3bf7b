/** What every client program shares: its arguments, the warm-up and the measurement. */

/** `scenario host port count` from the command line. */
export function commandLine() {
  const [scenario, host, port, count] = process.argv.slice(2);
  return { scenario, host, port: Number(port), count: Number(count) };
}

/** Messages in flight when sending, credit when receiving. */
export const WINDOW = 1000;

export const BODY_SIZE = 100;

/** Messages that come before the measured ones: 20 %. */
export const warmUp = (count) => Math.ceil(count / 5);

/** Measures this process between `start()` and `stop(count)`, which prints the result. */
export class Meter {
  #cpu;
  #time;

  start() {
    this.#cpu = process.cpuUsage();
    this.#time = performance.now();
  }

  stop(count) {
    const seconds = (performance.now() - this.#time) / 1000;
    const { user, system } = process.cpuUsage(this.#cpu);
    console.log(
      JSON.stringify({ cpuMicrosPerMessage: (user + system) / count, messagesPerSecond: count / seconds, count }),
    );
  }
}
