import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface Movie {
  readonly title: string;
  readonly director: string;
  readonly votes: number;
}

export const moviesJson = createRequire(import.meta.url)
  .resolve('vega-datasets')
  .replace(/build\/.*$/, 'data/movies.json');

/** The 3,201 movies of vega-datasets; a few titles are numbers, and many directors are not known. */
export const readMovies = (): readonly Movie[] => {
  const rows = JSON.parse(readFileSync(moviesJson, 'utf8')) as readonly Readonly<Record<string, unknown>>[];
  const text = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return rows.map((row) => ({
    title: text(row['Title']),
    director: text(row['Director']),
    votes: typeof row['IMDB Votes'] === 'number' ? row['IMDB Votes'] : 0,
  }));
};

export const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Where each word occurs: sorted words, each with the places of its movies. */
export type Index = readonly (readonly [word: string, places: readonly number[]])[];

/** Indexes the movies from one place to (not including) another. */
export const indexOf = (movies: readonly Movie[], key: 'title' | 'director', from = 0, to = movies.length): Index => {
  const places = new Map<string, number[]>();
  for (let place = from; place < to; place++)
    for (const word of new Set(wordsOf(movies[place]![key]))) {
      const known = places.get(word);
      if (known === undefined) places.set(word, [place]);
      else known.push(place);
    }
  return [...places].toSorted(([a], [b]) => (a < b ? -1 : 1));
};

/** The places of movies in which a word begins with each word of the query. */
export const find = (index: Index, query: string): readonly number[] => {
  const found = wordsOf(query).map((prefix) => new Set(rangeOf(index, prefix).flatMap(([, places]) => places)));
  const [first, ...rest] = found;
  return first === undefined ? [] : [...first].filter((place) => rest.every((places) => places.has(place)));
};

/** The entries whose word begins with `prefix`: they stand together. */
const rangeOf = (index: Index, prefix: string): Index => {
  let low = 0;
  let high = index.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (index[middle]![0] < prefix) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < index.length && index[end]![0].startsWith(prefix)) end++;
  return index.slice(low, end);
};
