/** The sections of a message: each member gives a value or our error, always the same; what is read is written again. */
import { decodeMessage, encodeMessage } from '../../dist/client/index.js';
import { Choices } from '../support/choices.mjs';
import { check, outcome, same, sameOctets, stable } from '../support/oracle.mjs';
import { sectionsOf } from '../support/sections.mjs';
import { target } from '../support/target.mjs';

const CODES = ['decode-error', 'illegal-state'];
const members = {
  header: (message) => message.header,
  deliveryAnnotations: (message) => message.deliveryAnnotations,
  messageAnnotations: (message) => message.messageAnnotations,
  properties: (message) => message.properties,
  applicationProperties: (message) => message.applicationProperties,
  body: (message) => message.body,
  footer: (message) => message.footer,
  value: (message) => message.value,
  text: (message) => message.text(),
  json: (message) => message.json(),
  bytes: (message) => message.bytes(),
};
const sections = Object.keys(members).slice(0, 7);

/** What all members give, asked in an order. */
function read(message, names) {
  const results = {};
  for (const name of names) {
    const { value, error } = outcome(() => members[name](message), ...CODES);
    results[name] = error === undefined ? { value } : { error: error.message };
    const again = outcome(() => members[name](message), ...CODES);
    same(again.error?.message, error?.message, `${name} changes when it is asked for again`);
  }
  return results;
}

function checkMessage(octets) {
  const names = Object.keys(members);
  const message = decodeMessage(octets);
  const results = read(message, names);
  const reversed = read(decodeMessage(octets), names.toReversed());
  for (const name of names) same(reversed[name], results[name], `${name} depends on what was asked for before`);
  sameOctets(message.encoded, octets, 'a message does not give its octets');
  sameOctets(encodeMessage(message), octets, 'a message that is sent on changes');
  if (sections.some((name) => results[name].error !== undefined)) return;
  const init = Object.fromEntries(sections.map((name) => [name, results[name].value]));
  check(init.body !== undefined, 'a message that can be read has no body');
  if (init.body.kind === 'none') return;
  const once = outcome(() => encodeMessage(init), 'encode-error');
  check(once.error === undefined, `what was read cannot be written: ${once.error?.message}`);
  stable(once.value, (written) => {
    const second = decodeMessage(written);
    return encodeMessage(Object.fromEntries(sections.map((name) => [name, members[name](second)])));
  });
}

export const fuzz = target((bytes) => {
  const choices = new Choices(bytes);
  checkMessage(choices.octet() % 4 === 3 ? choices.rest() : sectionsOf(choices));
});
