import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorSnapshot, NodeState } from '../model/ExecutorSnapshot.js';
import type { Failure } from '../model/Failure.js';

/**
 * What a hook of the first design was told: a node starts (each attempt), has ended with or without a result, or has
 * failed for good. The log's own `ExecutionEvent` tells more; this is a view of it for hooks written against the design.
 */
export type HookEvent =
  | { readonly type: 'NodeStarting'; readonly node: NodeState }
  | { readonly type: 'NodeCompleted'; readonly node: NodeState; readonly success: boolean }
  | { readonly type: 'NodeFailed'; readonly node: NodeState; readonly error: Failure };

/**
 * Translates an event of the log; undefined for one that the first design does not know. `success` is false for a node
 * that was skipped without an output or cancelled. The node is shown as the snapshot has it.
 *
 * @example
 * ```ts
 * import { ActionRegistry, DagExecutor, action, toHookEvent, type HookEvent } from 'rxdag';
 *
 * const seen: (HookEvent | undefined)[] = [];
 * const executor = new DagExecutor({
 *   registry: new ActionRegistry().register(action('one', () => 1)),
 *   hooks: [{ name: 'watch', onEvent: (ctx, event) => void seen.push(toHookEvent(event, ctx.snapshot())) }],
 * });
 * await executor.start({ name: 'demo', nodes: [{ id: 'a', action: 'one' }] }).report;
 * seen.flatMap((event) => (event === undefined ? [] : [`${event.type} ${event.node.id}`])); // => [ 'NodeStarting a', 'NodeCompleted a' ]
 * ```
 */
export const toHookEvent = (event: ExecutionEvent, snapshot: ExecutorSnapshot): HookEvent | undefined => {
  const node = 'nodeId' in event ? snapshot.node(event.nodeId) : undefined;
  if (node === undefined) return undefined;
  switch (event.type) {
    case 'NodeStarted':
      return { type: 'NodeStarting', node };
    case 'NodeSucceeded':
      return { type: 'NodeCompleted', node, success: true };
    case 'NodeSkipped':
      return { type: 'NodeCompleted', node, success: event.output !== undefined };
    case 'NodeCancelled':
      return { type: 'NodeCompleted', node, success: false };
    case 'NodeFailed':
      return { type: 'NodeFailed', node, error: event.error };
    default:
      return undefined;
  }
};
