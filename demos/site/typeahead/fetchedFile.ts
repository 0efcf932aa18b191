/**
 * Stands in for `node:fs` and `node:module` in this site's bundle (see vite.config.ts), as far as `demos/typeahead/movies.ts`
 * uses them: what it reads there by Node, the page has fetched and handed over here.
 */
let text: string | undefined;

/** Hands over the file that is read next. */
export const handOver = (fetched: string): void => {
  text = fetched;
};

/** The file that was handed over, whatever its name. */
export const readFileSync = (): string => {
  if (text === undefined) throw new Error('Nothing was fetched yet.');
  return text;
};

/** Finds every package in the same place. */
export const createRequire = (): { resolve(name: string): string } => ({ resolve: (name) => `${name}/build/` });
