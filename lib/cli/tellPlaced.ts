import type { ActionRegistry, NodeSpec } from '../index.js';
import { show } from '../model/explain.js';
import { workersOf } from '../plan/placement.js';
import { fewOf } from './fewOf.js';

/** Where a node is to run must not be overlooked. */
export const tellPlaced = (
  nodes: readonly NodeSpec[],
  registry: ActionRegistry,
  tell: (text: string) => void,
): void => {
  const placed = nodes.filter((node) => workersOf(node, registry.get(node.action)) !== undefined);
  if (placed.length > 0)
    tell(
      `warning: ${fewOf(placed.map(({ id, action }) => show(id ?? action)))} ${placed.length === 1 ? 'is' : 'are'} placed in a pool of workers; without --remote ${placed.length === 1 ? 'it runs' : 'they run'} here.`,
    );
};
