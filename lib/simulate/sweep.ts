import { attemptBars } from '../formats/attemptBars.js';
import type { Plan } from '../plan/Plan.js';
import { simulate, type SimulateOptions } from './simulate.js';
import type { Simulation } from './Simulation.js';

export type Figures = Omit<Simulation, 'events'>;

/** One plan with more and more slots. */
export interface Sweep {
  /** From one slot to as many as are ever in use at once, each number twice the one before, and those on the way to `enough`; without their logs. */
  readonly simulations: readonly Figures[];
  /** The fewest slots that were found with which more of them save less than 1 %. */
  readonly enough: number;
  /** The plan is so large that fewer numbers of slots were tried, each many times the one before. */
  readonly isCoarse: boolean;
}

const SLACK = 1.01;
/** So many nodes are simulated at most, over all numbers of slots. */
const NODES_MAX = 400_000;
const FEWEST = 4;

/**
 * Finds out how many slots are enough, in about 2 log₂ n simulations, of a large plan in fewer; undefined where even a few
 * would take too long.
 */
export const sweep = (
  plan: Plan,
  options: Omit<SimulateOptions, 'slots'> = {},
  nodesMax = NODES_MAX,
): Sweep | undefined => {
  const most = Math.floor(nodesMax / plan.nodes.length);
  if (most < FEWEST) return undefined;
  const known = new Map<number, Figures>();
  const at = (slots: number): Figures => {
    const found = known.get(slots) ?? figuresOf(simulate(plan, { ...options, slots }));
    known.set(slots, found);
    return found;
  };
  const free = simulate(plan, { ...options, slots: Math.max(1, plan.nodes.length) });
  const widest = attemptBars(free.events).reduce((so, { lane }) => Math.max(so, lane), 1);
  const isEnough = (slots: number): boolean => at(slots).makespanMs <= free.makespanMs * SLACK;
  const doublings = Math.ceil(Math.log2(widest)) + 1;
  const isCoarse = 2 * doublings > most;
  const factor = isCoarse ? 2 ** Math.ceil((2 * doublings) / (most - 2)) : 2;
  for (let slots = 1; slots < widest; slots *= factor) at(slots);
  at(widest);
  const tried = [...known.keys()];
  let enough = tried.find(isEnough) ?? widest;
  let tooFew = tried.findLast((slots) => slots < enough) ?? 0;
  while (enough - tooFew > 1 && (!isCoarse || known.size < most - 1)) {
    const middle = enough > 2 * tooFew ? Math.round(Math.sqrt(tooFew * enough)) : (tooFew + enough) >> 1;
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return { simulations: [...known.values()].toSorted((a, b) => a.slots - b.slots), enough, isCoarse };
};

const figuresOf = ({ events: _, ...figures }: Simulation): Figures => figures;
