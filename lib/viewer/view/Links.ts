import { adjacency, type Adjacency } from '../../plan/topological.js';
import type { RunState } from '../../state/RunState.js';

/** Who waits for whom, by index, in flat rows: row i of `deps` is what node i waits for, row i of `outs` what waits for it. */
export type Links = Adjacency;

/** What there is before anything is known. */
export const noLinks: Links = adjacency(new Int32Array(1), new Int32Array(0));

/** The links of all nodes that a state knows, removed ones included: the plan's own as long as nothing has been added. */
export const linksOf = ({ nodes, table }: Pick<RunState, 'nodes' | 'table'>): Links => {
  if (table === undefined) return noLinks;
  const { plan } = table;
  const { size } = nodes;
  const depStart = new Int32Array(size + 1);
  let isPlanned = size === plan.depStart.length - 1;
  for (let index = 0; index < size; index++) {
    const added = nodes.get(index).extra?.deps;
    if (added !== undefined) isPlanned = false;
    depStart[index + 1] = depStart[index]! + (added?.length ?? plan.depStart[index + 1]! - plan.depStart[index]!);
  }
  if (isPlanned) return plan;
  const deps = new Int32Array(depStart[size]!);
  for (let index = 0; index < size; index++) {
    const added = nodes.get(index).extra?.deps;
    deps.set(added ?? plan.deps.subarray(plan.depStart[index], plan.depStart[index + 1]), depStart[index]);
  }
  return adjacency(depStart, deps);
};
