import type { EventOf } from '../model/ExecutionEvent.js';
import type { LogNode } from './LogNode.js';
import type { LogState } from './LogState.js';

export const nodeAdded = (log: LogState, { node: spec }: EventOf<'NodeAdded'>): void => {
  const { id, parent: parentId } = spec;
  if (id === undefined) return log.say('I8', `a node of action "${spec.action}" is added without an id`);
  if (log.graph.get(id) !== undefined) return log.say('I8', 'it is added though its id is taken', id);
  if (log.status === 'cancelling') log.say('I15', 'it is added to a cancelling run', id);
  const { node, wrong } = log.graph.add(id, spec);
  for (const what of wrong) log.say('I8', `it is added, but ${what}`, id);
  if (parentId !== undefined) node.parent = parentOf(log, node, parentId);
  log.quiet = false;
  log.enter(node);
  if (node.cancelledBy > 0 && node.parent === undefined) log.say('I15', 'it is added to a cancelled branch', id);
};

/** The node that this one was expanded from, whose ids it must follow: `id[0]`, `id[1]`, … or `id/child`. */
const parentOf = (log: LogState, node: LogNode, parentId: string): LogNode | undefined => {
  const parent = log.graph.get(parentId);
  if (parent === undefined || parent.phase !== 'waiting') {
    log.say('I8', `it is expanded from "${parentId}", which is ${parent?.phase ?? 'unknown'}`, node.id);
    return parent;
  }
  const item = `${parentId}[${parent.children?.length ?? 0}]`;
  if (node.spec.index === undefined ? !node.id.startsWith(`${parentId}/`) : node.id !== item)
    log.say(
      'I8',
      `it is expanded from "${parentId}" under an id that is not of the form ${node.spec.index === undefined ? `${parentId}/child` : item}`,
      node.id,
    );
  return parent;
};

export const nodeRemoved = (log: LogState, { nodeId }: EventOf<'NodeRemoved'>): void => {
  const node = log.node(nodeId, 'it is removed', 'idle');
  if (node === undefined) return;
  const [dependent] = node.dependents;
  if (dependent !== undefined) log.say('I8', `it is removed though "${dependent.id}" depends on it`, nodeId);
  log.move(node, 'removed', 'good');
  log.branches.leave(node);
  log.graph.remove(node);
};

export const dependencyAdded = (log: LogState, { from, to }: EventOf<'DependencyAdded'>): void => {
  const source = log.graph.get(from);
  const target = log.node(to, `a dependency on "${from}" is added`, 'idle');
  if (target === undefined) return;
  if (source === undefined) return log.say('I8', `a dependency on "${from}" is added, which does not exist`, to);
  if (source.deps.has(target) || source === target || !log.graph.depend(source, target))
    return log.say('I8', `a dependency on "${from}" is added, which closes a cycle`, to);
  log.branches.follow(source, target);
};

export const branchPaused = (log: LogState, { branchId }: EventOf<'BranchPaused'>): void => {
  if (!checkBranch(log, branchId, 'paused', 'running')) return;
  log.branches.hold(branchId, 'paused', log.graph.get(branchId));
  log.unstart(({ pausedBy }) => pausedBy > 0);
};

export const branchResumed = (log: LogState, { branchId }: EventOf<'BranchResumed'>): void => {
  if (checkBranch(log, branchId, 'resumed', 'paused')) log.branches.release(branchId);
};

export const branchCancelled = (log: LogState, { branchId }: EventOf<'BranchCancelled'>): void => {
  if (checkBranch(log, branchId, 'cancelled', 'running', 'paused'))
    log.branches.hold(branchId, 'cancelled', log.graph.get(branchId));
};

const checkBranch = (log: LogState, id: string, what: string, ...allowed: readonly string[]): boolean => {
  const state = log.branches.stateOf(id);
  const known = state !== 'running' || log.branches.isKnown(id, log.graph.get(id));
  if (!known) log.say('I15', `branch "${id}" is ${what}, but no node has that label or id`);
  else if (!allowed.includes(state)) log.say('I15', `branch "${id}" is ${what} while it is ${state}`);
  else return true;
  return false;
};
