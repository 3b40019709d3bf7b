import { expect } from 'vitest';
import type { BrokerOptions } from '../../../src/broker/index.ts';
import { settle } from '../../broker/support/setup.ts';
import { amqpHeader, concat, frame, hex, saslFrame, saslHeader } from '../../engine/support/frames.ts';
import { open } from '../../engine/support/raw-peer.ts';
import { because, type Surface } from '../support/cases.ts';
import { Intruder } from '../support/intruder.ts';

type Run = (id: string) => Promise<void>;

const users = { guest: 'guest' };

/** What the broker says to a client that comes with these octets, and whether it hangs up. */
const answers =
  (octets: Uint8Array, said: readonly string[], hangsUp: boolean, options: BrokerOptions = {}): Run =>
  async () => {
    const intruder = await Intruder.at(options);
    intruder.bytes(octets);
    await settle();
    expect(intruder.said()).toEqual(said);
    if (said.at(-1)?.startsWith('close') === true) {
      intruder.clock.advance(1000);
      await settle();
    }
    expect(intruder.ended).toBe(hangsUp);
    await intruder.othersLiveOn(options.users === undefined ? {} : { user: 'guest', password: 'guest' });
  };

/** A login by PLAIN with responses that say no user and password. */
const badLogins: Run = async () => {
  for (const text of ['guest', 'guest\0guest', '\0guest\0guest\0', '\0gu\u00FFest\0guest', '\0guest\0\u00C3']) {
    const init = saslFrame({ type: 'sasl-init', mechanism: 'PLAIN', initialResponse: Buffer.from(text, 'latin1') });
    await answers(concat([saslHeader, init]), ['header 3', 'sasl-mechanisms', 'sasl-outcome'], true, { users })('');
  }
};

const init = (mechanism: string): Uint8Array => concat([saslHeader, saslFrame({ type: 'sasl-init', mechanism })]);

/** The beginning of a record of TLS 1.2 with a ClientHello. */
const clientHello = hex('1603010200 010001fc0303 000102030405060708090a0b0c0d0e0f');

/** An open whose offered-capabilities are a list. */
const listed = hex('0000001f 02000000 005310 c01208 a10161 404040404040 c00601 a303783a79');

/** What comes before the connection is open. */
export const brokerHandshake: Surface<Run> = {
  'BY-49': answers(clientHello, ['header 3'], true),
  'BY-50': badLogins,
  'BY-51': answers(init('X'.repeat(10_000)), ['header 3', 'sasl-mechanisms'], true),
  ...because('only a client is challenged: a server that is sent a challenge meets BX-05', 'BY-52'),
  ...because('there is no SCRAM here: see src/sasl', 'BY-53'),
  ...because('there is no WebSocket transport here: see src/io', 'BY-55', 'BY-56', 'BY-57'),
  'BY-59': answers(
    concat([amqpHeader, frame({ ...open, idleTimeOut: 1 })]),
    ['header 0', 'open', 'close amqp:not-allowed'],
    true,
  ),
  'BY-60': answers(concat([amqpHeader, listed]), ['header 0', 'open'], false),
  ...because('only a client is offered mechanisms: a server that is sent them meets BX-05', 'BY-61'),
};
