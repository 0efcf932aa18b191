import { concatMap, filter, map, merge, scan, take } from 'rxjs';
import {
  addNode,
  ofType,
  pauseBranch,
  ref,
  resumeBranch,
  setNodeInputs,
  type ExecutionEvent,
  type HookOperator,
} from '../../lib/index.js';
import { fullDate, measured, quantityNames } from './format.js';
import type { Quality } from './quality.js';
import type { Anomaly, YearStatistics } from './statistics.js';

/** `investigate:2014-02-06:max` */
export const investigationId = ({ date, quantity }: Anomaly): string => `investigate:${date}:${quantity}`;

/** Adds an investigation for each anomaly that a year's statistics tell of. It runs as soon as a slot is free. */
export const investigateAnomalies: HookOperator = Object.assign<HookOperator, { hookName: string }>(
  (event$) =>
    event$.pipe(
      ofType('NodeSucceeded'),
      filter(({ nodeId }) => /^years\[\d+\]$/.test(nodeId)),
      concatMap(({ nodeId, output }) =>
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
    ),
  { hookName: 'investigateAnomalies' },
);

/**
 * Pauses the branch `publish` when the check asks for it. Once no investigation is open, hands what they found to the
 * node `findings` and resumes the branch.
 */
export const holdPublishing: HookOperator = Object.assign<HookOperator, { hookName: string }>(
  (event$) =>
    merge(
      event$.pipe(
        ofType('NodeSucceeded'),
        filter(isHold),
        map(({ output }) => pauseBranch('publish', (output as Quality).reason)),
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
  { hookName: 'holdPublishing' },
);

interface Memory {
  readonly held: boolean;
  readonly investigations: readonly string[];
  readonly open: number;
}

const isHold = (event: ExecutionEvent): boolean =>
  event.type === 'NodeSucceeded' && event.nodeId === 'check' && (event.output as Quality).hold;

const remember = (memory: Memory, event: ExecutionEvent): Memory => {
  switch (event.type) {
    case 'NodeAdded':
      return event.node.action === 'investigate' && event.node.id !== undefined
        ? { ...memory, investigations: [...memory.investigations, event.node.id], open: memory.open + 1 }
        : memory;
    case 'NodeSucceeded':
    case 'NodeFailed':
    case 'NodeSkipped':
    case 'NodeCancelled':
      return memory.investigations.includes(event.nodeId)
        ? { ...memory, open: memory.open - 1 }
        : isHold(event)
          ? { ...memory, held: true }
          : memory;
    default:
      return memory;
  }
};
