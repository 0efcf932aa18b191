import { concatMap, filter, map, merge, scan, take } from 'rxjs';
import {
  addNode,
  answerWith,
  ofType,
  pauseBranch,
  ref,
  resumeBranch,
  setNodeInputs,
  type EventOf,
  type ExecutionEvent,
  type HookOperator,
} from '../../lib/index.js';
import { fullDate, measured, quantityNames } from './format.js';
import type { Quality } from './quality.js';
import type { Anomaly, YearStatistics } from './statistics.js';

/** `investigate:2014-02-06:max` */
export const investigationId = ({ date, quantity }: Anomaly): string => `investigate:${date}:${quantity}`;

/** Adds an investigation for each anomaly that a year's statistics tell of. It runs as soon as a slot is free. */
export const investigateAnomalies: HookOperator = named(
  'investigateAnomalies',
  answerWith(
    (event$) =>
      event$.pipe(
        ofType('NodeSucceeded'),
        filter(({ nodeId }) => /^years\[\d+\]$/.test(nodeId)),
      ),
    ({ nodeId, output }) =>
      (output as YearStatistics).anomalies.map((anomaly, index) =>
        addNode({
          id: investigationId(anomaly),
          action: 'investigate',
          description: `${fullDate(anomaly.date)}: ${quantityNames[anomaly.quantity]} ${measured(anomaly.quantity, anomaly.value)}`,
          inputs: {
            anomaly: ref({ node: nodeId, path: ['anomalies', index] }),
            days: ref('clean.days'),
            normals: ref('normals'),
          },
        }),
      ),
  ),
);

/**
 * Pauses the branch `publish` when the check asks for it. Once no investigation is open, hands what they found to the
 * node `findings` and resumes the branch.
 */
export const holdPublishing: HookOperator = named('holdPublishing', (event$) =>
  merge(
    event$.pipe(
      filter(isHold),
      map(({ output }) => pauseBranch('publish', output.reason)),
    ),
    event$.pipe(
      scan(remember, { held: false, investigations: [], open: 0 }),
      filter(({ held, open }) => held && open === 0),
      take(1),
      concatMap(({ investigations }) => [
        setNodeInputs('findings', { findings: investigations.toSorted().map((node) => ref({ node })) }),
        resumeBranch('publish'),
      ]),
    ),
  ),
);

/** The pipeline's supervisors. */
export const hooks: readonly HookOperator[] = [investigateAnomalies, holdPublishing];

/** What `holdPublishing` has heard so far. */
interface Memory {
  readonly held: boolean;
  readonly investigations: readonly string[];
  readonly open: number;
}

const remember = (memory: Memory, event: ExecutionEvent): Memory => {
  if (isHold(event)) return { ...memory, held: true };
  switch (event.type) {
    case 'NodeAdded':
      return event.node.action === 'investigate' && event.node.id !== undefined
        ? { ...memory, investigations: [...memory.investigations, event.node.id], open: memory.open + 1 }
        : memory;
    case 'NodeSucceeded':
    case 'NodeFailed':
    case 'NodeSkipped':
    case 'NodeCancelled':
      return memory.investigations.includes(event.nodeId) ? { ...memory, open: memory.open - 1 } : memory;
    default:
      return memory;
  }
};

/** The check has ended and wants the report held back. */
function isHold(event: ExecutionEvent): event is EventOf<'NodeSucceeded'> & { readonly output: Quality } {
  return event.type === 'NodeSucceeded' && event.nodeId === 'check' && (event.output as Quality).hold;
}

/** The name stands in the log, as `by`, beside all that the hook caused. */
function named(hookName: string, hook: HookOperator): HookOperator {
  return Object.assign<HookOperator, { hookName: string }>((event$, ctx) => hook(event$, ctx), { hookName });
}
