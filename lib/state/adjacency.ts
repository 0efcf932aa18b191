import type { Plan } from '../plan/Plan.js';
import type { NodeList } from './NodeList.js';

interface Nodes {
  readonly nodes: NodeList;
  readonly plan: Plan;
}

/** The indexes that a node depends on. */
export const depsOf = ({ nodes, plan }: Nodes, index: number): Iterable<number> & { readonly length: number } => {
  const deps = nodes.get(index).extra?.deps;
  if (deps !== undefined) return deps;
  return index < plan.depStart.length - 1 ? plan.deps.subarray(plan.depStart[index], plan.depStart[index + 1]) : [];
};

/** The indexes that depend on a node, removed ones included. */
export const outsOf = ({ nodes, plan }: Nodes, index: number): readonly number[] => {
  const outs: number[] = [];
  if (index < plan.outStart.length - 1)
    for (let k = plan.outStart[index]!; k < plan.outStart[index + 1]!; k++) outs.push(plan.outs[k]!);
  const extra = nodes.get(index).extra;
  for (let k = 0; k < (extra?.outsLength ?? 0); k++) outs.push(extra!.outs![k]!);
  return outs;
};
