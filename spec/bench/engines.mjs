// What is measured. Each engine takes a graph and what its nodes do, puts it down as its users would (not measured), and
// gives back what is measured: all from there to the end of a run. A module is loaded only if its engine is asked for.
import { ActionRegistry, DagExecutor, action } from '../../dist/index.js';

const LIMIT = 16;

/** With what a program that watches its runs has: a subscriber of events and one of snapshots, and a hook. */
export const rxdag = (nodes, work, { store, hooks = 1, subscribers = 1, readers = 1, read = () => undefined } = {}) => {
  let seen = 0;
  const registry = new ActionRegistry().register(
    action('noop', async ({ nodeId }) => {
      work.do(Number(nodeId.slice(1)));
    }),
  );
  const executor = new DagExecutor({
    registry,
    ...(store && { store }),
    config: { maxParallelNodes: LIMIT },
    hooks: Array.from({ length: hooks }, (_, i) => ({ name: `bench ${i}`, onNodeComplete() {} })),
  });
  const graph = { name: 'bench', nodes: nodes.map(({ id, deps }) => ({ id, action: 'noop', deps })) };
  return async () => {
    seen = 0;
    const run = executor.start(graph);
    for (let i = 0; i < subscribers; i++) run.event$.subscribe(() => seen++);
    for (let i = 0; i < readers; i++)
      run.snapshot$.subscribe((snapshot) => {
        seen++;
        read(snapshot);
      });
    const report = await run.report;
    if (!report.success) throw new Error(`rxdag: ${report.error}`);
    if (seen < (2 * subscribers + readers) * nodes.length) throw new Error(`rxdag: only ${seen} emissions`);
  };
};

const pGraph = async (nodes, work) => {
  const { PGraph } = await import('p-graph');
  const nodeMap = new Map(nodes.map(({ id, index }) => [id, { run: async () => work.do(index) }]));
  const dependencies = nodes.flatMap(({ id, deps }) => deps.map((dep) => [dep, id]));
  return () => new PGraph(nodeMap, dependencies).run({ concurrency: LIMIT });
};

const asyncAuto = async (nodes, work) => {
  const { auto } = await import('async');
  const tasks = Object.fromEntries(nodes.map(({ id, index, deps }) => [id, [...deps, async () => work.do(index)]]));
  return () => auto(tasks, LIMIT);
};

const graphAI = async (nodes, work) => {
  const { GraphAI } = await import('graphai');
  const info = { name: 'noop', inputs: {}, output: {}, samples: [], description: '', category: [] };
  const agent = async ({ params: { index } }) => {
    work.do(index);
    return 1;
  };
  const noop = { ...info, agent, mock: agent, author: '', repository: '', license: '' };
  const graph = {
    version: 0.5,
    concurrency: LIMIT,
    nodes: Object.fromEntries(
      nodes.map(({ id, index, deps }) => [
        id,
        { agent: 'noop', params: { index }, inputs: { deps: deps.map((dep) => `:${dep}`) } },
      ]),
    ),
  };
  return () => new GraphAI(graph, { noop }).run(true);
};

const flowcraft = async (nodes, work) => {
  const { FlowRuntime, createFlow } = await import('flowcraft');
  const flow = createFlow('bench');
  for (const { id, index } of nodes)
    flow.node(
      id,
      async () => {
        work.do(index);
        return { output: 1 };
      },
      { config: { joinStrategy: 'all' } },
    );
  for (const { id, deps } of nodes) for (const dep of deps) flow.edge(dep, id);
  const blueprint = flow.toBlueprint();
  const options = { functionRegistry: flow.getFunctionRegistry(), concurrency: LIMIT };
  const runtime = new FlowRuntime({ registry: {} });
  return async () => {
    const { status } = await runtime.run(blueprint, {}, options);
    if (status !== 'completed') throw new Error(`flowcraft: ${status}`);
  };
};

const langGraph = async (nodes, work) => {
  const { Annotation, END, START, StateGraph } = await import('@langchain/langgraph');
  const State = Annotation.Root({ ran: Annotation({ reducer: (a, b) => a + b, default: () => 0 }) });
  const parents = new Set(nodes.flatMap(({ deps }) => deps));
  return async () => {
    const graph = new StateGraph(State);
    for (const { id, index } of nodes)
      graph.addNode(id, async () => {
        work.do(index);
        return { ran: 1 };
      });
    for (const { id, deps } of nodes) {
      graph.addEdge(deps.length === 0 ? START : deps.length === 1 ? deps[0] : deps, id);
      if (!parents.has(id)) graph.addEdge(id, END);
    }
    await graph.compile().invoke({}, { recursionLimit: nodes.length + 2, maxConcurrency: LIMIT });
  };
};

/** The floor: a Promise.all for each node, with no limit and nothing to watch. */
const promises = (nodes, work) => async () => {
  const started = new Map();
  for (const { id, index, deps } of nodes)
    started.set(
      id,
      Promise.all(deps.map((dep) => started.get(dep))).then(async () => work.do(index)),
    );
  await Promise.all(started.values());
};

/** What can be written by hand for one graph: numbers, counts and a queue, at most so many at once, and nothing to watch. */
const loop = (nodes, work) => {
  const children = nodes.map(() => []);
  for (const { index, parents } of nodes) for (const parent of parents) children[parent].push(index);
  const run = async (index) => work.do(index);
  return () =>
    new Promise((resolve, reject) => {
      const waiting = Int32Array.from(nodes, ({ parents }) => parents.length);
      const ready = new Int32Array(nodes.length);
      let [head, tail, running, ended] = [0, 0, 0, 0];
      for (const { index } of nodes) if (waiting[index] === 0) ready[tail++] = index;
      const fill = () => {
        while (running < LIMIT && head < tail) {
          const index = ready[head++];
          running++;
          run(index).then(() => {
            running--;
            ended++;
            for (const child of children[index]) if (--waiting[child] === 0) ready[tail++] = child;
            if (ended === nodes.length) resolve();
            else fill();
          }, reject);
        }
      };
      fill();
    });
};

export const engines = {
  rxdag,
  'p-graph': pGraph,
  'async.auto': asyncAuto,
  GraphAI: graphAI,
  flowcraft,
  LangGraph: langGraph,
  promises,
  loop,
};
