import * as t from 'io-ts';
import { Json } from './Json.js';
import { NodeInputs, NodeSpec } from './NodeSpec.js';
import type { InputValue } from './Ref.js';
import { Count, Finite, list, recordOf, strict, tagged } from './strict.js';

/** `dagName` may name the run's DAG; a command for another one is refused. */
interface Addressed {
  readonly dagName?: string;
}

/** What somebody wishes: a command is accepted (its events follow) or refused with a reason, never lost. */
export type ExecutorCommand =
  | (Addressed & { readonly type: 'AddNode'; readonly spec: NodeSpec })
  | (Addressed & { readonly type: 'AddNodes'; readonly specs: readonly NodeSpec[] })
  | (Addressed & { readonly type: 'RemoveNode'; readonly nodeId: string })
  | (Addressed & { readonly type: 'AddDependency'; readonly from: string; readonly to: string })
  | (Addressed & {
      readonly type: 'SetNodeInputs';
      readonly nodeId: string;
      readonly inputs: Readonly<Record<string, InputValue>>;
    })
  | (Addressed & {
      readonly type: 'SkipNode';
      readonly nodeId: string;
      readonly reason?: string;
      readonly output?: Json;
    })
  | (Addressed & { readonly type: 'RetryNode'; readonly nodeId: string })
  | (Addressed & { readonly type: 'ProvideInput'; readonly nodeId: string; readonly value: Json })
  | (Addressed & { readonly type: 'PauseBranch'; readonly branchId: string; readonly reason?: string })
  | (Addressed & { readonly type: 'ResumeBranch'; readonly branchId: string })
  | (Addressed & { readonly type: 'CancelBranch'; readonly branchId: string; readonly reason?: string })
  | (Addressed & { readonly type: 'PauseRun'; readonly reason?: string })
  | (Addressed & { readonly type: 'ResumeRun' })
  | (Addressed & { readonly type: 'CancelRun'; readonly reason?: string })
  | (Addressed & { readonly type: 'SetConcurrency'; readonly maxParallelNodes: number })
  | (Addressed & { readonly type: 'SetPriority'; readonly nodeId: string; readonly priority: number })
  | (Addressed & { readonly type: 'UpdateMetrics'; readonly metrics: Readonly<Record<string, number>> })
  | (Addressed & { readonly type: 'EmitEvent'; readonly name: string; readonly payload: Json });

export type CommandOf<K extends ExecutorCommand['type']> = Extract<ExecutorCommand, { type: K }>;

const S = t.string;
const command = <K extends ExecutorCommand['type']>(
  type: K,
  required: object,
  optional: object = {},
): t.Type<CommandOf<K>, any, unknown> =>
  strict(type, { type: t.literal(type), ...required } as never, { dagName: S, ...optional } as never);

/** The strict codec of commands: unknown types and keys are refused, values are copied. */
export const ExecutorCommand: t.Type<ExecutorCommand, ExecutorCommand, unknown> = /*#__PURE__*/ tagged<ExecutorCommand>(
  'ExecutorCommand',
  {
    AddNode: command('AddNode', { spec: NodeSpec }),
    AddNodes: command('AddNodes', { specs: list(NodeSpec) }),
    RemoveNode: command('RemoveNode', { nodeId: S }),
    AddDependency: command('AddDependency', { from: S, to: S }),
    SetNodeInputs: command('SetNodeInputs', { nodeId: S, inputs: NodeInputs }),
    SkipNode: command('SkipNode', { nodeId: S }, { reason: S, output: Json }),
    RetryNode: command('RetryNode', { nodeId: S }),
    ProvideInput: command('ProvideInput', { nodeId: S, value: Json }),
    PauseBranch: command('PauseBranch', { branchId: S }, { reason: S }),
    ResumeBranch: command('ResumeBranch', { branchId: S }),
    CancelBranch: command('CancelBranch', { branchId: S }, { reason: S }),
    PauseRun: command('PauseRun', {}, { reason: S }),
    ResumeRun: command('ResumeRun', {}),
    CancelRun: command('CancelRun', {}, { reason: S }),
    SetConcurrency: command('SetConcurrency', { maxParallelNodes: Count }),
    SetPriority: command('SetPriority', { nodeId: S, priority: Finite }),
    UpdateMetrics: command('UpdateMetrics', { metrics: recordOf(Finite) }),
    EmitEvent: command('EmitEvent', { name: S, payload: Json }),
  },
);
