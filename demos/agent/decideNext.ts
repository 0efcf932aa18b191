import type { Json, NodeSpec } from '../../lib/index.js';
import type { Conversation } from './Conversation.js';
import { planFromLlmOutput } from './planFromLlmOutput.js';
import { quoted } from './quoted.js';
import { readToolCalls } from './toolCalls.js';

/** Where a model's output leads: to tools, or to an answer that a person has to check. */
export type Next =
  | { readonly type: 'tools'; readonly nodes: readonly NodeSpec[] }
  | { readonly type: 'answer'; readonly draft: string };

/**
 * Decides what follows from the output of a node that has asked the model: its reply, and the conversation so far. With no
 * round left, or nothing to go on with, the answer says so.
 */
export const decideNext = (runId: string, llmId: string, output: Json, maxRounds: number): Next => {
  const plan = planFromLlmOutput(runId, llmId, output);
  const { content, conversation } = output as unknown as {
    readonly content?: Json;
    readonly conversation: Conversation;
  };
  if (plan !== undefined)
    return conversation.rounds < maxRounds
      ? { type: 'tools', nodes: plan.nodes }
      : { type: 'answer', draft: unfinished(conversation) };
  if (typeof content === 'string' && content !== '') return { type: 'answer', draft: content };
  const { malformed } = readToolCalls(output);
  const why = malformed.length === 0 ? 'neither an answer nor a tool call' : 'only tool calls that were malformed';
  return { type: 'answer', draft: `There is no answer: the model gave ${why}.` };
};

const unfinished = ({ findings }: Conversation): string => {
  const found = findings.map(({ node, result, error }) => `${quoted(result ?? error ?? null)} [${node}]`);
  return `There is no answer: the model wanted more rounds of tools than are allowed. Found so far: ${found.join(', ') || 'nothing'}.`;
};
