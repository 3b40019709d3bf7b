/** Reads the specification's bare XML into a model: types with their fields, choices and descriptors. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commonFieldDocs, fieldDocs, typeDocs } from './definition-docs.mjs';

const PARTS = ['transport', 'messaging', 'transactions', 'security'];

/** Defaults that only the OASIS text of 2012 states (§3.2.1); the bare XML is the draft of 2011. */
const DEFAULTS_OF_2012 = {
  header: { durable: 'false', priority: '4', 'first-acquirer': 'false', 'delivery-count': '0' },
};

/** Composite types by the file that they go into; each file needs only those before it. */
export const GROUPS = {
  error: ['error'],
  'delivery-state': ['received', 'accepted', 'rejected', 'released', 'modified', 'declared', 'transactional-state'],
  terminus: [
    'source',
    'target',
    'coordinator',
    'delete-on-close',
    'delete-on-no-links',
    'delete-on-no-messages',
    'delete-on-no-links-or-messages',
  ],
  performatives: ['open', 'begin', 'attach', 'flow', 'transfer', 'disposition', 'detach', 'end', 'close'],
  'sasl-frames': ['sasl-mechanisms', 'sasl-init', 'sasl-challenge', 'sasl-response', 'sasl-outcome'],
  sections: ['header', 'properties'],
  transactions: ['declare', 'discharge'],
};

const PRIMITIVES = new Set(['boolean', 'ubyte', 'ushort', 'uint', 'ulong', 'string', 'symbol', 'binary', 'timestamp']);
/** Maps whose keys are symbols by definition. */
const FIELD_MAPS = new Set(['fields', 'filter-set', 'node-properties']);
/** What a field of any type is where its archetype says more: transaction-id is the only txn-id (§4.5.4). */
const ARCHETYPES = { 'txn-id': 'binary', 'message-id': 'message-id', address: 'any', 'global-tx-id': 'any' };
const COMPOSITE_ARCHETYPES = new Set(['source', 'target', 'delivery-state', 'outcome']);

export const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
export const pascal = (name) => camel(`-${name}`);
/** `error` alone would hide the built-in meaning of the word. */
export const tableName = (type) => (type === 'error' ? 'protocolError' : camel(type));
export const typeName = (type) => (type === 'error' ? 'ProtocolError' : pascal(type));

/** Element → attributes and children. The files hold no text, no CDATA and no entities. */
function parseXml(text) {
  const root = { children: [] };
  const open = [root];
  for (const [, end, name, attributes, empty] of text
    .replace(/<!--[^]*?-->/g, '')
    .matchAll(/<(\/?)([a-z]+)([^>]*?)(\/?)>/g)) {
    if (end) open.pop();
    else {
      const element = { name, children: [], attributes: {} };
      for (const [, key, value] of attributes.matchAll(/([a-z]+)="([^"]*)"/g)) element.attributes[key] = value;
      open.at(-1).children.push(element);
      if (!empty) open.push(element);
    }
  }
  return root.children[0];
}

function readTypes() {
  const types = new Map();
  for (const part of PARTS) {
    const file = fileURLToPath(new URL(`../spec/${part}.bare.xml`, import.meta.url));
    for (const section of parseXml(readFileSync(file, 'utf8')).children) {
      for (const { name, attributes, children } of section.children) {
        if (name === 'type') types.set(attributes.name, { ...attributes, children });
      }
    }
  }
  return types;
}

const childrenOf = (type, name) =>
  type.children.filter((child) => child.name === name).map((child) => child.attributes);

/** The value of a choice or a default, as JavaScript source. */
function literal(source, value) {
  if (source === 'boolean') return value;
  return PRIMITIVES.has(source) && source !== 'symbol' ? String(Number(value)) : `'${value}'`;
}

/** The whole model: composites by name, restricted types with choices, and all descriptors. */
export function readModel() {
  const types = readTypes();
  const composites = new Map();
  const providers = (archetype) =>
    [...types.values()].filter((type) => type.provides?.split(/, */).includes(archetype)).map((type) => type.name);

  function sourceOf(name) {
    return FIELD_MAPS.has(name) || PRIMITIVES.has(name) || !types.has(name) ? name : sourceOf(types.get(name).source);
  }

  function resolve({ type, requires }) {
    if (FIELD_MAPS.has(type)) return { type: 'fields' };
    if (type === 'error') return { type: 'composite', composites: ['error'] };
    if (type !== '*') return { type: sourceOf(type) };
    if (COMPOSITE_ARCHETYPES.has(requires)) return { type: 'composite', composites: providers(requires), requires };
    return { type: ARCHETYPES[requires], requires };
  }

  function readField(owner, attributes) {
    const { name, type, requires } = attributes;
    const choices = childrenOf(types.get(type) ?? { children: [] }, 'choice');
    const source = sourceOf(type);
    const fallback = attributes.default ?? DEFAULTS_OF_2012[owner]?.[name];
    const value = choices.find((choice) => choice.name === fallback)?.value ?? fallback;
    return {
      name,
      key: camel(name),
      requires,
      mandatory: attributes.mandatory === 'true',
      multiple: attributes.multiple === 'true',
      default: value === undefined ? undefined : literal(source, value),
      // A role is a plain boolean: the octets allow nothing else.
      restricted: choices.length > 0 && source !== 'boolean' ? type : undefined,
      choices: choices.map((choice) => literal(source, choice.value)),
      doc: fieldDocs[owner]?.[name] ?? commonFieldDocs[name],
      ...resolve(attributes),
    };
  }

  for (const name of Object.values(GROUPS).flat()) {
    const type = types.get(name);
    const [{ name: descriptor, code }] = childrenOf(type, 'descriptor');
    const fields = childrenOf(type, 'field').map((attributes) => readField(name, attributes));
    const undocumented = fields.find((field) => field.doc === undefined);
    if (undocumented !== undefined) throw new Error(`${name}.${undocumented.name} has no line in definition-docs.mjs`);
    const [section, doc] = typeDocs[name];
    composites.set(name, { name, descriptor, code: Number(code.split(':')[1]), section, doc, fields });
  }
  const missing = [...types.values()].find((type) => type.class === 'composite' && !composites.has(type.name));
  if (missing !== undefined) throw new Error(`${missing.name} is in no group`);

  const restricted = [...types.values()]
    .filter((type) => childrenOf(type, 'choice').length > 0)
    .map((type) => ({
      name: type.name,
      isCondition: type.provides === 'error-condition',
      choices: childrenOf(type, 'choice').map((choice) => [choice.name, literal(sourceOf(type.name), choice.value)]),
    }));
  const descriptors = [...types.values()].flatMap((type) =>
    childrenOf(type, 'descriptor').map(({ name, code }) => [type.name, name, Number(code.split(':')[1])]),
  );
  return { composites, restricted, descriptors, providers };
}
