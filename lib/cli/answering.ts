import { provideInput, type ExecutionEvent, type Hook, type Json } from '../index.js';
import { setOwn } from '../model/Json.js';
import { parsePair } from './inputsFrom.js';

export type Answers = Readonly<Record<string, Json>>;

/** What stands behind `--answer`, by node. */
export const answersFrom = (pairs: readonly string[]): Answers => {
  const answers: Record<string, Json> = {};
  for (const pair of pairs) setOwn(answers, ...parsePair(pair, '--answer'));
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
