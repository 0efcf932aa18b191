import { estimateOf, type Estimates } from '../plan/Estimates.js';
import type { Plan } from '../plan/Plan.js';
import type { Load } from './bounds.js';

const NOTHING_KNOWN_MS = 1_000;

/**
 * What each node of a plan will take: its estimate, or where there is none the mean of those that there are, 1 s if there
 * are none at all. A person answers at once unless the node says otherwise, and takes no slot meanwhile.
 */
export const loadOf = (plan: Plan, estimates?: Estimates): Load => {
  const known = plan.nodes.map((node) => estimateOf(node, estimates));
  const told = known.filter((ms) => ms !== undefined);
  const meanMs = told.length === 0 ? NOTHING_KNOWN_MS : told.reduce((sum, ms) => sum + ms, 0) / told.length;
  const isPerson = (i: number): boolean => plan.nodes[i]!.action === 'human.input';
  const durationMs = Float64Array.from(known, (ms, i) => ms ?? (isPerson(i) ? 0 : meanMs));
  return { durationMs, workMs: durationMs.map((ms, i) => (isPerson(i) ? 0 : ms)) };
};
