// What rxdag may cost beside others: all of them in turn in one process, warmed up.
// usage: budgets.mjs [quick]
import { ActionRegistry, DagExecutor, action } from '../../dist/index.js';
import { shapes } from './graphs.mjs';
import { inTurn, median, ready } from './measure.mjs';

const isQuick = process.argv[2] === 'quick';

const against = async (size, names, rounds) => {
  const nodes = shapes.layered(size);
  const subjects = {};
  for (const name of names) subjects[name] = await ready(name, nodes);
  return inTurn(subjects, rounds);
};

const cpu = {
  1_000: await against(1_000, ['rxdag', 'GraphAI', 'flowcraft'], { warmUp: 20, rounds: 15 }),
  3_000: await against(3_000, ['rxdag', 'GraphAI', 'flowcraft'], { warmUp: 5, rounds: 7 }),
  10_000: await against(10_000, ['rxdag', 'p-graph', 'promises', 'loop'], { warmUp: 20, rounds: 15 }),
};
if (!isQuick) cpu[100_000] = await against(100_000, ['rxdag', 'p-graph', 'promises', 'loop'], { warmUp: 3, rounds: 7 });

/** How much more a node costs in a large graph than in a small one. */
const growthOf = async (name) => {
  const small = await ready(name, shapes.layered(10_000));
  const smalls = [];
  for (let i = 0; i < 100; i++) smalls.push(await small.cpu());
  const large = await ready(name, shapes.layered(1_000_000));
  const larges = [];
  for (let i = 0; i < 6; i++) larges.push(await large.cpu());
  return { small: median(smalls), large: median(larges.slice(1)) };
};
const growth = isQuick ? undefined : { rxdag: await growthOf('rxdag'), promises: await growthOf('promises') };

/** One who reads a count of every snapshot, against nobody who does. */
const nodes = shapes.layered(10_000);
const readers = await inTurn(
  {
    without: await ready('rxdag', nodes, { readers: 0 }),
    with: await ready('rxdag', nodes, { readers: 1, read: ({ counts }) => counts.succeeded }),
  },
  { warmUp: 10, rounds: 15 },
);

/** What a run that has ended takes in memory for each node, while somebody holds it: its plan, state, history and report. */
const held = async (size) => {
  const registry = new ActionRegistry().register(action('noop', async () => undefined));
  const executor = new DagExecutor({ registry });
  const graph = { name: 'held', nodes: shapes.layered(size).map(({ id, deps }) => ({ id, action: 'noop', deps })) };
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  const run = executor.start(graph);
  await run.report;
  globalThis.gc();
  const bytes = process.memoryUsage().heapUsed - before;
  if (run.snapshot.counts.succeeded !== graph.nodes.length) throw new Error('not every node ran');
  return bytes / size;
};
const bytesPerNode = await held(isQuick ? 10_000 : 100_000);

const rivals = (rival, limits) =>
  Object.entries(limits)
    .filter(([size]) => cpu[size] !== undefined)
    .map(([size, limit]) => ({
      what: `to ${rival} at ${Number(size).toLocaleString('en')} nodes`,
      ratio: cpu[size].rxdag / cpu[size][rival],
      limit,
    }));
const grown = ({ small, large }) => large / small;
console.log(
  JSON.stringify({
    cpu,
    growth,
    readers,
    bytesPerNode,
    budgets: [
      ...rivals('p-graph', { 10_000: 0.7, 100_000: 0.45 }),
      ...rivals('promises', { 10_000: 2, 100_000: 2 }),
      ...rivals('GraphAI', { 1_000: 0.2, 3_000: 0.2 }),
      ...rivals('flowcraft', { 1_000: 0.1, 3_000: 0.1 }),
      ...(growth === undefined
        ? []
        : [
            {
              what: 'growth from 10,000 to 1,000,000 nodes, to that of promises',
              ratio: grown(growth.rxdag) / grown(growth.promises),
              limit: 1.3,
            },
          ]),
      {
        what: 'with one who reads counts of every snapshot, to without',
        ratio: readers.with / readers.without,
        limit: 1.3,
      },
      { what: 'bytes per settled node, to 600', ratio: bytesPerNode / 600, limit: 1 },
    ],
  }),
);
