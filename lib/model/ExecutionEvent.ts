import * as t from 'io-ts';
import { DagConfig } from './DagConfig.js';
import { Failure } from './Failure.js';
import { Graph } from './Graph.js';
import { Json } from './Json.js';
import { NodeInputs, NodeSpec } from './NodeSpec.js';
import type { InputValue } from './Ref.js';
import { runStatuses, type RunStatus } from './Status.js';
import { Count, Finite, Whole, list, recordOf, strict, tagged } from './strict.js';

interface Node {
  readonly nodeId: string;
}
interface Attempt extends Node {
  readonly attempt: number;
}
interface Branch {
  readonly branchId: string;
  readonly reason?: string;
}

/** Where a fork comes from. */
interface ForkOrigin {
  readonly runId: string;
  /** The last event that it began with, by its seq there. */
  readonly seq: number;
  /** When the fork was made, epoch milliseconds: what it began with is from before. */
  readonly at?: number;
  /** Nodes that are to run again whatever they had come to, with all that depends on them: none is served from kept results. */
  readonly again?: readonly string[];
}

/** What happened, without where it stands in the log. */
export type EventBody =
  | {
      readonly type: 'RunStarted';
      readonly format: 1;
      readonly runId: string;
      readonly dagName: string;
      readonly definition: Graph;
      readonly inputs: Readonly<Record<string, Json>>;
      readonly config: DagConfig;
      /** The run whose log this one began with, and up to where. */
      readonly forkedFrom?: ForkOrigin;
    }
  | { readonly type: 'RunPaused'; readonly reason?: string }
  | { readonly type: 'RunResumed'; readonly reason?: string }
  | { readonly type: 'RunCancelling'; readonly reason: string; readonly origin: 'user' | 'deadline' | 'policy' }
  | { readonly type: 'RunRecovered'; readonly interrupted: readonly string[] }
  | { readonly type: 'RunQuiescent' }
  | { readonly type: 'RunSettled'; readonly status: RunStatus; readonly success: boolean; readonly error?: string }
  | {
      readonly type: 'NodeAdded';
      readonly node: NodeSpec;
      /** The node whose event the hook answered. */ readonly after?: string;
    }
  | (Node & { readonly type: 'NodeRemoved' })
  | (Node & { readonly type: 'NodeStarting' })
  | (Attempt & { readonly type: 'NodeStarted' })
  | (Node & {
      readonly type: 'NodeWaiting';
      readonly on: 'input' | 'items' | 'dag';
      readonly until?: number;
      /** What a person is asked with, references replaced; only where `on` is 'input'. */
      readonly inputs?: Readonly<Record<string, Json>>;
    })
  | (Attempt & { readonly type: 'NodeProgressed'; readonly value: Json })
  | (Attempt & { readonly type: 'NodeRetryScheduled'; readonly delayMs: number; readonly error: Failure })
  /** Its process has died, or the workers that ran it have; `reason` as far as anybody knows. */
  | (Attempt & { readonly type: 'NodeInterrupted'; readonly reason?: string })
  | (Attempt & {
      readonly type: 'NodeSucceeded';
      readonly output: Json;
      readonly durationMs: number;
      readonly cached: boolean;
    })
  | (Attempt & { readonly type: 'NodeFailed'; readonly error: Failure })
  | (Node & {
      readonly type: 'NodeSkipped';
      readonly reason: string;
      readonly becauseOf?: string;
      readonly output?: Json;
    })
  | (Node & { readonly type: 'NodeCancelled'; readonly reason: string; readonly abandoned: boolean })
  | (Node & { readonly type: 'NodeRetried'; readonly revived: readonly string[] })
  | (Node & { readonly type: 'NodeInputsSet'; readonly inputs: Readonly<Record<string, InputValue>> })
  | { readonly type: 'DependencyAdded'; readonly from: string; readonly to: string }
  | (Node & { readonly type: 'PrioritySet'; readonly priority: number })
  | (Branch & { readonly type: 'BranchPaused' })
  | (Branch & { readonly type: 'BranchResumed' })
  | (Branch & { readonly type: 'BranchCancelled' })
  | { readonly type: 'ConcurrencySet'; readonly maxParallelNodes: number }
  | { readonly type: 'MetricsUpdated'; readonly metrics: Readonly<Record<string, number>> }
  | { readonly type: 'CustomEmitted'; readonly name: string; readonly payload: Json }
  | { readonly type: 'CommandRefused'; readonly command: Json; readonly reason: string }
  | { readonly type: 'HookFailed'; readonly hook: string; readonly error: Failure };

