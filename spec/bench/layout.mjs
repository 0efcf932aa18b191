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

/** Modules of so many nodes each, which depend on each other here and there; each is a group. */
function modules(count, each, seed) {
  const r = random(seed);
  const edges = [];
  for (let module = 0; module < count; module++)
    for (let i = 0; i < each; i++) {
      const node = module * each + i;
      if (i > 0) edges.push([node - r.int(1, Math.min(i, 4)), node]);
      if (module > 0 && (i === 0 || r.chance(0.1))) edges.push([r.int(0, module * each - 1), node]);
    }
  return {
    ...graphOf(count * each, edges),
    groups: Int32Array.from({ length: count * each }, (_, i) => Math.floor(i / each)),
  };
}

/** Nodes of which a fifth have parts, which are a group with them. */
function expansions(size, seed) {
  const r = random(seed);
  const { from, to } = randomLayers(size, seed);
  const edges = Array.from(from, (start, i) => [start, to[i]]);
  const groups = Array(size).fill(-1);
  for (let node = 0, count = 0; node < size; node++) {
    if (!r.chance(0.2)) continue;
    groups[node] = count;
    for (let parts = r.int(2, 20); parts > 0; parts--) {
      edges.push([node, groups.length]);
      groups.push(count);
    }
    count++;
  }
  return { ...graphOf(groups.length, edges), groups: Int32Array.from(groups) };
}

/** How many nodes lie in the box of a group that they are not in. */
function strangersIn({ groups }, { x, y }) {
  const boxes = new Map();
  groups.forEach((group, node) => {
    if (group < 0) return;
    const box = boxes.get(group) ?? [Infinity, Infinity, -Infinity, -Infinity];
    const [left, top, right, bottom] = box;
    boxes.set(group, [
      Math.min(left, x[node]),
      Math.min(top, y[node]),
      Math.max(right, x[node]),
      Math.max(bottom, y[node]),
    ]);
  });
  let strangers = 0;
  for (const [group, [left, top, right, bottom]] of boxes)
    groups.forEach((other, node) => {
      const isIn = x[node] >= left && x[node] <= right && y[node] >= top && y[node] <= bottom;
      if (other !== group && isIn) strangers++;
    });
  return strangers;
}

/** A graph with its groups drawn as boxes, and as if it had none. */
function grouped(what, graph) {
  const plain = layered({ ...graph, groups: undefined });
  return cpuMedian(() => layered(graph), 9).then(({ ms, result }) => ({
    what,
    nodes: graph.size,
    groups: new Set(graph.groups).size,
    ms,
    crossings: crossingsOf(linesOf(result)),
    plain: crossingsOf(linesOf(plain)),
    under: edgesUnderNodes(result),
    strangers: strangersIn(graph, result),
    plainStrangers: strangersIn(graph, plain),
  }));
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

/** The median of some runs once warm, and the last result. */
async function cpuMedian(work, runs) {
  const all = [];
  for (let i = 0; i < runs; i++) all.push(await cpuMs(work));
  return { ms: median(all.slice(2).map(({ ms }) => ms)), result: all.at(-1).result };
}

const times = [];
for (const size of [100, 1_000, 10_000, ...(quick ? [] : [100_000])]) {
  const graph = randomLayers(size, 1);
  const { ms, result } = await cpuMedian(() => layered(graph), size > 10_000 ? 5 : 15);
  const under = size > 10_000 ? undefined : edgesUnderNodes(result);
  times.push({ size, edges: graph.from.length, ms, under });
}
const groups = [
  await grouped('8 modules of 20', modules(8, 20, 1)),
  await grouped('20 modules of 50', modules(20, 50, 2)),
  await grouped('a fifth with parts', expansions(320, 1)),
  await grouped('a fifth with parts', expansions(3_200, 2)),
];

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
const under = [...times, ...groups, ...crossings.flatMap(({ graphs }) => graphs)].reduce(
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
  ...groups.map(({ what, nodes, ms }) => ({
    what: `CPU ms at ${nodes} nodes in groups, ${what}`,
    value: ms,
    limit: LIMITS.get(nodes > 1_100 ? 10_000 : 1_000),
  })),
  {
    what: 'nodes in boxes of groups that they are not in',
    value: groups.reduce((sum, { strangers }) => sum + strangers, 0),
    limit: 0,
  },
  { what: 'edges under nodes', value: under, limit: 0 },
];
console.log(JSON.stringify({ times, groups, sets, traces, seeds: crossings.slice(0, -1), budgets }));
