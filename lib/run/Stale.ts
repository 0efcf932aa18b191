import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';

/**
 * What a fork does not take over from a run, by node. A node that runs again does so from nothing, and all that depends on
 * it with it. Of one whose items or sub-DAG's nodes run again in part only the end is left out: the others stay, and it
 * waits for all of them once more.
 */
export class Stale {
  readonly #snapshot: ExecutorSnapshot;
  readonly #again = new Set<string>();
  readonly #reopened = new Set<string>();
  /** Of those the ones that wait already: none does twice, however often it had failed. */
  readonly #waiting = new Set<string>();
  /** Nodes that were added by what is left out. */
  readonly #gone = new Set<string>();

  constructor(snapshot: ExecutorSnapshot) {
    this.#snapshot = snapshot;
  }

  /** Lets a node run again. Gives whether that is news. */
  add(nodeId: string): boolean {
    if (this.#again.has(nodeId)) return false;
    const open: { readonly id: string; readonly isWhole: boolean }[] = [{ id: nodeId, isWhole: true }];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      const { id, isWhole } = one;
      if (this.#again.has(id) || (!isWhole && this.#reopened.has(id))) continue;
      (isWhole ? this.#again : this.#reopened).add(id);
      const node = this.#snapshot.node(id);
      if (node === undefined) continue;
      for (const dependent of node.dependents) open.push({ id: dependent, isWhole: true });
      // It comes to another output with its part.
      if (node.spec.parent !== undefined) open.push({ id: node.spec.parent, isWhole: false });
    }
    return true;
  }

  runsAgain(nodeId: string): boolean {
    return this.#again.has(nodeId);
  }

  /** Takes note of a node whose NodeAdded is left out. */
  leaveOut(nodeId: string): void {
    this.#gone.add(nodeId);
  }

  isGone(nodeId: string): boolean {
    return this.#gone.has(nodeId);
  }

  /** Whether an event tells of what does not hold in the fork; asked in the order of the log. */
  has(event: ExecutionEvent): boolean {
    switch (event.type) {
      case 'NodeAdded': {
        const { id, parent, deps = [] } = event.node;
        if (parent !== undefined && (this.#again.has(parent) || this.#gone.has(parent))) return true;
        if (event.after !== undefined && (this.#hasNoEnd(event.after) || this.#gone.has(event.after))) return true;
        if (deps.some((dep) => this.#gone.has(dep))) return true;
        // What a failure action is for may not fail this time.
        return event.by === undefined && deps.length === 1 && id === `${deps[0]!}.failure` && this.#hasNoEnd(deps[0]!);
      }
      case 'DependencyAdded':
        return this.#gone.has(event.from) || this.#gone.has(event.to);
      case 'NodeInputsSet':
      case 'PrioritySet':
        return this.#gone.has(event.nodeId);
      case 'NodeStarting':
      case 'NodeWaiting': {
        const { nodeId, type } = event;
        if (this.#again.has(nodeId) || this.#gone.has(nodeId) || this.#waiting.has(nodeId)) return true;
        if (type === 'NodeWaiting' && this.#reopened.has(nodeId)) this.#waiting.add(nodeId);
        return false;
      }
      default:
        return 'nodeId' in event && (this.#hasNoEnd(event.nodeId) || this.#gone.has(event.nodeId));
    }
  }

  #hasNoEnd(nodeId: string): boolean {
    return this.#again.has(nodeId) || this.#reopened.has(nodeId);
  }
}
