import { mergeMap } from 'rxjs';
import { updateMetrics } from '../model/commands.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import { Count } from '../model/strict.js';
import { checkOption } from './checkOption.js';
import { expands } from './expands.js';
import type { HookContext, HookOperator } from './Hook.js';
import { named } from './named.js';

export interface MetricsOptions {
  /** How many attempts must have ended before the metrics are told again, from 1. @default 50 */
  readonly every?: number;
  /** Stands before each key. @default '' */
  readonly prefix?: string;
  /** @default 'metrics' */
  readonly name?: string;
}

/**
 * Counts per action and puts the numbers into the run's `metrics.custom`: `<action>.succeeded`, `.failed`, `.retried`
 * (attempts that failed and are tried again), `.cached` (served from a cache), `.totalMs` and `.maxMs` (durations of
 * successful attempts, milliseconds). A key appears once there is something to tell.
 *
 * It never floods: one `UpdateMetrics` per `every` ended attempts, one when the run pauses and one when it is quiescent,
 * each with the keys that have changed. So the numbers lag by fewer than `every` attempts while the run goes on, and are
 * exact at its end. Fan-outs and sub-DAGs are counted by what they expand into. Its memory is a few numbers per action and `every` short records.
 *
 * @example
 * ```ts
 * import { ActionRegistry, DagExecutor, action, metricsHook } from 'rxdag';
 *
 * const executor = new DagExecutor({
 *   registry: new ActionRegistry().register(action('square', ({ item }) => Number(item) ** 2)),
 *   hooks: [metricsHook()],
 * });
 * const squares = { id: 'squares', action: 'square', forEach: { $ref: 'inputs.numbers' } };
 * const report = await executor.start({ name: 'demo', nodes: [squares] }, { inputs: { numbers: [1, 2, 3] } }).report;
 * report.metrics.custom['square.succeeded']; // => 3
 * ```
 */
export const metricsHook = ({ every = 50, prefix = '', name = 'metrics' }: MetricsOptions = {}): HookOperator => {
  checkOption('metricsHook', 'every', Count, every);
  return named(name, (event$, ctx) => {
    const totals = new Map<string, Map<string, number>>();
    let ended: Ended[] = [];
    const tell = (): readonly ExecutorCommand[] => {
      const changed = changes(totals, ended, ctx);
      ended = [];
      const told = Object.fromEntries([...changed].map(([key, value]) => [prefix + key, value]));
      return changed.size === 0 ? [] : [updateMetrics(told)];
    };
    return event$.pipe(
      mergeMap((event) => {
        switch (event.type) {
          case 'NodeSucceeded':
            ended.push({ nodeId: event.nodeId, kind: event.cached ? 'cached' : 'succeeded', ms: event.durationMs });
            break;
          case 'NodeFailed':
          case 'NodeRetryScheduled':
            ended.push({ nodeId: event.nodeId, kind: event.type === 'NodeFailed' ? 'failed' : 'retried', ms: 0 });
            break;
          case 'RunPaused':
          case 'RunQuiescent':
            return tell();
          default:
            return [];
        }
        return ended.length >= every ? tell() : [];
      }),
    );
  });
};

/** One attempt that has ended and is not counted yet. */
interface Ended {
  readonly nodeId: string;
  readonly kind: 'succeeded' | 'cached' | 'failed' | 'retried';
  readonly ms: number;
}

/** Adds what has ended to the totals of its action, and gives the keys that have changed. */
const changes = (
  totals: Map<string, Map<string, number>>,
  ended: readonly Ended[],
  ctx: HookContext,
): ReadonlyMap<string, number> => {
  const changed = new Map<string, number>();
  const snapshot = ended.length === 0 ? undefined : ctx.snapshot();
  for (const { nodeId, kind, ms } of ended) {
    const node = snapshot?.node(nodeId);
    if (node === undefined || expands(node.spec)) continue;
    const { action } = node;
    const numbers = totals.get(action) ?? new Map<string, number>();
    totals.set(action, numbers);
    const set = (key: string, value: number): void => {
      numbers.set(key, value);
      changed.set(`${action}.${key}`, value);
    };
    const get = (key: string): number => numbers.get(key) ?? 0;
    set(kind, get(kind) + 1);
    if (kind !== 'succeeded') continue;
    set('totalMs', get('totalMs') + ms);
    set('maxMs', Math.max(get('maxMs'), ms));
  }
  return changed;
};
