import type { Plan } from '../plan/Plan.js';
import { apply } from '../state/apply.js';
import type { Turn } from '../state/Turn.js';
import type { Deadline } from './Deadline.js';
import type { History } from './History.js';
import type { Notebook } from './Notebook.js';
import type { Past } from './Past.js';

/** Folds what happened before this process took the run over. */
export const remember = (
  { events, lost }: Past,
  parts: {
    readonly turn: Turn;
    readonly plan: Plan;
    readonly deadline: Deadline;
    readonly history: History;
    readonly notes: Notebook;
  },
): void => {
  const { turn, plan, deadline, history, notes } = parts;
  const { state, agenda } = turn;
  const { vault } = state;
  if (vault !== undefined) vault.lost = lost(turn, plan);
  for (const event of events) {
    if (vault !== undefined) {
      turn.keepReal(event);
      vault.lost?.recall(event);
    }
    deadline.spend(state, event);
    apply(state, event, event.type === 'RunStarted' ? plan : undefined);
    if (event.type === 'RunPaused') agenda.failures = []; // whatever the policy asked for has been done
    history.append(event);
    notes.recall(event, state);
  }
};
