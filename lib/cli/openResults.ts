import type { ResultCache } from '../index.js';
import { closedAtEnd } from './closedAtEnd.js';

/** The results that a database keeps: nodes with `cache` are served from them, or only add to them where they are to run again. */
export const openResults = async (db: string, serve = true): Promise<ResultCache> => {
  const { SqliteCache } = await import('../stores/sqlite/index.js');
  const results = closedAtEnd(new SqliteCache(db));
  return serve
    ? results
    : {
        get: () => () => Promise.resolve({ _tag: 'Right', right: undefined }),
        set: (key, output, at) => results.set(key, output, at),
      };
};
