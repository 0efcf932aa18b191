import type { Plan } from '../../plan/Plan.js';
import { pastPlanOf } from '../../state/past/PastPlan.js';
import { Timeline } from '../../state/past/Timeline.js';
import { initialSnapshot } from '../../state/reduce.js';
import type { RunState } from '../../state/RunState.js';
import type { Snapshot } from '../../state/Snapshot.js';
import type { Head } from './Head.js';

/** A state of the past, with the working state that it was taken from, which stands there until the next is asked for. */
export interface PastState {
  readonly snapshot: Snapshot;
  readonly state: RunState;
}

/** The states of a run after each of its events, found by folding short stretches. */
export class PastStates {
  readonly #head: Head;
  #timeline: Timeline | undefined;

  constructor(head: Head) {
    this.#head = head;
  }

  /** The state after an event, 0 for that before the first. */
  at(seq: number): PastState {
    const { plan } = this.#head;
    if (seq < 1 || plan === undefined) {
      const snapshot = initialSnapshot() as Snapshot;
      return { snapshot, state: snapshot.inner.frame.state };
    }
    const snapshot = this.#known(plan, seq).at(seq) as Snapshot;
    return { snapshot, state: snapshot.inner.frame.state };
  }

  /** Makes ready for looks at any moment, until time is up. Tells whether more is left. */
  prepare(isTimeUp: () => boolean): boolean {
    const { plan } = this.#head;
    return plan !== undefined && this.#known(plan, this.#head.log.size).prepare(isTimeUp);
  }

  /** With the events up to a seq at least. */
  #known(plan: Plan, seq: number): Timeline {
    const { log } = this.#head;
    if (this.#timeline === undefined) this.#timeline = new Timeline(pastPlanOf(plan), [...log.blocks(1)]);
    else if (this.#timeline.size < seq)
      for (const block of log.blocks(this.#timeline.size + 1)) this.#timeline.add(block);
    return this.#timeline;
  }
}
