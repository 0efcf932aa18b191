import { asyncScheduler, Subject, type Observable, type SchedulerLike } from 'rxjs';
import type { ActionRegistry } from '../../define/ActionRegistry.js';
import { DagError } from '../../define/DagError.js';
import { bringCode } from '../../run/Placements.js';
import { Unplaceable, type JobNews, type RemoteEngine, type RemoteJob } from '../../run/RemoteEngine.js';
import * as Desk from '../../run/RemoteJobs.js';
import * as Jobs from '../../run/RunJobs.js';
import { Timers } from '../../run/Timers.js';
import { Heap } from '../../state/Heap.js';
import type { JobOutcome } from '../envelope/bodies.js';
import { poolNameFault } from '../poolName.js';
import { runJob, type RunJobOptions, type RunningJob } from '../worker/runJob.js';
import { Chance, type Faults } from './Faults.js';

bringCode({ ...Jobs, ...Desk });

export interface InProcessOptions {
  readonly registry: Pick<ActionRegistry, 'get'>;
  /** How many jobs of one pool run at once, from 1: the same for all pools, or by their names. @default 8 */
  readonly concurrency?: number | Readonly<Record<string, number>>;
  /** The names of the actions that may be called. @default all that are registered */
  readonly allow?: readonly string[];
  /** What actions get as `ctx.appData`. */
  readonly appData?: unknown;
  /** How many jobs that have ended are remembered, from 1; those that ended first are forgotten first. @default 10,000 */
  readonly retained?: number;
  /** The clock of timeouts and of news that are late. @default asyncScheduler */
  readonly scheduler?: SchedulerLike;
  /** What is to go wrong, for tests of what waits for jobs. @default nothing */
  readonly faults?: Faults;
}

/** An engine whose workers are in this process. */
export interface InProcessEngine extends RemoteEngine {
  /** Gives a job up that has not ended, as if every worker that had it had died. Its action goes on. */
  lose(id: string, reason: string): void;
  /** Knows nothing of a job any more, and tells nothing. Its action goes on. */
  forget(id: string): void;
}

/**
 * Runs jobs in this process: the reference of what an engine does, and a double for tests that can be told to do it badly.
 * Throws a `DagError` for options that are out of range.
 */
export const inProcessEngine = (options: InProcessOptions): InProcessEngine => new Engine(options);

interface Held {
  readonly job: RemoteJob;
  readonly order: number;
  running: RunningJob | undefined;
  isStopped: boolean;
}

interface Pool {
  readonly waiting: Heap<Held>;
  free: number;
}

const CONCURRENCY = 8;
const RETAINED = 10_000;

class Engine implements InProcessEngine {
  readonly news$: Observable<JobNews>;
  readonly #news = new Subject<JobNews>();
  readonly #concurrency: number | Readonly<Record<string, number>>;
  readonly #retained: number;
  readonly #run: RunJobOptions;
  readonly #timers: Timers;
  readonly #chance: Chance;
  readonly #pools = new Map<string, Pool>();
  /** Those that have not ended. */
  readonly #held = new Map<string, Held>();
  /** How the others ended, in that order. */
  readonly #ends = new Map<string, JobNews>();
  #orders = 0;
  #isClosed = false;

  constructor(options: InProcessOptions) {
    const { registry, concurrency = CONCURRENCY, allow, appData, retained = RETAINED } = options;
    const { scheduler = asyncScheduler, faults = {} } = options;
    const limits = typeof concurrency === 'number' ? [concurrency] : Object.values(concurrency);
    if (!limits.every(isCount)) throw new DagError('InvalidOptions', 'concurrency is a whole number from 1.');
    if (!isCount(retained)) throw new DagError('InvalidOptions', 'retained is a whole number from 1.');
    this.#concurrency = concurrency;
    this.#retained = retained;
    this.#run = { registry, appData, scheduler, ...(allow !== undefined && { allow: new Set(allow) }) };
    this.#timers = new Timers(scheduler);
    this.#chance = new Chance(faults);
    this.news$ = this.#news.asObservable();
  }

