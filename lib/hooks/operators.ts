import {
  Observable,
  defer,
  filter,
  from,
  isObservable,
  map,
  mergeMap,
  of,
  type ObservableInput,
  type OperatorFunction,
} from 'rxjs';
import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import { answering, causes, type AnswerValue, type Answering, type HookContext, type HookOperator } from './Hook.js';

/** Lets through the events of these types. */
export const ofType = <K extends ExecutionEvent['type']>(
  ...types: readonly K[]
): OperatorFunction<ExecutionEvent, EventOf<K>> =>
  filter((event): event is EventOf<K> => (types as readonly string[]).includes(event.type));

/** An event that speaks of one node. */
export type NodeEvent = Extract<ExecutionEvent, { nodeId: string }>;

/** Lets through the events that speak of a node for which `predicate` holds, or of the node with this id. */
export const onNode = (
  predicate: string | ((nodeId: string, event: NodeEvent) => boolean),
): OperatorFunction<ExecutionEvent, NodeEvent> =>
  filter(
    (event): event is NodeEvent =>
      'nodeId' in event &&
      (typeof predicate === 'string' ? event.nodeId === predicate : predicate(event.nodeId, event)),
  );

/**
 * Answers each event that `select` lets through with what `project` makes of it: a command, several, a Promise or an
 * Observable of them. The work is tracked: the run does not settle before it is done, and its commands name the event
 * they answer.
 *
 *     const retryOnce: HookOperator = answerWith(ofType('NodeFailed'), ({ nodeId }) => retryNode(nodeId));
 */
export const answerWith =
  <E extends ExecutionEvent>(
    select: OperatorFunction<ExecutionEvent, E>,
    project: (event: E, ctx: HookContext) => AnswerValue | ObservableInput<ExecutorCommand> | PromiseLike<AnswerValue>,
    options?: { readonly timeoutMs?: number },
  ): HookOperator =>
  (event$, ctx) =>
    event$.pipe(
      select,
      mergeMap((event) => {
        const source = (ctx as { [answering]?: () => Answering })[answering]?.();
        const answer = project(event, ctx);
        const command$ = isLater(answer)
          ? ctx.track(
              defer(() => from(answer as ObservableInput<unknown>)),
              options,
            )
          : of(answer);
        return command$.pipe(
          mergeMap((value) =>
            Array.isArray(value)
              ? from(value as ExecutorCommand[])
              : value === undefined || value === null
                ? []
                : of(value as ExecutorCommand),
          ),
          map((command) => {
            if (source === undefined || typeof command !== 'object') return command;
            const copied = { ...command };
            causes.set(copied, source);
            return copied;
          }),
        );
      }),
    );

const isLater = (answer: unknown): boolean =>
  typeof answer === 'object' &&
  answer !== null &&
  (isObservable(answer) || answer instanceof Observable || 'then' in answer || Symbol.asyncIterator in answer);
