import { learnEstimates, type Estimates } from '../index.js';
import type { SqliteStore } from '../stores/sqlite/index.js';
import { UsageError } from './UsageError.js';

/** How long the nodes of a pipeline took in a database's runs of it; undefined where there are none. */
export const learnt = async (store: SqliteStore, dagName: string): Promise<Estimates | undefined> => {
  const learned = await learnEstimates(store, dagName)();
  if (learned._tag === 'Left') throw new UsageError(learned.left.message);
  return learned.right.nodes.size === 0 ? undefined : learned.right;
};
