import { show } from '../model/explain.js';
import { Count } from '../model/strict.js';
import type { Plan } from '../plan/Plan.js';
import { checkEstimates, checkKeys, wrong } from '../run/checkOptions.js';
import type { SimulateOptions } from './simulate.js';

/** Throws a `DagError` for what is no plan, and for options that can't be. */
export const checkSimulation = (plan: Plan, options: SimulateOptions): void => {
  const { _tag, depStart, rank } = Object(plan) as Partial<Plan> & { readonly _tag?: unknown };
  if (depStart === undefined || rank === undefined)
    wrong(
      _tag === undefined
        ? `The plan to simulate is ${show(plan)}; compile(graph, registry) makes a plan.`
        : 'The plan to simulate is an Either; give what its `right` holds.',
    );
  checkKeys("The simulation's options", options, ['slots', 'order', 'estimates']);
  const { slots, order, estimates } = options;
  if (slots !== undefined && !Count.is(slots)) wrong(`slots is ${show(slots)}; give ${Count.name}.`);
  if (order !== undefined && order !== 'criticalPath' && order !== 'fifo')
    wrong(`order is ${show(order)}; give 'criticalPath' or 'fifo'.`);
  checkEstimates(estimates);
};
