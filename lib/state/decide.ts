import * as E from '#fp-ts/Either';
import type { BodyOf, EventBody } from '../model/ExecutionEvent.js';
import type { CommandOf, ExecutorCommand } from '../model/ExecutorCommand.js';
import { jsonEquals } from '../model/Json.js';
import { bindNode } from '../plan/references.js';
import { admit } from './admit.js';
import { depsOf, outsOf } from './adjacency.js';
import { controlOf, isBranch, isCut, membersOf } from './branches.js';
import { cancellations } from './cancel.js';
import * as N from './NodeRecord.js';
import { nodeStatuses } from '../model/Status.js';
import { retry } from './retry.js';
import type { RunState } from './RunState.js';
import type { World } from './Turn.js';

/** Why a command is not granted: a kind, and one sentence. */
export interface Refusal {
  readonly type: string;
  readonly reason: string;
}

type Answer = E.Either<Refusal, readonly EventBody[]>;

const refuse = (type: string, reason: string): Answer => E.left({ type, reason });
const grant = (...bodies: readonly EventBody[]): Answer => E.right(bodies);
const unknown = (nodeId: string): Answer => refuse('UnknownNode', `Node "${nodeId.slice(0, 200)}" does not exist.`);

/**
 * Answers a command with the events that grant it, or with the reason why it can't be granted. Validates as a whole and
 * changes nothing; a command that would change nothing is granted without events.
 */
export const decide = (state: RunState, command: ExecutorCommand, world: World, at: number): Answer => {
  if (state.endedAt !== undefined) return refuse('RunEnded', 'The run has ended.');
  if (command.dagName !== undefined && command.dagName !== state.dagName)
    return refuse('WrongDag', `This run is of DAG "${state.dagName}", not of "${command.dagName.slice(0, 200)}".`);
  if (state.cancelling !== undefined && command.type !== 'UpdateMetrics' && command.type !== 'EmitEvent')
    return refuse('RunCancelling', 'The run is being cancelled.');
  switch (command.type) {
    case 'AddNode':
      return admit(state, [command.spec], world);
    case 'AddNodes':
      return admit(state, command.specs, world);
    case 'RemoveNode':
      return removeNode(state, command);
    case 'AddDependency':
      return addDependency(state, command);
    case 'SetNodeInputs':
      return setInputs(state, command);
    case 'SkipNode': {
      const index = state.find(command.nodeId);
      if (index === undefined) return unknown(command.nodeId);
      const { status, extra } = state.nodes.get(index);
      if (
        status === N.RUNNING ||
        N.kindOf(state.nodes.get(index)) !== N.OPEN ||
        (status === N.WAITING && extra?.waitingOn !== 'input')
      )
        return wrongState(state, index, 'only a node that has not started can be skipped');
      return grant({
        type: 'NodeSkipped',
        nodeId: command.nodeId,
        reason: command.reason ?? 'skipped on request',
        ...(command.output === undefined ? {} : { output: command.output }),
      });
    }
    case 'RetryNode': {
      const index = state.find(command.nodeId);
      if (index === undefined) return unknown(command.nodeId);
      const { status } = state.nodes.get(index);
      if (status !== N.FAILED && status !== N.CANCELLED)
        return wrongState(state, index, 'only a failed or cancelled node can be retried');
      if (isCut(state, index)) return refuse('BranchCancelled', `Node "${command.nodeId}" is in a cancelled branch.`);
      return E.right(retry(state, index));
    }
    case 'ProvideInput': {
      const index = state.find(command.nodeId);
      if (index === undefined) return unknown(command.nodeId);
      const { status, extra, attempt, startedAt } = state.nodes.get(index);
      if (status !== N.WAITING || extra?.waitingOn !== 'input')
        return wrongState(state, index, 'it does not wait for input');
      return grant({
        type: 'NodeSucceeded',
        nodeId: command.nodeId,
        attempt,
        output: command.value,
        durationMs: Math.max(0, at - startedAt!),
        cached: false,
      });
    }
    case 'PauseBranch':
    case 'ResumeBranch':
    case 'CancelBranch':
      return branch(state, command);
    case 'PauseRun':
      return state.status === 'paused' ? grant() : grant({ type: 'RunPaused', ...reasonOf(command) });
    case 'ResumeRun':
      return state.status === 'paused' ? grant({ type: 'RunResumed' }) : grant();
    case 'CancelRun':
      return E.right(
        cancellations(state, {
          type: 'RunCancelling',
          reason: command.reason ?? 'cancelled on request',
          origin: 'user',
        }),
      );
    case 'SetConcurrency':
      if (command.maxParallelNodes === state.maxParallelNodes) return grant();
      if (!state.config.enableParallelExecution)
        return refuse('WrongState', 'This run takes one node at a time (config.enableParallelExecution is false).');
      return grant({ type: 'ConcurrencySet', maxParallelNodes: command.maxParallelNodes });
    case 'SetPriority': {
      const index = state.find(command.nodeId);
      if (index === undefined) return unknown(command.nodeId);
      return (state.nodes.get(index).spec.priority ?? 0) === command.priority
        ? grant()
        : grant({ type: 'PrioritySet', nodeId: command.nodeId, priority: command.priority });
    }
    case 'UpdateMetrics':
      return Object.entries(command.metrics).every(
        ([key, value]) => Object.hasOwn(state.custom, key) && state.custom[key] === value,
      )
        ? grant()
        : grant({ type: 'MetricsUpdated', metrics: command.metrics });
    case 'EmitEvent':
      return grant({ type: 'CustomEmitted', name: command.name, payload: command.payload });
  }
};

