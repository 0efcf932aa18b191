import {
  cancelBranch,
  cancelRun,
  provideInput,
  resumeBranch,
  resumeRun,
  type DagRun,
  type ExecutorCommand,
} from '../index.js';
import { faultOf, parseValue } from './inputsFrom.js';
import type { RunWatch } from './RunWatch.js';

/** What only a person can answer. */
export interface Question {
  /** The same for as long as the question is the same. */
  readonly key: string;
  readonly text: string;
  /** The node that waits for the answer, if one does. */
  readonly nodeId?: string;
  /** How to answer without being asked, for a message. */
  readonly hint: string;
  /** The command that an answer means; where it can't be taken the question anew, with the reason; undefined for none. */
  answer(typed: string): ExecutorCommand | Question | undefined;
}

/** Whether nothing will happen any more unless a person does something. */
export const isAtStandstill = (
  { snapshot, hookWork }: Pick<DagRun, 'snapshot' | 'hookWork'>,
  watch: RunWatch,
): boolean => {
  const { status, counts } = snapshot;
  const isHeld = status === 'paused' || watch.paused.size > 0;
  const goesOnByItself =
    status === 'cancelling' ||
    counts.running + counts.starting + hookWork > 0 ||
    (status !== 'paused' && counts.retrying > 0) ||
    [...watch.inputs.values()].some(({ until }) => until !== undefined);
  return !goesOnByItself && (isHeld || watch.inputs.size > 0);
};

/** The questions that are open, the first one to be asked first. */
export const openQuestions = (run: Pick<DagRun, 'snapshot' | 'hookWork'>, watch: RunWatch): readonly Question[] => {
  const inputs = [...watch.inputs.values()].map(({ nodeId, question, byDefault, until }): Question => {
    const otherwise = byDefault === undefined ? '' : ` [${JSON.stringify(byDefault)}]`;
    const limit = until === undefined ? '' : ` (until ${new Date(until).toLocaleTimeString('en-GB')})`;
    const asked: Question = {
      key: `input ${nodeId}`,
      nodeId,
      text: `${nodeId}: ${question}${otherwise}${limit}`,
      hint: `--answer ${nodeId}=VALUE`,
      answer: (typed) => {
        if (typed.trim() === '') return byDefault === undefined ? undefined : provideInput(nodeId, byDefault);
        const value = parseValue(typed.trim());
        const fault = faultOf(value);
        if (fault === undefined) return provideInput(nodeId, value);
        return { ...asked, text: `${asked.text} (not taken: ${fault})` };
      },
    };
    return asked;
  });
  if (inputs.length > 0 || !isAtStandstill(run, watch)) return inputs;
  const eitherOr = (typed: string, resume: ExecutorCommand, cancel: ExecutorCommand): ExecutorCommand | undefined =>
    /^\s*r(?:esume)?\s*$/i.test(typed) ? resume : /^\s*c(?:ancel)?\s*$/i.test(typed) ? cancel : undefined;
  if (run.snapshot.status === 'paused')
    return [
      {
        key: 'run',
        text: `The run is paused${because(watch.pausedBecause)}. Resume or cancel it? (r/c)`,
        hint: 'r or c at a terminal',
        answer: (typed) => eitherOr(typed, resumeRun(), cancelRun('cancelled at the terminal')),
      },
    ];
  return [...watch.paused].map(([id, reason]) => ({
    key: `branch ${id}`,
    text: `Branch ${id} is paused${because(reason)}. Resume or cancel it? (r/c)`,
    hint: 'r or c at a terminal',
    answer: (typed) => eitherOr(typed, resumeBranch(id), cancelBranch(id, 'cancelled at the terminal')),
  }));
};

const because = (reason: string | undefined): string => (reason ? `: ${reason.replace(/\.$/, '')}` : '');
