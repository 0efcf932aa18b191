import * as E from '#fp-ts/Either';
import type { Json } from '../model/Json.js';
import type { ResultCache } from '../run/ResultCache.js';

/** Keeps outputs in this process's memory, the latest `maxResults` of them. */
export const memoryResultCache = ({ maxResults = 10_000 }: { readonly maxResults?: number } = {}): ResultCache => {
  const results = new Map<string, { readonly output: Json; readonly at: number }>();
  return {
    get: (key) => () => Promise.resolve(E.right(results.get(key))),
    set: (key, output, at) => () => {
      results.delete(key);
      results.set(key, { output, at });
      if (results.size > maxResults) results.delete(results.keys().next().value!);
      return Promise.resolve(E.right(undefined));
    },
  };
};
