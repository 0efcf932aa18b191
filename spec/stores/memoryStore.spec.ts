import { memoryStore } from '../../lib/index.js';
import { contract } from './contract.js';

const claims = { leaseMs: 0, losesTails: false, repeats: false, lastingEpochs: true };

contract('memory', claims, async () => {
  const store = memoryStore();
  return { store, again: () => store, close: async () => undefined };
});
