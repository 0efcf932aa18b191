import type { Json } from '../../lib/index.js';
import type { Model } from './Conversation.js';
import { readTask, type Question } from './questions.js';
import { abilities, answerTo, notUnderstood, toldMalformed } from './sentences.js';
import { isSame, progressOf, type Step } from './Step.js';
import { stepOf } from './stepOf.js';
import type { ToolCall } from './toolCalls.js';

/**
 * A stand-in for a language model: a few rules, which read a task, ask for all tools that can be run at this point, and once
 * nothing is left to ask give an answer. It says itself that it is none. The same conversation gives the same reply.
 */
export const standInModel: Model = ({ task, findings, malformed }) => {
  const plans = readTask(task).map((question) => ({ question, step: stepOf(question) }));
  const calls = plans.flatMap(({ step }) => (step === undefined ? [] : progressOf(step, findings).calls));
  if (calls.length > 0) return { tool_calls: withoutRepeats(calls).map(toJson) };

  const answer = ({ question, step }: { question: Question; step: Step | undefined }): string =>
    step === undefined ? notUnderstood(question) : answerTo(question, progressOf(step, findings));
  const sentences = plans.map(answer);
  if (malformed.length > 0) sentences.push(toldMalformed(malformed));
  if (plans.some(({ step }) => step === undefined)) sentences.push(abilities);
  return { content: sentences.map(capital).join(' ') };
};

const withoutRepeats = (calls: readonly ToolCall[]): readonly ToolCall[] =>
  calls.filter((call, i) => calls.findIndex((other) => isSame(other, call)) === i);

const toJson = ({ name, arguments: args }: ToolCall): Json => ({ name, arguments: args });

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
