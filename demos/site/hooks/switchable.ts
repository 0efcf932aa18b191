import { EMPTY, combineLatest, defer, merge, switchMap, take, type BehaviorSubject, type Observable } from 'rxjs';
import { ofType, type HookOperator, type SupervisorHookV2 } from '../../../lib/index.js';

/**
 * A hook that can be exchanged while the run goes on, and switched off by giving undefined. It sleeps until the run has been
 * begun (a run that is still being built is paused); then it is shown RunStarted, and all that happens from there.
 */
export const exchangeable = (name: string, hook$: Observable<HookOperator | undefined>): HookOperator =>
  Object.assign<HookOperator, { hookName: string }>(
    (event$, ctx) =>
      combineLatest([hook$, event$.pipe(ofType('RunResumed'), take(1))]).pipe(
        switchMap(([hook]) =>
          hook === undefined ? EMPTY : defer(() => hook(merge(ctx.eventsFrom(1).pipe(take(1)), event$), ctx)),
        ),
      ),
    { hookName: name },
  );

/** A hook by methods that answers failures only while it is switched on. */
export const switchable = (hook: SupervisorHookV2, isOn$: BehaviorSubject<boolean>): SupervisorHookV2 => ({
  name: hook.name,
  onNodeFailed: (ctx, event) => (isOn$.value ? hook.onNodeFailed?.(ctx, event) : undefined),
});
