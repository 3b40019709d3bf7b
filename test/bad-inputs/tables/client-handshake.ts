import type { SaslMechanism } from '../../../src/client/index.ts';
import { ScriptedPeer, type CompositeValue, type FieldValue } from '../../../src/testing/index.ts';
import { connectTo } from '../../client/support/scripted.ts';
import { amqpHeader, hex, saslHeader } from '../../engine/support/frames.ts';
import { sendCase } from '../support/attacks.ts';
import { because, type Surface } from '../support/cases.ts';
import { refused, refusedInSasl, type Misbehaviour } from '../support/refusal.ts';

type Run = (id: string) => Promise<void>;

/** A server that sends these frames at once, whatever comes. */
const sends =
  (...composites: readonly CompositeValue[]): Misbehaviour =>
  (peer) => {
    for (const composite of composites) peer.send(composite);
  };

const offer = (names: FieldValue): CompositeValue => ({ is: 'sasl-mechanisms', 'sasl-server-mechanisms': names });
const agreed: CompositeValue = { is: 'sasl-outcome', code: 0 };

/** An open in the place of the server's, behind its header. */
const opens =
  (fields: Omit<CompositeValue, 'is'>): Misbehaviour =>
  (peer) => {
    peer.on('open', () => undefined).sendRaw(amqpHeader);
    peer.send({ is: 'open', 'container-id': 'hostile', ...fields });
  };

/** A mechanism that answers as often as it is asked. */
const patient: SaslMechanism = {
  name: 'PATIENT',
  clearText: false,
  start: () => undefined,
  step: (challenge) => challenge,
};

/** A server that asks for ever. */
const challenges: Misbehaviour = (peer) => {
  const challenge = (): void => peer.send({ is: 'sasl-challenge', challenge: Uint8Array.of(1) });
  peer.on('sasl-init', challenge).on('sasl-response', challenge);
  peer.send(offer('PATIENT'));
};

/** The server does what is unusual and legal, or at least harmless. */
const connects =
  (script: Misbehaviour, layer = 0): Run =>
  async () => {
    const peer = new ScriptedPeer();
    peer.on('header', (header) => {
      if (header.fields['id'] === layer) script(peer, '');
      else if (layer === 0) peer.default(header);
    });
    const connection = await connectTo(peer);
    await (await connection.createSender('q')).send('it works');
    await connection.close();
  };

/** All that the server has to say, before the client has said anything. */
const pipelined: Misbehaviour = (peer) => {
  peer.on('sasl-init', () => undefined).sendRaw(saslHeader);
  sends(offer('ANONYMOUS'), agreed)(peer, '');
  opens({})(peer, '');
};

/** Several ways in which a case may come. */
const each =
  (...runs: readonly Run[]): Run =>
  async (id) => {
    for (const run of runs) await run(id);
  };

const outOfOrder = (misbehave: Misbehaviour): Run => refusedInSasl(misbehave, 'protocol-error');
const mismatch = refused(sendCase, 'protocol-mismatch', undefined, 3);
const decoding = refused(sendCase, 'protocol-error', 'decode-error');
const noMechanism = (names: FieldValue): Run => refusedInSasl(sends(offer(names)), 'mechanism-unavailable');
/** What a TLS server says to what is no ClientHello, and an octet more, so that it is as long as a header. */
const alert = hex('1503030002024600');
const emptyOffer: Misbehaviour = (peer) => peer.sendRaw(hex('00000012 02010000 005340 c00501e00200a3'));
const names = (value: string): FieldValue => ({ type: 'list', value: [{ type: 'symbol', value }] });

/** What comes before the connection is open, and what `connect()` says to it. */
export const clientHandshake: Surface<Run> = {
  'BE-01': mismatch,
  'BE-02': mismatch,
  'BE-03': mismatch,
  'BE-14': refused(sendCase, 'protocol-error', 'not-allowed'),
  'BE-16': refused(sendCase, 'framing-error', 'connection:framing-error'),
  'BE-17': decoding,
  'BE-19': decoding,
  'BE-20': decoding,
  'BE-58': decoding,
  'BX-01': outOfOrder(sendCase),
  'BX-02': refusedInSasl(sendCase, 'frame-too-large', 'connection:framing-error'),
  'BX-04': noMechanism('X-UNKNOWN'),
  'BX-05': outOfOrder(sends(offer('ANONYMOUS'), offer('ANONYMOUS'))),
  'BX-06': outOfOrder(sends(agreed)),
  'BX-07': refusedInSasl(sends(offer('ANONYMOUS'), agreed, agreed), 'protocol-mismatch'),
  'BX-10': refusedInSasl(sendCase, 'protocol-error', 'decode-error'),
  'BX-11': connects(pipelined, 3),
  'BY-49': refused((peer) => peer.sendRaw(alert), 'protocol-mismatch', undefined, 3),
  ...because('only a server reads the response of PLAIN', 'BY-50'),
  'BY-51': refusedInSasl(sends(offer('X'.repeat(10_000))), 'frame-too-large', 'connection:framing-error'),
  'BY-52': refusedInSasl(challenges, 'authentication-failed', undefined, { mechanisms: [patient] }),
  ...because('there is no SCRAM here: see src/sasl', 'BY-53'),
  ...because('there is no WebSocket transport here: see src/io', 'BY-55', 'BY-56', 'BY-57'),
  'BY-59': refused(opens({ 'idle-time-out': 1 }), 'protocol-error', 'not-allowed'),
  'BY-60': connects(opens({ 'offered-capabilities': names('x:y') })),
  'BY-61': each(
    refusedInSasl(sends(offer(null)), 'protocol-error', 'decode-error'),
    refusedInSasl(emptyOffer, 'protocol-error', 'decode-error'),
  ),
};
