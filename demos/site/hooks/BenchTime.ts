import { asyncScheduler, type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs';

/** The page's time, which stands still while a graph is built: nothing counts before it runs. */
export class BenchTime implements SchedulerLike {
  #stoodAt: number | undefined;

  readonly now = (): number => this.#stoodAt ?? asyncScheduler.now();

  stop(): void {
    this.#stoodAt = asyncScheduler.now();
  }

  goOn(): void {
    this.#stoodAt = undefined;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state: T) => void, delay: number, state: T): Subscription;
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription {
    return asyncScheduler.schedule(work, delay, state);
  }
}
