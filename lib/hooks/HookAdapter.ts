import type { Cache } from '../define/Cache.js';
import type { CommandRefusal } from '../model/DagExecutionReport.js';
import type { ExecutorCommand } from '../model/ExecutorCommand.js';
import * as command from '../model/commands.js';
import type { EventOf } from '../model/ExecutionEvent.js';
import type { ExecutorSnapshot, NodeState } from '../model/ExecutorSnapshot.js';
import type { Failure } from '../model/Failure.js';
import type { Json } from '../model/Json.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import type { InputValue } from '../model/Ref.js';
import { answering, causes, type Answering, type Gate, type HookContext, type SupervisorHookV2 } from './Hook.js';

/**
 * Dagger's form of a hook (`SupervisorHook`, dag_flow/supervisor.rs): methods that get an executor to change.
 *
 * @deprecated Write a `SupervisorHookV2` or a `HookOperator`; `new HookAdapter(hook)` lets the old form work unchanged.
 */
export interface SupervisorHook {
  readonly name?: string;
  beforeNodeStart?(executor: ExecutorFacade, node: NodeState, cache: Cache): Promise<void>;
  onNodeComplete(executor: ExecutorFacade, node: NodeState, cache: Cache): Promise<void>;
  onNodeFailure?(executor: ExecutorFacade, node: NodeState, cache: Cache, error: Failure): Promise<void>;
}

/** What an old-form hook gets in place of the executor: each call is a command, and a refusal rejects. */
export interface ExecutorFacade {
  addNode(dagName: string, spec: NodeSpec): Promise<string>;
  addNode(dagName: string, id: string, action: string, deps: readonly string[]): Promise<string>;
  setNodeInputs(dagName: string, nodeId: string, inputs: Readonly<Record<string, InputValue>>): Promise<void>;
  pauseBranch(id: string, reason?: string): Promise<void>;
  resumeBranch(id: string): Promise<void>;
  cancelBranch(id: string, reason?: string): Promise<void>;
  updateMetrics(metrics: Readonly<Record<string, number>>): Promise<void>;
  snapshot(): ExecutorSnapshot;
}

/** A refused command, as an old-form hook sees it. */
export class CommandRefusedError extends Error {
  override readonly name = 'CommandRefusedError';
  readonly refusal: CommandRefusal;
  constructor(refusal: CommandRefusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

/** Lets an old-form hook work beside new ones. Its Promises hold back the node's dependants, as Dagger meant them to. */
export class HookAdapter implements SupervisorHookV2 {
  readonly name: string;
  declare beforeNodeStart?: (ctx: HookContext, node: NodeState) => Promise<Gate>;
  private readonly hook: SupervisorHook;

  constructor(hook: SupervisorHook, name = hook.name ?? hook.constructor?.name ?? 'SupervisorHook') {
    this.hook = hook;
    this.name = name === 'Object' || name === '' ? 'SupervisorHook' : name;
    if (hook.beforeNodeStart !== undefined)
      this.beforeNodeStart = async (ctx, node) => {
        let inputs: Readonly<Record<string, Json>> | undefined;
        const executor: ExecutorFacade = {
          ...facade(ctx),
          // The node that is about to start gets its new inputs with the answer; others by command.
          setNodeInputs: async (dagName, nodeId, given) => {
            if (nodeId === node.id && dagName === ctx.dagName) inputs = given as Readonly<Record<string, Json>>;
            else await facade(ctx).setNodeInputs(dagName, nodeId, given);
          },
        };
        await hook.beforeNodeStart!(executor, node, ctx.cache);
        return inputs === undefined ? 'proceed' : { inputs };
      };
  }

  async onNodeComplete(ctx: HookContext, event: EventOf<'NodeSucceeded'>): Promise<void> {
    const node = ctx.snapshot().node(event.nodeId);
    if (node !== undefined) await this.hook.onNodeComplete(facade(ctx), node, ctx.cache);
  }

  async onNodeFailed(ctx: HookContext, event: EventOf<'NodeFailed'>): Promise<void> {
    const node = ctx.snapshot().node(event.nodeId);
    if (node !== undefined) await this.hook.onNodeFailure?.(facade(ctx), node, ctx.cache, event.error);
  }
}

/** What an old-form hook asks, also after it has awaited something, answers the event that it was called for. */
const facade = (ctx: HookContext): ExecutorFacade => {
  const source = (ctx as { [answering]?: () => Answering })[answering]?.();
  const ask = async (wish: ExecutorCommand): Promise<readonly string[]> => {
    const command = { ...wish };
    if (source !== undefined) causes.set(command, source);
    const answer = await ctx.dispatch(command);
    if (answer._tag === 'Left') throw new CommandRefusedError(answer.left);
    return (answer.right as { added?: readonly string[] }).added ?? [];
  };
  const tell = async (wish: ExecutorCommand): Promise<void> => void (await ask(wish));
  return {
    addNode: async (dagName: string, spec: NodeSpec | string, action?: string, deps: readonly string[] = []) => {
      const node = typeof spec === 'string' ? { id: spec, action: action!, deps } : spec;
      const [id] = await ask({ type: 'AddNode', dagName, spec: node });
      return id!;
    },
    setNodeInputs: (dagName, nodeId, inputs) => tell({ ...command.setNodeInputs(nodeId, inputs), dagName }),
    pauseBranch: (id, reason) => tell(command.pauseBranch(id, reason)),
    resumeBranch: (id) => tell(command.resumeBranch(id)),
    cancelBranch: (id, reason) => tell(command.cancelBranch(id, reason)),
    updateMetrics: (metrics) => tell(command.updateMetrics(metrics)),
    snapshot: () => ctx.snapshot(),
  };
};
