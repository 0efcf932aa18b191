import type { ExecutionEvent } from '../model/ExecutionEvent.js';
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

  /**
   * Takes off the time in this state up to an event of a life of the run before this one. What a fork begins with is the
   * time of another run, and while a run was down its clock stood.
   */
  spend(state: RunState, event: ExecutionEvent): void {
    if (event.type === 'RunStarted') this.since = event.forkedFrom?.at ?? event.at;
    else if (event.type !== 'RunRecovered' && isCounting(state))
      this.left -= Math.max(0, event.at - Math.max(state.at, this.since));
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
