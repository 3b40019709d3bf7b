/** Measures this process between `start()` and `stop(count)`, which prints the result as a line of JSON. */
export class Meter {
  #cpu;
  #time;

  start() {
    this.#cpu = process.cpuUsage();
    this.#time = performance.now();
  }

  /** Prints the costs of each of `count` messages, and `more` figures. */
  stop(count, more = {}) {
    const seconds = (performance.now() - this.#time) / 1000;
    const { user, system } = process.cpuUsage(this.#cpu);
    print({ cpuMicrosPerMessage: (user + system) / count, messagesPerSecond: count / seconds, ...more });
  }
}

/** The one line that a client prints: named figures. */
export function print(figures) {
  console.log(JSON.stringify(figures));
}
