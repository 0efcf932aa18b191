import type { Plan } from '../plan/Plan.js';
import type { RunState } from '../state/RunState.js';
import type { LogIndex } from './EventStore.js';

/** What a store may know of a run that it keeps. A class: V8 compiles what calls its method once, not for every run. */
export class RunIndex implements LogIndex {
  readonly plan: Plan;
  readonly #state: RunState;

  constructor(plan: Plan, state: RunState) {
    this.plan = plan;
    this.#state = state;
  }

  indexOf(nodeId: string): number | undefined {
    return this.#state.find(nodeId);
  }
}
