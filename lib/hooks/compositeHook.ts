import {
  EMPTY,
  concat,
  defaultIfEmpty,
  defer,
  isObservable,
  merge,
  mergeMap,
  take,
  throwError,
  type Observable,
} from 'rxjs';
import type { NodeState } from '../model/ExecutorSnapshot.js';
import type { Json } from '../model/Json.js';
import type { Answer, Gate, Hook, HookContext, SupervisorHookV2 } from './Hook.js';
import { Part, isLater, oneOf, streamOf, type Method, type PartAnswer } from './Part.js';

/**
 * Several hooks as one, of whatever form, under one name: what they cause stands in the log as `by` that name. They are
 * asked in the order given.
 *
 * Each part is on its own as far as that goes: one that fails is reported (`HookFailed` of the composite, naming the part)
 * and disabled after three failures in a row (an operator after its first error), while the others go on. They share a
 * budget of commands and the time in which to answer. The composite holds back dependants as its parts do, unless each of
 * them only observes. Operators inside a composite begin anew when a stored run is resumed: list those that must
 * remember as hooks of their own.
 *
 * @example
 * ```ts
 * import { ActionRegistry, DagExecutor, action, compositeHook, metricsHook, retryFailed } from 'rxdag';
 *
 * const executor = new DagExecutor({
 *   registry: new ActionRegistry().register(
 *     action('flaky', ({ attempt }) => {
 *       if (attempt === 1) throw new Error('once');
 *       return attempt;
 *     }),
 *   ),
 *   hooks: [compositeHook('care', retryFailed(2), metricsHook())],
 * });
 * const report = await executor.start({ name: 'demo', nodes: [{ id: 'a', action: 'flaky' }] }).report;
 * report.metrics.custom['flaky.failed']; // => 1
 * ```
 */
export const compositeHook = (name: string, ...hooks: readonly Hook[]): SupervisorHookV2 => {
  const runs = new WeakMap<HookContext, { readonly parts: readonly Part[]; readonly errors: Error[] }>();
  const runOf = (ctx: HookContext): { readonly parts: readonly Part[]; readonly errors: Error[] } => {
    const known = runs.get(ctx);
    if (known !== undefined) return known;
    const errors: Error[] = [];
    const made = { errors, parts: hooks.map((hook, i) => new Part(hook, partName(hook, i), ctx, errors)) };
    runs.set(ctx, made);
    return made;
  };
  const ask = (method: Method, ctx: HookContext, ...args: readonly unknown[]): Answer => {
    const { parts, errors } = runOf(ctx);
    return join(
      parts.map((part) => part.ask(method, [ctx, ...args])),
      errors,
    );
  };
  const gates = hooks.filter(
    (hook) => typeof hook !== 'function' && hook.beforeNodeStart !== undefined,
  ) as readonly SupervisorHookV2[];
  return {
    name,
    observe: hooks.every((hook) => typeof hook === 'function' || hook.observe === true),
    onStart: (ctx) => ask('onStart', ctx),
    onResume: (ctx) => ask('onResume', ctx),
    onEvent: (ctx, event) => {
      for (const part of runOf(ctx).parts) part.show(event);
      return ask('onEvent', ctx, event);
    },
    onNodeStart: (ctx, event) => ask('onNodeStart', ctx, event),
    onNodeComplete: (ctx, event) => ask('onNodeComplete', ctx, event),
    onNodeFailed: (ctx, event) => ask('onNodeFailed', ctx, event),
    onComplete: (ctx, success) => ask('onComplete', ctx, success),
    // A gate costs an event per node, so there is one only if a part has one.
    ...(gates.length > 0 && { beforeNodeStart: (ctx: HookContext, node: NodeState) => askGates(gates, ctx, node) }),
  };
};

/** Commands at once if all parts have answered at once and well; else a stream, which errors at its end if a part has failed. */
const join = (answers: readonly PartAnswer[], errors: Error[]): Answer => {
  if (errors.length === 0 && !answers.some(isObservable)) {
    const commands = answers.flat() as Exclude<Answer, undefined>;
    return (commands as readonly unknown[]).length === 0 ? undefined : commands;
  }
  return concat(
    merge(...answers.map(streamOf)),
    defer(() => {
      const [first, ...more] = errors.splice(0);
      if (first === undefined) return EMPTY;
      return throwError(() =>
        more.length === 0
          ? first
          : new AggregateError([first, ...more], [first, ...more].map(({ message }) => message).join('; ')),
      );
    }),
  );
};

/** Asks gates in order: rewritten inputs pass on, the first other answer wins. */
const askGates = (
  [first, ...rest]: readonly SupervisorHookV2[],
  ctx: HookContext,
  node: NodeState,
  inputs?: Readonly<Record<string, Json>>,
): Gate | Observable<Gate> => {
  if (first === undefined) return inputs === undefined ? 'proceed' : { inputs };
  const heed = (gate: Gate): Gate | Observable<Gate> => {
    if (gate === undefined || gate === null || gate === 'proceed') return askGates(rest, ctx, node, inputs);
    if (typeof gate !== 'object' || !('inputs' in gate)) return gate;
    const rewritten = { value: { ...node.spec, inputs: gate.inputs }, enumerable: true };
    return askGates(rest, ctx, Object.create(node, { spec: rewritten }) as NodeState, gate.inputs);
  };
  const answer = first.beforeNodeStart!(ctx, node);
  return isLater(answer)
    ? oneOf(answer as PromiseLike<Gate> | Observable<Gate>).pipe(
        take(1),
        defaultIfEmpty(undefined),
        mergeMap((gate) => oneOf(heed(gate))),
      )
    : heed(answer);
};

const partName = (hook: Hook, i: number): string =>
  (typeof hook === 'function' ? hook.hookName : hook.name) || `part#${i}`;
