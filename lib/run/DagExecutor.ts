import * as E from '#fp-ts/Either';
import { Observable } from 'rxjs';
import type { ActionRegistry } from '../define/ActionRegistry.js';
import type { Cache } from '../define/Cache.js';
import { DagError } from '../define/DagError.js';
import type { Hook } from '../hooks/Hook.js';
import { defaultConfig, mergeConfig, type DagConfig } from '../model/DagConfig.js';
import type { DagExecutionReport, ExecutionTree } from '../model/DagExecutionReport.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { show } from '../model/explain.js';
import type { EventOf } from '../model/ExecutionEvent.js';
import type { Graph } from '../model/Graph.js';
import { didYouMean } from '../model/nearest.js';
import { compile } from '../plan/compile.js';
import type { GraphError } from '../plan/GraphError.js';
import type { Plan } from '../plan/Plan.js';
import { checkConfig, checkExecutorOptions, checkRunOptions, inputsFrom } from './checkOptions.js';
import type { DagRun } from './DagRun.js';
import type { EventStore } from './EventStore.js';
import { attempt, graphOf, invalid, type Definition } from './Definition.js';
import { keepShapes } from './keepShapes.js';
import type { ExecutorOptions, ForkOptions, ResumeOptions, RunOptions } from './ExecutorOptions.js';
import type { RunDiff } from './diffRuns.js';
import type { PastReader } from './openPast.js';
import type { Past } from './Past.js';
import type { Regained } from './regain.js';
import { agentName, newRunId } from './runNames.js';
import { RemoteDesk } from './Placements.js';
import { startRun } from './startRun.js';

/** Runs DAGs: any number at once, each with its own loop, log and cache. Nobody holds the executor; hooks ask by command. */
export class DagExecutor {
  readonly #options: ExecutorOptions;
  readonly #plans = new Map<string, Plan>();
  readonly #trees = new Map<string, () => ExecutionTree>();
  /** What was wrong with definitions that could not be loaded, for whoever starts them all the same. */
  readonly #refused = new Map<unknown, ReadonlyArray<GraphError>>();
  readonly #config: DagConfig;
  readonly #desk: RemoteDesk | undefined;
  #past: PastReader | undefined;

