import { learnEstimates, type Estimates } from '../index.js';
import type { KeptRuns } from './openStore.js';

/** How long the nodes of a pipeline took in a database's runs of it; undefined where there are none, or they can't be read. */
export const learnt = async (
  store: KeptRuns,
  dagName: string,
  warn: (text: string) => void,
): Promise<Estimates | undefined> => {
  const learned = await learnEstimates(store, dagName)();
  if (learned._tag === 'Left') {
    warn(`warning: ${learned.left.message} So nothing is learnt of how long nodes take.`);
    return undefined;
  }
  return learned.right.nodes.size === 0 ? undefined : learned.right;
};
