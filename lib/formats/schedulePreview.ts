import { estimateOf, type Estimates } from '../plan/Estimates.js';
import type { Plan } from '../plan/Plan.js';
import { longestPaths } from '../plan/topological.js';
import { levelsOf } from './levelsOf.js';

/** What can be said of a run before it starts. Without any estimate, times count nodes. */
export interface SchedulePreview {
  /** Every node, each after its dependencies. */
  readonly order: readonly PlannedNode[];
  readonly levels: number;
  /** The chain of dependencies that is expected to take longest; of equal ones the first. */
  readonly criticalPath: readonly string[];
  readonly criticalMs: number;
  /** What all nodes take together. */
  readonly workMs: number;
  /** Whether it is known of any node how long it is expected to run. */
  readonly isEstimated: boolean;
  /** No schedule is faster: neither the critical path nor the slots allow it. */
  readonly lowerBoundMs: number;
}

export interface PlannedNode {
  readonly id: string;
  readonly action: string;
  /** The length of the longest path to it from a node without dependencies. */
  readonly level: number;
  readonly deps: readonly string[];
  /** As written, else as it is known, else 1. */
  readonly estimateMs: number;
  readonly isCritical: boolean;
}

/** Tells the order, the levels and the least time of a run with so many slots, without running anything. */
export const schedulePreview = (plan: Plan, maxParallelNodes: number, estimates?: Estimates): SchedulePreview => {
  const { nodes, depStart, deps, order } = plan;
  const known = nodes.map((node) => estimateOf(node, estimates));
  const sequence = new Int32Array(nodes.length);
  order.forEach((place, i) => (sequence[place] = i));
  const levels = levelsOf(plan, sequence);
  const rank = longestPaths(plan, sequence, (i) => known[i] ?? 1);
  const criticalPath = longestChain(plan, rank, sequence);
  const isCritical = new Uint8Array(nodes.length);
  for (const i of criticalPath) isCritical[i] = 1;
  const planned = Array.from(sequence, (i): PlannedNode => {
    const { id, action } = nodes[i]!;
    const depIds = Array.from(deps.subarray(depStart[i], depStart[i + 1]), (dep) => nodes[dep]!.id);
    return { id, action, level: levels[i]!, deps: depIds, estimateMs: known[i] ?? 1, isCritical: isCritical[i] === 1 };
  });
  const criticalMs = criticalPath.length === 0 ? 0 : rank[criticalPath[0]!]!;
  const workMs = planned.reduce((sum, { estimateMs }) => sum + estimateMs, 0);
  return {
    order: planned,
    levels: levels.reduce((most, level) => Math.max(most, level + 1), 0),
    criticalPath: criticalPath.map((i) => nodes[i]!.id),
    criticalMs,
    workMs,
    isEstimated: known.some((ms) => ms !== undefined),
    lowerBoundMs: Math.max(criticalMs, workMs / maxParallelNodes),
  };
};

/** From the node with the longest way to go, always on to the dependent with the longest way. */
const longestChain = ({ outStart, outs }: Plan, rank: Float64Array, sequence: Int32Array): readonly number[] => {
  const chain: number[] = [];
  let from = sequence;
  while (from.length > 0) {
    const next = from.reduce((best, i) => (rank[i]! > rank[best]! ? i : best));
    chain.push(next);
    from = outs.subarray(outStart[next], outStart[next + 1]);
  }
  return chain;
};
