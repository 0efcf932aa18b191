import * as E from '#fp-ts/Either';
import { defaultConfig } from '../model/DagConfig.js';
import { show } from '../model/explain.js';
import type { Graph } from '../model/Graph.js';
import { didYouMean } from '../model/nearest.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { compile, type ActionLookup } from '../plan/compile.js';
import { Findings } from '../plan/Findings.js';
import type { GraphError } from '../plan/GraphError.js';
import type { Plan } from '../plan/Plan.js';
import { DagError } from './DagError.js';
import { handlingOf, type ErrorHandling } from './ErrorHandling.js';
import { NodeBuilder, metadataLine } from './NodeBuilder.js';
import { RetryPolicyBuilder } from './RetryPolicyBuilder.js';

/**
 * Dagger's configuration builder. There nothing ran what it gave; here `build` gives a `Graph` like any other. Durations
 * are in milliseconds, dependencies may be told before their nodes, and an id that is given twice is an error. Each method
 * gives the builder back. New code is better off with `dag()`, whose types know what a node can read.
 *
 * @example
 * ```ts
 * import { ActionRegistry, DagExecutor, DagFlowBuilder, action, input, ref } from 'rxdag';
 *
 * const graph = new DagFlowBuilder('sums')
 *   .maxParallelNodes(2)
 *   .retryPolicy((policy) => policy.maxRetries(1).fixedBackoff())
 *   .node((node) => node.id('one').nodeType('add').config({ a: input('n'), b: 1 }))
 *   .node((node) => node.id('two').nodeType('add').config({ a: ref('one'), b: 1 }))
 *   .dependsOn('two', 'one')
 *   .build();
 * const registry = new ActionRegistry().register(action('add', ({ inputs: { a, b } }) => a + b));
 * const report = await new DagExecutor({ registry }).start(graph, { inputs: { n: 5 } }).report;
 * report.outputs['two']; // => 7
 * ```
 */
export class DagFlowBuilder {
  readonly #name: string;
  readonly #nodes: NodeSpec[] = [];
  /** By node, in the order in which they were told. */
  readonly #deps = new Map<string, Set<string>>();
  readonly #metadata = new Map<string, string>();
  #retry = new RetryPolicyBuilder();
  #description: string | undefined;
  #timeoutMs = 3_600_000;
  #maxParallelNodes = 10;
  #handling = handlingOf('StopOnError');
  #isCaching = true;

  constructor(name: string) {
    this.#name = name;
  }

  description(text: string): this {
    this.#description = text;
    return this;
  }

  /** Becomes `config.timeoutMs`. @default 3,600,000 */
  maxExecutionTime(timeoutMs: number): this {
    this.#timeoutMs = timeoutMs;
    return this;
  }

  /** Becomes `config.maxParallelNodes`. @default 10 */
  maxParallelNodes(count: number): this {
    this.#maxParallelNodes = count;
    return this;
  }

  /**
   * How nodes without a policy of their own are retried: becomes their `tryCount` and `config.retryStrategy`;
   * `config.maxAttempts` is raised to what any node asks for. @default 3 retries after 1 s, 2 s and 4 s
   */
  retryPolicy(configure: (policy: RetryPolicyBuilder) => RetryPolicyBuilder): this {
    this.#retry = configure(this.#retry);
    return this;
  }

  /**
   * `StopOnError` cancels the run (`config.onFailure: 'Stop'`). With all others it goes on (`'Continue'`): dependants of the
   * failed node are skipped by `ContinueOnError`, and run by `SkipOnError` (every node's `onFailure: 'continue'`), with null
   * for what they read from it. `{ custom }` is as `ContinueOnError`, and the action of that name runs after each final failure
   * (every node's `failureAction`). @default 'StopOnError'
   */
  errorHandling(strategy: ErrorHandling): this {
    this.#handling = handlingOf(strategy);
    return this;
  }

