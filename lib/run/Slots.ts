import type { SchedulerLike } from 'rxjs';

/** A run's part in the slots that runs share. */
export interface Share {
  /** How many it may hold. */
  readonly granted: number;
  /**
   * It holds so many from now on. With `wants` it has had its Schedule: what it did not use of those granted goes back,
   * and it waits for so many more.
   */
  readonly settle: (held: number, wants?: number) => void;
}

/** Slots that all runs of an executor share; see `fairSlots`. */
export interface Slots {
  /** A run joins; `wake` has it make a Schedule, at once if it can. One that has ended settles for none, and is forgotten. */
  readonly join: (wake: () => void, scheduler: SchedulerLike | undefined, weight?: number) => Share;
}
