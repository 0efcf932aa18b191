import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
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
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The module ${printable(name)} can't be loaded: ${reasonOf(error, path)}`);
  }
};

const locate = (name: string, option: string): string => {
  const path = resolve(name);
  if (existsSync(path)) return path;
  try {
    return createRequire(join(process.cwd(), '/')).resolve(name);
  } catch {
    throw new UsageError(`There is no module ${printable(name)}; ${option} takes a path or the name of a package.`);
  }
};

const isTypeScript = (path: string): boolean => /^\.[cm]?tsx?$/.test(extname(path));

const canStripTypes = (): boolean =>
  Boolean((process.features as { readonly typescript?: unknown }).typescript) ||
  process.execArgv.some((argument) => argument.includes('tsx'));

const registerTsx = async (path: string): Promise<void> => {
  let api: string;
  try {
    api = createRequire(path).resolve('tsx/esm/api');
  } catch {
    throw new UsageError(
      `The module ${printable(path)} is TypeScript, which Node ${process.versions.node} can't read by itself; install tsx beside it, compile it to JavaScript, or use Node 22.18 or newer.`,
    );
  }
  const { register } = (await import(pathToFileURL(api).href)) as { readonly register: () => unknown };
  register();
};

const MESSAGE_MAX = 500;

/** The error in words, with the place in the user's own files where it arose. */
const reasonOf = (error: unknown, path: string): string => {
  if (!(error instanceof Error)) return `it threw ${printable(String(error))}.`;
  const stack = error.stack ?? '';
  const place =
    /^(file:\/\/\S+:\d+)$/m.exec(stack)?.[1] ?? // where the syntax is wrong
    stack
      .split('\n')
      .map((line) => /(file:\/\/\S+?:\d+:\d+|\/\S+?:\d+:\d+)\)?$/.exec(line)?.[1])
      .find((found) => found?.includes(pathToFileURL(path).pathname));
  const message = printable(
    error.message
      .trim()
      .replaceAll(/\s*\n\s*/g, ' ')
      .slice(0, MESSAGE_MAX),
  ).replace(/\.$/, '');
  const where = place === undefined ? '' : ` (${printable(place.startsWith('file:') ? pathOf(place) : place)})`;
  return `${error.name}: ${message}${where}.`;
};

const pathOf = (place: string): string => {
  const [, url = place, rest = ''] = /^(file:\/\/.*?)((?::\d+)+)$/.exec(place) ?? [];
  return fileURLToPath(url) + rest;
};
