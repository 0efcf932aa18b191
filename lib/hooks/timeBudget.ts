import { asyncScheduler, filter, map, switchMap, take, timer, type SchedulerLike } from 'rxjs';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import { PositiveDuration } from '../model/strict.js';
import { belongs } from './belongs.js';
import { causedNow } from './causedNow.js';
import { checkOption } from './checkOption.js';
import type { HookContext, HookOperator } from './Hook.js';
import { named } from './named.js';
import { stopCommand, type Stop } from './stopCommand.js';

export interface TimeBudgetOptions {
  /** How much time there is, in milliseconds, more than 0. */
  readonly ms: number;
  /** The branch whose time it is: from the first start of a node of that label or id. @default the whole run */
  readonly branch?: string;
  /** What happens when the time is up. @default 'cancelBranch' with a branch, else 'cancelRun' */
  readonly action?: Stop;
  /** The run's scheduler, where it has been given one. @default asyncScheduler */
  readonly scheduler?: SchedulerLike;
  /** @default 'timeBudget' */
  readonly name?: string;
}

/**
 * Stops a run, or a branch of it, that takes longer than it may. It acts once; what has ended by then is left in peace.
 * All time counts, also in pauses (unlike `config.timeoutMs`, which a person's waiting does not use up). It never keeps a
 * run open. Throws a `DagError` for an action on a branch where none is named.
 *
 * @example
 * ```ts
 * import { ActionRegistry, DagExecutor, action, timeBudget } from 'rxdag';
 * import { timer } from 'rxjs';
 *
 * const executor = new DagExecutor({
 *   registry: new ActionRegistry().register(action('long', () => timer(60_000)), action('quick', () => 1)),
 *   hooks: [timeBudget({ ms: 20, branch: 'extras', action: 'cancelBranch' })],
 * });
 * const nodes = [{ id: 'a', action: 'quick' }, { id: 'b', action: 'long', branch: 'extras' }];
 * const report = await executor.start({ name: 'demo', nodes }).report;
 * report.nodeOutcomes.map(({ status }) => status); // => [ 'succeeded', 'cancelled' ]
 * ```
 */
export const timeBudget = ({
  ms,
  branch,
  action = branch === undefined ? 'cancelRun' : 'cancelBranch',
  scheduler = asyncScheduler,
  name = 'timeBudget',
}: TimeBudgetOptions): HookOperator => {
  checkOption('timeBudget', 'ms', PositiveDuration, ms);
  const command = stopCommand('timeBudget', action, branch, `the time budget of ${ms} ms is used up`);
  return named(name, (event$, ctx) =>
    event$.pipe(
      filter((event) => begins(event, ctx, branch)),
      take(1),
      switchMap(({ at }) => {
        // A resumed run has used some of its time before.
        const used = ctx.replaying ? scheduler.now() - at : 0;
        return timer(Math.max(0, ms - used), scheduler).pipe(
          filter(() => isOpen(ctx, branch)),
          map(() => command),
          causedNow(ctx),
        );
      }),
    ),
  );
};

const begins = (event: ExecutionEvent, ctx: HookContext, branch: string | undefined): boolean => {
  if (branch === undefined) return event.type === 'RunStarted';
  const isStart = event.type === 'NodeStarting' || event.type === 'NodeStarted' || event.type === 'NodeWaiting';
  return isStart && belongs(ctx.snapshot(), event.nodeId, branch);
};

const isOpen = (ctx: HookContext, branch: string | undefined): boolean => {
  const snapshot = ctx.snapshot();
  return snapshot.status !== 'cancelling' && (branch === undefined || snapshot.branch(branch)?.status !== 'completed');
};
