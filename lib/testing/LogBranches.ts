import type { LogNode } from './LogNode.js';

/** A branch that is paused or cancelled, closed over its members. */
export interface LogBranch {
  readonly id: string;
  state: 'paused' | 'cancelled';
  /** `flow`: it is the node of that id or depends on it (or was expanded from such a one), so its dependants are members, too. */
  readonly members: Map<LogNode, 'flow' | 'label'>;
}

/** Who belongs to the branches that are paused or cancelled now; others cost nothing. */
export class LogBranches {
  readonly #labelled = new Map<string, Set<LogNode>>();
  readonly #active = new Map<string, LogBranch>();

  /** Tells whether a name is a branch at all: a label, or the id of a node. */
  isKnown(id: string, node: LogNode | undefined): boolean {
    return node !== undefined || (this.#labelled.get(id)?.size ?? 0) > 0;
  }

  stateOf(id: string): 'running' | 'paused' | 'cancelled' {
    return this.#active.get(id)?.state ?? 'running';
  }

  /** Enters a node whose dependencies and parent are known. */
  enter(node: LogNode): void {
    const label = node.spec.branch;
    if (label !== undefined) {
      let nodes = this.#labelled.get(label);
      if (nodes === undefined) this.#labelled.set(label, (nodes = new Set()));
      nodes.add(node);
    }
    if (this.#active.size === 0) return;
    const named = this.#active.get(node.id);
    if (named !== undefined) join(named, node, 'flow');
    const labelled = label === undefined ? undefined : this.#active.get(label);
    if (labelled !== undefined) join(labelled, node, 'label');
    if (node.parent !== undefined)
      for (const branch of node.parent.branches ?? []) join(branch, node, branch.members.get(node.parent)!);
    for (const dep of node.deps) this.follow(dep, node);
  }

  leave(node: LogNode): void {
    if (node.spec.branch !== undefined) this.#labelled.get(node.spec.branch)?.delete(node);
    for (const branch of node.branches ?? []) branch.members.delete(node);
  }

  /** Takes a new dependant into the branches that its dependency hands on. */
  follow(dep: LogNode, node: LogNode): void {
    for (const branch of dep.branches ?? []) if (branch.members.get(dep) === 'flow') join(branch, node, 'flow');
  }

  /** Pauses or cancels a branch: all that belong to it are marked. */
  hold(id: string, state: 'paused' | 'cancelled', root: LogNode | undefined): LogBranch {
    if (this.#active.has(id)) this.release(id);
    const branch: LogBranch = { id, state, members: new Map() };
    this.#active.set(id, branch);
    if (root !== undefined) join(branch, root, 'flow');
    for (const node of this.#labelled.get(id) ?? []) join(branch, node, 'label');
    return branch;
  }

  /** Ends a pause. */
  release(id: string): void {
    const branch = this.#active.get(id);
    if (branch === undefined) return;
    this.#active.delete(id);
    for (const node of branch.members.keys()) {
      count(branch, node, -1);
      node.branches = node.branches?.filter((other) => other !== branch);
    }
  }
}

/** Takes a node, and what follows from that, into a branch. */
const join = (branch: LogBranch, first: LogNode, how: 'flow' | 'label'): void => {
  const stack: [LogNode, 'flow' | 'label'][] = [[first, how]];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [node, via] = next;
    const known = branch.members.get(node);
    if (known === 'flow' || known === via) continue;
    branch.members.set(node, via);
    if (known === undefined) {
      count(branch, node, 1);
      (node.branches ??= []).push(branch);
    }
    for (const child of node.children ?? []) stack.push([child, via]);
    if (via === 'flow') for (const dependent of node.dependents) stack.push([dependent, 'flow']);
  }
};

const count = (branch: LogBranch, node: LogNode, by: 1 | -1): void => {
  if (branch.state === 'paused') node.pausedBy += by;
  else node.cancelledBy += by;
};
