/** What go-amqp does to values of values.json; see ../../exceptions.mjs. */
import { values, withoutOrder } from '../../neutral.mjs';

const decimals = ['decimal32 -1.5', 'decimal64 12.34', 'decimal128 1e-6176'];
const chars = ['char A', 'char euro', 'char beyond the basic plane'];
const symbols = ['symbol empty', 'symbol', 'symbol of 256 octets'];
const described = ['described by a ulong', 'described by a symbol', 'described twice'];
const maps = ['map', 'map with a key named __proto__'];
const arrays = 'decimal32 decimal64 decimal128 char null list arrays'.split(' ').map((type) => `array of ${type}`);

const valueOf = (name) => values.find((each) => each.name === name).value;

const rows = (reason, names, instead) =>
  Object.fromEntries(names.map((name) => [name, { reason, instead: instead(valueOf(name)) }]));

const nothing = () => null;

const unordered = Object.fromEntries(
  maps.map((name) => [
    name,
    { reason: 'a map of Go has no order', instead: withoutOrder(valueOf(name)), compared: withoutOrder },
  ]),
);

const cannot = {
  ...rows('it has no decimals', decimals, nothing),
  ...rows('it has no char', chars, nothing),
  ...rows('it has no such arrays', [...arrays, 'array of described strings'], nothing),
  ...rows('a binary cannot be a key of a map of Go', ['map with keys of many types'], nothing),
};

const asString = ([, text]) => ['string', text];

export const exceptions = {
  reads: {
    ...cannot,
    ...unordered,
    ...rows('it reads a symbol as a string', symbols, asString),
    ...rows('it reads a symbol as a string', described.slice(1), ([type, descriptor, value]) => [
      type,
      asString(descriptor),
      value,
    ]),
  },
  writes: {
    ...cannot,
    ...unordered,
    ...rows('an octet slice of Go is a binary', ['array of ubyte'], nothing),
    ...rows('its type for described values is not public', described, nothing),
  },
  bodies: {},
};
