/** The SASL exchange from both sides: whatever comes, one verdict, once; and no password where it must not go. */
import { blockOf, Reader } from '../../dist/codec/index.js';
import { readSaslFrame } from '../../dist/definitions/index.js';
import * as sasl from '../../dist/sasl/index.js';
import { Choices } from '../support/choices.mjs';
import { composite } from '../support/frames.mjs';
import { check, outcome } from '../support/oracle.mjs';
import { Peer } from '../support/plausible.mjs';
import { saslFrames } from '../support/tables.mjs';
import { target } from '../support/target.mjs';

const SECRET = 'hunter2';
const fails = () => {
  throw new Error('the mechanism gives up');
};

/** Hears one side of an exchange. Some sends fail, as one does that is too large for a frame. */
class Host {
  sent = [];
  verdicts = [];

  constructor(failing) {
    this.failing = failing;
  }

  send(frame) {
    check(this.verdicts.length === 0, `a ${frame.type} is sent after the verdict`);
    if (this.failing === frame.type) fails();
    this.sent.push(frame);
  }

  done(identity) {
    this.#decided({ identity });
  }

  failed(error) {
    check(error.code !== 'internal', `internal error: ${error.message}`);
    check(!`${error.message} ${error.stack}`.includes(SECRET), 'an error shows the password');
    this.#decided({ error });
  }

  #decided(verdict) {
    this.verdicts.push(verdict);
    check(this.verdicts.length === 1, 'there is a second verdict');
  }
}

function client(setting, host) {
  const mechanisms = [
    { name: 'ASKING', clearText: false, start: () => undefined, step: (challenge) => challenge },
    {
      name: 'FAILING',
      clearText: false,
      start: setting & 1 ? fails : () => new Uint8Array(0),
      step: fails,
      finish: fails,
    },
    sasl.plain('user', SECRET),
    sasl.external(),
    sasl.anonymous(),
  ];
  const [encrypted, loopback, allowInsecurePlain] = [2, 4, 8].map((bit) => (setting & bit) > 0);
  const exchange = new sasl.SaslClient({ mechanisms, encrypted, loopback, allowInsecurePlain }, host);
  const safe = encrypted || loopback || allowInsecurePlain;
  return {
    exchange,
    checkSent: ({ mechanism }) => check(safe || mechanism !== 'PLAIN', 'a password is sent in the clear'),
  };
}

/** Who a PLAIN message (RFC 4616) shows to be, by a reading of its own. */
function identityOf(message) {
  const parts = Buffer.from(message).toString('latin1').split('\0');
  return parts.length === 3 && parts[2] === SECRET && /^us.r$/.test(parts[1]) ? parts[1] : undefined;
}

function server(host) {
  const right = (user, password) => user.startsWith('us') && user.length === 4 && password === SECRET;
  const mechanisms = [sasl.serverPlain(right), { name: 'FAILING', authenticate: fails }, sasl.serverAnonymous()];
  return { exchange: new sasl.SaslServer(mechanisms, host), checkSent: () => undefined };
}

function checkIdentity({ verdicts }, frames) {
  const init = frames.find(({ type }) => type === 'sasl-init');
  const [verdict] = verdicts;
  if (verdict === undefined || 'error' in verdict || init?.mechanism !== 'PLAIN') return;
  const { identity } = verdict;
  // Latin letters only: what else a user may be called, UTF-8 says.
  if (/^[\0-\x7f]*$/.test(identity)) check(identityOf(init.initialResponse) === identity, `${identity} was let in`);
}

export const fuzz = target((bytes) => {
  const choices = new Choices(bytes);
  const setting = choices.octet();
  const isClient = setting >= 0x80;
  const host = new Host([undefined, undefined, 'sasl-response', 'sasl-init'][choices.octet() % 4]);
  const { exchange, checkSent } = isClient ? client(setting, host) : server(host);
  const peer = new Peer(!isClient);
  const frames = [];
  outcome(() => exchange.start());
  for (let count = 0; !choices.over && count < 40; count++) {
    const body = composite(choices, choices.one(saslFrames), peer);
    const { value } = outcome(() => readSaslFrame(new Reader(blockOf(body))), 'decode-error');
    if (value === undefined) continue;
    frames.push(value);
    exchange.receive(value);
  }
  for (const frame of host.sent) checkSent(frame);
  if (!isClient) checkIdentity(host, frames);
});
