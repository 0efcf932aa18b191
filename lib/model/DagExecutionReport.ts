import type { ExecutionMetrics } from './ExecutorSnapshot.js';
import type { Failure } from './Failure.js';
import type { Json } from './Json.js';
import type { NodeStatus, RunStatus } from './Status.js';

/** A command that was not granted, and why. */
export interface CommandRefusal {
  /** The hook that asked, or 'user'. */
  readonly by?: string;
  readonly command: Json;
  readonly reason: string;
  readonly type: string;
}

/** How one node ended. */
export interface NodeExecutionOutcome {
  readonly nodeId: string;
  readonly status: NodeStatus;
  /** Succeeded or served from the cache. */
  readonly success: boolean;
  readonly attempts: number;
  /** `Attempt {n} failed: {message}` for each failed attempt (Dagger's form). */
  readonly retryMessages: readonly string[];
  /** Its message is `Failed after {n} attempts. Last error: {message}` (Dagger's form), its cause the error itself. */
  readonly finalError?: Failure;
  readonly cached: boolean;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly durationMs?: number;
  readonly becauseOf?: string;
}

/** What led to what, flat: `executed_after` a dependency, `added_by` a hook that answered a node, `expanded_from` a parent. */
export interface ExecutionTree {
  readonly nodes: ReadonlyArray<{
    readonly nodeId: string;
    readonly status: NodeStatus;
    readonly startedAt?: number;
    readonly endedAt?: number;
    readonly addedBy?: string;
  }>;
  readonly edges: ReadonlyArray<{
    readonly parent: string;
    readonly child: string;
    readonly label: 'executed_after' | 'added_by' | 'expanded_from';
  }>;
}

/** The end of a run. */
export interface DagExecutionReport {
  readonly runId: string;
  readonly dagName: string;
  readonly status: RunStatus;
  /** Every node succeeded, was served from the cache, or was skipped on purpose. */
  readonly success: boolean;
  /** The same as `success`, under Dagger's name. */
  readonly overallSuccess: boolean;
  readonly error?: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly durationMs: number;
  /** Every node, in definition order, added ones after. */
  readonly nodeOutcomes: readonly NodeExecutionOutcome[];
  /** By node id; has no prototype. */
  readonly outputs: Readonly<Record<string, Json>>;
  readonly metrics: ExecutionMetrics;
  /** The chain of dependencies that took longest. */
  readonly criticalPath: readonly string[];
  readonly warnings: readonly string[];
  /** At most 1,000; `warnings` tells how many more. */
  readonly refusedCommands: readonly CommandRefusal[];
  readonly hookFailures: ReadonlyArray<{ readonly hook: string; readonly error: Failure }>;
  readonly executionTree: ExecutionTree;
}
