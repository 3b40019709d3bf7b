/**
 * Writes src/definitions/generated from spec/*.bare.xml: an interface and a table per composite type, the choices of
 * restricted types, the descriptors, and straight-line codecs for transfer, disposition, flow, header and properties.
 *
 * `--check` writes nothing and fails if the folder holds something else than what would be written.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { hotCodec, HOT_TYPES } from './definition-codecs.mjs';
import { HOT_SECTIONS, sectionCodec } from './definition-section-codecs.mjs';
import { camel, GROUPS, pascal, readModel, tableName, typeName } from './definition-model.mjs';
import { typeDocs } from './definition-docs.mjs';

const OUTPUT = fileURLToPath(new URL('../src/definitions/generated/', import.meta.url));
const STAMP = '// Generated from spec/*.bare.xml by scripts/generate-definitions.mjs; do not edit.\n';

/** Groups that are unions by themselves: their files also export the union and the list of their tables. */
const UNIONS = { performatives: 'Performative', 'sasl-frames': 'SaslFrame' };
/** Archetype → union type. */
const ARCHETYPE_UNIONS = {
  'delivery-state': 'DeliveryState',
  outcome: 'Outcome',
  source: 'Source',
  target: 'Terminus',
};

const model = readModel();

/** A type that shares its place with others must say which one it is. */
const needsType = (name) =>
  ['delivery-state', 'target'].some((archetype) =>
    model
      .providers(archetype)
      .slice(archetype === 'target' ? 1 : 0)
      .includes(name),
  );

const scalarTypes = {
  boolean: 'boolean',
  ubyte: 'number',
  ushort: 'number',
  uint: 'number',
  ulong: 'bigint',
  string: 'string',
  symbol: 'string',
  binary: 'Uint8Array',
  timestamp: 'Date | Timestamp',
  fields: 'Fields',
  map: 'AmqpMap',
  any: 'unknown',
  'message-id': 'unknown',
};

/** The TypeScript type of a field that is there; `suffix` is Init for what is written. */
function valueType(field, suffix) {
  if (field.multiple) return 'readonly string[]';
  if (field.restricted !== undefined) return pascal(field.restricted);
  if (field.type !== 'composite') return scalarTypes[field.type];
  if (field.requires === undefined) return `${typeName(field.composites[0])}${suffix}`;
  const isUnion = field.requires === 'delivery-state' || field.requires === 'outcome';
  const known = isUnion ? [ARCHETYPE_UNIONS[field.requires]] : field.composites.map(typeName);
  return [...known.map((name) => `${name}${suffix}`), 'Described'].join(' | ');
}

const doc = (text) => `/** ${text} */\n`;
const typeDoc = ({ doc: text, section }, ending = '') => doc(`${text.replace(/\.$/, '')}${ending} (§${section}).`);

function decodedInterface(composite) {
  const members = composite.fields.map((field) => {
    const always =
      field.mandatory || field.multiple || field.default !== undefined || scalarTypes[field.type] === 'unknown';
    return `${doc(field.doc)}readonly ${field.key}: ${valueType(field, '')}${always ? '' : ' | undefined'};`;
  });
  return `${typeDoc(composite)}export interface ${typeName(composite.name)} {
    readonly type: '${composite.name}';
    ${members.join('\n')}
  }`;
}

function initInterface(composite) {
  const members = composite.fields.map((field) => {
    const fallback = field.default === undefined ? '' : ` Default: ${field.default.replaceAll("'", '')}.`;
    const value = valueType(field, 'Init');
    const member = field.mandatory
      ? `${field.key}: ${value}`
      : `${field.key}?: ${value === 'unknown' ? value : `${value} | undefined`}`;
    return `${doc(field.doc + fallback)}readonly ${member};`;
  });
  const type = `'${composite.name}'`;
  return `${doc(`What is written as {@link ${typeName(composite.name)}}; a field that is left out is null or its default.`)}export interface ${typeName(composite.name)}Init {
    readonly type${needsType(composite.name) ? `: ${type}` : `?: ${type} | undefined`};
    ${members.join('\n')}
  }`;
}

/** Types whose given fields are always written: receivers differ on what a header without durable means. */
const EXPLICIT = new Set(['header']);

