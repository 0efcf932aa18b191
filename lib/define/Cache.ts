import { Subject, type Observable } from 'rxjs';
import { setOwn, toJson, type Json } from '../model/Json.js';
import { DagError } from './DagError.js';

/** One change of a cache; the value is undefined when it was cleared. */
export interface CacheChange {
  readonly namespace: string;
  readonly key: string;
  readonly value: Json | undefined;
}

/**
 * Values by namespace (a node's id, `inputs`, `global:{dag}`) and key, as in Dagger. Values are copied as JSON when they
 * enter and frozen, so that nobody can change what another one reads.
 */
export class Cache {
  readonly #namespaces = new Map<string, Map<string, Json>>();
  /** Lists that only the cache knows yet: they grow in place until somebody reads them. */
  readonly #growing = new WeakSet<object>();
  #change: Subject<CacheChange> | undefined;

  /** Every change from now on. */
  get change$(): Observable<CacheChange> {
    return (this.#change ??= new Subject()).asObservable();
  }

  /** Throws `JsonError` for what JSON cannot hold. */
  insertValue(nodeId: string, key: string, value: unknown): void {
    this.#set(nodeId, key, toJson(value));
  }

  /** Undefined if there is none. */
  getInput<T = Json>(nodeId: string, key: string): T | undefined {
    return this.#get(nodeId, key) as T | undefined;
  }

  /** All values of a node by key; undefined if there are none. The object has no prototype. */
  getNode(nodeId: string): Readonly<Record<string, Json>> | undefined {
    const values = this.#namespaces.get(nodeId);
    if (values === undefined) return undefined;
    const found = Object.create(null) as Record<string, Json>;
    for (const key of values.keys()) found[key] = this.#get(nodeId, key)!;
    return found;
  }

  hasValue(nodeId: string, key: string): boolean {
    return this.#namespaces.get(nodeId)?.has(key) ?? false;
  }

  /** Forgets all values of a node. */
  clearNode(nodeId: string): void {
    const values = this.#namespaces.get(nodeId);
    this.#namespaces.delete(nodeId);
    for (const key of values?.keys() ?? []) this.#change?.next({ namespace: nodeId, key, value: undefined });
  }

  insertGlobalValue(dag: string, key: string, value: unknown): void {
    this.insertValue(`global:${dag}`, key, value);
  }

  /** Appends to a list: where nothing is, one is begun; a single value becomes its first item. */
  appendGlobalValue(dag: string, key: string, value: unknown): void {
    const namespace = `global:${dag}`;
    const item = toJson(value);
    const old = this.#namespaces.get(namespace)?.get(key);
    if (Array.isArray(old) && this.#growing.has(old)) {
      (old as Json[]).push(item);
      if (this.#change?.observed) this.#tell(namespace, key);
      return;
    }
    const items = old === undefined ? [item] : Array.isArray(old) ? [...(old as readonly Json[]), item] : [old, item];
    this.#growing.add(items);
    this.#set(namespace, key, items);
  }

  /** Undefined if there is none. */
  getGlobalValue<T = Json>(dag: string, key: string): T | undefined {
    return this.getInput(`global:${dag}`, key);
  }

  /** Dagger's form, `{"ns":{"key":{"value":X}}}`. */
  toJSON(): Record<string, Record<string, { value: Json }>> {
    const json: Record<string, Record<string, { value: Json }>> = {};
    for (const [namespace, values] of this.#namespaces) {
      const entries: Record<string, { value: Json }> = {};
      for (const key of values.keys()) setOwn(entries, key, { value: this.#get(namespace, key)! });
      setOwn(json, namespace, entries);
    }
    return json;
  }

  /** Reads what `toJSON` gives. Throws a `DagError` of type InvalidCache for anything else. */
  static fromJSON(json: unknown): Cache {
    const cache = new Cache();
    for (const [namespace, entries] of entriesOf(json, 'the cache'))
      for (const [key, entry] of entriesOf(entries, `namespace "${namespace.slice(0, 100)}"`)) {
        if (typeof entry !== 'object' || entry === null || !Object.hasOwn(entry, 'value'))
          throw new DagError(
            'InvalidCache',
            `Key "${key.slice(0, 100)}" of namespace "${namespace.slice(0, 100)}" is not of the form {"value": …}.`,
          );
        cache.insertValue(namespace, key, (entry as { value: unknown }).value);
      }
    return cache;
  }

  #get(namespace: string, key: string): Json | undefined {
    const value = this.#namespaces.get(namespace)?.get(key);
    if (Array.isArray(value) && this.#growing.delete(value)) Object.freeze(value);
    return value;
  }

  #set(namespace: string, key: string, value: Json): void {
    const values = this.#namespaces.get(namespace);
    if (values === undefined) this.#namespaces.set(namespace, new Map([[key, value]]));
    else values.set(key, value);
    if (this.#change?.observed) this.#tell(namespace, key);
  }

  #tell(namespace: string, key: string): void {
    this.#change!.next({ namespace, key, value: this.#get(namespace, key) });
  }
}

const entriesOf = (json: unknown, what: string): [string, unknown][] => {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new DagError('InvalidCache', `In the cache's JSON, ${what} is not an object.`);
  return Object.entries(json);
};
