import { ignoreElements, timer, type SchedulerLike } from 'rxjs';
import { ActionRegistry, action, type DagConfig, type Graph, type NodeSpec } from '../../../lib/index.js';
import type { Plan } from '../../../lib/plan/Plan.js';
import { loadOf } from '../../../lib/simulate/loadOf.js';
import { DURATION_MS_MAX } from '../../../lib/model/strict.js';

/** A plan to look at: the same nodes and edges, with actions that do nothing but take their time. */
export interface Rehearsal {
  readonly graph: Graph;
  readonly registry: ActionRegistry;
  readonly config: Partial<DagConfig>;
}

/**
 * Makes a plan one that can be watched on a scheduler. A node takes what its estimate says, else the mean of the others, or a
 * second; people answer at once. A fan-out and a sub-DAG are one node each, for what they expand to is not known.
 */
export const rehearsalOf = (plan: Plan, slots: number, scheduler: SchedulerLike): Rehearsal => {
  const { durationMs } = loadOf(plan);
  const registry = new ActionRegistry();
  for (const name of new Set(plan.nodes.map(actionOf)))
    registry.register(
      action(name, ({ nodeId }) => timer(durationMs[plan.indexOf.get(nodeId)!]!, scheduler).pipe(ignoreElements())),
    );
  const nodes = plan.nodes.map((node, i): NodeSpec => ({
    id: node.id,
    action: actionOf(node),
    deps: Array.from(plan.deps.subarray(plan.depStart[i], plan.depStart[i + 1]), (dep) => plan.nodes[dep]!.id),
    estimateMs: durationMs[i]!,
    ...(node.branch === undefined ? {} : { branch: node.branch }),
    ...(node.priority === undefined ? {} : { priority: node.priority }),
  }));
  return {
    graph: { name: plan.name, nodes },
    registry,
    config: { maxParallelNodes: slots, timeoutMs: DURATION_MS_MAX, maxNodes: Math.max(1, nodes.length) },
  };
};

/** What is built in would do more than take its time. */
const actionOf = ({ action }: NodeSpec): string =>
  action === 'dag' || action === 'human.input' ? `${action}, rehearsed` : action;
