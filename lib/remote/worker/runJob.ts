import { asyncScheduler, type SchedulerLike } from 'rxjs';
import type { ActionRegistry } from '../../define/ActionRegistry.js';
import { Cache } from '../../define/Cache.js';
import { show } from '../../model/explain.js';
import type { Json } from '../../model/Json.js';
import { Attempt } from '../../run/Attempt.js';
import type { RemoteJob } from '../../run/RemoteEngine.js';
import { Timers } from '../../run/Timers.js';
import { Workshop } from '../../run/Workshop.js';
import type { JobOutcome } from '../envelope/bodies.js';

export interface RunJobOptions {
  readonly registry: Pick<ActionRegistry, 'get'>;
  /** The names of the actions that may be called. @default all that are registered */
  readonly allow?: ReadonlySet<string> | undefined;
  /** What actions get as `ctx.appData`. */
  readonly appData?: unknown;
  /** The clock of timeouts. @default asyncScheduler */
  readonly scheduler?: SchedulerLike;
  /** Hears intermediate values, all of them and as they come. */
  readonly progress?: (value: Json) => void;
}

/** A job whose action was called. */
export interface RunningJob {
  /** How it ended; `stopped` where it was taken back. Never rejects, and resolves once the action has ended or its grace time has. */
  readonly ended: Promise<JobOutcome>;
  /** Aborts the action's signal; the job is then `stopped`, whatever the action gives. */
  stop(): void;
}

/**
 * Runs one job in this process as the executor runs a node: inputs are decoded and outputs encoded by the action's codecs,
 * whatever it returns is read, and timeouts and the grace time are kept. Both timeouts count from this call, on this
 * machine's clock, and not from `job.startedAt`: so neither a queue nor a clock that is wrong takes time away from an action;
 * limits that include waiting are the executor's. An action that is unknown, or not allowed, is a final failure. The
 * action's cache is empty, and gone when it ends.
 */
export const runJob = (job: RemoteJob, options: RunJobOptions): RunningJob => {
  const { registry, allow, appData, scheduler = asyncScheduler, progress } = options;
  let end: (outcome: JobOutcome) => void = () => undefined;
  const ended = new Promise<JobOutcome>((resolve) => (end = resolve));
  const refusal = refusalOf(job.action, registry, allow);
  if (refusal !== undefined) {
    end({ type: 'failed', error: { name: 'Error', message: refusal }, isFinal: true });
    return { ended, stop: () => undefined };
  }
  const timers = new Timers(scheduler);
  const workshop = new Workshop(
    {
      runId: job.runId,
      dagName: job.dagName,
      cache: new Cache(),
      appData,
      results: undefined,
      isKept: true,
      graceMs: job.graceMs,
      timers,
      random: () => 0, // the executor's, who decides when to try again
      post: (input) => {
        if (input.type === 'Progressed') progress?.(input.value);
        else if (input.type === 'Succeeded') end({ type: 'succeeded', output: input.output });
        else if (input.type === 'Failed') end({ type: 'failed', error: input.error, isFinal: input.final });
        else if (input.type === 'Stopped') end({ type: 'stopped', abandoned: input.abandoned });
      },
    },
    undefined,
    () => timers.clear(),
  );
  const attempt = new Attempt(
    workshop,
    0,
    {
      id: job.nodeId,
      action: job.action,
      ...(job.timeoutMs !== undefined && { timeoutMs: job.timeoutMs }),
      ...(job.idleTimeoutMs !== undefined && { idleTimeoutMs: job.idleTimeoutMs }),
      ...(job.index !== undefined && { index: job.index }),
    },
    job.attempt,
    job.item,
  );
  attempt.run(registry.get(job.action), () => job.inputs);
  return { ended, stop: () => attempt.stop('cancel') };
};

const refusalOf = (
  action: string,
  registry: Pick<ActionRegistry, 'get'>,
  allow: ReadonlySet<string> | undefined,
): string | undefined => {
  if (registry.get(action) === undefined)
    return `The worker has no action ${show(action)}; start it with a module that exports it.`;
  if (allow !== undefined && !allow.has(action)) return `The worker is not allowed to run action ${show(action)}.`;
  return undefined;
};
