import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { Plan } from '../plan/Plan.js';
import type { Turn } from '../state/Turn.js';
import type { Lost } from '../state/Vault.js';

/** What a resumed run has behind it: its log, and how far each hook had answered. */
export interface Past {
  readonly events: readonly ExecutionEvent[];
  readonly epoch: number;
  readonly ownerId: string;
  readonly answered: Readonly<Record<string, number>>;
  /** Answers of hooks that are in the log, by `answerKey`: what one gives again is dropped. */
  readonly known: ReadonlyMap<string, LoggedAnswer>;
  /** Of a fork, the nodes that were to run again. */
  readonly again: readonly string[];
  /** Knows which redacted values are gone. */
  readonly lost: (turn: Turn, plan: Plan) => Lost;
}

/** What a hook has asked before the crash, and what became of it. */
export interface LoggedAnswer {
  /** The seq of its last event. */
  readonly seq: number;
  readonly first: ExecutionEvent;
  readonly added: readonly string[];
  /** Whether a hook asks now for what it asked then, as far as the log shows it. */
  isSame(wish: unknown): boolean;
}

export const answerKey = (by: string, cause: number | undefined, nth: number): string => `${cause ?? 0} ${nth} ${by}`;