  submit(jobs: readonly RemoteJob[]): Promise<void> {
    return this.#call(() => {
      for (const { id, pool } of jobs) {
        const fault = poolNameFault(pool);
        if (fault !== undefined) throw new Unplaceable(id, fault);
      }
      const pools = new Set<Pool>();
      for (const job of jobs) {
        if (this.#held.has(job.id) || this.#ends.has(job.id) || this.#chance.has('droppedJobs')) continue;
        const held: Held = { job, order: ++this.#orders, running: undefined, isStopped: false };
        const pool = this.#pool(job.pool);
        this.#held.set(job.id, held);
        pool.waiting.push(held);
        pools.add(pool);
      }
      for (const pool of pools) this.#start(pool);
    });
  }

  peek(jobs: readonly Pick<RemoteJob, 'id'>[]): Promise<readonly JobNews[]> {
    return this.#call(() =>
      jobs.map(({ id }): JobNews => {
        const held = this.#held.get(id);
        if (held !== undefined) return { id, type: held.running === undefined ? 'waiting' : 'running' };
        return this.#ends.get(id) ?? { id, type: 'missing' };
      }),
    );
  }

  cancel({ id }: Pick<RemoteJob, 'id'>): Promise<void> {
    return this.#call(() => {
      const held = this.#held.get(id);
      if (held === undefined) return;
      held.isStopped = true;
      if (held.running === undefined) this.#end(held, { id, type: 'stopped', abandoned: false });
      else held.running.stop();
    });
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return Promise.resolve();
  }

  lose(id: string, reason: string): void {
    const held = this.#held.get(id);
    if (held !== undefined) this.#end(held, { id, type: 'lost', reason });
  }

  forget(id: string): void {
    this.#held.delete(id);
    this.#ends.delete(id);
  }

  /** A call that may fail, before or after it was heard. */
  async #call<A>(work: () => A): Promise<A> {
    if (this.#isClosed) throw new Error('The engine is closed.');
    if (!this.#chance.has('failedCalls')) return work();
    if (this.#chance.isHeard()) work();
    throw new Error('The engine was not to be reached.');
  }

  #pool(name: string): Pool {
    const known = this.#pools.get(name);
    if (known !== undefined) return known;
    const limits = this.#concurrency;
    const free = typeof limits === 'number' ? limits : Object.hasOwn(limits, name) ? limits[name]! : CONCURRENCY;
    const pool: Pool = { waiting: new Heap<Held>(isBefore), free };
    this.#pools.set(name, pool);
    return pool;
  }

  #start(pool: Pool): void {
    while (pool.free > 0) {
      const held = pool.waiting.pop();
      if (held === undefined) return;
      if (this.#held.get(held.job.id) !== held) continue; // taken back or forgotten
      pool.free--;
      void this.#work(held).then((news) => {
        pool.free++;
        if (this.#held.get(held.job.id) === held) this.#end(held, news);
        this.#start(pool);
      });
    }
  }

  async #work(held: Held): Promise<JobNews> {
    const { id } = held.job;
    const isLost = this.#chance.has('lostJobs');
    const isDoubled = this.#chance.has('doubledJobs');
    let outcome = await this.#deliver(held);
    if (isDoubled && !held.isStopped) outcome = await this.#deliver(held);
    return isLost ? { id, type: 'lost', reason: 'The worker died.' } : { id, ...outcome };
  }

  #deliver(held: Held): Promise<JobOutcome> {
    const { id } = held.job;
    this.#tell({ id, type: 'running' });
    held.running = runJob(held.job, {
      ...this.#run,
      progress: (value) => {
        if (this.#held.get(id) === held) this.#tell({ id, type: 'progressed', value });
      },
    });
    if (held.isStopped) held.running.stop();
    return held.running.ended;
  }

  #end(held: Held, news: JobNews): void {
    this.#held.delete(held.job.id);
    this.#ends.set(news.id, news);
    if (this.#ends.size > this.#retained) {
      const [oldest] = this.#ends.keys();
      this.#ends.delete(oldest!);
    }
    this.#tell(news);
  }

  #tell(news: JobNews): void {
    if (this.#chance.has('lostNews')) return;
    for (let times = this.#chance.has('doubledNews') ? 2 : 1; times > 0; times--) {
      const lateMs = this.#chance.lateness();
      if (lateMs === 0) this.#news.next(news);
      else this.#timers.set(lateMs, () => this.#news.next(news));
    }
  }
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;

const isBefore = (a: Held, b: Held): boolean => {
  const [first, second] = [a.job.priority ?? 0, b.job.priority ?? 0];
  return first === second ? a.order < b.order : first > second;
};
