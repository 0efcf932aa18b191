import { ActionRegistry, metricsHook, type DagConfig, type ExecutorOptions, type Hook } from '../../lib/index.js';
import { agentActions } from './actions.js';
import type { Model } from './Conversation.js';
import { agentHooks, MAX_ROUNDS } from './hooks.js';
import { standInModel } from './model.js';
import { agentTools } from './tools/agentTools.js';
import type { Tool } from './tools/Tool.js';

export interface AgentOptions {
  /** @default standInModel */
  readonly model?: Model;
  /** The folder whose files may be searched. @default the current one */
  readonly folder?: string;
  /** @default agentTools(folder) */
  readonly tools?: readonly Tool[];
  /** How often the model may be asked again after tools have run. @default 10 */
  readonly maxRounds?: number;
  /** Hooks that watch, or that ask a person. */
  readonly hooks?: readonly Hook[];
  readonly config?: Partial<DagConfig>;
}

/** Everything that a `DagExecutor` needs for `executeAgentDag(task)`; the output of `final_answer` is the answer. */
export const agent = ({
  model = standInModel,
  folder = process.cwd(),
  tools = agentTools(folder),
  maxRounds = MAX_ROUNDS,
  hooks = [],
  config,
}: AgentOptions = {}): ExecutorOptions => ({
  registry: new ActionRegistry().register(...agentActions(model, tools)),
  hooks: [...agentHooks(maxRounds), metricsHook(), ...hooks],
  config: { maxIterations: 10, ...config },
});
