import { asyncScheduler, type SchedulerLike, type Subscription } from 'rxjs';
import type { JobNews, RemoteEngine, RemoteJob } from './RemoteEngine.js';
import { Unplaceable } from './RemoteEngine.js';
import { isOf } from './Hopeless.js';
import { Timers } from './Timers.js';
import { TransientMap } from './TransientMap.js';
import { within } from './within.js';

/** Whoever waits for a job's end. */
export interface JobWaiter {
  readonly job: RemoteJob;
  /** Whether another process may have submitted it before: what became of it is asked for at once. */
  readonly isKnown: boolean;
  hear(news: JobNews): void;
  /** The engine can't be used, or can again; the same function for all jobs of a run. */
  readonly trouble: (error: Error | undefined) => void;
}

interface Awaited {
  readonly waiter: JobWaiter;
  state: 'queued' | 'submitting' | 'submitted';
  /** Whether the engine may know it: it was offered before, whatever the answer was. */
  mayExist: boolean;
  /** Why it is to be taken back. */
  cancelled: string | undefined;
}

/** How many jobs go into one call of the engine. */
const BATCH = 1_000;
const SWEEP_MS = 5_000;
const RETRY_MS = 100;
const RETRY_MS_MAX = 5_000;
const CALL_MS = 30_000;

/**
 * The jobs that the runs of one executor have with an engine. Its news are only ever a hint: each job is also asked for,
 * every 5 s, the ones first that were asked for longest ago; one that the engine does not know any more is submitted again.
 * An engine that can't be reached is tried again, every 0.1 to 5 s.
 */
export class RemoteJobs {
  readonly #engine: RemoteEngine;
  readonly #timers: Timers;
  readonly #jobs = new TransientMap<string, Awaited>();
  #queue: Awaited[] = [];
  #news: Subscription | undefined;
  #isSubmitting = false;
  #wake: (() => void) | undefined;
  #sweep: (() => void) | undefined;
  #isSweeping = false;
  #delay = RETRY_MS;
  #trouble: Error | undefined;
  /** Who was told of it. */
  readonly #told = new Set<JobWaiter['trouble']>();

  constructor(engine: RemoteEngine, scheduler: SchedulerLike = asyncScheduler) {
    this.#engine = engine;
    this.#timers = new Timers(scheduler);
  }

  /** Hands a job over and tells the waiter what becomes of it, until its end. Forget it with `leave`. */
  add(waiter: JobWaiter): void {
    const awaited: Awaited = { waiter, state: 'queued', mayExist: waiter.isKnown, cancelled: undefined };
    this.#jobs.set(waiter.job.id, awaited);
    this.#listen();
    this.#warn(waiter);
    this.#enqueue(awaited);
  }

  /** Takes a job back. Its waiter hears how it ended. */
  cancel(id: string, reason: string): void {
    const awaited = this.#jobs.get(id);
    if (awaited === undefined || awaited.cancelled !== undefined) return;
    awaited.cancelled = reason;
    if (awaited.state === 'submitted') void this.#takeBack(awaited);
    else if (awaited.state === 'queued' && !awaited.mayExist) this.#hear({ id, type: 'stopped', abandoned: false });
  }

