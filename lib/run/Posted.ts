import type { Either } from '#fp-ts/Either';
import type { CommandRefusal } from '../model/DagExecutionReport.js';
import type { Input } from '../state/Input.js';

/** An input as it lies in the inbox: with the budget it draws on, and who waits to hear what became of it. */
export type Posted = Input & {
  readonly root?: object;
  readonly done?: (answer: Either<CommandRefusal, { readonly seq: number; readonly added: readonly string[] }>) => void;
};
