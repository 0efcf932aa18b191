import { BehaviorSubject, concat, filter, map, of, timer } from 'rxjs';
import {
  addNode,
  answerWith,
  circuitBreaker,
  ofType,
  pauseBranch,
  resumeBranch,
  retryFailed,
  timeBudget,
  type Hook,
  type HookOperator,
} from '../../../lib/index.js';
import { exchangeable, switchable } from './switchable.js';

/** A hook that the page can switch on and off at any time, also while a run goes on. */
export interface Supervisor {
  readonly name: string;
  readonly does: string;
  readonly isOn$: BehaviorSubject<boolean>;
  readonly hook: Hook;
}

const HOLD_MS = 3_000;

/** For each failure a node that looks into it; it waits for the failed one, and runs because that is done. */
export const investigate: HookOperator = (event$) =>
  event$.pipe(
    ofType('NodeFailed'),
    filter(({ nodeId }) => !nodeId.startsWith('investigate-')),
    map(({ nodeId, attempt }) =>
      addNode({
        id: `investigate-${nodeId}-${attempt}`,
        action: 'work',
        deps: [nodeId],
        runIf: 'allDone',
        inputs: { ms: 700 },
      }),
    ),
  );

/** Holds the branch "publish" for three seconds after a failure; the run stays open until the pause is lifted. */
export const hold: HookOperator = answerWith(ofType('NodeFailed'), ({ nodeId }) =>
  concat(of(pauseBranch('publish', `${nodeId} has failed`)), timer(HOLD_MS).pipe(map(() => resumeBranch('publish')))),
);

/** The hooks of the page, in the order in which they are shown. */
export const supervisors = (): readonly Supervisor[] => {
  const operator = (name: string, does: string, hook: HookOperator, isOn = false): Supervisor => {
    const isOn$ = new BehaviorSubject(isOn);
    return { name, does, isOn$, hook: exchangeable(name, isOn$.pipe(map((on) => (on ? hook : undefined)))) };
  };
  const retrying$ = new BehaviorSubject(true);
  return [
    {
      name: 'retryFailed',
      does: 'tries a node up to 3 times',
      isOn$: retrying$,
      hook: switchable(retryFailed(3, { delayMs: 500 }), retrying$),
    },
    operator('investigate', 'adds a node for each failure', investigate, true),
    operator('hold', 'pauses "publish" 3 s for each failure', hold),
    operator('circuitBreaker', '3 failures: a break of 2 s', circuitBreaker({ failures: 3, resetMs: 2_000 })),
    operator('timeBudget', 'cancels the run after 20 s', timeBudget({ ms: 20_000 })),
  ];
};
