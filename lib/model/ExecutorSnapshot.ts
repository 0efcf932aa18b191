import type { Failure } from './Failure.js';
import type { Json } from './Json.js';
import type { NodeSpec } from './NodeSpec.js';
import type { NodeStatus, RunStatus } from './Status.js';
import type { UnknownEvents } from './UnknownEvents.js';

/** One node at one moment. */
export interface NodeState {
  readonly id: string;
  /** The same as `id`. */
  readonly nodeId: string;
  readonly action: string;
  readonly status: NodeStatus;
  readonly deps: readonly string[];
  readonly dependents: readonly string[];
  readonly branch?: string;
  /** Attempts begun so far. */
  readonly attempt: number;
  /** When its latest attempt began, epoch milliseconds. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly output?: Json;
  readonly error?: Failure;
  readonly cached: boolean;
  /** The latest progress value of its latest attempt. */
  readonly progress?: Json;
  /** The node whose failure, cancellation or skip was the cause of this one's skip. */
  readonly becauseOf?: string;
  readonly spec: NodeSpec;
}

/** A part of a run: the nodes labelled with it or, where the id names a node, that node and all that depends on it. */
export interface BranchState {
  readonly id: string;
  readonly status: 'running' | 'paused' | 'cancelled' | 'completed';
  readonly reason?: string;
  /** When it was paused, resumed or cancelled last, epoch milliseconds. */
  readonly since?: number;
}

/** What holds a node back. */
export interface Waiting {
  readonly on: ReadonlyArray<
    | { readonly dependency: string }
    | { readonly slot: number }
    | { readonly pool: string }
    | { readonly branch: string }
    | { readonly gate: string }
    | { readonly hook: string }
    | { readonly retryAt: number }
    | { readonly input: true }
    | { readonly run: 'paused' | 'cancelling' }
  >;
}

export interface ExecutionMetrics {
  readonly nodesTotal: number;
  readonly nodesSucceeded: number;
  readonly nodesFailed: number;
  readonly nodesSkipped: number;
  readonly nodesCancelled: number;
  /** Attempts after a first one. */
  readonly retries: number;
  readonly cacheHits: number;
  /** Time in attempts, summed over nodes, milliseconds. */
  readonly runningMs: number;
  /** What `UpdateMetrics` has set. */
  readonly custom: Readonly<Record<string, number>>;
}

/** The state of a run after one transition. It never changes; snapshots share structure. */
export interface ExecutorSnapshot {
  readonly seq: number;
  readonly runId: string;
  readonly dagName: string;
  readonly status: RunStatus;
  readonly counts: Readonly<Record<NodeStatus, number>>;
  readonly metrics: ExecutionMetrics;
  readonly maxParallelNodes: number;
  /** Events of types that this version does not know, which changed nothing here; undefined where there were none. */
  readonly unknownEvents: UnknownEvents | undefined;
  /** Undefined for an unknown or removed node. */
  node(id: string): NodeState | undefined;
  /** In definition order, added ones after. */
  nodes(): Iterable<NodeState>;
  branch(id: string): BranchState | undefined;
  /** The labelled branches and those named by a command. */
  branches(): Iterable<BranchState>;
  /** What holds this node back; undefined for a node that has started, ended or does not exist. */
  whyNotStarted(id: string): Waiting | undefined;
  /** Plain and stable: equal states give equal text. */
  toJSON(): Json;
}
