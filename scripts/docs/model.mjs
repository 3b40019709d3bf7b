/** The public API as TypeDoc reads it from the sources: every export of the entry points, and all their members. */
import { join, relative } from 'node:path';
import { Application, ConsoleLogger, LogLevel, ReflectionKind } from 'typedoc';
import { findHostMembers } from './host-members.mjs';
import { root } from './root.mjs';

const kinds = new Map([
  [ReflectionKind.Class, 'class'],
  [ReflectionKind.Interface, 'interface'],
  [ReflectionKind.TypeAlias, 'type'],
  [ReflectionKind.Variable, 'constant'],
  [ReflectionKind.CallSignature, 'function'],
  [ReflectionKind.ConstructorSignature, 'constructor'],
  [ReflectionKind.GetSignature, 'accessor'],
  [ReflectionKind.Property, 'property'],
]);

/** Where these lie, the comment of the function, option or constant around them speaks for them. */
const spokenFor = ReflectionKind.Parameter | ReflectionKind.Variable | ReflectionKind.SomeSignature;

/** What has the place of a reflection in the source: a signature lies where its function does. */
const owner = (reflection) =>
  reflection.kindOf(ReflectionKind.SomeSignature) ? (reflection.parent ?? reflection) : reflection;

function lineOf(reflection) {
  const [source] = reflection.sources ?? owner(reflection).sources ?? [];
  if (source === undefined) return undefined;
  const file = relative(root, source.fullFileName);
  return file.startsWith('src') ? { file, line: source.line } : undefined;
}

/** Whether a member is told by itself: not one of an object inside a parameter, a constant or a result. */
function isTold(reflection) {
  for (let above = owner(reflection).parent; above !== undefined; above = above.parent) {
    if (above.kindOf(spokenFor)) return false;
    if (above.kindOf(ReflectionKind.ClassOrInterface)) return true;
  }
  return true;
}

const isFunctionType = (reflection) =>
  reflection.kindOf(ReflectionKind.CallSignature) && reflection.parent?.kindOf(ReflectionKind.TypeLiteral) === true;

function describe(reflection) {
  const place = lineOf(reflection);
  const kind = kinds.get(reflection.kind);
  if (place === undefined || kind === undefined || !isTold(reflection) || isFunctionType(reflection)) return [];
  const isExport = owner(reflection).parent?.kindOf(ReflectionKind.Module) === true;
  const name = owner(reflection)
    .getFullName()
    .replaceAll('__type.', '')
    .replace(/^client\./, '');
  return [{ ...place, kind, name, isExport, reflection, comment: reflection.comment }];
}

/** Takes what is not meant for users out of the model; gives the names of the interfaces that it comes from. */
function removeHostMembers(project, program) {
  const exported = new Set(project.children.flatMap(({ children = [] }) => children.map(({ name }) => name)));
  const { names, places } = findHostMembers(program, exported);
  const isMember = ReflectionKind.ClassMember;
  for (const reflection of Object.values(project.reflections)) {
    const place = reflection.kindOf(isMember) ? lineOf(reflection) : undefined;
    if (place !== undefined && places.has(`${place.file}:${place.line}`)) project.removeReflection(reflection);
  }
  return [...names];
}

/** What TypeDoc finds wrong by itself: a type that the API uses and does not export, or a link that leads nowhere. */
function validate(app, project) {
  const faults = [];
  const note = (text) => {
    const [, file = 'src', what = text] =
      /^(?:\S+, defined in \S+?\/(src\S+), is) (referenced by .*)$/.exec(text) ?? [];
    faults.push({ file, line: 1, rule: 'model', what: what === text ? text : text.replace(/, defined in \S+,/, '') });
  };
  app.logger = Object.assign(new ConsoleLogger(), { addContext: (text) => text });
  app.logger.log = (text, level) => {
    // It also tells which of the names that may stay unexported are not used; that is no fault.
    if (level >= LogLevel.Warn && !text.includes('intentionally not exported')) note(text);
  };
  app.validate(project);
  return faults;
}

/** Reads the API. Gives its items in the order of the sources, the faults that TypeDoc finds, and the compiler's program. */
export async function readApi() {
  const app = await Application.bootstrap({
    tsconfig: join(import.meta.dirname, 'tsconfig.json'),
    entryPoints: ['client', 'codec', 'engine', 'broker', 'testing'].map((room) => join(root, 'src', room, 'index.ts')),
    name: 'amqp1',
    readme: 'none',
    excludeInternal: true,
    excludePrivate: true,
    excludeProtected: true,
    excludeExternals: true,
    logLevel: LogLevel.Error,
    validation: { notExported: true, invalidLink: true, invalidPath: false, rewrittenLink: false },
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc cannot read the sources: see above');
  const [{ program }] = app.getEntryPoints();
  app.options.setValue('intentionallyNotExported', removeHostMembers(project, program));
  const items = new Map();
  for (const reflection of Object.values(project.reflections)) {
    for (const item of describe(reflection)) {
      // Inherited members come once for each class; the one that declares it comes first or reads alike.
      const key = `${item.file}:${item.line}:${item.kind}:${owner(reflection).name}`;
      if (!items.has(key) || item.isExport) items.set(key, item);
    }
  }
  const order = (a, b) => a.file.localeCompare(b.file) || a.line - b.line;
  return { items: [...items.values()].sort(order), faults: validate(app, project), program };
}
