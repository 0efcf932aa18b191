import type { CommandOf } from './ExecutorCommand.js';
import type { Json } from './Json.js';
import type { NodeSpec } from './NodeSpec.js';
import type { InputValue } from './Ref.js';

/** Adds one node. Refused as a whole when its id is taken, a dependency or action is unknown, or a cycle would arise. */
export const addNode = (spec: NodeSpec): CommandOf<'AddNode'> => ({ type: 'AddNode', spec });
/** Adds nodes, all or none; they may depend on each other in any order. */
export const addNodes = (specs: readonly NodeSpec[]): CommandOf<'AddNodes'> => ({ type: 'AddNodes', specs });
/** Removes a node that has not started and that nothing depends on. */
export const removeNode = (nodeId: string): CommandOf<'RemoveNode'> => ({ type: 'RemoveNode', nodeId });
/** Makes `to` wait for `from`. Refused once `to` has started. */
export const addDependency = (from: string, to: string): CommandOf<'AddDependency'> => ({
  type: 'AddDependency',
  from,
  to,
});
/** Replaces the inputs of a node that has not started; references may name further nodes. */
export const setNodeInputs = (
  nodeId: string,
  inputs: Readonly<Record<string, InputValue>>,
): CommandOf<'SetNodeInputs'> => ({ type: 'SetNodeInputs', nodeId, inputs });
/** Skips a node that has not started, on purpose; with an output its dependants run. */
export const skipNode = (nodeId: string, reason?: string, output?: Json): CommandOf<'SkipNode'> => ({
  type: 'SkipNode',
  nodeId,
  ...(reason === undefined ? {} : { reason }),
  ...(output === undefined ? {} : { output }),
});
/** Runs a failed or cancelled node again with a fresh `tryCount`, and revives what was skipped because of it. */
export const retryNode = (nodeId: string): CommandOf<'RetryNode'> => ({ type: 'RetryNode', nodeId });
/** Answers a waiting `human.input` node; the value is its output. */
export const provideInput = (nodeId: string, value: Json): CommandOf<'ProvideInput'> => ({
  type: 'ProvideInput',
  nodeId,
  value,
});
/** Lets no further node of the branch start; running ones end. */
export const pauseBranch = (branchId: string, reason?: string): CommandOf<'PauseBranch'> =>
  withReason({ type: 'PauseBranch', branchId }, reason);
export const resumeBranch = (branchId: string): CommandOf<'ResumeBranch'> => ({ type: 'ResumeBranch', branchId });
/** Cancels the branch's nodes: those not started at once, running ones through their signal. */
export const cancelBranch = (branchId: string, reason?: string): CommandOf<'CancelBranch'> =>
  withReason({ type: 'CancelBranch', branchId }, reason);
/** Lets no further node start; running ones end. */
export const pauseRun = (reason?: string): CommandOf<'PauseRun'> => withReason({ type: 'PauseRun' }, reason);
export const resumeRun = (): CommandOf<'ResumeRun'> => ({ type: 'ResumeRun' });
export const cancelRun = (reason?: string): CommandOf<'CancelRun'> => withReason({ type: 'CancelRun' }, reason);
/** Changes how many nodes may run at once; lowering it aborts nothing. */
export const setConcurrency = (maxParallelNodes: number): CommandOf<'SetConcurrency'> => ({
  type: 'SetConcurrency',
  maxParallelNodes,
});
export const setPriority = (nodeId: string, priority: number): CommandOf<'SetPriority'> => ({
  type: 'SetPriority',
  nodeId,
  priority,
});
/** Merges numbers into `metrics.custom`. */
export const updateMetrics = (metrics: Readonly<Record<string, number>>): CommandOf<'UpdateMetrics'> => ({
  type: 'UpdateMetrics',
  metrics,
});
/** Puts an event of the user's own into the log, as `CustomEmitted`. */
export const emitEvent = (name: string, payload: Json): CommandOf<'EmitEvent'> => ({
  type: 'EmitEvent',
  name,
  payload,
});

const withReason = <C extends object>(command: C, reason: string | undefined): C =>
  reason === undefined ? command : { ...command, reason };
