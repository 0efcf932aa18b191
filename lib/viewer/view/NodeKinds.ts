import type { NodeSpec } from '../../model/NodeSpec.js';
import { Names } from './numbered.js';

/** So many actions are told apart when nodes are put together. */
const ACTIONS_MAX = 10_000;

/** What of nodes tells which of them belong together, by index: as numbers, so that a million are looked through at once. */
export class NodeKinds {
  /** The number of an action; -1 for actions beyond the first 10,000. */
  actions = new Int32Array(64);
  /** The number of a branch, or -1. */
  branches = new Int32Array(64);
  /** The node that this one is a part of, or -1. */
  parents = new Int32Array(64);
  readonly actionNames = new Names(ACTIONS_MAX);
  readonly branchNames = new Names(Infinity);

  /** Makes room for so many nodes. */
  reserve(size: number): void {
    if (size <= this.actions.length) return;
    const room = Math.max(size, 2 * this.actions.length);
    const wider = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(room);
      grown.set(old);
      return grown;
    };
    this.actions = wider(this.actions);
    this.branches = wider(this.branches);
    this.parents = wider(this.parents);
  }

  /** Takes a node; `parent` is the index of the one that it is a part of. */
  add(index: number, { action, branch }: NodeSpec, parent: number | undefined): void {
    this.reserve(index + 1);
    this.actions[index] = this.actionNames.numberOf(action);
    this.branches[index] = branch === undefined ? -1 : this.branchNames.numberOf(branch);
    this.parents[index] = parent ?? -1;
  }
}
