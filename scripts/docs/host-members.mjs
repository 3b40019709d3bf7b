/**
 * The members that a class has only for its own room: those of a host interface that it implements and that no entry
 * point exports. They are public to the compiler, because TypeScript knows no rooms, and not part of the API.
 */
import { relative } from 'node:path';
import { TypeScript as ts } from 'typedoc';
import { root } from './root.mjs';

/** Where the name of a declaration stands. */
function placeOf(declaration) {
  const file = declaration.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition((declaration.name ?? declaration).getStart(file));
  return `${relative(root, file.fileName)}:${line + 1}`;
}

const implementsClause = ({ token }) => token === ts.SyntaxKind.ImplementsKeyword;

/** The interfaces that a class says it implements, without those of the API. */
function hostsOf(declaration, checker, exported) {
  const clauses = (declaration.heritageClauses ?? []).filter(implementsClause);
  return clauses
    .flatMap(({ types }) => types.map((type) => checker.getTypeAtLocation(type)))
    .filter((type) => !exported.has(type.symbol.name));
}

/** Gives the names of these interfaces, and the places `file:line` of the members of classes that fulfil them. */
export function findHostMembers(program, exported) {
  const checker = program.getTypeChecker();
  const names = new Set();
  const places = new Set();
  const visit = (node) => {
    if (!ts.isClassDeclaration(node)) return;
    const own = checker.getTypeAtLocation(node);
    for (const host of hostsOf(node, checker, exported)) {
      names.add(host.symbol.name);
      for (const { name } of checker.getPropertiesOfType(host)) {
        const member = checker.getPropertyOfType(own, name);
        for (const declaration of member?.declarations ?? []) places.add(placeOf(declaration));
      }
    }
  };
  for (const file of program.getSourceFiles()) {
    if (relative(root, file.fileName).startsWith('src')) file.forEachChild(visit);
  }
  return { names, places };
}
