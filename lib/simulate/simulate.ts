import { defaultConfig } from '../model/DagConfig.js';
import type { Estimates } from '../plan/Estimates.js';
import type { Plan } from '../plan/Plan.js';
import { boundsOf } from './bounds.js';
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
 * time, with actions that take as long as their nodes' estimates say. Throws a `DagError` if `slots` is no whole number from 1.
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
  const { slots = slotsOf(plan), order = 'criticalPath', estimates } = options;
  const load = loadOf(plan, estimates);
  const events = rehearse({ plan, slots, order, estimates, durationMs: load.durationMs });
  const makespanMs = exact(events.at(-1)!.at);
  const { simpleBoundMs, lowerBoundMs } = boundsOf(plan, slots, load);
  const workMs = load.workMs.reduce((sum, ms) => sum + ms, 0);
  const least = exact(lowerBoundMs);
  return {
    makespanMs,
    lowerBoundMs: least,
    ratio: least === 0 ? 1 : makespanMs / least,
    simpleBoundMs: exact(simpleBoundMs),
    utilisation: makespanMs === 0 ? 0 : workMs / (makespanMs * slots),
    nodes: plan.nodes.length,
    slots,
    events,
  };
};

const slotsOf = ({ graph: { config = {} } }: Plan): number =>
  config.enableParallelExecution === false ? 1 : (config.maxParallelNodes ?? defaultConfig.maxParallelNodes);

/** To the nanosecond: sums in different orders differ by what lies behind that. */
const exact = (ms: number): number => Math.round(ms * 1e6) / 1e6;
