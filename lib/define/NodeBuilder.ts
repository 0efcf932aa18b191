import { show } from '../model/explain.js';
import { toJson } from '../model/Json.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { isRef } from '../model/Ref.js';
import { DagError } from './DagError.js';
import { withRefs } from './Handle.js';
import { RetryPolicyBuilder } from './RetryPolicyBuilder.js';

/** A node under construction, in Dagger's words. Each method gives the builder back. */
export class NodeBuilder {
  #spec: NodeSpec = { action: 'generic', cache: 'always' };
  #name: string | undefined;
  readonly #metadata = new Map<string, string>();

  /** Generated (action + counter) when absent. */
  id(id: string): this {
    return this.#say({ id });
  }

  /** For readers: kept among the node's instructions as `name=…`, where it is not the id. @default the id */
  name(name: string): this {
    this.#name = name;
    return this;
  }

  description(description: string): this {
    return this.#say({ description });
  }

  /** The action that the node runs. @default 'generic' */
  nodeType(action: string): this {
    return this.#say({ action });
  }

  /**
   * The node's inputs, by name; unlike Dagger's they may hold references (`ref('fetch.rows')`, `input('url')`), which
   * imply dependencies. Null is none. Throws a `DagError` for what has no names, such as a list, and `JsonError` for what
   * JSON cannot hold. @default null
   */
  config(config: Readonly<Record<string, any>> | null): this {
    const inputs = toJson(withRefs(config)) ?? {};
    if (typeof inputs !== 'object' || Array.isArray(inputs) || isRef(inputs))
      throw new DagError(
        'InvalidOptions',
        `The config of a node becomes its inputs; write an object, not ${isRef(inputs) ? 'a reference' : show(config)}.`,
      );
    return this.#say({ inputs: inputs as NonNullable<NodeSpec['inputs']> });
  }

  /** The longest that one attempt may run. No limit by default. */
  timeout(timeoutMs: number): this {
    return this.#say({ timeoutMs });
  }

  /** A policy of its own. As in Dagger it begins with the defaults, not with the policy of the DAG. */
  retryPolicy(configure: (policy: RetryPolicyBuilder) => RetryPolicyBuilder): this {
    return this.#say(configure(new RetryPolicyBuilder()).build());
  }

  /** Becomes `cache: 'always'` or `'never'`. @default true */
  cacheable(isCacheable: boolean): this {
    return this.#say({ cache: isCacheable ? 'always' : 'never' });
  }

  /** Kept among the node's instructions as `key=value`. Throws `JsonError` for what JSON cannot hold. */
  metadata(key: string, value: unknown): this {
    this.#metadata.set(key, metadataLine(key, value));
    return this;
  }

  /** The node so far. */
  build(): NodeSpec {
    const { id } = this.#spec;
    const name = this.#name === undefined || this.#name === id ? [] : [metadataLine('name', this.#name)];
    const instructions = [...name, ...this.#metadata.values()];
    return { ...this.#spec, ...(instructions.length > 0 && { instructions }) };
  }

  #say(part: Partial<NodeSpec>): this {
    this.#spec = { ...this.#spec, ...part };
    return this;
  }
}

/** Metadata as one line of text: `key=value`, where a value that is no text stands as JSON. */
export const metadataLine = (key: string, value: unknown): string =>
  `${key}=${typeof value === 'string' ? value : JSON.stringify(toJson(value))}`;
