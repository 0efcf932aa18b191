import {
  EMPTY,
  asyncScheduler,
  concat,
  filter,
  map,
  mergeMap,
  of,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { resumeBranch, resumeRun } from '../model/commands.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import type { NodeState } from '../model/ExecutorSnapshot.js';
import { Count, PositiveDuration } from '../model/strict.js';
import { belongs } from './belongs.js';
import { causedNow } from './causedNow.js';
import { checkOption } from './checkOption.js';
import { expands } from './expands.js';
import type { HookContext, HookOperator } from './Hook.js';
import { named } from './named.js';
import { stopCommand, type Stop } from './stopCommand.js';

export interface CircuitBreakerOptions {
  /** How many attempts in a row must fail, from 1. */
  readonly failures: number;
  /** Only nodes of this action count. @default all */
  readonly action?: string;
  /** Only nodes of this label or id, and what they expand into, count. @default all */
  readonly branch?: string;
  /** Only nodes for which this holds count. @default all */
  readonly match?: (node: NodeState) => boolean;
  /** What happens then. @default 'pauseBranch' with a branch, else 'pauseRun' */
  readonly then?: Stop;
  /** The branch that is paused or cancelled. @default branch */
  readonly target?: string;
  /** After how many milliseconds a pause is lifted for a trial. @default never: somebody else has to */
  readonly resetMs?: number;
  /** The run's scheduler, where it has been given one. @default asyncScheduler */
  readonly scheduler?: SchedulerLike;
  /** @default 'circuitBreaker' */
  readonly name?: string;
}

/**
 * Stops work that keeps failing, before more of it starts: once `failures` attempts in a row have failed (those that
 * would be tried again too; a success begins the count anew, a cached one tells nothing), it pauses or cancels a branch
 * or the run. What runs already ends by itself and no longer counts.
 *
 * A pause is lifted after `resetMs`, or by whoever resumes; the first attempt that ends then decides: a success closes
 * the circuit, a failure opens it again at once. A pause that somebody else has made is never lifted. What gates fail
 * does not count. Its memory is a few numbers. Throws a `DagError` for a pause of a branch where none is named.
 *
 * @example
 * ```ts
 * import { ActionRegistry, DagExecutor, action, circuitBreaker } from 'rxdag';
 *
 * let calls = 0;
 * const call = action('call', () => {
 *   if (++calls <= 2) throw new Error('unavailable');
 *   return 'ok';
 * });
 * const executor = new DagExecutor({
 *   registry: new ActionRegistry().register(call),
 *   config: { maxParallelNodes: 1 },
 *   hooks: [circuitBreaker({ failures: 2, action: 'call', then: 'pauseRun', resetMs: 20 })],
 * });
 * const nodes = ['a', 'b', 'c', 'd'].map((id) => ({ id, action: 'call' }));
 * const report = await executor.start({ name: 'demo', nodes }).report;
 * report.nodeOutcomes.map(({ status }) => status); // => [ 'failed', 'failed', 'succeeded', 'succeeded' ]
 * report.durationMs >= 15; // => true
 * ```
 */
export const circuitBreaker = (options: CircuitBreakerOptions): HookOperator => {
  const { failures, branch, target = branch, resetMs, scheduler = asyncScheduler, name = 'circuitBreaker' } = options;
  const stop = options.then ?? (target === undefined ? 'pauseRun' : 'pauseBranch');
  checkOption('circuitBreaker', 'failures', Count, failures);
  if (resetMs !== undefined) checkOption('circuitBreaker', 'resetMs', PositiveDuration, resetMs);
  const trip = stopCommand('circuitBreaker', stop, target, `${failures} attempts in a row have failed`);
  const resume = stop === 'pauseRun' ? resumeRun() : stop === 'pauseBranch' ? resumeBranch(target!) : undefined;

  return named(name, (event$, ctx) => {
    let state: 'closed' | 'open' | 'trial' = 'closed';
    let failed = 0;
    let isPaused = false; // by whomever
    let opened = 0;

    const open = ({ at }: ExecutionEvent): Observable<ExecutorCommand> => {
      state = 'open';
      failed = 0;
      const mine = ++opened;
      if (isPaused) return EMPTY;
      if (resume === undefined || resetMs === undefined) return of(trip);
      const used = ctx.replaying ? scheduler.now() - at : 0;
      const reset$ = timer(Math.max(0, resetMs - used), scheduler).pipe(
        filter(() => state === 'open' && opened === mine && ctx.snapshot().status !== 'cancelling'),
        map(() => resume),
        causedNow(ctx),
      );
      return concat(of(trip), reset$);
    };

    return event$.pipe(
      mergeMap((event) => {
        switch (pauseOf(event, stop, target)) {
          case 'paused':
            isPaused = true;
            return EMPTY;
          case 'resumed':
            isPaused = false;
            if (state === 'open') state = 'trial';
            return EMPTY;
          default:
        }
        const outcome = outcomeOf(event);
        if (outcome === undefined || state === 'open' || !counts(ctx, outcome.nodeId, options)) return EMPTY;
        if (outcome.isGood) {
          failed = 0;
          state = 'closed';
          return EMPTY;
        }
        return ++failed >= failures || state === 'trial' ? open(event) : EMPTY;
      }),
    );
  });
};

/** Whether an event tells of the pause that this breaker makes, or of its end. */
const pauseOf = (event: ExecutionEvent, stop: Stop, target: string | undefined): 'paused' | 'resumed' | undefined => {
  if (stop === 'pauseRun')
    return event.type === 'RunPaused' ? 'paused' : event.type === 'RunResumed' ? 'resumed' : undefined;
  if (stop !== 'pauseBranch' || !('branchId' in event) || event.branchId !== target) return undefined;
  return event.type === 'BranchPaused' ? 'paused' : event.type === 'BranchResumed' ? 'resumed' : undefined;
};

const outcomeOf = (event: ExecutionEvent): { readonly nodeId: string; readonly isGood: boolean } | undefined => {
  switch (event.type) {
    case 'NodeSucceeded':
      return event.cached ? undefined : { nodeId: event.nodeId, isGood: true };
    case 'NodeFailed':
    case 'NodeRetryScheduled':
      return event.attempt === 0 ? undefined : { nodeId: event.nodeId, isGood: false };
    default:
      return undefined;
  }
};

const counts = (ctx: HookContext, nodeId: string, { action, branch, match }: CircuitBreakerOptions): boolean => {
  const snapshot = ctx.snapshot();
  const node = snapshot.node(nodeId);
  if (node === undefined || expands(node.spec) || (action !== undefined && node.action !== action)) return false;
  if (branch !== undefined && !belongs(snapshot, nodeId, branch)) return false;
  return match === undefined || match(node);
};
