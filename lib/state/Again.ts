import { depsOf } from './adjacency.js';
import type { RunState } from './RunState.js';

/**
 * Which nodes of a fork were asked to run again: those that were named, what belongs to such a node, and all that depends
 * on one or on what it belongs to.
 */
export class Again {
  readonly #state: RunState;
  readonly #again = new Set<number>();
  /** What nodes that were named belong to. */
  readonly #holders = new Set<number>();
  readonly #others = new Set<number>();

  constructor(state: RunState, named: readonly string[]) {
    this.#state = state;
    for (const id of named) {
      const index = state.find(id);
      if (index === undefined) continue; // it comes back with its parent, which runs again as a whole
      this.#again.add(index);
      for (let at = this.#parentOf(index); at !== undefined; at = this.#parentOf(at)) this.#holders.add(at);
    }
  }

  /** Asked when a node starts: what it rests on has ended and changes no more. */
  has(index: number): boolean {
    const open = new Set([index]);
    for (const at of open) {
      if (this.#others.has(at)) continue;
      const deps = [...depsOf(this.#state, at)];
      if (this.#again.has(at) || deps.some((dep) => this.#holders.has(dep))) {
        this.#again.add(index);
        return true;
      }
      for (const dep of deps) open.add(dep);
      const parent = this.#parentOf(at);
      if (parent !== undefined) open.add(parent);
    }
    for (const at of open) this.#others.add(at);
    return false;
  }

  #parentOf(index: number): number | undefined {
    const { parent } = this.#state.nodes.get(index).spec;
    return parent === undefined ? undefined : this.#state.find(parent);
  }
}
