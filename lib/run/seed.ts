import type { Cache } from '../define/Cache.js';
import type { Hook, NodeAdder } from '../hooks/Hook.js';
import type { DagExecutionReport } from '../model/DagExecutionReport.js';
import type { Graph } from '../model/Graph.js';
import type { DagExecutor } from './DagExecutor.js';

/** A definition, or a builder that holds one. */
export type GivenDag = Graph | { readonly graph: Graph };

/**
 * Runs a DAG under a name, nodes in parallel, with the executor's hooks (Dagger: `execute_dag_parallel`, which had to do
 * without). The cache may hold inputs under `inputs` and gets the outputs. A thin form of `executor.start`: it throws a
 * `DagError` for an invalid DAG, as a rejection, and nothing else.
 *
 * The second value is Dagger's `needs_human_check`: whether the run was stopped by `maxIterations`, so that a person
 * should look at it. Whether it succeeded is `report.success`.
 *
 * @example
 * ```ts
 * import { Cache, DagExecutor, action, dag, executeDagParallel } from 'rxdag';
 *
 * const sums = dag('sums').node('one', action('one', () => 1));
 * const cache = new Cache();
 * const [report, needsHuman] = await executeDagParallel(new DagExecutor({ registry: sums.registry }), sums, cache, 'today');
 * [report.dagName, report.success, needsHuman]; // => [ 'today', true, false ]
 * ```
 */
export const executeDagParallel = (
  executor: DagExecutor,
  dag: GivenDag,
  cache: Cache,
  dagName: string,
): Promise<[DagExecutionReport, boolean]> => executeDagParallelWithHooks(executor, dag, cache, dagName, []);

/** As `executeDagParallel`, with further hooks for this run. */
export const executeDagParallelWithHooks = async (
  executor: DagExecutor,
  dag: GivenDag,
  cache: Cache,
  dagName: string,
  hooks: readonly Hook[],
): Promise<[DagExecutionReport, boolean]> => {
  const config = { enableParallelExecution: true };
  const report = await executor.start({ ...graphOf(dag), name: dagName }, { cache, hooks, config }).report;
  return [report, report.nodeOutcomes.some(({ finalError }) => isIterationLimit(finalError?.message))];
};

export interface ExecuteWithHooksOptions {
  /** One node at a time, as the short-term plan of the first design had it; the report's `warnings` say so. @default false */
  readonly sequential?: boolean;
  /** Hooks of this run, after the executor's. */
  readonly hooks?: readonly Hook[];
}

/**
 * Runs a DAG with hooks. The first design meant this to fall back to one node at a time; here hooks and parallel nodes
 * get on, so it stays parallel, unless the sequential form is asked for.
 *
 * @param dag - A definition, a builder, or the name of a loaded DAG.
 */
export const executeWithHooks = async (
  executor: DagExecutor,
  dag: GivenDag | string,
  cache: Cache,
  { sequential = false, hooks = [] }: ExecuteWithHooksOptions = {},
): Promise<DagExecutionReport> => {
  const config = sequential ? { enableParallelExecution: false } : {};
  const report = await executor.start(typeof dag === 'string' ? dag : graphOf(dag), { cache, hooks, config }).report;
  if (!sequential) return report;
  const warning =
    'The run went one node at a time, because sequential: true was given; hooks work with parallel nodes too.';
  return { ...report, warnings: [...report.warnings, warning] };
};

/**
 * What adds nodes to a run that goes on, safely however many nodes run at once: the `nodeAdder` of a hook's context, under
 * the name that the first design gave it.
 */
export type ThreadSafeNodeAdder = NodeAdder;

const graphOf = (dag: GivenDag): Graph => (typeof dag === 'object' && dag !== null && 'graph' in dag ? dag.graph : dag);

const isIterationLimit = (message = ''): boolean =>
  /^(?:Failed after .*: )?Maximum iterations \(\d+\) reached$/.test(message);
