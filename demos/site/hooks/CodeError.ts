import { failureOf } from '../../../lib/model/Failure.js';

/** What is wrong with a visitor's code, and where. Lines and columns count from 1. */
export interface CodeError {
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

/** What the evaluated text is called in stack traces. */
export const SOURCE = 'your-hook.js';

/** Where in the visitor's code something was thrown, as far as its stack tells; `before` is what stands before the code. */
export const codeError = (thrown: unknown, before: { readonly lines: number; readonly columns: number }): CodeError => {
  const { name, message: told, stack = '' } = failureOf(thrown);
  const message = thrown instanceof Error ? `${name}: ${told}` : told;
  const place = thrown instanceof Error ? /your-hook\.js:(\d+):(\d+)/.exec(stack) : null;
  if (place === null) return { message };
  const line = Number(place[1]) - before.lines;
  return { message, line, column: Math.max(1, Number(place[2]) - (line === 1 ? before.columns : 0)) };
};