const reasonOf = ({ reason }: { readonly reason?: string }): { readonly reason?: string } =>
  reason === undefined ? {} : { reason };

const wrongState = (state: RunState, index: number, why: string): Answer => {
  const { spec, status } = state.nodes.get(index);
  return refuse('WrongState', `Node "${spec.id}" is ${nodeStatuses[status]!}; ${why}.`);
};

const removeNode = (state: RunState, { nodeId }: CommandOf<'RemoveNode'>): Answer => {
  const index = state.find(nodeId);
  if (index === undefined) return unknown(nodeId);
  const { status, spec } = state.nodes.get(index);
  if (status !== N.PENDING && status !== N.READY)
    return wrongState(state, index, 'only a node that has not started can be removed');
  if (spec.parent !== undefined)
    return refuse('Expanded', `Node "${nodeId}" belongs to "${spec.parent}" and can't be removed; skip it instead.`);
  const dependant = outsOf(state, index).find((out) => state.nodes.get(out).status !== N.REMOVED);
  if (dependant !== undefined)
    return refuse('HasDependents', `Node "${state.nodes.get(dependant).spec.id}" depends on "${nodeId}".`);
  return grant({ type: 'NodeRemoved', nodeId });
};

const hasBegun = (status: number): boolean => status !== N.PENDING && status !== N.READY;

const addDependency = (state: RunState, { from, to }: CommandOf<'AddDependency'>): Answer => {
  const source = state.find(from);
  const target = state.find(to);
  if (source === undefined) return unknown(from);
  if (target === undefined) return unknown(to);
  if (hasBegun(state.nodes.get(target).status))
    return wrongState(state, target, 'a dependency can only be added to a node that has not started');
  const refusal = refuseEdge(state, source, target);
  if (refusal !== undefined) return E.left(refusal);
  for (const dep of depsOf(state, target)) if (dep === source) return grant();
  return grant({ type: 'DependencyAdded', from, to });
};

const refuseEdge = (state: RunState, from: number, to: number): Refusal | undefined => {
  const names = [state.nodes.get(from).spec.id, state.nodes.get(to).spec.id] as const;
  if (from === to) return { type: 'SelfDependency', reason: `Node "${names[0]}" can't depend on itself.` };
  const cut = state.memberOf.get(from)?.find((m) => m.closed && m.control.cancelled && !m.control.members.has(to));
  if (cut !== undefined)
    return {
      type: 'BranchCancelled',
      reason: `Node "${names[1]}" would belong to branch "${cut.control.id}", which is cancelled.`,
    };
  const path = pathBetween(state, to, from);
  if (path !== undefined)
    return {
      type: 'Cycle',
      reason: `These nodes would wait for each other: ${pathText([...path, to].map((i) => state.nodes.get(i).spec.id))}.`,
    };
  // A fan-out or sub-DAG ends after its nodes, so they can't wait for it.
  for (
    let parent = state.nodes.get(to).spec.parent;
    parent !== undefined;
    parent = state.nodes.get(state.find(parent)!).spec.parent
  )
    if (parent === names[0] || pathBetween(state, state.find(parent)!, from) !== undefined)
      return { type: 'Cycle', reason: `Node "${names[1]}" belongs to "${parent}", which would wait for it.` };
  return undefined;
};

