import { readFile, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { textArg } from './args.js';
import type { Tool } from './Tool.js';
import { ToolError } from './ToolError.js';

/** What a search has found. */
export interface Matches {
  /** `file:line`, sorted by file and line; files are named from the folder that the tool was given. */
  readonly matches: readonly string[];
  /** How many lines and files there are in all; of the lines `matches` may hold only the first. */
  readonly lines: number;
  readonly files: number;
  /** How many files could not be read. */
  readonly unreadable: number;
}

/** How many matches are listed. */
export const MATCHES_MAX = 50;
/** Larger files are not read. */
const BYTES_MAX = 1_000_000;
const TEXT_MAX = 200;
const SKIPPED: readonly string[] = ['node_modules', '.git'];

/** Takes `text` and `folder`, a folder at or below `root` ('.' is `root` itself); gives what `searchFiles` finds. */
export const fileSearch = (root: string): Tool => ({
  name: 'file_search',
  run: async (args, signal) => ({
    ...(await searchFiles(root, textArg(args, 'folder'), textArg(args, 'text'), signal)),
  }),
});

/**
 * Looks for a literal text in the text files of a folder and all below it. It stays below `root`, wherever `..` and
 * symbolic links may lead: links are not followed. node_modules, .git, binary and large files are left out.
 */
export const searchFiles = async (
  root: string,
  folder: string,
  text: string,
  signal: AbortSignal,
): Promise<Matches> => {
  if (text === '' || text.length > TEXT_MAX || /[\r\n]/.test(text))
    throw new ToolError(`The text to look for must have 1 to ${TEXT_MAX} characters, on one line.`);
  const [base, start] = await openFolder(root, folder);
  const paths: string[] = [];
  let unreadable = 0;
  const onUnreadable = (): void => {
    signal.throwIfAborted();
    unreadable++;
  };
  await collect(start, paths, onUnreadable, signal);

  const matches: string[] = [];
  let lines = 0;
  let files = 0;
  for (const { path, name } of paths.map((path) => ({ path, name: nameFrom(base, path) })).sort(byName)) {
    const content = await readText(path, signal).catch(onUnreadable);
    if (content?.includes(text) !== true) continue;
    const found = content.split('\n').flatMap((line, i) => (line.includes(text) ? [`${name}:${i + 1}`] : []));
    matches.push(...found.slice(0, MATCHES_MAX - matches.length));
    lines += found.length;
    files++;
  }
  return { matches, lines, files, unreadable };
};

/** The real paths of the root and of a folder in it. */
const openFolder = async (root: string, folder: string): Promise<readonly [base: string, start: string]> => {
  const shown = JSON.stringify(folder.slice(0, 100));
  const outside = new ToolError(`The folder ${shown} is outside the one that may be searched.`);
  if (!isBelow(resolve(root), resolve(root, folder))) throw outside;
  const opened = await Promise.all([realpath(root), realpath(resolve(root, folder))]).catch(() => undefined);
  if (opened === undefined) throw new ToolError(`There is no folder ${shown}.`);
  const [base, start] = opened;
  if (!isBelow(base, start)) throw outside;
  if (!(await stat(start)).isDirectory()) throw new ToolError(`${shown} is not a folder.`);
  return opened;
};

const isBelow = (base: string, path: string): boolean =>
  path === base || path.startsWith(base + (base.endsWith(sep) ? '' : sep));

/** Collects the paths of the plain files of a folder and all below it. */
const collect = async (
  folder: string,
  paths: string[],
  onUnreadable: () => void,
  signal: AbortSignal,
): Promise<void> => {
  signal.throwIfAborted();
  const entries = await readdir(folder, { withFileTypes: true }).catch(onUnreadable);
  for (const entry of entries ?? []) {
    const path = join(folder, entry.name);
    if (entry.isFile()) paths.push(path);
    else if (entry.isDirectory() && !SKIPPED.includes(entry.name)) await collect(path, paths, onUnreadable, signal);
  }
};

/** A file's text; undefined if it is large or binary. */
const readText = async (path: string, signal: AbortSignal): Promise<string | undefined> => {
  signal.throwIfAborted();
  if ((await stat(path)).size > BYTES_MAX) return undefined;
  const bytes = await readFile(path, { signal });
  return bytes.includes(0) ? undefined : bytes.toString('utf8');
};

const nameFrom = (base: string, path: string): string => relative(base, path).split(sep).join('/');

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
