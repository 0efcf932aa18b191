import {
  addNodes,
  emitEvent,
  ref,
  type EventOf,
  type ExecutorCommand,
  type Hook,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { decideNext, type Next } from './decideNext.js';
import { readLlmId } from './llmId.js';
import { readToolCalls } from './toolCalls.js';

/** How many rounds of tools, and so nodes of the action `provider_llm_node`, a supervisor may lead to. */
export const MAX_ROUNDS = 10;

/**
 * What makes an agent of its actions. Each hook answers from the model's output alone and remembers nothing, so that a
 * resumed run goes on as the first would have.
 */
export const agentHooks = (maxRounds: number = MAX_ROUNDS): readonly Hook[] => [
  planTools(maxRounds),
  checkAnswer(maxRounds),
];

/** Adds the nodes of the tools that the model asks for, and tells which of its calls were malformed. */
const planTools = (maxRounds: number): SupervisorHookV2 =>
  onReply('planTools', maxRounds, (next, { nodeId, output }) => [
    ...readToolCalls(output).malformed.map(({ index, reason }) =>
      emitEvent('agent.malformed_call', { llm: nodeId, index, reason }),
    ),
    ...(next.type === 'tools' ? [addNodes(next.nodes)] : []),
  ]);

/** Once there is an answer, lets a person check it before it is given. */
const checkAnswer = (maxRounds: number): SupervisorHookV2 =>
  onReply('checkAnswer', maxRounds, (next, { nodeId }) => {
    if (next.type !== 'answer') return [];
    const { scope } = readLlmId(nodeId);
    const { draft } = next;
    const question = `May this answer be given? Say yes, or no and why: ${draft}`;
    return [
      addNodes([
        {
          id: `${scope}human_check`,
          action: 'human.input',
          deps: [nodeId],
          inputs: { question, draft, default: 'yes' },
        },
        {
          id: `${scope}final_answer`,
          action: 'final_answer',
          inputs: { draft, verdict: ref({ node: `${scope}human_check` }) },
        },
      ]),
    ];
  });

/** A hook that answers each reply of the model. */
const onReply = (
  name: string,
  maxRounds: number,
  project: (next: Next, event: EventOf<'NodeSucceeded'>) => readonly ExecutorCommand[],
): SupervisorHookV2 => ({
  name,
  onNodeComplete: (ctx, event) => {
    const action = ctx.snapshot().node(event.nodeId)?.action;
    if (action !== 'supervisor_step' && action !== 'provider_llm_node') return undefined;
    return project(decideNext(ctx.runId, event.nodeId, event.output, maxRounds), event);
  },
});

/** For the command line. */
export const hooks: readonly Hook[] = agentHooks();