  /** Nobody waits for the job any more; it goes on. */
  leave(id: string): void {
    if (this.#jobs.delete(id)) this.#rest();
  }

  /** Listens to the engine while anybody waits. One that breaks its word and ends its news is listened to again. */
  #listen(): void {
    this.#news ??= this.#engine.news$.subscribe({
      next: (news) => this.#hear(news),
      error: () => this.#relisten(),
      complete: () => this.#relisten(),
    });
    this.#sweep ??= this.#timers.set(SWEEP_MS, () => void this.#ask());
  }

  #relisten(): void {
    this.#timers.set(SWEEP_MS, () => {
      if (this.#news?.closed !== true) return;
      this.#news = undefined;
      if (this.#jobs.size > 0) this.#listen();
    });
  }

  #rest(): void {
    if (this.#jobs.size > 0) return;
    this.#news?.unsubscribe();
    this.#news = undefined;
    this.#sweep?.();
    this.#sweep = undefined;
    this.#wake?.();
  }

  #enqueue(awaited: Awaited): void {
    awaited.state = 'queued';
    this.#queue.push(awaited);
    if (this.#queue.length === 1 && !this.#isSubmitting) queueMicrotask(() => void this.#submit());
  }

  #hear(news: JobNews): void {
    const awaited = this.#jobs.get(news?.id);
    if (awaited === undefined) return;
    if (awaited.state === 'submitting') this.#recovered(); // it has taken the job, though it has not said so yet
    switch (news.type) {
      case 'waiting':
      case 'running':
        return;
      case 'progressed':
        return awaited.waiter.hear(news);
      case 'missing':
        return this.#again(awaited);
      case 'succeeded':
      case 'failed':
      case 'stopped':
      case 'lost':
        this.#jobs.delete(news.id);
        awaited.waiter.hear(news);
        this.#rest();
        return;
      default:
    }
  }

  /** Submits a job once more of which the engine knows nothing. */
  #again(awaited: Awaited): void {
    if (awaited.state !== 'submitted') return;
    awaited.mayExist = true;
    if (awaited.cancelled === undefined) this.#enqueue(awaited);
    else this.#hear({ id: awaited.waiter.job.id, type: 'stopped', abandoned: false });
  }

  /** One call at a time: what comes meanwhile goes into the next. */
  async #submit(): Promise<void> {
    if (this.#isSubmitting) return;
    this.#isSubmitting = true;
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, BATCH).filter((awaited) => this.#jobs.get(awaited.waiter.job.id) === awaited);
      if (batch.length === 0) continue;
      for (const awaited of batch) awaited.state = 'submitting';
      try {
        await this.#call(() => this.#engine.submit(batch.map(handedOver)));
      } catch (error) {
        const refused = isOf(error, Unplaceable)
          ? batch.find(({ waiter }) => waiter.job.id === error.jobId)
          : undefined;
        for (const awaited of batch) {
          awaited.state = 'queued';
          awaited.mayExist ||= refused === undefined;
        }
        this.#queue.unshift(...batch.filter((awaited) => awaited !== refused));
        if (refused !== undefined) this.#refuse(refused, error as Unplaceable);
        else await this.#stumble(error);
        continue;
      }
      this.#recovered();
      for (const awaited of batch) {
        awaited.state = 'submitted';
        if (awaited.cancelled !== undefined) void this.#takeBack(awaited);
      }
      const known = batch.filter(({ waiter }) => waiter.isKnown);
      if (known.length > 0) await this.#peek(known);
    }
    this.#isSubmitting = false;
  }

  #refuse({ waiter: { job } }: Awaited, { name, message }: Unplaceable): void {
    this.#hear({ id: job.id, type: 'failed', error: { name, message }, isFinal: true });
  }

  async #ask(): Promise<void> {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    const asked: Awaited[] = [];
    for (const awaited of this.#jobs.values()) {
      if (asked.length >= BATCH) break;
      if (awaited.state === 'submitted') asked.push(awaited);
    }
    for (const awaited of asked) this.#jobs.set(awaited.waiter.job.id, awaited); // to the end of the line
    if (asked.length > 0) await this.#peek(asked);
    for (const awaited of asked) if (awaited.cancelled !== undefined) void this.#takeBack(awaited);
    this.#isSweeping = false;
    this.#sweep = this.#jobs.size > 0 ? this.#timers.set(SWEEP_MS, () => void this.#ask()) : undefined;
  }

  async #peek(asked: readonly Awaited[]): Promise<void> {
    try {
      const news = await this.#call(() => this.#engine.peek(asked.map(({ waiter }) => waiter.job)));
      for (const [i, awaited] of asked.entries())
        if (news[i] !== undefined && this.#jobs.get(awaited.waiter.job.id) === awaited && news[i].type !== 'progressed')
          this.#hear({ ...news[i], id: awaited.waiter.job.id });
      this.#recovered();
    } catch (error) {
      this.#tell(error);
    }
  }

  async #takeBack({ waiter, cancelled }: Awaited): Promise<void> {
    try {
      await this.#call(() => this.#engine.cancel(waiter.job, cancelled!));
    } catch {
      // It is asked for again with the next sweep.
    }
  }

  #call<A>(work: () => Promise<A>): Promise<A> {
    return within(CALL_MS, this.#timers, 'The engine did not answer', async () => work());
  }

  async #stumble(error: unknown): Promise<void> {
    this.#tell(error);
    const delay = this.#delay;
    this.#delay = Math.min(delay * 2, RETRY_MS_MAX);
    await new Promise<void>((resolve) => {
      const stop = this.#timers.set(delay, resolve);
      this.#wake = () => {
        stop();
        resolve();
      };
    });
    this.#wake = undefined;
  }

  #tell(error: unknown): void {
    const trouble = error instanceof Error ? error : new Error(String(error));
    if (this.#trouble !== undefined) return;
    this.#trouble = trouble;
    for (const { waiter } of this.#jobs.values()) this.#warn(waiter);
  }

  #warn({ trouble }: JobWaiter): void {
    if (this.#trouble === undefined || this.#told.has(trouble)) return;
    this.#told.add(trouble);
    trouble(this.#trouble);
  }

  #recovered(): void {
    this.#delay = RETRY_MS;
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    for (const trouble of this.#told) trouble(undefined);
    this.#told.clear();
  }
}

/** As it is offered: one that was offered before may have been taken back since, by whoever had the run then. */
const handedOver = ({ waiter: { job }, mayExist }: Awaited): RemoteJob => (mayExist ? { ...job, again: true } : job);
