import type { Json } from '../../model/Json.js';
import type { EventOf } from '../../model/ExecutionEvent.js';
import type { RunView } from '../view/RunView.js';

/** What a person is asked, as far as its inputs tell it. */
export interface Question {
  readonly texts: readonly string[];
  readonly choices: readonly Json[];
  readonly byDefault: Json | undefined;
  readonly until: number | undefined;
  /** The inputs that none of these is. */
  readonly rest: Readonly<Record<string, Json>>;
}

const CHOICES_MAX = 20;
const textKeys = ['question', 'prompt', 'message'];
const choiceKeys = ['choices', 'options'];

/** The seq of the event by which a node waits at the moment that is shown; undefined where none is known. */
export const waitSeq = ({ attempts, seq }: RunView, index: number): number | undefined => {
  for (let place = attempts.size - 1; place >= 0; place--)
    if (attempts.node[place] === index && attempts.isWait[place] === 1 && attempts.startSeq[place]! <= seq)
      return attempts.startSeq[place];
  return undefined;
};

/** What the event asks by which a node began to wait. */
export const questionOf = ({ inputs = {}, until }: EventOf<'NodeWaiting'>): Question => {
  const isText = (key: string): boolean => textKeys.includes(key) && typeof inputs[key] === 'string';
  const isChoice = (key: string): boolean => choiceKeys.includes(key) && Array.isArray(inputs[key]);
  const choiceKey = choiceKeys.find(isChoice);
  return {
    texts: textKeys.filter(isText).map((key) => inputs[key] as string),
    choices: choiceKey === undefined ? [] : (inputs[choiceKey] as readonly Json[]).slice(0, CHOICES_MAX),
    byDefault: Object.hasOwn(inputs, 'default') ? inputs['default'] : undefined,
    until,
    rest: Object.fromEntries(
      Object.entries(inputs).filter(([key]) => !isText(key) && key !== choiceKey && key !== 'default'),
    ),
  };
};
