import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly body: Uint8Array;
  /** The same by content coding, the best first. @default none */
  readonly packed?: Readonly<Record<string, Uint8Array>>;
}

/** All that a server hands out besides data, by the exact path that is asked for; `/` is the page itself. */
export type Page = ReadonlyMap<string, PageFile>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
};

/** The endings of files that are others in a content coding, the best first. */
const codings = { '.br': 'br', '.gz': 'gzip' };

/** Reads a built page once, so that no request ever names a file; without a folder there is a page that says so. */
export const readPage = (folder: string): Page => {
  const page = new Map<string, PageFile>();
  const names = new Set(namesIn(folder));
  for (const name of names) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const packed = Object.entries(codings)
      .filter(([ending]) => names.has(name + ending))
      .map(([ending, coding]) => [coding, readFileSync(join(folder, name + ending))]);
    const body = readFileSync(join(folder, name));
    const file = { type, body, ...(packed.length > 0 && { packed: Object.fromEntries(packed) }) };
    page.set(`/${name.replaceAll('\\', '/')}`, file);
    if (name === 'index.html') page.set('/', file);
  }
  return page.has('/') ? page : pageOf('<!doctype html><title>rxdag</title><p>The viewer has not been built.');
};

/** A page of this text alone. */
export const pageOf = (html: string): Page => new Map([['/', { type: types['.html']!, body: Buffer.from(html) }]]);

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder, { recursive: true }).map(String);
  } catch {
    return [];
  }
};
