import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SqliteDatabase } from './SqliteDatabase.js';

type Constructor = new (file: string, options?: object) => SqliteDatabase;

/** Opens a database file with what is there: Node's own SQLite (from 22.13 on), else better-sqlite3, else libsql. */
export const openDatabase = (file: string): SqliteDatabase => {
  const own = builtIn();
  if (own !== undefined) return new own(file);
  const reasons: string[] = [];
  for (const name of ['better-sqlite3', 'libsql'])
    for (const from of [import.meta.url, join(process.cwd(), '/')])
      try {
        const Driver = createRequire(from)(name) as Constructor;
        return new Driver(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
        reasons.push(name);
      }
  throw new Error(
    `No SQLite driver was found: use Node 22.13 or newer, or install better-sqlite3 (12 for Node 20) or libsql.`,
  );
};

/** Node's own SQLite, without its warning that it is young. */
const builtIn = (): Constructor | undefined => {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    const module = process.getBuiltinModule?.('node:sqlite') as { readonly DatabaseSync: Constructor } | undefined;
    return module?.DatabaseSync;
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
};