function table(composite) {
  const rows = composite.fields.map((field) => {
    const row = [`name: '${field.name}'`, `key: '${field.key}'`, `type: '${field.type}'`];
    if (field.mandatory) row.push('mandatory: true');
    if (field.multiple) row.push('multiple: true');
    if (field.default !== undefined) row.push(`default: ${field.default}`);
    if (field.restricted !== undefined) row.push(`choices: [${field.choices.join(', ')}]`);
    if (field.composites !== undefined) row.push(`composites: [${field.composites.map(tableName).join(', ')}]`);
    if (field.type === 'composite' && field.requires !== undefined) row.push(`requires: '${field.requires}'`);
    return `{ ${row.join(', ')} }`;
  });
  const name = typeName(composite.name);
  return `${doc(`The table of {@link ${name}}.`)}export const ${tableName(composite.name)}: CompositeSpec<${name}, ${name}Init> = {
    type: '${composite.name}', descriptor: '${composite.descriptor}', code: 0x${composite.code.toString(16).padStart(2, '0')},
    section: '${composite.section}', fields: [${rows.join(', ')}],${EXPLICIT.has(composite.name) ? ' explicit: true,' : ''}
  };`;
}

/** A union of decoded types and of their Init types. */
function union(name, text, members, mustSayType) {
  const init = (member) =>
    mustSayType ? `(${typeName(member)}Init & { readonly type: '${member}' })` : `${typeName(member)}Init`;
  return `${doc(text)}export type ${name} = ${members.map(typeName).join(' | ')};
  ${doc(`What is written as {@link ${name}}.`)}export type ${name}Init = ${members.map(init).join(' | ')};`;
}

function groupFile(group) {
  const names = GROUPS[group];
  const parts = names.flatMap((name) => {
    const composite = model.composites.get(name);
    return [decodedInterface(composite), initInterface(composite), table(composite)];
  });
  if (group === 'delivery-state') {
    parts.push(
      union('DeliveryState', 'The state of a delivery at one end (§3.4).', model.providers('delivery-state'), false),
    );
    parts.push(union('Outcome', 'A final state of a delivery (§3.4).', model.providers('outcome'), false));
  }
  const unionName = UNIONS[group];
  if (unionName !== undefined) {
    parts.push(union(unionName, `Any of the types of this group, told apart by \`type\`.`, names, true));
    parts.push(
      `${doc(`The tables of {@link ${unionName}}.`)}export const ${camel(group)}: Tables<${unionName}> = [${names.map(tableName).join(', ')}];`,
    );
  }
  return imports(parts.join('\n\n'), group) + parts.join('\n\n');
}