  /** False makes every node's `cache` 'never', cacheable or not. @default true */
  enableCaching(isEnabled: boolean): this {
    this.#isCaching = isEnabled;
    return this;
  }

  /** Changes nothing: metrics are always counted. Throws a `DagError` for false. @default true */
  enableMetrics(isEnabled: boolean): this {
    if (!isEnabled)
      throw new DagError('InvalidOptions', 'Metrics are always counted, at no cost; leave enableMetrics(false) out.');
    return this;
  }

  /** Becomes one of the DAG's tags, `key=value`. Throws `JsonError` for what JSON cannot hold. */
  metadata(key: string, value: unknown): this {
    this.#metadata.set(key, metadataLine(key, value));
    return this;
  }

  node(configure: (node: NodeBuilder) => NodeBuilder): this {
    this.#nodes.push(configure(new NodeBuilder()).build());
    return this;
  }

  nodes(nodes: Iterable<(node: NodeBuilder) => NodeBuilder>): this {
    for (const configure of nodes) this.node(configure);
    return this;
  }

  /** `node` starts only after `dependency` has ended. Either may be declared later. */
  dependsOn(node: string, dependency: string): this {
    const known = this.#deps.get(node);
    if (known === undefined) this.#deps.set(node, new Set([dependency]));
    else known.add(dependency);
    return this;
  }

  dependsOnAll(node: string, dependencies: Iterable<string>): this {
    for (const dependency of dependencies) this.dependsOn(node, dependency);
    return this;
  }

  /** Finds all that is wrong at once, as `compile` does. Without a registry any action will do, as long as it has a name. */
  validate(registry: ActionLookup = anyAction): E.Either<ReadonlyArray<GraphError>, Plan> {
    const compiled = compile(this.#graph(), registry);
    const lost = this.#lostDependencies();
    if (lost.length === 0) return compiled;
    return E.left([...lost, ...(E.isLeft(compiled) ? compiled.left : [])]);
  }

  /** The DAG so far, frozen: what is said later changes later ones alone. Throws a `DagError` if it does not validate. */
  build(registry?: ActionLookup): Graph {
    const validated = this.validate(registry);
    if (E.isRight(validated)) return validated.right.graph;
    const errors = validated.left;
    throw new DagError('InvalidDag', errors.map(({ message }) => message).join('\n'), errors);
  }

  #graph(): Graph {
    const { tryCount, retry } = this.#retry.build();
    const nodes = this.#nodes.map((node): NodeSpec => {
      const spec = { tryCount, ...this.#handling.node, ...node };
      const deps = spec.id === undefined ? undefined : this.#deps.get(spec.id);
      return { ...spec, ...(deps && { deps: [...deps] }), ...(!this.#isCaching && { cache: 'never' }) };
    });
    return {
      name: this.#name,
      nodes,
      config: {
        maxParallelNodes: this.#maxParallelNodes,
        timeoutMs: this.#timeoutMs,
        retryStrategy: retry,
        maxAttempts: nodes.reduce((most, node) => Math.max(most, node.tryCount!), defaultConfig.maxAttempts),
        onFailure: this.#handling.onFailure,
      },
      ...(this.#description !== undefined && { description: this.#description }),
      ...(this.#metadata.size > 0 && { tags: [...this.#metadata.values()] }),
    };
  }

  /** What was told of nodes that are not there, which a graph can't show. */
  #lostDependencies(): readonly GraphError[] {
    const ids = new Set(this.#nodes.flatMap(({ id }) => id ?? []));
    const findings = new Findings();
    for (const node of this.#deps.keys())
      if (!ids.has(node)) {
        const hint = (): string => didYouMean(node, ids) || '.';
        findings.add('UnknownDependency', () => `Node ${show(node)} of dependsOn is not defined${hint()}`, node);
      }
    return findings.list();
  }
}

/** Stands for a registry that is not known yet. */
const anyAction: ActionLookup = { has: (name) => name !== '', list: () => [] };
