import * as t from 'io-ts';
import { action, type Json, type NodeAction, type NodeContext } from '../../lib/index.js';
import type { Conversation, Finding, Model } from './Conversation.js';
import { standInModel } from './model.js';
import type { MalformedCall } from './toolCalls.js';
import { agentTools } from './tools/agentTools.js';
import type { Args, Tool } from './tools/Tool.js';
import { ToolError } from './tools/ToolError.js';
import { readVerdict } from './verdict.js';

/** What an agent's nodes run. */
export const agentActions = (model: Model, tools: readonly Tool[]): readonly NodeAction[] => [
  supervisorStep(model),
  providerLlm(model),
  toolInvoke(tools),
  continuation,
  finalAnswer,
];

/** Begins: asks the model about a task of which nothing is known yet. */
const supervisorStep = (model: Model): NodeAction =>
  action({
    name: 'supervisor_step',
    input: t.type({ task: t.string }),
    execute: ({ inputs: { task }, signal }) => ask(model, { task, rounds: 0, findings: [], malformed: [] }, signal),
  });

/** Goes on: asks the model again, with all that the tools have found. */
const providerLlm = (model: Model): NodeAction =>
  action('provider_llm_node', ({ inputs, signal }: NodeContext<{ conversation: Conversation }>) =>
    ask(model, inputs.conversation, signal),
  );

/** The conversation goes along with the reply, for the next round. */
const ask = async (model: Model, conversation: Conversation, signal: AbortSignal) => ({
  ...(await model(conversation, signal)),
  conversation,
});

/** What became of a tool: its result, or its refusal, which is a result as well. A breakdown fails the node instead. */
type Outcome = { readonly result: Json } | { readonly error: string };

const toolInvoke = (tools: readonly Tool[]): NodeAction =>
  action(
    'tool_invoke_node',
    async ({ inputs, signal }: NodeContext<{ tool_name: string; args: Args }>): Promise<Outcome> => {
      const tool = tools.find(({ name }) => name === inputs.tool_name);
      if (tool === undefined)
        return { error: `There is no such tool; there are ${tools.map(({ name }) => name).join(', ')}.` };
      try {
        return { result: await tool.run(inputs.args, signal) };
      } catch (error) {
        if (error instanceof ToolError) return { error: error.message };
        throw error;
      }
    },
  );

interface Continued {
  readonly llm: { readonly conversation: Conversation };
  readonly calls: readonly (Pick<Finding, 'node' | 'tool_name' | 'args'> & { readonly outcome: Outcome | null })[];
  readonly malformed: readonly MalformedCall[];
}

/** Adds what a round of tools has found to the conversation. */
const continuation = action('continuation_node', ({ inputs }: NodeContext<Continued>): Conversation => {
  const { task, rounds, findings, malformed } = inputs.llm.conversation;
  return {
    task,
    rounds: rounds + 1,
    findings: [
      ...findings,
      ...inputs.calls.map(({ outcome, ...call }) => ({ ...call, ...(outcome ?? { error: 'It broke down.' }) })),
    ],
    malformed: [...malformed, ...inputs.malformed],
  };
});

/** Gives the answer to whoever asked, if the person who checked it has approved. */
const finalAnswer = action('final_answer', ({ inputs }: NodeContext<{ draft: string; verdict: Json }>) => {
  const { approved, reason } = readVerdict(inputs.verdict);
  const why = reason === '' ? 'no reason was given' : reason;
  return { approved, text: approved ? inputs.draft : `The answer was withheld: ${why}` };
});

/** For the command line: the stand-in model, and tools that see files below the current folder. */
export const actions: readonly NodeAction[] = agentActions(standInModel, agentTools(process.cwd()));
