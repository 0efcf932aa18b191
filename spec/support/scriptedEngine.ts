import { Subject } from 'rxjs';
import type { JobNews, RemoteEngine, RemoteJob } from '../../lib/index.js';

/** An engine that does only what a spec tells it to. */
export interface ScriptedEngine extends RemoteEngine {
  readonly news$: Subject<JobNews>;
  /** All that was accepted, in order; a job twice where it was submitted twice. */
  readonly submitted: RemoteJob[];
  /** What was taken back, and why. */
  readonly cancelled: (readonly [id: string, reason: string])[];
  /** How often anything was asked for. */
  peeks: number;
  /** What `peek` answers; by default that the job waits. */
  known: Map<string, JobNews>;
  /** While it is set, every call rejects with it. */
  down: Error | undefined;
  /** Called for each job that is accepted. */
  does: ((job: RemoteJob) => void) | undefined;
  succeed(id: string, output: unknown): void;
}

export const scriptedEngine = (does?: (job: RemoteJob, engine: ScriptedEngine) => void): ScriptedEngine => {
  const up = async (): Promise<void> => {
    if (engine.down !== undefined) throw engine.down;
  };
  const engine: ScriptedEngine = {
    news$: new Subject<JobNews>(),
    submitted: [],
    cancelled: [],
    peeks: 0,
    known: new Map(),
    down: undefined,
    does: does && ((job) => does(job, engine)),
    succeed: (id, output) => engine.news$.next({ id, type: 'succeeded', output: output as never }),
    submit: async (jobs) => {
      await up();
      for (const job of jobs) {
        engine.submitted.push(job);
        engine.does?.(job);
      }
    },
    peek: async (jobs) => {
      engine.peeks++;
      await up();
      return jobs.map(({ id }) => engine.known.get(id) ?? { id, type: 'waiting' });
    },
    cancel: async ({ id }, reason) => {
      await up();
      engine.cancelled.push([id, reason]);
    },
    close: async () => undefined,
  };
  return engine;
};
