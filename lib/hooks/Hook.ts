import type { TaskEither } from '#fp-ts/TaskEither';
import type { Either } from '#fp-ts/Either';
import type { Observable } from 'rxjs';
import type { Cache } from '../define/Cache.js';
import type { CommandRefusal } from '../model/DagExecutionReport.js';
import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import type { ExecutionMetrics, ExecutorSnapshot, NodeState } from '../model/ExecutorSnapshot.js';
import type { Json } from '../model/Json.js';
import type { NodeSpec } from '../model/NodeSpec.js';

/**
 * A supervisor: watches a run and asks for changes. It holds nothing of the executor and can only ask, so it works
 * however many nodes run at once. See `HookOperator` for the general form and `SupervisorHookV2` for the one by methods.
 */
export type Hook = HookOperator | SupervisorHookV2;

/**
 * An operator from what happened to what should happen next. Commands that it emits while an event is being delivered
 * are applied before anything that the event made ready starts. If it errors it is finished (`HookFailed`), the run goes
 * on. What it emits later, after an `await`, a `delay` or a `timer`, keeps the run open only if the work is tracked: use
 * `answerWith`, or `ctx.track(work)`; a command that comes after the end is dropped. `hookName` names it in the log; the default is `hook#i`.
 */
export type HookOperator = ((event$: Observable<ExecutionEvent>, ctx: HookContext) => Observable<ExecutorCommand>) & {
  readonly hookName?: string;
};

/** What a method may answer with: nothing, a command, or several. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type
export type AnswerValue = void | undefined | ExecutorCommand | readonly ExecutorCommand[];
/** An answer, now or later. */
export type Answer =
  | AnswerValue
  | PromiseLike<AnswerValue>
  | Observable<ExecutorCommand>
  | AsyncIterable<ExecutorCommand>;

/** What a gate may say: let the node start, rewrite its inputs (taken literally), skip it, or fail it. */
export type Gate =
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type
  | void
  | undefined
  | 'proceed'
  | { readonly inputs: Readonly<Record<string, Json>> }
  | { readonly skip: string; readonly output?: Json }
  | { readonly fail: string };

/**
 * A hook by methods, each called in event order. A Promise or Observable from `onNodeComplete` or `onNodeFailed` holds
 * back that node's dependants, and nothing else, until it settles or `hookTimeoutMs` passes.
 */
export interface SupervisorHookV2 {
  readonly name: string;
  /** True: its answers hold nothing back. @default false */
  readonly observe?: boolean;
  onStart?(ctx: HookContext): Answer;
  onResume?(ctx: HookContext): Answer;
  onEvent?(ctx: HookContext, event: ExecutionEvent): Answer;
  onNodeStart?(ctx: HookContext, event: EventOf<'NodeStarted'>): Answer;
  onNodeComplete?(ctx: HookContext, event: EventOf<'NodeSucceeded'>): Answer;
  onNodeFailed?(ctx: HookContext, event: EventOf<'NodeFailed'>): Answer;
  /** Asked before each start and after each RetryNode, not before automatic retries. A throw or timeout fails the node. */
  beforeNodeStart?(ctx: HookContext, node: NodeState): Gate | PromiseLike<Gate> | Observable<Gate>;
  /** Called at each RunQuiescent: it may still add nodes. */
  onComplete?(ctx: HookContext, success: boolean): Answer;
}

/** What a hook knows about its run. */
export interface HookContext {
  readonly runId: string;
  readonly dagName: string;
  readonly cache: Cache;
  readonly metrics: ExecutionMetrics;
  readonly nodeAdder: NodeAdder;
  readonly appData: unknown;
  /** True while a resumed run shows an operator what happened before. */
  readonly replaying: boolean;
  /** The state after the whole transition that is being delivered. */
  snapshot(): ExecutorSnapshot;
  eventsFrom(seq: number): Observable<ExecutionEvent>;
  /** Asks by command and tells what became of it, once it is applied. */
  dispatch(command: ExecutorCommand): Promise<Either<CommandRefusal, { readonly seq: number }>>;
  /**
   * Marks work as this hook's: the run does not settle before it ends or its time is over. A Promise counts from now, an
   * Observable while it is subscribed to. @default options.timeoutMs config.hookTimeoutMs; Infinity where waiting is the point
   */
  track<T>(work: Observable<T> | PromiseLike<T>, options?: { readonly timeoutMs?: number }): Observable<T>;
}

/** Adds nodes to a run that goes on; answers with the id, or with why not. */
export interface NodeAdder {
  addNode(dagName: string, spec: NodeSpec): TaskEither<CommandRefusal, string>;
}

/** Where an answer comes from: the event it answers, and the budget it draws on. Internal. */
export interface Answering {
  readonly cause: number;
  readonly node: string | undefined;
  readonly root: object;
  nth: number;
}

/** The event that a context is being shown at this moment. Internal. */
export const answering: unique symbol = Symbol('answering');
/** Commands whose event is known, although they are emitted later. Internal. */
export const causes = new WeakMap<object, Answering>();
