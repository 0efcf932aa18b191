import type { Json } from '../model/Json.js';
import { action } from './action.js';
import type { Cache } from './Cache.js';
import type { NodeAction, NodeContext } from './NodeAction.js';

/** What an action in Dagger's form may know of its executor. */
export type DaggerExecutor = Pick<NodeContext, 'runId' | 'dagName' | 'signal'>;

export interface DaggerNode {
  readonly id: string;
  readonly action: string;
  readonly inputs: Readonly<Record<string, Json>>;
}

export interface DaggerOutput {
  readonly outputs?: unknown;
  readonly success?: boolean;
}

/**
 * Makes an action of a function in Dagger's form. Its output is `outputs`, else all that it has put into the cache under
 * the node's id, else null. `success: false` fails the node (Dagger took it for a success).
 */
export const fromDaggerAction = (
  name: string,
  execute: (executor: DaggerExecutor, node: DaggerNode, cache: Cache) => Promise<DaggerOutput | void>,
): NodeAction<Readonly<Record<string, Json>>, any> =>
  action(
    name,
    async ({
      runId,
      dagName,
      signal,
      nodeId,
      inputs,
      cache,
    }: NodeContext<Readonly<Record<string, Json>>>): Promise<any> => {
      const result = await execute({ runId, dagName, signal }, { id: nodeId, action: name, inputs }, cache);
      if (result?.success === false) throw new Error(`Action "${name}" reported success: false`);
      return result?.outputs ?? cache.getNode(nodeId) ?? null;
    },
  );
