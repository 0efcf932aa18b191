import { filter } from 'rxjs';
import { answerWith, ofType, provideInput, type HookOperator, type Json } from '../../lib/index.js';

/** Puts a question to a person; undefined if nobody will answer any more. */
export type Ask = (question: string) => Promise<Json | undefined>;

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
        const question = ctx.snapshot().node(nodeId)?.spec.inputs?.['question'];
        const said = await ask(typeof question === 'string' ? question : nodeId);
        return said === undefined ? undefined : provideInput(nodeId, said);
      },
      { timeoutMs: Infinity }, // people take their time
    ),
    { hookName: 'askPerson' },
  );