/** The import lines for the names that a piece of source uses. */
function imports(source, group) {
  const uses = (name) => new RegExp(`\\b${name}\\b`).test(source.replace(/\/\*\*.*?\*\//g, ''));
  const lines = [];
  const add = (keyword, names, from) => {
    const used = names.filter(uses);
    if (used.length > 0) lines.push(`import ${keyword} { ${used.join(', ')} } from '${from}';`);
  };
  add('type', ['AmqpMap', 'Described', 'Timestamp'], '../../codec/index.ts');
  add('type', ['CompositeSpec', 'Fields', 'Tables'], '../spec.ts');
  add(
    'type',
    model.restricted.map((type) => pascal(type.name)),
    './choices.ts',
  );
  for (const other of Object.keys(GROUPS)) {
    if (other === group) break;
    const names = GROUPS[other].map(typeName);
    if (other === 'delivery-state') names.push('DeliveryState', 'Outcome');
    add(
      'type',
      names.flatMap((name) => [name, `${name}Init`]),
      `./${other}.ts`,
    );
    add(
      '',
      GROUPS[other]
        .filter((name) => new RegExp(`composites: \\[[^\\]]*\\b${tableName(name)}\\b`).test(source))
        .map(tableName),
      `./${other}.ts`,
    );
  }
  return `${lines.join('\n')}\n\n`;
}

function choicesFile() {
  const isPlain = (type) => !type.isCondition;
  const constants = model.restricted.filter(isPlain).map((type) => {
    const name = pascal(type.name);
    const [section, text] = typeDocs[type.name];
    const comment = doc(`${text.replace(/\.$/, '')} (§${section}).`);
    return `${comment}export const ${name} = { ${type.choices.map(([key, value]) => `${camel(key)}: ${value}`).join(', ')} } as const;
    ${comment}export type ${name} = (typeof ${name})[keyof typeof ${name}];`;
  });
  const conditions = model.restricted.filter((type) => type.isCondition);
  const keys = conditions.flatMap((type) => type.choices.map(([key]) => key));
  const isShared = (key) => keys.filter((other) => other === key).length > 1;
  const rows = conditions.flatMap((type) =>
    // Connections and links both have a `redirect`: those are told apart by what they are about.
    type.choices.map(([key, value]) => `${camel(isShared(key) ? `${type.name.split('-')[0]}-${key}` : key)}: ${value}`),
  );
  const comment = doc('The error conditions of the standard (§2.8.15 to §2.8.18, §4.5.8); peers may send others.');
  return `${constants.join('\n\n')}

  ${comment}export const ErrorCondition = { ${rows.join(', ')} } as const;
  ${comment}export type ErrorCondition = (typeof ErrorCondition)[keyof typeof ErrorCondition];`;
}

function descriptorsFile() {
  return `${doc('The numeric descriptors of all described types, in the domain 0.')}export const DescriptorCode = {
    ${model.descriptors.map(([name, , code]) => `${camel(name)}: 0x${code.toString(16).padStart(2, '0')}`).join(', ')}
  } as const;

  ${doc('Symbolic descriptor → numeric descriptor: the two mean the same (§1.3.2).')}export const codeOfDescriptor: ReadonlyMap<string, number> = new Map([
    ${model.descriptors.map(([name, symbol]) => `['${symbol}', DescriptorCode.${camel(name)}]`).join(', ')}
  ]);`;
}

/** Explicit lists of all that the room exports of the generated files. */
function indexFile() {
  const lines = [
    `export { ${[...model.restricted.filter((type) => !type.isCondition).map((type) => pascal(type.name)), 'ErrorCondition'].join(', ')} } from './choices.ts';`,
    `export { DescriptorCode } from './descriptors.ts';`,
  ];
  for (const [group, names] of Object.entries(GROUPS)) {
    const types = names.map(typeName);
    if (group === 'delivery-state') types.push('DeliveryState', 'Outcome');
    if (group in UNIONS) types.push(UNIONS[group]);
    // The bare names of the delivery states are the states themselves: accepted, released.
    const tables = names.map((name) =>
      group === 'delivery-state' ? `${tableName(name)} as ${tableName(name)}Spec` : tableName(name),
    );
    lines.push(
      `export { ${[...tables, ...types.flatMap((name) => [`type ${name}`, `type ${name}Init`])].join(', ')} } from './${group}.ts';`,
    );
  }
  for (const name of HOT_TYPES) {
    lines.push(
      `export { ${pascal(name)}Fields, read${pascal(name)}, write${pascal(name)} } from './${name}-codec.ts';`,
    );
  }
  for (const name of HOT_SECTIONS)
    lines.push(`export { read${pascal(name)}Fields, write${pascal(name)}Fields } from './${name}-codec.ts';`);
  return lines.join('\n');
}

async function generate() {
  const files = new Map([
    ['choices.ts', choicesFile()],
    ['descriptors.ts', descriptorsFile()],
    ['index.ts', indexFile()],
    ...Object.keys(GROUPS).map((group) => [`${group}.ts`, groupFile(group)]),
    ...HOT_TYPES.map((name) => [`${name}-codec.ts`, hotCodec(model.composites.get(name), valueType)]),
    ...HOT_SECTIONS.map((name) => [`${name}-codec.ts`, sectionCodec(model.composites.get(name))]),
  ]);
  const options = JSON.parse(readFileSync(new URL('../.prettierrc.json', import.meta.url), 'utf8'));
  for (const [name, source] of files) {
    files.set(
      name,
      await format(STAMP + source, {
        singleQuote: options.singleQuote,
        printWidth: options.printWidth,
        parser: 'typescript',
      }),
    );
  }
  return files;
}

function present() {
  mkdirSync(OUTPUT, { recursive: true });
  return new Map(readdirSync(OUTPUT).map((name) => [name, readFileSync(OUTPUT + name, 'utf8')]));
}

const files = await generate();
const before = present();
const stale = [...before.keys()].filter((name) => !files.has(name));
const changed = [...files.keys()].filter((name) => files.get(name) !== before.get(name));
if (process.argv.includes('--check')) {
  if (stale.length + changed.length > 0) {
    console.error(
      `src/definitions/generated is not what its sources give: ${[...stale, ...changed].join(', ')}. Run npm run generate.`,
    );
    process.exitCode = 1;
  }
} else {
  for (const name of stale) rmSync(OUTPUT + name);
  for (const name of changed) writeFileSync(OUTPUT + name, files.get(name));
  console.log(`src/definitions/generated: ${files.size} files, ${changed.length} changed`);
}
