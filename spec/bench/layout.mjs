// How graphs are laid out: time by size, and crossings beside those of ELK's layered layout.
// usage: layout.mjs [quick]
import ELK from 'elkjs/lib/elk.bundled.js';
import { layered } from '../../dist/layout/layered.js';
import { random } from '../../dist/testing/index.js';
import { median } from './measure.mjs';

const quick = process.argv[2] === 'quick';
const SEEDS = quick ? 5 : 20;
const WIDTH = 168;
const HEIGHT = 40;

/** About as many layers as nodes in each; one or two dependencies, mostly in the layer before; numbers that tell nothing. */
function randomLayers(size, seed) {
  const r = random(seed);
  const perLayer = size / Math.round(Math.sqrt(size));
  const number = Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const other = r.int(0, i);
    [number[i], number[other]] = [number[other], number[i]];
  }
  const edges = new Set();
  for (let node = Math.ceil(perLayer); node < size; node++)
    for (let i = r.int(1, 2); i > 0; i--) {
      const layer = Math.floor(node / perLayer) - (r.chance(0.15) ? r.int(2, 3) : 1);
      const [first, next] = [Math.max(0, layer), Math.max(0, layer) + 1].map((at) => Math.ceil(at * perLayer));
      edges.add(number[r.int(first, next - 1)] * size + number[node]);
    }
  const list = [...edges];
  return {
    size,
    from: Int32Array.from(list, (edge) => Math.floor(edge / size)),
    to: Int32Array.from(list, (edge) => edge % size),
  };
}

const linesOfOurs = (graph) => {
  const { routeStart, route } = layered(graph);
  return Array.from(graph.from, (_, edge) =>
    Array.from(route.subarray(2 * routeStart[edge], 2 * routeStart[edge + 1])),
  );
};

const elk = new ELK();
const linesOfElk = async ({ size, from, to }) => {
  const { edges } = await elk.layout({
    id: 'all',
    layoutOptions: { 'elk.algorithm': 'layered', 'elk.direction': 'RIGHT' },
    children: Array.from({ length: size }, (_, i) => ({ id: `n${i}`, width: WIDTH, height: HEIGHT })),
    edges: Array.from(from, (start, i) => ({ id: `e${i}`, sources: [`n${start}`], targets: [`n${to[i]}`] })),
  });
  return edges.map(({ sections }) =>
    sections.flatMap(({ startPoint, bendPoints = [], endPoint }) =>
      [startPoint, ...bendPoints, endPoint].flatMap(({ x, y }) => [x, y]),
    ),
  );
};

/** How often parts of lines of different edges cross; touching, and lying upon each other, does not count. */
function crossingsOf(lines) {
  const parts = lines.flatMap((line, edge) =>
    Array.from({ length: line.length / 2 - 1 }, (_, i) => {
      const [ax, ay, bx, by] = line.slice(2 * i, 2 * i + 4);
      return { edge, ax, ay, bx, by, left: Math.min(ax, bx), right: Math.max(ax, bx) };
    }),
  );
  parts.sort((p, q) => p.left - q.left);
  const side = ({ ax, ay, bx, by }, x, y) => {
    const turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
    return Math.abs(turn) < 1e-3 * (Math.abs(bx - ax) + Math.abs(by - ay) + 1) ? 0 : Math.sign(turn);
  };
  let crossings = 0;
  let open = [];
  for (const part of parts) {
    open = open.filter(({ right }) => right >= part.left);
    for (const other of open)
      if (
        other.edge !== part.edge &&
        side(part, other.ax, other.ay) * side(part, other.bx, other.by) < 0 &&
        side(other, part.ax, part.ay) * side(other, part.bx, part.by) < 0
      )
        crossings++;
    open.push(part);
  }
  return crossings;
}

const cpuMs = async (work) => {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1_000, result };
};

const times = [];
for (const size of [100, 1_000, 10_000, ...(quick ? [] : [100_000])]) {
  const graph = randomLayers(size, 1);
  const runs = [];
  for (let i = 0; i < (size > 10_000 ? 5 : 15); i++) runs.push((await cpuMs(() => layered(graph))).ms);
  times.push({ size, edges: graph.from.length, ms: median(runs.slice(2)) });
}
const crossings = [];
for (const size of [100, 1_000]) {
  const seeds = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const graph = randomLayers(size, seed);
    const other = await cpuMs(() => linesOfElk(graph));
    seeds.push({ seed, ours: crossingsOf(linesOfOurs(graph)), elk: crossingsOf(other.result), elkMs: other.ms });
  }
  crossings.push({
    size,
    fewer: seeds.filter(({ ours, elk }) => ours < elk).length,
    same: seeds.filter(({ ours, elk }) => ours === elk).length,
    seeds,
    elkMs: median(seeds.map(({ elkMs }) => elkMs)),
  });
}
console.log(JSON.stringify({ times, crossings }));
