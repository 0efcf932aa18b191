import { memoryStore } from '../../lib/index.js';
import { contract } from './contract.js';

contract('memory', async () => {
  const store = memoryStore();
  return { store, again: () => store, close: async () => undefined };
});
