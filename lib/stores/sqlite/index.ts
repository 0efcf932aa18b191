export { sqliteStore } from './sqliteStore.js';
export type { SqliteStore, SqliteStoreOptions } from './sqliteStore.js';
