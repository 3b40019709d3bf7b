/**
 * Which functions of the sources can throw, and with which codes of the error table.
 *
 * It follows calls, getters and constructors that the compiler resolves to a function with a body. It does not follow
 * a call through an interface or a callback, so it finds less than there is, and what it finds is there.
 */
import { relative } from 'node:path';
import { TypeScript as ts } from 'typedoc';
import { root } from './root.mjs';

/** Stands for a throw of something else than a new error of the table. */
const other = '?';

/** `amqpError(…)` and the classes of errors. */
const makesError = (name) => name === 'amqpError' || name.endsWith('Error');

/** The code of `new LinkError('link-closed', …)` and `amqpError('link-closed', …)`. */
function codeOf(expression) {
  const isMaker = ts.isNewExpression(expression) || ts.isCallExpression(expression);
  const [first] = (isMaker && expression.arguments) || [];
  const hasCode = first !== undefined && ts.isStringLiteral(first) && makesError(expression.expression.getText());
  return hasCode ? first.text : other;
}

/** What an expression runs: the function it calls, the constructor, or the getter. */
function calleeOf(node, checker) {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return checker.getResolvedSignature(node)?.declaration;
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  return checker.getSymbolAtLocation(node.name)?.declarations?.find(ts.isGetAccessor);
}

/** Calls of an async function throw only where its promise is waited for or handed on. */
function isHandedOn(call) {
  let { parent } = call;
  while (ts.isParenthesizedExpression(parent)) ({ parent } = parent);
  return ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || ts.isArrowFunction(parent);
}

const isAsync = (declaration) =>
  (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Async) !== 0 || declaration.asteriskToken !== undefined;

/** The codes thrown and the functions called by the body of a function itself. */
function look(declaration, checker) {
  const codes = new Set();
  const callees = new Set();
  const visit = (node) => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isTryStatement(node) && node.catchClause !== undefined) {
      visit(node.catchClause.block);
      if (node.finallyBlock !== undefined) visit(node.finallyBlock);
      return;
    }
    if (ts.isThrowStatement(node)) codes.add(codeOf(node.expression));
    const callee = calleeOf(node, checker);
    if (callee?.body !== undefined && (!isAsync(callee) || isHandedOn(node))) callees.add(callee);
    ts.forEachChild(node, visit);
  };
  for (const { initializer } of declaration.parameters) if (initializer !== undefined) visit(initializer);
  visit(declaration.body);
  return { codes, callees };
}

/** Every function with a body below `src`, by its place `file:line` of the name. */
function functionsOf(program) {
  const found = new Map();
  for (const file of program.getSourceFiles()) {
    const path = relative(root, file.fileName);
    if (!path.startsWith('src')) continue;
    const visit = (node) => {
      if (ts.isFunctionLike(node) && node.body !== undefined) {
        const at = node.name ?? node;
        const { line } = file.getLineAndCharacterOfPosition(at.getStart(file));
        const key = `${path}:${line + 1}`;
        if (!found.has(key)) found.set(key, node);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

/** For each function of the sources, by `file:line`: the codes it can throw. `internal` is a bug, and is left out. */
export function whatCanThrow(program) {
  const checker = program.getTypeChecker();
  const functions = functionsOf(program);
  const known = new Map();
  const pending = [...functions.values()];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (known.has(next)) continue;
    const found = look(next, checker);
    known.set(next, found);
    pending.push(...found.callees);
  }
  let grew = true;
  while (grew) {
    grew = false;
    for (const { codes, callees } of known.values()) {
      const before = codes.size;
      for (const callee of callees) for (const code of known.get(callee).codes) codes.add(code);
      grew ||= codes.size > before;
    }
  }
  const shown = (codes) => [...codes].filter((code) => code !== 'internal').sort((a, b) => a.localeCompare(b));
  return new Map([...functions].map(([place, declaration]) => [place, shown(known.get(declaration).codes)]));
}
