/** The URL of a connection: an address that makes the same URL again, or an error that shows no password. */
import { parseAddress } from '../../dist/client/address.js';
import { Choices } from '../support/choices.mjs';
import { check, outcome, same } from '../support/oracle.mjs';
import { target } from '../support/target.mjs';

const SECRET = 'hunter2';
const parts = [
  [
    'amqp',
    'amqps',
    'amqp+ssl',
    'http',
    ':',
    '//',
    '/',
    '@',
    `:${SECRET}@`,
    'user',
    '%',
    '%41',
    '%zz',
    '%00',
    '%2F',
    '%40',
  ],
  [
    'host',
    'localhost',
    '127.0.0.1',
    '[::1]',
    '[',
    ']',
    ':5672',
    ':0',
    ':65536',
    '?',
    '#',
    '\\',
    ' ',
    '\t',
    'é',
    '%F0%9F%98%80',
  ],
  ['xn--nxasmq6b', '.', '..', ';', '[fe80::1%25eth0]', '..%2f', '\0', '%25', '+'],
].flat();

function textOf(choices) {
  if (choices.octet() % 4 === 3) return Buffer.from(choices.rest()).toString();
  let text = choices.octet() % 4 === 3 ? '' : `${choices.one(['amqp', 'amqps', 'amqp+ssl'])}://`;
  while (!choices.over) text += choices.one(parts);
  return text;
}

/** A URL that says the same. */
function urlOf({ secure, host, port, user, password }) {
  const name = user === undefined && password === undefined ? '' : encodeURIComponent(user ?? '');
  const login = password === undefined ? name : `${name}:${encodeURIComponent(password)}`;
  const where = host.includes(':') ? `[${host}]` : encodeURIComponent(host);
  return `${secure ? 'amqps' : 'amqp'}://${login === '' ? '' : `${login}@`}${where}:${port}`;
}

export const fuzz = target((bytes) => {
  const text = textOf(new Choices(bytes));
  const { value, error } = outcome(() => parseAddress(text), 'invalid-argument');
  if (error !== undefined) {
    const shown = `${error.message} ${error.stack} ${String(error.cause)} ${String(error.cause?.input)}`;
    check(!text.includes(`:${SECRET}@`) || !shown.includes(SECRET), 'an error shows the password');
    return;
  }
  const { host, port } = value;
  check(typeof host === 'string' && host !== '', 'there is no host');
  check(Number.isInteger(port) && port >= 0 && port <= 65_535, `the port ${port}`);
  same(parseAddress(urlOf(value)), value, `${urlOf(value)} says something else`);
});
