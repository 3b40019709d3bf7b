/** Two engines joined in memory, the second of which serves the links of the first. */
import { Connection } from '../../dist/engine/index.js';

export const TERMINI = { source: {}, target: {} };
export const nothing = () => {};

export class EnginePair {
  client = new Connection({ role: 'client', containerId: 'client' }, { event: nothing, wake: nothing });
  #server = new Connection(
    { role: 'server', containerId: 'server' },
    { event: (event) => this.#serve(event), wake: nothing },
  );
  #answer;

  /** @param answer - attaches the link that the client asks for */
  constructor(answer) {
    this.#answer = answer;
    this.client.start(0);
    this.#server.start(0);
    this.pump();
  }

  #serve(event) {
    if (event.type !== 'sessionRequested') return;
    event.session.begin({}, { event: (inner) => inner.type === 'linkRequested' && this.#answer(inner.link) });
  }

  /** Lets octets cross until there are none. */
  pump() {
    while (cross(this.client, this.#server) || cross(this.#server, this.client));
  }
}

/** Hands over all that `from` has to send. */
function cross(from, to) {
  let crossed = false;
  for (let chunk = from.transmit(); chunk !== undefined; chunk = from.transmit()) {
    // A copy, as a socket makes one: the memory of the engine is written again.
    to.receive(chunk.slice(), 0);
    from.written(chunk.length);
    crossed = true;
  }
  return crossed;
}
