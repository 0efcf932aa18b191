import { map, of, type Observable } from 'rxjs';
import type { HookOperator, SupervisorHookV2 } from '../../lib/hooks/Hook.js';
import { addNode, pauseBranch, retryNode, skipNode } from '../../lib/model/commands.js';
import type { EventOf, ExecutionEvent } from '../../lib/model/ExecutionEvent.js';
import type { ExecutorCommand } from '../../lib/model/ExecutorCommand.js';

export const asks: HookOperator = () => of({ type: 'RetryNode', nodeId: 'a' });
export const answers: HookOperator = (event$) => event$.pipe(map(() => retryNode('a')));
// @ts-expect-error an event is a fact: no hook can make one up
export const invents: HookOperator = () => of({ type: 'NodeSucceeded', nodeId: 'a', output: 1 });
// @ts-expect-error a hook answers with a stream
export const returns: HookOperator = () => retryNode('a');

export const methods: SupervisorHookV2 = {
  name: 'methods',
  onStart: () => addNode({ action: 'a' }),
  onNodeComplete: (_, { nodeId, output }) =>
    output === null ? [skipNode(nodeId), pauseBranch('b', 'empty')] : undefined,
  onNodeFailed: async (_, { nodeId, error }) => (error.message === '' ? retryNode(nodeId) : undefined),
  onEvent: (): Observable<ExecutorCommand> => of(retryNode('a')),
  beforeNodeStart: (_, node) => (node.action === 'a' ? { skip: 'not now' } : 'proceed'),
};
// @ts-expect-error a hook by methods has a name
export const nameless: SupervisorHookV2 = { onStart: () => undefined };
export const wrong: SupervisorHookV2 = {
  name: 'wrong',
  // @ts-expect-error an answer is a command
  onStart: () => 'retry',
  // @ts-expect-error a gate does not know the word
  beforeNodeStart: () => 'wait',
};

// @ts-expect-error there is no such command
export const unknown: ExecutorCommand = { type: 'RestartNode', nodeId: 'a' };
// @ts-expect-error a node has an action
addNode({ id: 'a' });

/** A switch over events is exhaustive without a default. */
export const isFinal = (event: ExecutionEvent): event is EventOf<'NodeSucceeded'> | EventOf<'NodeFailed'> =>
  event.type === 'NodeSucceeded' || event.type === 'NodeFailed';
