import { Subscription, type SchedulerLike } from 'rxjs';

/** The timers of one run on its scheduler, which is its only clock; all are dropped when it ends. */
export class Timers {
  private readonly scheduler: SchedulerLike;
  private readonly pending = new Set<Subscription>();
  private last: number;
  private ahead = 0;

  /** @param since - Before this, epoch milliseconds, it is not. */
  constructor(scheduler: SchedulerLike, since = -Infinity) {
    this.scheduler = scheduler;
    this.last = since;
  }

  /** Never goes back: by as much as the clock was set back it is ahead of it from then on. */
  now(): number {
    const now = this.scheduler.now() + this.ahead;
    if (now < this.last) this.ahead += this.last - now;
    else this.last = now;
    return this.last;
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
