import type { NodeSpec } from '../../../lib/index.js';
import type { Plan } from '../../../lib/plan/Plan.js';
import { loadOf } from '../../../lib/simulate/loadOf.js';
import { duration } from './duration.js';

/** In what the stand-ins differ from the pipeline itself, a sentence for each kind of it. */
export const standInsOf = (plan: Plan): readonly string[] => [
  ...guesses(plan),
  ...simplified.flatMap(([applies, rule]) => {
    const ids = plan.nodes.filter(applies).map(({ id }) => id);
    return ids.length === 0 ? [] : [`${rule}: ${few(ids)}.`];
  }),
];

const isPerson = ({ action }: NodeSpec): boolean => action === 'human.input';

const simplified: readonly (readonly [(node: NodeSpec) => boolean, string])[] = [
  [({ forEach }) => forEach !== undefined, 'Each for_each is a single node'],
  [({ action }) => action === 'dag', 'Each sub-DAG is a single node'],
  [({ when }) => when !== undefined, 'Each “when” counts as met'],
  [({ tryCount = 1 }) => tryCount > 1, 'Nothing fails, so nothing is tried again'],
  [(node) => isPerson(node) && node.estimateMs !== undefined, 'People answer after the estimate'],
  [(node) => isPerson(node) && node.estimateMs === undefined, 'People answer at once'],
];

/** What a node without an estimate takes. */
const guesses = (plan: Plan): readonly string[] => {
  const guessed = plan.nodes.filter((node) => !isPerson(node) && node.estimateMs === undefined);
  if (guessed.length === 0) return [];
  const taken = duration(loadOf(plan).durationMs[plan.indexOf.get(guessed[0]!.id)!]!);
  const ids = few(guessed.map(({ id }) => id));
  return plan.nodes.some(({ estimateMs }) => estimateMs !== undefined)
    ? [`Without an estimate, so each takes the mean of the others, ${taken}: ${ids}.`]
    : [`No node has an estimate, so each takes ${taken}: ${ids}.`];
};

const few = (ids: readonly string[]): string =>
  ids.length <= 4 ? ids.join(', ') : `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more`;
