import { catchError, concat, from, isObservable, mergeMap, of, type Observable } from 'rxjs';
import { emitEvent } from '../model/commands.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import { failureOf } from '../model/Failure.js';
import { compositeHook } from './compositeHook.js';
import type { Answer, Hook, HookContext, HookOperator, SupervisorHookV2 } from './Hook.js';
import { named } from './named.js';

/**
 * Hooks and a stream of commands: gives what its hooks answer to a stream of events. (The first design had it read events
 * from a channel and write commands to another; here both are streams, so nothing has to be closed for it to end.)
 *
 * `process` is one operator hook, so a processor can be listed among `hooks`. Later answers are tracked but, as with every
 * operator, hold back no dependants. What a hook throws is told as an event `HookFailed` of the user's own (`EmitEvent`)
 * with the processor's name and the error. It refuses hooks with `beforeNodeStart`, since an operator is no gate: these
 * are listed by themselves or in a `compositeHook`.
 *
 * @example
 * ```ts
 * import { ActionRegistry, DagExecutor, HookEventProcessor, action, addNode } from 'rxdag';
 *
 * const processor = new HookEventProcessor([
 *   {
 *     name: 'tidy',
 *     onNodeComplete: (_, { nodeId }) =>
 *       nodeId === 'a' ? addNode({ id: 'tidy-a', action: 'one', deps: ['a'] }) : undefined,
 *   },
 * ]);
 * const executor = new DagExecutor({
 *   registry: new ActionRegistry().register(action('one', () => 1)),
 *   hooks: [processor.process],
 * });
 * const report = await executor.start({ name: 'demo', nodes: [{ id: 'a', action: 'one' }] }).report;
 * Object.keys(report.outputs); // => [ 'a', 'tidy-a' ]
 * ```
 */
export class HookEventProcessor {
  readonly hooks: readonly Hook[];
  /** The hooks as one operator: from what happened to what they ask for. */
  readonly process: HookOperator;

  /** Throws a `TypeError` for a hook with `beforeNodeStart`. */
  constructor(hooks: readonly Hook[], name = 'HookEventProcessor') {
    const gate = hooks.find((hook) => typeof hook !== 'function' && hook.beforeNodeStart !== undefined);
    if (gate !== undefined)
      throw new TypeError(
        `Hook "${gate.name}" is a gate, which an operator can't be: list it by itself or in a compositeHook.`,
      );
    this.hooks = Object.freeze([...hooks]);
    const all = compositeHook(name, ...hooks);
    this.process = named(name, (event$, ctx) =>
      event$.pipe(
        mergeMap((event) => concat(...answers(all, ctx, event).map((answer) => commandsOf(name, ctx, answer)))),
      ),
    );
  }
}

/** What a hook by methods answers to one event: as a run asks it. */
const answers = (hook: SupervisorHookV2, ctx: HookContext, event: ExecutionEvent): readonly Answer[] => {
  const first = hook.onEvent?.(ctx, event);
  switch (event.type) {
    case 'RunStarted':
      return [first, hook.onStart?.(ctx)];
    case 'NodeStarted':
      return [first, hook.onNodeStart?.(ctx, event)];
    case 'NodeSucceeded':
      return [first, hook.onNodeComplete?.(ctx, event)];
    case 'NodeFailed':
      return [first, hook.onNodeFailed?.(ctx, event)];
    case 'RunQuiescent': {
      const { counts, status } = ctx.snapshot();
      return [first, hook.onComplete?.(ctx, status !== 'cancelling' && counts.failed + counts.cancelled === 0)];
    }
    default:
      return [first];
  }
};

const commandsOf = (name: string, ctx: HookContext, answer: Answer): Observable<ExecutorCommand> => {
  if (isObservable(answer))
    return ctx.track(answer).pipe(
      catchError((thrown: unknown) => {
        const { name: kind, message } = failureOf(thrown);
        return of(emitEvent('HookFailed', { hook: name, error: { name: kind, message } }));
      }),
    );
  return answer === undefined
    ? from([])
    : from((Array.isArray(answer) ? answer : [answer]) as readonly ExecutorCommand[]);
};
