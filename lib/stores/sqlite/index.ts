export { sqliteStore } from './sqliteStore.js';
export type { SqliteStore, SqliteStoreOptions } from './sqliteStore.js';
export { SqliteCache } from './SqliteCache.js';
export type { SavedCache, SqliteCacheOptions } from './SqliteCache.js';
export type { Pruned } from './CacheTables.js';
