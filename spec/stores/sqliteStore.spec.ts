// timeout: 120000
import { join } from 'node:path';
import { sqliteStore, type SqliteStore } from '../../lib/stores/sqlite/index.js';
import { temporaryFolder } from '../support/command.js';
import { contract, type Opened } from './contract.js';

const inFile = async (durability: 'process' | 'power'): Promise<Opened> => {
  const file = join(temporaryFolder('sqlite'), 'runs.db');
  const handles: SqliteStore[] = [];
  const open = (): SqliteStore => {
    const store = sqliteStore(file, { durability });
    handles.push(store);
    return store;
  };
  return {
    store: open(),
    again: open,
    close: async () => void (await Promise.all(handles.map((handle) => handle.close()))),
  };
};

const claims = { leaseMs: 0, losesTails: false, repeats: false, lastingEpochs: false };

contract('SQLite, durable to the process', claims, () => inFile('process'));
contract('SQLite, durable to the power', claims, () => inFile('power'));
contract('SQLite in memory', claims, async () => {
  const store = sqliteStore(':memory:');
  return { store, again: () => store, close: () => store.close() };
});
