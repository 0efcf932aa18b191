import { ref, type Json, type NodeSpec } from '../../lib/index.js';
import { readLlmId } from './llmId.js';
import { readToolCalls, type MalformedCall } from './toolCalls.js';

/** What follows from a model's output. */
export interface LlmPlan {
  /** For one AddNodes. */
  readonly nodes: readonly NodeSpec[];
  /** Calls that were left out, and why. */
  readonly malformed: readonly MalformedCall[];
}

/**
 * Turns the tool calls of a model's output into nodes, as Dagger's `plan_from_llm_output` does: one for each tool, one that
 * goes on when all of them have ended, and one that asks the model again. Undefined when there is no valid call.
 *
 *              ┌── tool_1 ──┐
 *     llmId ───┤            ├── continuation_3 ── provider_llm_4
 *              └── tool_2 ──┘
 *
 * The same output gives the same nodes: their numbers go on from the one in `llmId`. Unlike the original it tells which
 * calls are malformed, and a tool that fails does not end the run: the continuation then gets null for its outcome.
 */
export const planFromLlmOutput = (runId: string, llmId: string, output: Json): LlmPlan | undefined => {
  const { calls, malformed } = readToolCalls(output);
  if (calls.length === 0) return undefined;
  const { scope, number } = readLlmId(llmId);
  const tools = calls.map((call, i) => ({ ...call, id: `${scope}tool_${number + 1 + i}` }));
  const continuation = `${scope}continuation_${number + 1 + tools.length}`;
  const nodes: NodeSpec[] = tools.map(({ id, name, arguments: args }) => ({
    id,
    action: 'tool_invoke_node',
    deps: [llmId],
    // Taken literally: what looks like a reference in a model's output is none.
    inputs: { run_id: runId, tool_name: name, args: { $literal: args } },
    timeoutMs: 30_000,
    tryCount: 2,
  }));
  nodes.push(
    {
      id: continuation,
      action: 'continuation_node',
      deps: tools.map(({ id }) => id),
      runIf: 'allDone',
      inputs: {
        run_id: runId,
        llm: ref({ node: llmId }),
        calls: tools.map(({ id, name, arguments: args }) => ({
          node: id,
          tool_name: name,
          args: { $literal: args },
          outcome: ref({ node: id }),
        })),
        malformed: malformed.map(({ index, reason }) => ({ index, reason })),
      },
    },
    {
      id: `${scope}provider_llm_${number + 2 + tools.length}`,
      action: 'provider_llm_node',
      deps: [continuation],
      inputs: { run_id: runId, conversation: ref({ node: continuation }) },
      timeoutMs: 120_000,
      tryCount: 1,
    },
  );
  return { nodes, malformed };
};
