// What is measured. Each subject takes a graph, puts it in its own notation (not measured), and gives back the
// function to measure, which resolves to the number of actions that ran.
import { PGraph } from 'p-graph';
import { ActionRegistry, DagExecutor, action } from '../../dist/index.js';

const LIMIT = 16;

/** Compiles and runs, watched by one subscriber per stream and one hook; keeps the run in a store if there is one. */
export const rxdag = (nodes, store) => {
  let ran = 0;
  let seen = 0;
  const registry = new ActionRegistry();
  registry.register(
    action('noop', async () => {
      ran++;
    }),
  );
  const executor = new DagExecutor({
    registry,
    ...(store && { store }),
    config: { maxParallelNodes: LIMIT },
    hooks: [{ name: 'bench', onNodeComplete() {} }],
  });
  const graph = { name: 'bench', nodes: nodes.map(({ id, deps }) => ({ id, action: 'noop', deps })) };
  return async () => {
    const run = executor.start(graph);
    run.event$.subscribe(() => seen++);
    run.snapshot$.subscribe(() => seen++);
    const report = await run.report;
    if (!report.success || seen < 3 * nodes.length) throw new Error(`rxdag: ${report.error ?? `${seen} emissions`}`);
    return ran;
  };
};

/** Builds the graph and runs it. */
const pGraph = (nodes) => {
  let ran = 0;
  const run = async () => {
    ran++;
  };
  const nodeMap = new Map(nodes.map(({ id }) => [id, { run }]));
  const dependencies = nodes.flatMap(({ id, deps }) => deps.map((dep) => [dep, id]));
  return async () => {
    await new PGraph(nodeMap, dependencies).run({ concurrency: LIMIT });
    return ran;
  };
};

/** The floor: one Promise.all per node, with no limit and nothing to watch. */
const promises = (nodes) => {
  let ran = 0;
  const noop = async () => {
    ran++;
  };
  return async () => {
    const started = new Map();
    for (const { id, deps } of nodes) started.set(id, Promise.all(deps.map((dep) => started.get(dep))).then(noop));
    await Promise.all(started.values());
    return ran;
  };
};

export const subjects = { rxdag, 'p-graph': pGraph, promises };
