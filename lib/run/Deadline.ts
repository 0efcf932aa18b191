import type { RunState } from '../state/RunState.js';
import { READY, RETRYING, RUNNING, STARTING, WAITING } from '../state/NodeRecord.js';
import type { Timers } from './Timers.js';

/** The run's time limit. Its clock stands while the run is paused, or waits for people alone. */
export class Deadline {
  private left: number;
  private since = 0;
  private cancel: (() => void) | undefined;
  private readonly timers: Timers;
  private readonly pass: () => void;

  constructor(timeoutMs: number, timers: Timers, pass: () => void) {
    this.left = timeoutMs;
    this.timers = timers;
    this.pass = pass;
  }

  /** Takes off time that has passed in this state, in a life of the run before this one. */
  spend(state: RunState, ms: number): void {
    if (isCounting(state)) this.left -= ms;
  }

  /** Lets the clock run or stand, as the state says. */
  update(state: RunState): void {
    const runs = isCounting(state);
    if (runs === (this.cancel !== undefined)) return;
    if (runs) {
      this.since = this.timers.now();
      this.cancel = this.timers.set(Math.max(0, this.left), this.pass);
    } else {
      this.left -= this.timers.now() - this.since;
      this.cancel!();
      this.cancel = undefined;
    }
  }
}

const isCounting = (state: RunState): boolean => {
  const at = (status: number): number => state.counts[status]!;
  const waits = at(WAITING) > 0 && at(READY) + at(STARTING) + at(RUNNING) + at(RETRYING) === 0;
  return state.status !== 'paused' && state.endedAt === undefined && state.cancelling === undefined && !waits;
};
