// How graphs are laid out: time by size, crossings beside those of ELK's layered layout, and edges under nodes.
// usage: layout.mjs [quick] [folder of traces in WfFormat]      (or WF_TRACES; without one the traces of the specs)
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layered } from '../../dist/layout/layered.js';
import { random } from '../../dist/testing/index.js';
import { crossingsOf, edgesUnderNodes, linesOf, linesOfElk } from './drawings.mjs';
import { median } from './measure.mjs';

const quick = process.argv[2] === 'quick';
const SEEDS = quick ? 5 : 20;
const traceFolder =
  process.argv[quick ? 3 : 2] ?? process.env.WF_TRACES ?? join(import.meta.dirname, '..', 'fixtures', 'wfformat');
/** What a layout may take, CPU ms. */
const LIMITS = new Map([
  [1_000, 50],
  [10_000, 500],
]);

const graphOf = (size, edges) => ({
  size,
  from: Int32Array.from(edges, ([from]) => from),
  to: Int32Array.from(edges, ([, to]) => to),
});

/** About as many layers as nodes in each; one or two dependencies, mostly in the layer before; numbers that tell nothing. */
function randomLayers(size, seed) {
  const r = random(seed);
  const perLayer = size / Math.round(Math.sqrt(size));
  const number = Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const other = r.int(0, i);
    [number[i], number[other]] = [number[other], number[i]];
  }
  const edges = new Map();
  for (let node = Math.ceil(perLayer); node < size; node++)
    for (let i = r.int(1, 2); i > 0; i--) {
      const layer = Math.floor(node / perLayer) - (r.chance(0.15) ? r.int(2, 3) : 1);
      const [first, next] = [Math.max(0, layer), Math.max(0, layer) + 1].map((at) => Math.ceil(at * perLayer));
      const edge = [number[r.int(first, next - 1)], number[node]];
      edges.set(String(edge), edge);
    }
  return graphOf(size, [...edges.values()]);
}

/** The tasks of a trace and what they wait for. */
function traceIn(file) {
  const { tasks } = JSON.parse(readFileSync(join(traceFolder, file), 'utf8')).workflow.specification;
  const indexOf = new Map(tasks.map(({ id }, i) => [id, i]));
  const edges = tasks.flatMap(({ parents = [] }, i) => parents.map((parent) => [indexOf.get(parent), i]));
  return graphOf(tasks.length, edges);
}

const cpuMs = async (work) => {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1_000, result };
};

/** Both drawings of a graph, compared. */
async function compared(graph) {
  const own = await cpuMs(() => layered(graph));
  const other = await cpuMs(() => linesOfElk(graph));
  return {
    nodes: graph.size,
    edges: graph.from.length,
    ours: crossingsOf(linesOf(own.result)),
    elk: crossingsOf(other.result),
    under: edgesUnderNodes(own.result),
    ms: own.ms,
    elkMs: other.ms,
  };
}

const times = [];
for (const size of [100, 1_000, 10_000, ...(quick ? [] : [100_000])]) {
  const graph = randomLayers(size, 1);
  const runs = [];
  for (let i = 0; i < (size > 10_000 ? 5 : 15); i++) runs.push(await cpuMs(() => layered(graph)));
  times.push({
    size,
    edges: graph.from.length,
    ms: median(runs.slice(2).map(({ ms }) => ms)),
    under: size > 10_000 ? undefined : edgesUnderNodes(runs[0].result),
  });
}

const crossings = [];
for (const size of [100, 1_000]) {
  const seeds = [];
  for (let seed = 1; seed <= SEEDS; seed++) seeds.push(await compared(randomLayers(size, seed)));
  crossings.push({ what: `random, ${size} nodes`, graphs: seeds });
}
const traces = [];
for (const file of readdirSync(traceFolder).filter((name) => name.endsWith('.json')))
  traces.push({ name: file.replace('.json', ''), ...(await compared(traceIn(file))) });
crossings.push({ what: 'traces', graphs: traces });

const sets = crossings.map(({ what, graphs }) => {
  const of = (key) => median(graphs.map((graph) => graph[key]));
  return {
    what,
    graphs: graphs.length,
    fewer: graphs.filter(({ ours, elk }) => ours < elk).length,
    same: graphs.filter(({ ours, elk }) => ours === elk).length,
    ours: of('ours'),
    elk: of('elk'),
    ratio: median(graphs.map(({ ours, elk }) => (ours + 1) / (elk + 1))),
    ms: of('ms'),
    elkMs: of('elkMs'),
  };
});
const under = [...times, ...crossings.flatMap(({ graphs }) => graphs)].reduce(
  (sum, each) => sum + (each.under ?? 0),
  0,
);
const budgets = [
  ...times
    .filter(({ size }) => LIMITS.has(size))
    .map(({ size, ms }) => ({ what: `CPU ms at ${size} nodes`, value: ms, limit: LIMITS.get(size) })),
  ...sets.map(({ what, graphs, fewer, same }) => ({
    what: `${what}: graphs with more crossings than ELK's`,
    value: graphs - fewer - same,
    limit: Math.ceil(graphs / 2) - 1,
  })),
  { what: 'edges under nodes', value: under, limit: 0 },
];
console.log(JSON.stringify({ times, sets, traces, seeds: crossings.slice(0, -1), budgets }));
