import type { SchedulerLike } from 'rxjs';
import type { RemoteEngine } from './RemoteEngine.js';
import type * as Desk from './RemoteJobs.js';
import type * as Jobs from './RunJobs.js';

type Code = typeof Jobs & typeof Desk;

let code: Code | undefined;
/** What talks with engines: who makes an engine may bring it, so that nothing has to be waited for, as in virtual time. */
export const bringCode = (brought: Code): void => void (code = brought);

/** Else it is loaded once an executor has an engine: most never do. */
const load = async (): Promise<Code> =>
  (code ??= { ...(await import('./RunJobs.js')), ...(await import('./RemoteJobs.js')) });

/** The engine of an executor, and what its runs have with it. */
export class RemoteDesk {
  readonly #engine: RemoteEngine;
  readonly #scheduler: SchedulerLike | undefined;
  #jobs: Desk.RemoteJobs | undefined;

  constructor(engine: RemoteEngine, scheduler: SchedulerLike | undefined) {
    this.#engine = engine;
    this.#scheduler = scheduler;
    load().catch(() => undefined); // told by the first node that needs it
  }

  jobsOf(run: Jobs.JobsOf, { RemoteJobs, RunJobs }: Code): Jobs.RunJobs {
    return new RunJobs((this.#jobs ??= new RemoteJobs(this.#engine, this.#scheduler)), run);
  }
}

/** What workers do for one run, in the order in which it was asked for. */
export class Placements {
  readonly #desk: RemoteDesk;
  readonly #run: Jobs.JobsOf;
  #jobs: Jobs.RunJobs | undefined;

  constructor(desk: RemoteDesk, run: Jobs.JobsOf) {
    this.#desk = desk;
    this.#run = run;
  }

  run(...asked: Parameters<Jobs.RunJobs['run']>): Promise<unknown> {
    if (code !== undefined) return this.#with(code).run(...asked);
    return load().then((loaded) => this.#with(loaded).run(...asked));
  }

  cancel(nodeId: string, attempt: number, reason: string): void {
    this.#tell((jobs) => jobs.cancel(nodeId, attempt, reason));
  }

  leave(nodeId: string, attempt: number): void {
    this.#tell((jobs) => jobs.leave(nodeId, attempt));
  }

  leaveAll(): void {
    this.#tell((jobs) => jobs.leaveAll());
  }

  #tell(work: (jobs: Jobs.RunJobs) => void): void {
    if (code !== undefined) return work(this.#with(code));
    load().then(
      (loaded) => work(this.#with(loaded)),
      () => undefined, // then no job was handed over
    );
  }

  #with(loaded: Code): Jobs.RunJobs {
    return (this.#jobs ??= this.#desk.jobsOf(this.#run, loaded));
  }
}
