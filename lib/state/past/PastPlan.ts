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

/** A plan that is at hand; what it finds only when it is asked is not asked for. */
export const pastPlanOf = (plan: Plan): PastPlan => {
  const plain = new Uint8Array(plan.nodes.length);
  for (let index = 0; index < plain.length; index++) plain[index] = isPlain(plan.nodes[index]!) ? 1 : 0;
  return Object.assign(Object.create(plan) as Plan, {
    isPlain: plain,
    specAt: (index: number) => plan.nodes[index]!,
  });
};
