import type { EventBody, ExecutionEvent } from '../../../lib/model/ExecutionEvent.js';
import type { NodeSpec } from '../../../lib/model/NodeSpec.js';
import { error, runStarted } from '../../support/logOf.js';

interface Wish {
  readonly nodes: number;
  readonly slots?: number;
  /** One in so many nodes tells so many values on its way. */
  readonly progress?: number;
  /** A pause after so many nodes, in which nothing runs. */
  readonly pauseAfter?: number;
}

const START = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A whole run as a log, made without running anything: layers of nodes, some tried twice, some failed, some skipped. */
export const longLog = ({ nodes, slots = 8, progress = 0, pauseAfter = 0 }: Wish): readonly ExecutionEvent[] => {
  let state = 7;
  const random = (): number => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const kinds = ['load', 'clean', 'join', 'train', 'report'];
  const layer = Math.max(1, Math.ceil(nodes / 12));
  const specs: NodeSpec[] = Array.from({ length: nodes }, (_, i) => {
    const before = Math.floor(i / layer) * layer;
    const deps = before === 0 ? [] : [specId(before - 1 - Math.floor(random() * layer), kinds)];
    return { id: specId(i, kinds), action: kinds[i % 5]!, deps, branch: kinds[i % 5]!, tryCount: 3 };
  });
  const events: ExecutionEvent[] = [];
  let at = START;
  const tell = (body: EventBody): void => {
    events.push({ seq: events.length + 1, at, ...body } as ExecutionEvent);
  };
  tell(runStarted(specs, { maxParallelNodes: slots }));
  const running: { readonly i: number; readonly attempt: number; readonly end: number }[] = [];
  const dead = new Set<string>();
  const finish = (): void => {
    let soonest = 0;
    for (let k = 1; k < running.length; k++) if (running[k]!.end < running[soonest]!.end) soonest = k;
    const [{ i, attempt, end }] = running.splice(soonest, 1) as [(typeof running)[0]];
    at = Math.max(at, end);
    const nodeId = specs[i]!.id!;
    const chance = random();
    if (chance < 0.02 && attempt < 3) {
      tell({ type: 'NodeRetryScheduled', nodeId, attempt, delayMs: 200, error });
      at += 200;
      begin(i, attempt + 1);
    } else if (chance < 0.025) {
      dead.add(nodeId);
      tell({ type: 'NodeFailed', nodeId, attempt, error: { name: 'TimeoutError', message: 'took longer than 2 s' } });
    } else tell({ type: 'NodeSucceeded', nodeId, attempt, output: { rows: i }, durationMs: 5, cached: i % 37 === 0 });
  };
  const begin = (i: number, attempt: number): void => {
    const nodeId = specs[i]!.id!;
    tell({ type: 'NodeStarted', nodeId, attempt });
    for (let k = 0; k < progress; k++) tell({ type: 'NodeProgressed', nodeId, attempt, value: { done: k / progress } });
    running.push({ i, attempt, end: at + 20 + Math.floor(random() ** 3 * 900) });
  };
  for (let i = 0; i < nodes; i++) {
    if (i % layer === 0 || i === pauseAfter) while (running.length > 0) finish();
    if (i > 0 && i === pauseAfter) at += 3_600_000;
    while (running.length >= slots) finish();
    const { id, deps = [] } = specs[i]!;
    const cause = deps.find((dep) => dead.has(dep));
    if (cause === undefined) begin(i, 1);
    else {
      dead.add(id!);
      tell({ type: 'NodeSkipped', nodeId: id!, reason: `"${cause}" failed`, becauseOf: cause });
    }
  }
  while (running.length > 0) finish();
  tell({ type: 'RunQuiescent' });
  tell({ type: 'RunSettled', status: dead.size > 0 ? 'failed' : 'succeeded', success: dead.size === 0 });
  return events;
};

const specId = (i: number, kinds: readonly string[]): string => `${kinds[i % kinds.length]}.part[${i}]`;
