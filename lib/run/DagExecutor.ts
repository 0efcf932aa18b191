import * as E from '#fp-ts/Either';
import { Observable, type SchedulerLike } from 'rxjs';
import type { ActionRegistry } from '../define/ActionRegistry.js';
import type { Cache } from '../define/Cache.js';
import { DagError } from '../define/DagError.js';
import type { Hook } from '../hooks/Hook.js';
import { defaultConfig, type DagConfig } from '../model/DagConfig.js';
import type { DagExecutionReport, ExecutionTree } from '../model/DagExecutionReport.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { show } from '../model/explain.js';
import type { EventOf } from '../model/ExecutionEvent.js';
import type { Graph } from '../model/Graph.js';
import type { Json } from '../model/Json.js';
import { didYouMean } from '../model/nearest.js';
import { compile } from '../plan/compile.js';
import type { GraphError } from '../plan/GraphError.js';
import type { Plan } from '../plan/Plan.js';
import { initialSnapshot, reduce } from '../state/reduce.js';
import { checkConfig, checkExecutorOptions, checkRunOptions, inputsFrom } from './checkOptions.js';
import type { DagRun } from './DagRun.js';
import type { EventStore } from './EventStore.js';
import { attempt, graphOf, type Definition } from './Definition.js';
import { keepShapes } from './keepShapes.js';
import { readPast } from './readPast.js';
import { startRun } from './startRun.js';

export interface ExecutorOptions {
  readonly registry: ActionRegistry;
  /** Over the defaults, under the graph's and the run's. */
  readonly config?: Partial<DagConfig>;
  /** Hooks of every run, before the run's own. */
  readonly hooks?: readonly Hook[];
  /** Where runs are kept; without one their logs are in memory. */
  readonly store?: EventStore;
  readonly appData?: unknown;
  /** The only clock: timestamps, timeouts, delays. A virtual one makes runs virtual. @default asyncScheduler */
  readonly scheduler?: SchedulerLike;
  /** Chance for retry jitter and generated run ids: numbers in [0, 1). @default Math.random */
  readonly random?: () => number;
}

export interface RunOptions {
  /** What `inputs.…` references mean. @default {} */
  readonly inputs?: Readonly<Record<string, Json>>;
  /** @default a generated one */
  readonly runId?: string;
  readonly hooks?: readonly Hook[];
  readonly config?: Partial<DagConfig>;
  /** Gets the outputs as well. @default one of the run's own */
  readonly cache?: Cache;
  /** Cancels the run when it is aborted. */
  readonly signal?: AbortSignal;
  /** @default the executor's */
  readonly appData?: unknown;
}

export interface ResumeOptions {
  /** Takes the run over from an owner that seems to live; what that one still writes is refused. @default false */
  readonly takeOver?: boolean;
  /** The run's own hooks; the executor's come first, as when it was started. */
  readonly hooks?: readonly Hook[];
}

/** Runs DAGs: any number at once, each with its own loop, log and cache. Nobody holds the executor; hooks ask by command. */
export class DagExecutor {
  readonly #options: ExecutorOptions;
  readonly #plans = new Map<string, Plan>();
  readonly #trees = new Map<string, () => ExecutionTree>();
  /** What was wrong with definitions that could not be loaded, for whoever starts them all the same. */
  readonly #refused = new Map<unknown, ReadonlyArray<GraphError>>();
  readonly #config: DagConfig;

  /** Throws a `DagError` for a malformed config. */
  constructor(options: ExecutorOptions) {
    checkExecutorOptions(options);
    keepShapes();
    this.#options = options;
    this.#config = { ...defaultConfig, ...checkConfig(options.config) };
  }

