import { filter } from 'rxjs';
import { answerWith, ofType, provideInput, type HookOperator, type InputValue, type Json } from '../../lib/index.js';

/** Puts a question to a person, with the draft it is about; undefined if nobody will answer any more. */
export type Ask = (question: string, draft: string) => Promise<Json | undefined>;

/** Asks a person whenever a node waits for one, and hands the answer to the node. */
export const askPerson = (ask: Ask): HookOperator =>
  Object.assign<HookOperator, { readonly hookName: string }>(
    answerWith(
      (event$) =>
        event$.pipe(
          ofType('NodeWaiting'),
          filter(({ on }) => on === 'input'),
        ),
      async ({ nodeId }, ctx) => {
        const { question, draft } = ctx.snapshot().node(nodeId)?.spec.inputs ?? {};
        const said = await ask(textOf(question), textOf(draft));
        return said === undefined ? undefined : provideInput(nodeId, said);
      },
      { timeoutMs: Infinity }, // people take their time
    ),
    { hookName: 'askPerson' },
  );

const textOf = (value: InputValue | undefined): string => (typeof value === 'string' ? value : '');
