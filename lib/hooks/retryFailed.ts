import { asyncScheduler, filter, map, takeUntil, timer, type SchedulerLike } from 'rxjs';
import { retryNode } from '../model/commands.js';
import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';
import type { NodeState } from '../model/ExecutorSnapshot.js';
import { Count, Duration } from '../model/strict.js';
import { checkOption } from './checkOption.js';
import { expands } from './expands.js';
import type { SupervisorHookV2 } from './Hook.js';

export interface RetryFailedOptions {
  /** Only failures for which this holds. @default all */
  readonly when?: (event: EventOf<'NodeFailed'>, node: NodeState) => boolean;
  /** How long to wait before a retry, in milliseconds; a function gets the number of attempts made so far. @default 0 */
  readonly delayMs?: number | ((attempts: number) => number);
  /** The run's scheduler, where it has been given one. @default asyncScheduler */
  readonly scheduler?: SchedulerLike;
  /** @default 'retryFailed' */
  readonly name?: string;
}

/**
 * Retries a node that has failed for good, until it has been tried `attempts` times in all; its own `tryCount` and
 * retries by others count too. (A retry gives a fresh `tryCount`, so a node with a higher one may go past the number in
 * its last round.) Meanwhile the failure has no consequences: dependants wait, failure actions and policies do not begin.
 *
 * It refuses to retry what a gate has failed (that is a decision), and a fan-out or sub-DAG node, whose children it
 * retries instead. A delay must be shorter than the run's `hookTimeoutMs` (30 s by default), else the hook fails in its
 * place. It remembers nothing but the delays under way: the log knows how often a node was tried.
 *
 * @example
 * ```ts
 * import { ActionRegistry, DagExecutor, action, retryFailed } from 'rxdag';
 *
 * const flaky = action('flaky', ({ attempt }) => {
 *   if (attempt < 3) throw new Error('not yet');
 *   return attempt;
 * });
 * const executor = new DagExecutor({
 *   registry: new ActionRegistry().register(flaky),
 *   hooks: [retryFailed(3, { delayMs: (attempts) => 10 * attempts, when: ({ error }) => error.message === 'not yet' })],
 * });
 * const report = await executor.start({ name: 'demo', nodes: [{ id: 'a', action: 'flaky' }] }).report;
 * report.outputs['a']; // => 3
 * ```
 *
 * @param attempts - From 1, which never retries.
 */
export const retryFailed = (
  attempts: number,
  { when = () => true, delayMs = 0, scheduler = asyncScheduler, name = 'retryFailed' }: RetryFailedOptions = {},
): SupervisorHookV2 => {
  checkOption('retryFailed', 'attempts', Count, attempts);
  if (typeof delayMs === 'number') checkOption('retryFailed', 'delayMs', Duration, delayMs);
  return {
    name,
    onNodeFailed: (ctx, event) => {
      const node = ctx.snapshot().node(event.nodeId);
      const tried = event.attempt;
      if (node === undefined || tried < 1 || tried >= attempts || expands(node.spec) || !when(event, node))
        return undefined;
      const again = retryNode(event.nodeId);
      const wait = typeof delayMs === 'number' ? delayMs : delayMs(tried);
      if (wait === 0) return again;
      return timer(wait, scheduler).pipe(
        takeUntil(ctx.eventsFrom(event.seq + 1).pipe(filter((later) => endsWait(later, event.nodeId)))),
        map(() => again),
      );
    },
  };
};

/** The run is being cancelled, or somebody else has retried the node. */
const endsWait = (event: ExecutionEvent, nodeId: string): boolean =>
  event.type === 'RunCancelling' || (event.type === 'NodeRetried' && event.nodeId === nodeId);