  /** Throws a `DagError` for a malformed config. */
  constructor(options: ExecutorOptions) {
    checkExecutorOptions(options);
    keepShapes();
    this.#options = options;
    this.#config = mergeConfig(defaultConfig, checkConfig(options.config));
    this.#desk = options.remote && new RemoteDesk(options.remote, options.scheduler);
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
   * whose definition is no longer sound here, one whose redacted inputs are not given again, and other inputs than the run's.
   */
  async resume(runId: string, options: ResumeOptions = {}): Promise<DagRun> {
    const { scheduler, random = Math.random } = this.#options;
    const store = this.#store('resume');
    (await checks()).checkResume(runId, options);
    const { readLog, readPast } = await pastReader();
    const { checkSame, regain } = await regainer();
    const [first] = (await readLog(store, runId, 1)) as [EventOf<'RunStarted'>];
    const regained = regain(first, inputsFrom(options), this.#plans.get(first.dagName), this.#options.registry);
    checkSame(first, regained.shown);
    const owner = { takeOver: options.takeOver, startedAt: scheduler?.now() ?? Date.now(), random };
    return this.#goOn(await readPast(store, runId, owner), regained, options);
  }

  /**
   * Begins another run with what a stored one had come to after event `atSeq`: what has ended is not run again, unless it
   * rests on an input that `inputs` changes, or is named in `again`, or depends on such a node. `commands` are asked before
   * anything starts. How the run ended, or was being ended, does not carry over; nodes that were cancelled run,
   * and there is all of `config.timeoutMs` for it again.
   */
  async fork(runId: string, options: ForkOptions): Promise<DagRun> {
    const { scheduler, random = Math.random } = this.#options;
    const store = this.#store('fork');
    (await checks()).checkFork(runId, options);
    const { atSeq, inputs = {}, commands = [], again = [] } = options;
    const { answeredIn, readLog, writePast } = await pastReader();
    const events = await readLog(store, runId, atSeq);
    const fresh = options.runId ?? newRunId(random);
    const { forkedLog } = await import('./forkedLog.js');
    const { regain } = await regainer();
    const first = events[0] as EventOf<'RunStarted'>;
    const regained = regain(first, inputsFrom({ inputs }), this.#plans.get(first.dagName), this.#options.registry);
    const now = scheduler?.now() ?? Date.now();
    const log = forkedLog(events, { runId: fresh, inputs: regained.shown, again, now });
    const answered = await answeredIn(store, runId, log);
    const past = await writePast(store, log.events, answered, { startedAt: now, random });
    const run = this.#goOn(past, regained, options);
    for (const command of commands) void run.dispatch(command);
    return run;
  }

  /** Tells in what two stored runs differ: where their logs part, and which nodes ended differently. */
  async diff(runA: string, runB: string): Promise<RunDiff> {
    const store = this.#store('diff');
    for (const runId of [runA, runB]) (await checks()).checkRunId(runId);
    const { readLog } = await pastReader();
    const { diffRuns } = await import('./diffRuns.js');
    return diffRuns(await readLog(store, runA), await readLog(store, runB));
  }

  /** The state of a stored run after event `seq`: exactly the fold of events 1 to seq, of none for 0. Rejects with a `DagError` for an unknown run or seq. */
  async snapshotAt(runId: string, seq: number): Promise<ExecutorSnapshot> {
    const store = this.#store('snapshotAt');
    const { PastReader } = await (opened ??= import('./openPast.js'));
    return (this.#past ??= new PastReader(store)).at(runId, seq);
  }

  #store(what: string): EventStore {
    const { store } = this.#options;
    if (store === undefined) throw new DagError('InvalidOptions', `${what} reads from a store; give the executor one.`);
    return store;
  }

  #goOn(past: Past, { plan, inputs }: Regained, options: ResumeOptions | ForkOptions): DagRun {
    const [first] = past.events as readonly [EventOf<'RunStarted'>];
    return startRun({
      ...this.#parts(options),
      runId: first.runId,
      plan,
      config: first.config,
      inputs,
      past,
      settled: () => undefined,
    });
  }

  #start(dag: string | Definition, options: RunOptions, settled: (report: DagExecutionReport) => void): DagRun {
    checkRunOptions(options);
    const overrides = checkConfig(options.config);
    const plan = this.#planFor(dag, overrides);
    const config: DagConfig = mergeConfig(this.#config, plan.graph.config, overrides);
    const parts = this.#parts(options);
    return startRun({
      ...parts,
      runId: options.runId ?? newRunId(parts.random),
      plan,
      config,
      inputs: inputsFrom(options),
      settled: (report) => {
        keepShapes(plan.nodes.length);
        if (this.#plans.has(plan.name)) this.#trees.set(plan.name, () => report.executionTree);
        settled(report);
      },
    });
  }

  /** What does not depend on the definition or the log. */
  #parts({ hooks = [], appData, cache, signal, estimates, weight }: RunOptions) {
    const { registry, store, results, slots, scheduler, random = Math.random } = this.#options;
    return {
      registry,
      library: (name: string) => this.#plans.get(name),
      hooks: [...(this.#options.hooks ?? []), ...hooks],
      appData: appData ?? this.#options.appData,
      cache,
      signal,
      estimates,
      store,
      results,
      slots,
      weight,
      remote: this.#desk,
      scheduler,
      random,
    };
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
    const config = mergeConfig(this.#config, overrides);
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

/** Few pages read stored runs, and none has to load what does before it does. */
const pastReader = () => import('./readPast.js');
let opened: Promise<{ readonly PastReader: typeof PastReader }> | undefined;
const checks = () => import('./checkStored.js');
const regainer = () => import('./regain.js');

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
