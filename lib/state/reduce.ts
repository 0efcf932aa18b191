import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import type { Plan } from '../plan/Plan.js';
import { planOf } from '../plan/planOf.js';
import { apply } from './apply.js';
import { thaw } from './thaw.js';
import { RunState } from './RunState.js';
import { capture, type Snapshot } from './Snapshot.js';

/** The state before a run's first event: no nodes, seq 0. */
export const initialSnapshot = (): ExecutorSnapshot => capture(new RunState());

/** The state after a whole log: what folding its events one by one gives, with no state in between. */
export const fold = (events: Iterable<ExecutionEvent>): ExecutorSnapshot => {
  const state = new RunState();
  for (const event of events)
    apply(state, event, event.type === 'RunStarted' ? planOf(event.definition, event.config) : undefined);
  return capture(state);
};

/**
 * Folds one event into a snapshot. Pure: the snapshot that it is given stays as it is, and equal logs give equal
 * snapshots, so `events.reduce(reduce, initialSnapshot())` is the state that the live run had. O(log n) for the snapshot
 * that was made last, O(n) where it goes back to an older one.
 */
export const reduce = (snapshot: ExecutorSnapshot, event: ExecutionEvent): ExecutorSnapshot => {
  const state = thaw(snapshot as Snapshot);
  const plan: Plan | undefined = event.type === 'RunStarted' ? planOf(event.definition, event.config) : undefined;
  apply(state, event, plan);
  return capture(state);
};
