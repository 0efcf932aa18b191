import { filter, map, timer, type Observable, type SchedulerLike } from 'rxjs';
import {
  ActionRegistry,
  action,
  addNodes,
  ofType,
  ref,
  type Graph,
  type HookOperator,
  type NodeContext,
  type NodeSpec,
} from '../../../lib/index.js';

/** Twelve stations in four regions: each is read, cleaned and checked against the run's input `threshold`. */
const stations = Array.from({ length: 12 }, (_, i) => String(i + 1).padStart(2, '0'));
const regions = ['north', 'east', 'south', 'west'];
const models = ['trend', 'season', 'extremes'];

/** Whose first reading fails, and who never answers. */
const FLAKY = ['03', '08', '11'];
const DEAD = '07';

/** What checks find suspicious if nobody says otherwise. */
export const THRESHOLD = 70;

interface Check {
  readonly station: string;
  readonly peak: number;
  readonly isSuspicious: boolean;
}

/** The graph of the survey: 47 nodes, to which a hook adds more. */
export const survey: Graph = {
  name: 'survey',
  nodes: [
    { id: 'plan', action: 'step' },
    ...stations.flatMap((station): readonly NodeSpec[] => [
      {
        id: `read-${station}`,
        action: 'read',
        deps: ['plan'],
        inputs: { station },
        tryCount: 3,
        retry: { type: 'Linear', delayMs: 700 },
      },
      { id: `clean-${station}`, action: 'step', deps: [`read-${station}`] },
      {
        id: `check-${station}`,
        action: 'check',
        deps: [`clean-${station}`],
        inputs: { station, peak: ref(`read-${station}.peak`), threshold: ref('inputs.threshold') },
      },
    ]),
    ...regions.map((region, i): NodeSpec => ({
      id: region,
      action: 'step',
      deps: stations.slice(3 * i, 3 * i + 3).map((station) => `check-${station}`),
      runIf: 'anySucceeded',
    })),
    ...models.map((model): NodeSpec => ({ id: model, action: 'step', deps: regions })),
    { id: 'compare', action: 'step', deps: models },
    { id: 'maps', action: 'step', deps: regions },
    { id: 'report', action: 'step', deps: ['compare', 'maps'] },
  ],
};

/** The actions; how long each takes, and what a station measured, follows from the names alone. */
export const actions = (scheduler: SchedulerLike): ActionRegistry => {
  const take = <T>(nodeId: string, work: () => T): Observable<T> =>
    timer(400 + 40 * (hash(nodeId) % 30), scheduler).pipe(map(work));
  return new ActionRegistry().register(
    action('step', ({ nodeId }) => take(nodeId, () => 'done')),
    action('read', ({ nodeId, attempt, inputs: { station } }: NodeContext<{ station: string }>) =>
      take(nodeId, () => {
        if (station === DEAD) throw new Error(`Station ${station} does not answer.`);
        if (FLAKY.includes(station) && attempt === 1) throw new Error(`Station ${station}: connection lost.`);
        return { station, peak: 40 + (hash(`peak ${station}`) % 50) };
      }),
    ),
    action('check', ({ nodeId, inputs }: NodeContext<{ station: string; peak: number; threshold: number }>) =>
      take(nodeId, (): Check => {
        const { station, peak, threshold } = inputs;
        return { station, peak, isSuspicious: peak > threshold };
      }),
    ),
  );
};

/** For each suspicious station two more nodes: somebody looks at its data, then it is confirmed or not. */
export const investigate: HookOperator = (event$) =>
  event$.pipe(
    ofType('NodeSucceeded'),
    filter(({ nodeId, output }) => nodeId.startsWith('check-') && (output as unknown as Check).isSuspicious),
    map(({ nodeId, output }) => {
      const { station } = output as unknown as Check;
      return addNodes([
        { id: `look-${station}`, action: 'step', deps: [nodeId] },
        { id: `confirm-${station}`, action: 'step', deps: [`look-${station}`] },
      ]);
    }),
  );

const hash = (text: string): number => {
  let code = 7;
  for (let i = 0; i < text.length; i++) code = (code * 31 + text.charCodeAt(i)) % 65_521;
  return code;
};