  /** What all runs share: config, registry, store and hooks, frozen (the seed's name for it). */
  get shared(): SharedExecutorState {
    const { registry, store, hooks = [] } = this.#options;
    return Object.freeze({ config: this.#config, registry, store, hooks });
  }

  /** Loaded graphs, and the execution tree of the latest run of each (the seed's name for it): a view, to read only. */
  get state(): MutableExecutorState {
    const graphs = new Map<string, Graph>();
    for (const [name, { graph }] of this.#plans) graphs.set(name, graph);
    const executionTrees = new Map<string, ExecutionTree>();
    for (const [name, tree] of this.#trees) executionTrees.set(name, tree());
    return Object.freeze({ graphs, executionTrees });
  }

  /** Proves a graph sound and keeps it under its name, in place of an earlier one; or tells all that is wrong with it. */
  load(dag: Definition): E.Either<ReadonlyArray<GraphError>, Plan> {
    const compiled = compile(graphOf(dag), this.#options.registry, { config: this.#config });
    if (E.isRight(compiled)) {
      this.#plans.set(compiled.right.name, compiled.right);
      this.#refused.delete(compiled.right.name);
    } else
      this.#refused.set(
        attempt(() => (graphOf(dag) as Partial<Graph> | undefined)?.name, undefined),
        compiled.left,
      );
    return compiled;
  }

  /** Starts a run of a loaded DAG, or of a graph at hand. Throws a `DagError` for an unknown or invalid one. */
  start(dag: string | Definition, options: RunOptions = {}): DagRun {
    return this.#start(dag, options, () => undefined);
  }

  /** A run as a cold Observable of its report: each subscription starts one, unsubscribing cancels it. */
  execute$(dag: string | Definition, options: RunOptions = {}): Observable<DagExecutionReport> {
    return new Observable((subscriber) => {
      let settled = false;
      const run = this.#start(dag, options, (report) => {
        settled = true;
        subscriber.next(report);
        subscriber.complete();
      });
      run.report.catch((error: unknown) => subscriber.error(error));
      return () => {
        if (!settled) void run.cancel('unsubscribed');
      };
    });
  }

  /** Runs a loaded DAG; `cache` may hold inputs under `inputs`, and gets the outputs (Dagger: execute_static_dag). */
  async executeStaticDag(name: string, cache?: Cache, signal?: AbortSignal): Promise<DagExecutionReport> {
    return this.start(name, { ...(cache === undefined ? {} : { cache }), ...(signal === undefined ? {} : { signal }) })
      .report;
  }

  /** Runs one node of the action `supervisor_step`, to which hooks add the rest (Dagger: execute_agent_dag). */
  async executeAgentDag(task: string, cache?: Cache, signal?: AbortSignal): Promise<DagExecutionReport> {
    const graph: Graph = {
      name: agentName(task),
      author: 'system',
      version: '1.0',
      signature: 'auto-generated',
      tags: ['agent'],
      nodes: [
        { id: 'supervisor_start', action: 'supervisor_step', tryCount: this.#config.maxAttempts, inputs: { task } },
      ],
    };
    return this.start(graph, { ...(cache === undefined ? {} : { cache }), ...(signal === undefined ? {} : { signal }) })
      .report;
  }

  /**
   * Goes on with a stored run whose process has ended: no completed node runs again, interrupted ones do, with the same
   * idempotency key. Rejects with a `DagError` for an unknown run, one that a living owner holds (unless `takeOver`), one
   * whose definition is no longer sound here, and one with redacted values.
   */
  async resume(runId: string, options: ResumeOptions = {}): Promise<DagRun> {
    const { registry, store, scheduler, hooks = [], appData, random = Math.random } = this.#options;
    if (store === undefined) throw new DagError('InvalidOptions', 'resume reads from a store; give the executor one.');
    checkRunOptions(options);
    const past = await readPast(store, runId, options.takeOver === true, scheduler?.now() ?? Date.now(), random);
    const [first] = past.events as readonly [EventOf<'RunStarted'>];
    if (first.config.redact.length > 0)
      throw new DagError('InvalidOptions', `Run ${show(runId)} has redacted values; it can't be resumed yet.`);
    const compiled = compile(first.definition, registry, { config: first.config });
    if (E.isLeft(compiled)) throw invalid(compiled.left);
    return startRun({
      runId,
      plan: compiled.right,
      config: first.config,
      inputs: first.inputs,
      registry,
      library: (name) => this.#plans.get(name),
      hooks: [...hooks, ...(options.hooks ?? [])],
      cache: undefined,
      appData,
      store,
      scheduler,
      random,
      signal: undefined,
      warnings: [],
      past,
      settled: () => undefined,
    });
  }

  /** The state of a stored run after event `seq`: exactly the fold of events 1 to seq. Rejects with a `DagError` for an unknown run or seq. */
  async snapshotAt(runId: string, seq: number): Promise<ExecutorSnapshot> {
    const { store } = this.#options;
    if (store === undefined)
      throw new DagError('InvalidOptions', 'snapshotAt reads from a store; give the executor one.');
    let snapshot = initialSnapshot();
    if (seq === 0) return snapshot;
    for await (const event of store.read(runId)) {
      snapshot = reduce(snapshot, event);
      if (event.seq === seq) return snapshot;
    }
    if (snapshot.seq === 0) throw new DagError('UnknownRun', `There is no run ${show(runId)} in the store.`);
    throw new DagError('UnknownRun', `Run ${show(runId)} has ${snapshot.seq} events; there is no event ${show(seq)}.`);
  }

  #start(dag: string | Definition, options: RunOptions, settled: (report: DagExecutionReport) => void): DagRun {
    const { registry, store, scheduler, hooks = [], appData, random = Math.random } = this.#options;
    checkRunOptions(options);
    const overrides = checkConfig(options.config);
    const plan = this.#planFor(dag, overrides);
    const config: DagConfig = Object.freeze({ ...this.#config, ...plan.graph.config, ...overrides });
    const run = startRun({
      runId: options.runId ?? newRunId(random),
      plan,
      config,
      inputs: inputsFrom(options),
      registry,
      library: (name) => this.#plans.get(name),
      hooks: [...hooks, ...(options.hooks ?? [])],
      cache: options.cache,
      appData: options.appData ?? appData,
      store,
      scheduler,
      random,
      signal: options.signal,
      warnings: [],
      settled: (report) => {
        if (this.#plans.has(plan.name)) this.#trees.set(plan.name, () => report.executionTree);
        settled(report);
      },
    });
    return run;
  }

  #planFor(dag: string | Definition, overrides: Partial<DagConfig>): Plan {
    const named = typeof dag === 'string' ? this.#plans.get(dag) : undefined;
    if (typeof dag === 'string' && named === undefined) {
      const errors = this.#refused.get(dag);
      if (errors !== undefined) throw invalid(errors, `DAG ${show(dag)} could not be loaded: `);
      throw new DagError(
        'UnknownDag',
        `No DAG named ${show(dag)} is loaded${didYouMean(dag, this.#plans.keys()) || '.'}`,
      );
    }
    if (
      named !== undefined &&
      overrides.pools === undefined &&
      overrides.maxNodes === undefined &&
      overrides.maxAttempts === undefined
    )
      return named;
    const graph = named?.graph ?? (graphOf(dag as Definition) as Graph);
    const config = { ...this.#config, ...overrides };
    const compiled = compile(
      overrides.pools === undefined && overrides.maxNodes === undefined
        ? graph
        : attempt(() => ({ ...graph, config: { ...graph.config, ...overrides } }), graph),
      registryOf(this.#options),
      { config },
    );
    if (E.isRight(compiled)) return compiled.right;
    throw invalid(compiled.left);
  }
}

const invalid = (errors: ReadonlyArray<GraphError>, before = ''): DagError =>
  new DagError('InvalidDag', before + errors.map(({ message }) => message).join('\n'), errors);

const registryOf = ({ registry }: ExecutorOptions): ActionRegistry => registry;

/** What every run of an executor shares. */
export interface SharedExecutorState {
  readonly config: DagConfig;
  readonly registry: ActionRegistry;
  readonly store: EventStore | undefined;
  readonly hooks: readonly Hook[];
}

/** What changes in an executor: held by runs alone, shown as it is at the moment. */
export interface MutableExecutorState {
  readonly graphs: ReadonlyMap<string, Graph>;
  readonly executionTrees: ReadonlyMap<string, ExecutionTree>;
}

/** A task may be longer and odder than a name; the node gets it whole. */
const agentName = (task: string): string =>
  task
    .slice(0, 200)
    .replaceAll(/[\0\p{Cs}]/gu, ' ')
    .trim() || 'agent';

const newRunId = (random: () => number): string => {
  let id = '';
  while (id.length < 20) id += Math.floor(random() * 2 ** 30).toString(36);
  return `run-${id.slice(0, 20)}`;
};
