/** What the documentation of each public item must say. Each rule gives the faults of one item, as sentences. */
import { ReflectionKind } from 'typedoc';

const timeUnit = /\b(ms|milliseconds?|seconds?)\b/i;
const isDuration = /\b(how long|timeout|time-out|duration)\b/i;

/** The words by which a number says what it counts or measures. */
const units = [
  timeUnit,
  /\b(octets?|bytes?|bits?|KiB|MiB)\b/i,
  /\b(how (many|often|deep|large)|number of|counts?|digits?|levels?|messages|deliveries|frames|sessions|links|elements)\b/i,
  /\b(index|position|offset|code|code point|port|channel|handle|delivery-id|descriptor|version)\b/i,
  /\b(from|between) -?[\d^]+ (to|and) /i,
];
const unitNames = /(^ms$|milliseconds$|count$|index$|offset$|position$|port$|length$|code$|octets$|channel$|handle$)/i;

function saysUnit(text) {
  if (isDuration.test(text)) return timeUnit.test(text);
  return units.some((words) => words.test(text));
}

const textOf = (parts = []) => parts.map(({ text }) => text).join('');
const summaryOf = (comment) => textOf(comment?.summary).trim();
const tagsOf = (comment, name) => (comment?.blockTags ?? []).filter(({ tag }) => tag === name);
const tagText = (comment, name) =>
  tagsOf(comment, name)
    .map(({ content }) => textOf(content))
    .join('\n');

const isFunction = ({ kind }) => kind === 'function' || kind === 'constructor';

/** A property that only tells kinds apart, as `type: 'opened'`, says all by its type. */
const isLiteral = ({ reflection }) => reflection.type?.type === 'literal';

function docstring(item) {
  if (summaryOf(item.comment) !== '' || isLiteral(item)) return [];
  return [`${item.kind} ${item.name} has no docstring`];
}

function isNumber(type) {
  if (type?.type === 'union') return type.types.some(isNumber);
  return type?.type === 'intrinsic' && type.name === 'number';
}

/** An item that is a number, and each parameter that is one, says its unit or what it counts. */
function unit(item) {
  const { reflection, comment, kind, name } = item;
  const summary = summaryOf(comment);
  const own = `${summary}\n${tagText(comment, '@returns')}`;
  const faults = [];
  const isValue = kind === 'property' || kind === 'accessor' || kind === 'function';
  if (isValue && isNumber(reflection.type) && !saysUnit(own)) faults.push(`the number ${name} says no unit`);
  for (const parameter of reflection.parameters ?? []) {
    const said = summaryOf(parameter.comment) || summary;
    if (isNumber(parameter.type) && !unitNames.test(parameter.name) && !saysUnit(said))
      faults.push(`the number ${parameter.name} of ${name} says no unit`);
  }
  return faults;
}

const isPromise = ({ type }) => type?.type === 'reference' && type.name === 'Promise';

/** The codes that a `@throws` names in backticks, and that the error table does not have. */
function faultsOfCodes(text, codes) {
  const quoted = [...text.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, word]) => word);
  return quoted.filter((word) => !codes.has(word)).map((word) => `\`${word}\`, which is no code of the error table`);
}

/** Whether a `@throws` names a code, a class of errors, a function whose errors it shares, or `nothing`. */
function namesError(text, { codes, functions }) {
  if (/\b(nothing|[A-Za-z]*Error)\b/.test(text)) return true;
  const words = text.split(/[^A-Za-z-]+/);
  return words.some((word, index) => codes.has(word) || (words[index - 1] === 'as' && functions.has(word)));
}

/**
 * What can throw, and every promise that a class or function gives, says by `@throws` with which codes, or that it is
 * nothing. The docstring of a class may say it for all its members that give no promise.
 */
function errors(item, knowledge) {
  const { codes, thrown } = knowledge;
  const { reflection, comment, name } = item;
  const isCall = isFunction(item) || item.kind === 'accessor';
  if (!isCall) return [];
  const text = tagText(comment, '@throws');
  const wrong = faultsOfCodes(text, codes).map((fault) => `@throws of ${name} names ${fault}`);
  if (text !== '') return namesError(text, knowledge) ? wrong : [...wrong, `@throws of ${name} names no error`];
  if (item.kind === 'function' && isPromise(reflection)) return [`${name} gives a promise and has no @throws`];
  const found = thrown.get(`${item.file}:${item.line}`) ?? [];
  const ofClass = reflection.parent?.parent?.comment;
  if (found.length === 0 || tagsOf(ofClass, '@throws').length > 0) return [];
  return [`${name} can throw (${found.join(', ')}) and has no @throws`];
}

/** The names that the examples of a room as a whole, in the docstring of its `index.ts`, import. */
function shownByRoom({ reflection }) {
  let above = reflection;
  while (above !== undefined && !above.kindOf(ReflectionKind.Module)) above = above.parent;
  const examples = tagText(above?.comment, '@example');
  return [...examples.matchAll(/import \{([^}]*)\}/g)].flatMap(([, names]) => names.split(/[\s,]+/));
}

/** Each exported class and function shows how it is used, itself or in the example of its room. */
function example(item) {
  const isUsed = item.isExport && (item.kind === 'class' || item.kind === 'function');
  if (!isUsed || tagsOf(item.comment, '@example').length > 0) return [];
  if (shownByRoom(item).includes(item.name.split('.').at(-1))) return [];
  return [`${item.kind} ${item.name} has no @example`];
}

const rules = { docstring, unit, errors, example };

/** The faults of an item: the rule that is broken, and how. */
export function faultsOf(item, knowledge) {
  return Object.entries(rules).flatMap(([rule, check]) =>
    check(item, knowledge).map((what) => ({ file: item.file, line: item.line, rule, what })),
  );
}

/** The codes of the error table, as the type of its keys tells them. */
export function errorCodes(items) {
  const table = items.find(({ name, kind }) => name === 'errorTable' && kind === 'constant');
  const rows = table?.reflection.type?.declaration?.children ?? [];
  return new Set(rows.filter((row) => row.kindOf(ReflectionKind.Property)).map((row) => row.name));
}
