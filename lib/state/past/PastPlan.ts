import type { BoundSpec } from '../NodeRecord.js';
import type { Plan } from '../../plan/Plan.js';

/** A plan of which single nodes can be read without the others. */
export interface PastPlan extends Plan {
  /** 1 for nodes whose start and success touch nothing but themselves and their dependants. */
  readonly isPlain: Uint8Array;
  specAt(index: number): BoundSpec;
}

export const isPlain = ({ pool, parent, action, runIf }: BoundSpec): boolean =>
  pool === undefined &&
  parent === undefined &&
  action !== 'supervisor_step' &&
  (runIf === undefined || runIf === 'allSucceeded');

/** A plan that is at hand. */
export const pastPlanOf = (plan: Plan): PastPlan => ({
  ...plan,
  isPlain: Uint8Array.from(plan.nodes, (spec) => (isPlain(spec) ? 1 : 0)),
  specAt: (index) => plan.nodes[index]!,
});