/** Where an event stands: `seq` counts from 1 without gap, `at` is epoch milliseconds and never decreases. */
export interface EventHead {
  readonly seq: number;
  readonly at: number;
  /** The hook that caused it, or 'user'. */
  readonly by?: string;
  /** The seq of the event that it answers. */
  readonly cause?: number;
  /** Which of the answers to that event it is, from 1. */
  readonly nth?: number;
}

/**
 * A fact about one run, named in the past tense. Events are all that a store keeps and all that `reduce` reads.
 * A plain node costs two: NodeStarted and NodeSucceeded.
 */
export type ExecutionEvent = EventHead & EventBody;
export type EventOf<K extends ExecutionEvent['type']> = Extract<ExecutionEvent, { type: K }>;
export type BodyOf<K extends EventBody['type']> = Extract<EventBody, { type: K }>;

const S = t.string;
const event = <K extends EventBody['type']>(
  type: K,
  required: object,
  optional: object = {},
): t.Type<EventOf<K>, any, unknown> =>
  strict(
    type,
    { seq: Count, at: Finite, type: t.literal(type), ...required } as never,
    { by: S, cause: Whole, nth: Count, ...optional } as never,
  );

const node = { nodeId: S };
const attempt = { nodeId: S, attempt: Whole };

const statuses = (): t.Type<RunStatus, RunStatus, unknown> =>
  t.keyof(Object.fromEntries(runStatuses.map((s) => [s, null])) as Record<RunStatus, null>);

const eventCodec = (): t.Type<ExecutionEvent, ExecutionEvent, unknown> =>
  tagged<ExecutionEvent>('ExecutionEvent', {
    RunStarted: event(
      'RunStarted',
      {
        format: t.literal(1),
        runId: S,
        dagName: S,
        definition: Graph,
        inputs: recordOf(Json),
        config: DagConfig,
      },
      { forkedFrom: strict<ForkOrigin>('origin', { runId: S, seq: Count }, { at: Finite, again: list(S) }) },
    ),
    RunPaused: event('RunPaused', {}, { reason: S }),
    RunResumed: event('RunResumed', {}, { reason: S }),
    RunCancelling: event('RunCancelling', { reason: S, origin: t.keyof({ user: null, deadline: null, policy: null }) }),
    RunRecovered: event('RunRecovered', { interrupted: list(S) }),
    RunQuiescent: event('RunQuiescent', {}),
    RunSettled: event('RunSettled', { status: statuses(), success: t.boolean }, { error: S }),
    NodeAdded: event('NodeAdded', { node: NodeSpec }, { after: S }),
    NodeRemoved: event('NodeRemoved', node),
    NodeStarting: event('NodeStarting', node),
    NodeStarted: event('NodeStarted', attempt),
    NodeWaiting: event(
      'NodeWaiting',
      { ...node, on: t.keyof({ input: null, items: null, dag: null }) },
      { until: Finite, inputs: recordOf(Json) },
    ),
    NodeProgressed: event('NodeProgressed', { ...attempt, value: Json }),
    NodeRetryScheduled: event('NodeRetryScheduled', { ...attempt, delayMs: Finite, error: Failure }),
    NodeInterrupted: event('NodeInterrupted', attempt, { reason: S }),
    NodeSucceeded: event('NodeSucceeded', { ...attempt, output: Json, durationMs: Finite, cached: t.boolean }),
    NodeFailed: event('NodeFailed', { ...attempt, error: Failure }),
    NodeSkipped: event('NodeSkipped', { ...node, reason: S }, { becauseOf: S, output: Json }),
    NodeCancelled: event('NodeCancelled', { ...node, reason: S, abandoned: t.boolean }),
    NodeRetried: event('NodeRetried', { ...node, revived: list(S) }),
    NodeInputsSet: event('NodeInputsSet', { ...node, inputs: NodeInputs }),
    DependencyAdded: event('DependencyAdded', { from: S, to: S }),
    PrioritySet: event('PrioritySet', { ...node, priority: Finite }),
    BranchPaused: event('BranchPaused', { branchId: S }, { reason: S }),
    BranchResumed: event('BranchResumed', { branchId: S }, { reason: S }),
    BranchCancelled: event('BranchCancelled', { branchId: S }, { reason: S }),
    ConcurrencySet: event('ConcurrencySet', { maxParallelNodes: Count }),
    MetricsUpdated: event('MetricsUpdated', { metrics: recordOf(Finite) }),
    CustomEmitted: event('CustomEmitted', { name: S, payload: Json }),
    CommandRefused: event('CommandRefused', { command: Json, reason: S }),
    HookFailed: event('HookFailed', { hook: S, error: Failure }),
  });

/** The strict codec of events, for what comes from files and the network. */
export const ExecutionEvent: t.Type<ExecutionEvent, ExecutionEvent, unknown> = /*#__PURE__*/ eventCodec();
