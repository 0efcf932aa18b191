import type { SchedulerLike } from 'rxjs';
import type { ActionRegistry } from '../define/ActionRegistry.js';
import type { Cache } from '../define/Cache.js';
import type { Hook } from '../hooks/Hook.js';
import type { DagConfig } from '../model/DagConfig.js';
import type { DagExecutionReport } from '../model/DagExecutionReport.js';
import type { Json } from '../model/Json.js';
import type { Estimates } from '../plan/Estimates.js';
import type { Plan } from '../plan/Plan.js';
import type { EventStore } from './EventStore.js';
import type { Past } from './Past.js';
import type { RemoteDesk } from './Placements.js';
import type { ResultCache } from './ResultCache.js';
import type { Slots } from './Slots.js';

/** All that a run is made of. */
export interface RunParts {
  readonly runId: string;
  readonly plan: Plan;
  readonly config: DagConfig;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly registry: ActionRegistry;
  readonly library: (name: string) => Plan | undefined;
  readonly hooks: readonly Hook[];
  readonly cache?: Cache | undefined;
  readonly appData?: unknown;
  readonly store?: Pick<EventStore, 'acquire' | 'append' | 'held' | 'read' | 'release'> | undefined;
  readonly results?: ResultCache | undefined;
  /** The executor's engine, and what its runs have with it. */
  readonly remote?: RemoteDesk | undefined;
  readonly scheduler: SchedulerLike | undefined;
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
  /** How long nodes are likely to run. */
  readonly estimates?: Estimates | undefined;
  /** Those of the executor, where its runs share any, and this run's weight among them. */
  readonly slots?: Slots | undefined;
  readonly weight?: number | undefined;
  /** What a resumed run has behind it. */
  readonly past?: Past | undefined;
  /** Called when the run has settled, before anything asynchronous can lie between. */
  readonly settled: (report: DagExecutionReport) => void;
}
