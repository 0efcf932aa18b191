import type { Json, NodeSpec } from '../../lib/index.js';
import type { Conversation } from './Conversation.js';
import { planFromLlmOutput } from './planFromLlmOutput.js';
import { quoted } from './quoted.js';
import { readToolCalls } from './toolCalls.js';

/** Where a model's output leads: to tools, or to an answer that a person has to check. */
export type Next =
  | { readonly type: 'tools'; readonly nodes: readonly NodeSpec[] }
  | { readonly type: 'answer'; readonly draft: string };

/** Decides what follows from a model's output. With no round left, or nothing to go on with, the answer says so. */
export const decideNext = (runId: string, llmId: string, output: Json, roundsLeft: number): Next => {
  const plan = planFromLlmOutput(runId, llmId, output);
  if (plan !== undefined)
    return roundsLeft > 0 ? { type: 'tools', nodes: plan.nodes } : { type: 'answer', draft: unfinished(output) };
  const content = (output as { readonly content?: Json } | null)?.content;
  if (typeof content === 'string' && content !== '') return { type: 'answer', draft: content };
  const { malformed } = readToolCalls(output);
  const why = malformed.length === 0 ? 'neither an answer nor a tool call' : 'only tool calls that were malformed';
  return { type: 'answer', draft: `There is no answer: the model gave ${why}.` };
};

const unfinished = (output: Json): string => {
  const { findings } = (output as unknown as { readonly conversation: Conversation }).conversation;
  const found = findings.map(({ node, result, error }) => `${quoted(result ?? error ?? null)} [${node}]`);
  return `There is no answer: the model wanted more rounds of tools than are allowed. Found so far: ${found.join(', ') || 'nothing'}.`;
};
