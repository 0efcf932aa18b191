import type { ExecutionEvent } from '../model/ExecutionEvent.js';

/** What a resumed run has behind it: its log, and how far each hook had answered. */
export interface Past {
  readonly events: readonly ExecutionEvent[];
  readonly epoch: number;
  readonly ownerId: string;
  readonly answered: Readonly<Record<string, number>>;
}

/** The answers of hooks that are in a log: what one gives again is dropped. */
export const answersIn = (events: readonly ExecutionEvent[]): ReadonlySet<string> => {
  const answers = new Set<string>();
  for (const { by, cause, nth } of events)
    if (by !== undefined && nth !== undefined) answers.add(answerKey(by, cause, nth));
  return answers;
};

export const answerKey = (by: string, cause: number | undefined, nth: number): string => `${cause ?? 0} ${nth} ${by}`;
