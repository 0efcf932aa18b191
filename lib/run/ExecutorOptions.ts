import type { SchedulerLike } from 'rxjs';
import type { ActionRegistry } from '../define/ActionRegistry.js';
import type { Cache } from '../define/Cache.js';
import type { Hook } from '../hooks/Hook.js';
import type { DagConfig } from '../model/DagConfig.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import type { Json } from '../model/Json.js';
import type { Estimates } from '../plan/Estimates.js';
import type { EventStore } from './EventStore.js';
import type { RemoteEngine } from './RemoteEngine.js';
import type { ResultCache } from './ResultCache.js';
import type { Slots } from './Slots.js';

export interface ExecutorOptions {
  readonly registry: ActionRegistry;
  /** Over the defaults, under the graph's and the run's. */
  readonly config?: Partial<DagConfig>;
  /** Hooks of every run, before the run's own. */
  readonly hooks?: readonly Hook[];
  /** Where runs are kept; without one their logs are in memory. */
  readonly store?: EventStore;
  /** What nodes with `cache` are served from, across runs. Runs with `redact` do without. @default none: every node runs */
  readonly results?: ResultCache;
  /**
   * Runs the nodes whose placement, or whose action's, is `pool:name`, on that pool's workers; they go on while the executor
   * is away, and a resumed run hears of them. Workers keep `timeoutMs` and `idleTimeoutMs` from when they begin.
   * @default none: such nodes run here as any other
   */
  readonly remote?: RemoteEngine;
  /**
   * As many nodes as `fairSlots` says run at once over all runs, each run within its own limits besides. An action that
   * awaits another run of the executor keeps its slot meanwhile. @default no such limit
   */
  readonly slots?: Slots;
  readonly appData?: unknown;
  /** The only clock: timestamps, timeouts, delays. A virtual one makes runs virtual. @default asyncScheduler */
  readonly scheduler?: SchedulerLike;
  /** Chance for retry jitter and generated run ids: numbers in [0, 1). @default Math.random */
  readonly random?: () => number;
}

export interface RunOptions {
  /** What `inputs.…` references mean. @default {} */
  readonly inputs?: Readonly<Record<string, Json>>;
  /** Where the store has a run of this id, the report rejects (`EngineError`), and that run stays as it is. @default a generated one */
  readonly runId?: string;
  readonly hooks?: readonly Hook[];
  readonly config?: Partial<DagConfig>;
  /** Gets the outputs as well. @default one of the run's own */
  readonly cache?: Cache;
  /** Cancels the run when it is aborted. */
  readonly signal?: AbortSignal;
  /** @default the executor's */
  readonly appData?: unknown;
  /** How large a part the run gets of the executor's `slots` when others want them, too; nothing where it has none. @default 1 */
  readonly weight?: number;
  /** For nodes without an `estimateMs`, to rank them by critical path; see `learnEstimates`. @default none: each counts as 1 ms */
  readonly estimates?: Estimates;
}

export interface ResumeOptions {
  /** The run's inputs once more: redacted ones must be given, for its log does not show them. @default {} */
  readonly inputs?: Readonly<Record<string, Json>>;
  /** Takes the run over from an owner that seems to live; what that one still writes is refused. @default false */
  readonly takeOver?: boolean;
  /** The run's own hooks; the executor's come first, as when it was started. */
  readonly hooks?: readonly Hook[];
  /** As when a run is started. @default 1 */
  readonly weight?: number;
  /** As when a run is started. @default none */
  readonly estimates?: Estimates;
}

export interface ForkOptions {
  /** The last event that the fork begins with. */
  readonly atSeq: number;
  /** @default a generated one */
  readonly runId?: string;
  /** Over the run's own, redacted ones once more; what rests on those that change runs again, as far as the log shows a change. */
  readonly inputs?: Readonly<Record<string, Json>>;
  readonly commands?: readonly ExecutorCommand[];
  /**
   * Nodes that run again, with all that depends on them, whatever results are kept. An item of a list runs again alone, as
   * does a sub-DAG's node; the other items stay, and what depends on the whole runs again. @default []
   */
  readonly again?: readonly string[];
  readonly hooks?: readonly Hook[];
  /** As when a run is started. @default 1 */
  readonly weight?: number;
  /** As when a run is started. @default none */
  readonly estimates?: Estimates;
}
