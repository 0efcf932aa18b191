import { Cache } from '../define/Cache.js';
import { getOwn, setOwn, type Json } from '../model/Json.js';
import type { RunState } from '../state/RunState.js';
import { outputOf } from '../state/values.js';

/** A node's output as the cache shows it: an object's own keys, anything else under `value`. */
export const cacheEntries = (output: Json): readonly (readonly [string, Json])[] =>
  typeof output === 'object' && output !== null && !Array.isArray(output)
    ? Object.entries(output)
    : [['value', output]];

/**
 * A run's own cache. What was put in comes first; outputs of nodes are found under their ids without having been copied.
 */
class RunCache extends Cache {
  readonly #outputs: { of(id: string): Json | undefined; ids(): Iterable<string> };

  constructor(outputs: { of(id: string): Json | undefined; ids(): Iterable<string> }) {
    super();
    this.#outputs = outputs;
  }

  override getInput<T = Json>(nodeId: string, key: string): T | undefined {
    return super.getInput<T>(nodeId, key) ?? (this.#output(nodeId, key) as T | undefined);
  }

  override getNode(nodeId: string): Readonly<Record<string, Json>> | undefined {
    const own = super.getNode(nodeId);
    const output = this.#outputs.of(nodeId);
    if (output === undefined) return own;
    const found = Object.create(null) as Record<string, Json>;
    for (const [key, value] of cacheEntries(output)) found[key] = value;
    return Object.assign(found, own);
  }

  override hasValue(nodeId: string, key: string): boolean {
    return super.hasValue(nodeId, key) || this.#output(nodeId, key) !== undefined;
  }

  override toJSON(): Record<string, Record<string, { value: Json }>> {
    const json = super.toJSON();
    for (const id of this.#outputs.ids()) {
      const entries = Object.hasOwn(json, id) ? json[id]! : {};
      for (const [key, value] of cacheEntries(this.#outputs.of(id)!))
        if (!Object.hasOwn(entries, key)) setOwn(entries, key, { value });
      setOwn(json, id, entries);
    }
    return json;
  }

  #output(nodeId: string, key: string): Json | undefined {
    const output = this.#outputs.of(nodeId);
    if (output === undefined) return undefined;
    return typeof output === 'object' && output !== null && !Array.isArray(output)
      ? getOwn(output, key)
      : key === 'value'
        ? output
        : undefined;
  }
}

/**
 * A cache of the run's own: outputs, and the run's inputs under `inputs`, are read from its state.
 *
 * @param isShown - Whether the world may see yet what a node gave.
 */
export const runCache = (state: RunState, isShown: (index: number) => boolean): Cache => {
  const shownOf = (index: number): Json | undefined => (isShown(index) ? outputOf(state, index) : undefined);
  return new RunCache({
    of: (id) => {
      if (id === 'inputs') return state.vault?.inputs ?? state.inputs;
      const index = state.find(id);
      return index === undefined ? undefined : shownOf(index);
    },
    *ids() {
      if (Object.keys(state.inputs).length > 0) yield 'inputs';
      for (let index = 0; index < state.nodes.size; index++)
        if (shownOf(index) !== undefined) yield state.nodes.get(index).spec.id;
    },
  });
};
