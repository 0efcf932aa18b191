import { show } from '../model/explain.js';
import { builtIn } from '../plan/checkId.js';
import { DagError } from './DagError.js';
import type { NodeAction } from './NodeAction.js';

/** The actions that nodes can name. */
export class ActionRegistry {
  readonly #actions = new Map<string, NodeAction>();

  /** Throws a `DagError` if there is an action of that name already, or a built-in one. */
  register(...actions: readonly NodeAction[]): this {
    for (const action of actions) {
      if (
        typeof action !== 'object' ||
        typeof (action as NodeAction | null)?.name !== 'string' ||
        typeof action.execute !== 'function'
      )
        throw new DagError('InvalidAction', `A registry takes actions, made by action(); this is ${show(action)}.`);
      const { name } = action;
      if (this.#actions.has(name) || builtIn.includes(name))
        throw new DagError(
          'DuplicateAction',
          `There is an action ${show(name)} already; give one of them another name.`,
        );
      this.#actions.set(name, action);
    }
    return this;
  }

  get(name: string): NodeAction | undefined {
    return this.#actions.get(name);
  }

  has(name: string): boolean {
    return this.#actions.has(name);
  }

  /** The names, in the order in which they were registered. */
  list(): string[] {
    return [...this.#actions.keys()];
  }
}
