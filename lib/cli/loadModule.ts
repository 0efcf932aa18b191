import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { failureOf } from '../model/Failure.js';
import { printable } from '../model/printable.js';
import { UsageError } from './UsageError.js';

/**
 * Loads a module of the user's: a path, or the name of an installed package. TypeScript is read where Node can strip
 * types, or with tsx where the module's project has it. Throws a `UsageError` that says why it can't be loaded.
 */
export const loadModule = async (name: string, option: string): Promise<Readonly<Record<string, unknown>>> => {
  const path = locate(name, option);
  try {
    if (isTypeScript(path) && !canStripTypes()) await registerTsx(path);
    return exportsOf((await orStuck(name, import(pathToFileURL(path).href))) as Readonly<Record<string, unknown>>);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The module ${printable(name) || '""'} can't be loaded: ${await reasonOf(error, path)}`);
  }
};

/** Of a module that was compiled to CommonJS the default export is all that it exports. */
const exportsOf = (module: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const all = module['default'];
  const isAll = typeof all === 'object' && all !== null && Object.hasOwn(all, '__esModule');
  return isAll ? (all as Readonly<Record<string, unknown>>) : module;
};

/** Reads what a module exports; an error that this throws is a wrong use. */
export const reading = <T>(name: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`In the module ${name}: ${failureOf(error).message}`);
  }
};

/** What loads, and is told when nothing can happen any more. */
const loading = new Set<() => void>();
const nothingMore = (): void => {
  for (const stuck of loading) stuck();
};

/** Rejects when nothing can happen any more, and still the module is not there. */
const orStuck = async <T>(name: string, module: Promise<T>): Promise<T> => {
  let stuck: () => void = () => undefined;
  const end = new Promise<never>((_, reject) => {
    const message = `The module ${printable(name) || '""'} can't be loaded: it waits for something that never happens.`;
    stuck = () => reject(new UsageError(message));
  });
  if (loading.size === 0) process.on('beforeExit', nothingMore);
  loading.add(stuck);
  try {
    return await Promise.race([module, end]);
  } finally {
    loading.delete(stuck);
    if (loading.size === 0) process.off('beforeExit', nothingMore);
  }
};

const locate = (name: string, option: string): string => {
  const path = resolve(name);
  if (existsSync(path) && !statSync(path).isDirectory()) return path;
  try {
    return createRequire(join(process.cwd(), '/')).resolve(name);
  } catch {
    throw new UsageError(
      existsSync(path)
        ? `The module ${printable(name) || '""'} is a folder; name a file in it.`
        : `There is no module ${printable(name) || '""'}; ${option} takes a path or the name of a package.`,
    );
  }
};

const isTypeScript = (path: string): boolean => /^\.[cm]?tsx?$/.test(extname(path));

const canStripTypes = (): boolean =>
  Boolean((process.features as { readonly typescript?: unknown }).typescript) ||
  process.execArgv.some((argument) => argument.includes('tsx'));

const registerTsx = async (path: string): Promise<void> => {
  let loader: string;
  try {
    loader = createRequire(path).resolve('tsx');
  } catch {
    throw new UsageError(
      `The module ${printable(path)} is TypeScript, which Node ${process.versions.node} can't read by itself; install tsx beside it, compile it to JavaScript, or use Node 22.18 or newer.`,
    );
  }
  await import(pathToFileURL(loader).href); // registers itself
};

const MESSAGE_MAX = 500;

/** The error in words, with the place in the user's own files where it arose. */
const reasonOf = async (error: unknown, path: string): Promise<string> => {
  const { name, message, stack = '' } = failureOf(error);
  const said = message
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .slice(0, MESSAGE_MAX)
    .replace(/\.$/, '');
  if (!(error instanceof Error)) return `it threw ${said}.`;
  const place =
    /^(file:\/\/\S+:\d+)$/m.exec(stack)?.[1] ?? // of an import that the other module does not export
    placeOf(stack, path) ??
    (error instanceof SyntaxError ? ((await syntaxPlace(path)) ?? 'in a file that it imports') : undefined);
  const where = place === undefined ? '' : ` (${place.startsWith('file:') ? pathOf(place) : place})`;
  if (/Cannot use import statement outside a module|Unexpected token 'export'/.test(said))
    return `it is taken for CommonJS; set "type": "module" in the package.json beside it, or end its name in ${isTypeScript(path) ? '.mts' : '.mjs'}.`;
  const [, missing] = /Cannot find package '((?:@[\w.-]+\/)?[\w.-]+)'/.exec(said) ?? [];
  return `${name}: ${said}${where}${missing === undefined ? '' : `; install it with npm install ${missing}`}.`;
};

/** Where an error arose: in this file, else in one of the user's that it loads. */
const placeOf = (stack: string, path: string): string | undefined => {
  const places = stack.split('\n').flatMap((line) => /[\s(]((?:file:\/\/)?\/\S+?:\d+:\d+)\)?$/.exec(line)?.[1] ?? []);
  const ours = places.findIndex((place) => place.startsWith(import.meta.url));
  const theirs = ours === -1 ? places : places.slice(0, ours);
  return (
    theirs.find((place) => place.includes(pathToFileURL(path).pathname)) ??
    theirs.find((place) => !place.includes('/node_modules/'))
  );
};

/** Where the syntax of a file is wrong: Node tells it only to somebody who runs the file by itself. */
const syntaxPlace = (path: string): Promise<string | undefined> =>
  new Promise((resolve) =>
    execFile(process.execPath, ['--check', path], (_, _out, err) => resolve(/^(.+:\d+)$/m.exec(err)?.[1])),
  );

const pathOf = (place: string): string => {
  const [, url = place, rest = ''] = /^(file:\/\/.*?)((?::\d+)+)$/.exec(place) ?? [];
  return fileURLToPath(url) + rest;
};
