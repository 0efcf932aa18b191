import type { Estimates, NodeSpec, Plan } from '../index.js';
import { estimateOf } from '../plan/Estimates.js';
import { loadOf } from '../simulate/loadOf.js';
import { duration } from './duration.js';
import { counted } from './eventLine.js';
import { fewOf } from './fewOf.js';

/** What of a pipeline a simulation can't know or do, as a line for each kind of it. */
export const simulationWarnings = (plan: Plan, estimates: Estimates | undefined): readonly string[] => {
  const unknown = plan.nodes.filter((node) => !isPerson(node) && estimateOf(node, estimates) === undefined);
  const simpler = simplified.flatMap(([applies, rule]) => {
    const ids = idsOf(plan.nodes.filter(applies));
    return ids.length === 0 ? [] : [`${rule} (${fewOf(ids)})`];
  });
  return [
    ...(unknown.length === 0 ? [] : [guessText(plan, estimates, unknown)]),
    ...(simpler.length === 0 ? [] : [`warning: simulated as if ${simpler.join('; ')}`]),
  ];
};

const isPerson = ({ action }: NodeSpec): boolean => action === 'human.input';

const idsOf = (nodes: readonly NodeSpec[]): readonly string[] => nodes.map(({ id }) => id!);

/** How a simulation is simpler than a run: which nodes, and the rule for them. */
const simplified: readonly (readonly [(node: NodeSpec) => boolean, string])[] = [
  [({ forEach }) => forEach !== undefined, 'each for_each were a single node'],
  [({ action }) => action === 'dag', 'each sub-DAG were a single node'],
  [({ when }) => when !== undefined, 'each "when" were met'],
  [({ tryCount = 1 }) => tryCount > 1, 'nothing were tried again'],
  [(node) => isPerson(node) && node.estimateMs !== undefined, 'people answered after the estimate'],
  [(node) => isPerson(node) && node.estimateMs === undefined, 'people answered at once'],
];

const guessText = (plan: Plan, estimates: Estimates | undefined, unknown: Plan['nodes']): string => {
  const taken = duration(loadOf(plan, estimates).durationMs[plan.indexOf.get(unknown[0]!.id)!]!);
  const rule = plan.nodes.some((node) => estimateOf(node, estimates) !== undefined)
    ? `taken as the mean of the others, ${taken}`
    : `taken as ${taken}, since none has one`;
  return `warning: ${counted(unknown.length, 'node')} of ${plan.nodes.length} without an estimate (${fewOf(idsOf(unknown))}): ${rule}`;
};
