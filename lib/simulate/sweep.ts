import { attemptBars } from '../formats/attemptBars.js';
import type { Plan } from '../plan/Plan.js';
import { simulate, type SimulateOptions } from './simulate.js';
import type { Simulation } from './Simulation.js';

/** One plan with more and more slots. */
export interface Sweep {
  /** From one slot to as many as are ever in use at once, each number twice the one before, and those on the way to `enough`. */
  readonly simulations: readonly Simulation[];
  /** The fewest slots that were found with which more of them save less than 1 %. */
  readonly enough: number;
}

const SLACK = 1.01;

/** Finds out how many slots are enough, in about 2 log₂ n simulations. */
export const sweep = (plan: Plan, options: Omit<SimulateOptions, 'slots'> = {}): Sweep => {
  const known = new Map<number, Simulation>();
  const at = (slots: number): Simulation => {
    const found = known.get(slots) ?? simulate(plan, { ...options, slots });
    known.set(slots, found);
    return found;
  };
  const free = simulate(plan, { ...options, slots: Math.max(1, plan.nodes.length) });
  const most = attemptBars(free.events).reduce((widest, { lane }) => Math.max(widest, lane), 1);
  const isEnough = (slots: number): boolean => at(slots).makespanMs <= free.makespanMs * SLACK;
  for (let slots = 1; slots < most; slots *= 2) at(slots);
  at(most);
  let enough = [...known.keys()].find(isEnough) ?? most;
  for (let tooFew = Math.floor(enough / 2); enough - tooFew > 1;) {
    const middle = (tooFew + enough) >> 1;
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return { simulations: [...known.values()].toSorted((a, b) => a.slots - b.slots), enough };
};
