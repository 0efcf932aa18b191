import type { Plan } from '../../plan/Plan.js';
import type { WfFormat } from './WfFormat.js';
import { writeTrace } from './writeTrace.js';

/**
 * Writes a plan as a trace in WfFormat 1.5, as if it had run on as many slots as it likes: a task for each node, its action as
 * the task's name, its `estimateMs` (1 where it has none) as the run time. What nodes say beyond that is left out.
 * Characters of ids that WfFormat does not allow become `_`. Throws a `RangeError` for a plan without nodes.
 */
export const toWfFormat = (plan: Plan): WfFormat => {
  const { nodes, depStart, deps, rank, graph } = plan;
  return writeTrace({
    name: plan.name,
    ...(graph.description === undefined ? {} : { description: graph.description }),
    startedAt: 0,
    makespanMs: rank.reduce((longest, length) => Math.max(longest, length), 0),
    tasks: nodes.map(({ id, action, estimateMs = 1 }, i) => ({
      id,
      name: action,
      parents: Array.from(deps.subarray(depStart[i], depStart[i + 1]), (dep) => nodes[dep]!.id),
      runtimeMs: estimateMs,
    })),
  });
};