/** A path in at most 20 ids of at most 100 characters. */
const pathText = (ids: readonly string[]): string => {
  const shown = ids.length <= 20 ? ids : [...ids.slice(0, 18), `… ${ids.length - 19} more …`, ids[ids.length - 1]!];
  return shown.map((id) => id.slice(0, 100)).join(' -> ');
};

/** The nodes on a path along dependants, first and last included; a parent counts as depending on what it was expanded into. */
const pathBetween = (state: RunState, from: number, to: number): readonly number[] | undefined => {
  const cameFrom = new Map<number, number>([[from, -1]]);
  const work = [from];
  while (work.length > 0) {
    const at = work.pop()!;
    if (at === to) {
      const path: number[] = [];
      for (let i = to; i !== -1; i = cameFrom.get(i)!) path.push(i);
      return path.reverse();
    }
    const { parent } = state.nodes.get(at).spec;
    for (const next of parent === undefined ? outsOf(state, at) : [...outsOf(state, at), state.find(parent)!])
      if (!cameFrom.has(next) && state.nodes.get(next).status !== N.REMOVED) {
        cameFrom.set(next, at);
        work.push(next);
      }
  }
  return undefined;
};

const setInputs = (state: RunState, { nodeId, inputs }: CommandOf<'SetNodeInputs'>): Answer => {
  const index = state.find(nodeId);
  if (index === undefined) return unknown(nodeId);
  const { status, spec } = state.nodes.get(index);
  if (hasBegun(status)) return wrongState(state, index, 'inputs can only be set before a node starts');
  const binding = bindNode({ ...spec, inputs }, (id) => state.find(id));
  if (binding.errors.length > 0) return refuse('BadReference', `Node "${nodeId}": ${binding.errors[0]!.message}`);
  const known = new Set(depsOf(state, index));
  const bodies: EventBody[] = [];
  for (const dep of binding.deps) {
    const source = state.find(dep);
    if (source === undefined || known.has(source)) continue;
    const refusal = refuseEdge(state, source, index);
    if (refusal !== undefined) return E.left(refusal);
    bodies.push({ type: 'DependencyAdded', from: dep, to: nodeId });
  }
  if (bodies.length === 0 && jsonEquals((state.realSpec(index).inputs ?? {}) as never, inputs as never)) return grant();
  return E.right([...bodies, { type: 'NodeInputsSet', nodeId, inputs }]);
};

const branch = (state: RunState, command: CommandOf<'PauseBranch' | 'ResumeBranch' | 'CancelBranch'>): Answer => {
  const { branchId } = command;
  const control = state.controls.get(branchId);
  if (control === undefined && !isBranch(state, branchId))
    return refuse('UnknownBranch', `There is no branch "${branchId.slice(0, 200)}": no node has that label or id.`);
  if (control?.cancelled === true)
    return command.type === 'CancelBranch' ? grant() : refuse('BranchCancelled', `Branch "${branchId}" is cancelled.`);
  if (command.type === 'ResumeBranch')
    return control?.paused === true ? grant({ type: 'BranchResumed', branchId }) : grant();
  if (command.type === 'PauseBranch')
    return control?.paused === true ? grant() : grant({ type: 'BranchPaused', branchId, ...reasonOf(command) });
  const first: BodyOf<'BranchCancelled'> = { type: 'BranchCancelled', branchId, ...reasonOf(command) };
  return E.right(
    cancellations(
      state,
      first,
      control === undefined ? membersOf(state, branchId) : controlOf(state, branchId).members,
    ),
  );
};
