import { Subscription, type SchedulerLike } from 'rxjs';

/** The timers of one run on its scheduler, which is its only clock; all are dropped when it ends. */
export class Timers {
  private readonly scheduler: SchedulerLike;
  private readonly pending = new Set<Subscription>();

  constructor(scheduler: SchedulerLike) {
    this.scheduler = scheduler;
  }

  now(): number {
    return this.scheduler.now();
  }

  /** Calls back after a delay, unless the function that it gives is called before. */
  set(delayMs: number, callback: () => void): () => void {
    const timer: Subscription = new Subscription();
    this.pending.add(timer);
    timer.add(
      this.scheduler.schedule(() => {
        if (this.pending.delete(timer)) callback();
      }, delayMs),
    );
    return () => {
      if (this.pending.delete(timer)) timer.unsubscribe();
    };
  }

  clear(): void {
    for (const timer of this.pending) timer.unsubscribe();
    this.pending.clear();
  }
}
