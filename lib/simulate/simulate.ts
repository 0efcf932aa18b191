import { defaultConfig } from '../model/DagConfig.js';
import type { Estimates } from '../plan/Estimates.js';
import type { Plan } from '../plan/Plan.js';
import { boundsOf } from './bounds.js';
import { checkSimulation } from './checkSimulation.js';
import { loadOf } from './loadOf.js';
import { rehearse } from './rehearse.js';
import type { Simulation } from './Simulation.js';

export interface SimulateOptions {
  /** How many nodes may run at once, from 1. @default what the plan's config says, else 3 */
  readonly slots?: number;
  /** Which ready node starts first: as in every run, or the one that has been ready for longest. @default 'criticalPath' */
  readonly order?: 'criticalPath' | 'fifo';
  /** For nodes without an `estimateMs`. @default none: they take the mean of the others, and are ranked as every run ranks them */
  readonly estimates?: Estimates;
}

/**
 * Tells how long a plan takes with so many slots, and what no schedule can beat. The real executor runs it, under virtual
 * time, with actions that take as long as their nodes' estimates say. Every action succeeds at its first attempt, so that
 * nothing is retried; every `when` is met; a node with `forEach` and one of the action `dag` is a single node, for what it
 * expands to is not known before; a person (`human.input`) answers after the node's estimate, at once where it has none, and
 * takes no slot meanwhile. Pools and priorities hold. Throws a `DagError` for what is no plan, and for wrong options.
 *
 * @example
 * ```ts
 * import { compile, simulate } from 'rxdag';
 *
 * const nodes = [4, 3, 3, 2].map((seconds, i) => ({ id: `n${i}`, action: 'wait', estimateMs: seconds * 1_000 }));
 * const plan = compile({ name: 'four', nodes }, { has: () => true, list: () => [] });
 * if (plan._tag === 'Left') throw new Error(plan.left[0]!.message);
 * const { makespanMs, lowerBoundMs, utilisation } = simulate(plan.right, { slots: 2 });
 * [makespanMs, lowerBoundMs, utilisation]; // => [ 6000, 6000, 1 ]
 * ```
 */
export const simulate = (plan: Plan, options: SimulateOptions = {}): Simulation => {
  checkSimulation(plan, options);
  const { slots = slotsOf(plan), order = 'criticalPath', estimates } = options;
  const load = loadOf(plan, estimates);
  const events = rehearse({ plan, slots, order, estimates, durationMs: load.durationMs });
  const endMs = events.at(-1)!.at;
  const bounds = boundsOf(plan, slots, load);
  const workMs = load.workMs.reduce((sum, ms) => sum + ms, 0);
  const makespanMs = exact(endMs);
  const lowerBoundMs = exact(snapped(bounds.lowerBoundMs, endMs));
  return {
    makespanMs,
    lowerBoundMs,
    ratio: lowerBoundMs === 0 ? 1 : makespanMs / lowerBoundMs,
    simpleBoundMs: exact(snapped(bounds.simpleBoundMs, endMs)),
    utilisation: endMs === 0 ? 0 : snapped(workMs / (endMs * slots), 1),
    nodes: plan.nodes.length,
    slots,
    events,
  };
};

const slotsOf = ({ graph: { config = {} } }: Plan): number =>
  config.enableParallelExecution === false ? 1 : (config.maxParallelNodes ?? defaultConfig.maxParallelNodes);

/** To the nanosecond. */
const exact = (ms: number): number => Math.round(ms * 1e6) / 1e6;

/** What differs from a number by a billionth of it is the same: sums in different orders do. */
const snapped = (value: number, to: number): number => (Math.abs(value - to) <= to * 1e-9 ? to : value);
