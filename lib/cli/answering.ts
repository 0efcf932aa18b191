import { provideInput, type ExecutionEvent, type Hook, type Json } from '../index.js';
import { show } from '../model/explain.js';
import { setOwn } from '../model/Json.js';
import { faultOf, parsePair } from './inputsFrom.js';
import { UsageError } from './UsageError.js';

export type Answers = Readonly<Record<string, Json>>;

/** What stands behind `--answer`, by node. */
export const answersFrom = (pairs: readonly string[]): Answers => {
  const answers: Record<string, Json> = {};
  for (const pair of pairs) {
    const [id, answer] = parsePair(pair, '--answer');
    const fault = faultOf(answer);
    if (fault !== undefined) throw new UsageError(`The answer for ${show(id)} can't be taken: ${fault}.`);
    setOwn(answers, id, answer);
  }
  return answers;
};

/** What answers the nodes that were answered on the command line, as soon as they ask. */
export const answering = (answers: Answers): readonly Hook[] =>
  Object.keys(answers).length === 0
    ? []
    : [
        {
          name: 'answer',
          observe: true,
          onEvent: (_, event: ExecutionEvent) =>
            event.type === 'NodeWaiting' && event.on === 'input' && Object.hasOwn(answers, event.nodeId)
              ? provideInput(event.nodeId, answers[event.nodeId]!)
              : undefined,
        },
      ];
