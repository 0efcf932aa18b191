import { healthEndpoint } from './healthEndpoint.js';
import { RunningWorker } from './RunningWorker.js';
import { checkWorkerOptions, type WorkerOptions } from './WorkerOptions.js';
import type { WorkerEvent } from './WorkerEvent.js';
import type { Observable } from 'rxjs';

export interface WorkerCounts {
  /** Answered: with an output, with an error, or as stopped. */
  readonly done: number;
  /** Those of them with an error. */
  readonly failed: number;
  /** Not taken: forged, malformed, too late. */
  readonly refused: number;
  /** Given up unanswered, for another worker to take. */
  readonly released: number;
}

/** A worker that runs. */
export interface RemoteWorker {
  /** Of the machine, the process and chance. */
  readonly id: string;
  /** The pools whose jobs it takes. */
  readonly pools: readonly string[];
  /** How many it runs at once, of each pool. */
  readonly concurrency: number;
  /** `draining`: it takes no more jobs. */
  readonly state: 'running' | 'draining' | 'closed';
  /** How many jobs it has now. */
  readonly active: number;
  readonly counts: WorkerCounts;
  /** Where its health is told; undefined without that option. */
  readonly healthPort: number | undefined;
  /** What happens, from the moment of subscribing. Hot; completes once the worker is closed. */
  readonly event$: Observable<WorkerEvent>;
  /**
   * Takes no more jobs, lets run what runs for up to `drainMs`, then aborts it: others run these jobs again. Resolves once
   * actions have ended, or their grace time has, and the connections are gone, also where Redis can't be reached. Called
   * again it hurries, if `drainMs` is over earlier then.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

/**
 * Starts a worker in this process: it takes signed jobs of its pools, runs their actions as the executor would (codecs,
 * timeouts, progress, cancellation), and answers with signed results. It resolves without waiting for Redis, and tries until
 * that is there. Jobs are run at least once: one whose worker died, or could not be heard for `lockDurationMs`, is run again
 * by another. An action that blocks the event loop for longer than that is run twice without need: make it one of
 * `rxdag/threads`. Rejects with a `DagError` for options that are out of range.
 */
export const startWorker = async (options: WorkerOptions): Promise<RemoteWorker> => {
  checkWorkerOptions(options);
  let worker: RunningWorker | undefined;
  const health =
    options.health &&
    (await healthEndpoint(options.health, () => worker?.health() ?? { isWell: false, state: 'starting' }));
  try {
    return (worker = new RunningWorker(options, health));
  } catch (error) {
    await health?.close();
    throw error;
  }
};
