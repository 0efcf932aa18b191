// One cell of the table: an engine with a graph, in a process of its own.
// usage: cell.mjs ENGINE SHAPE SIZE
import { shapes } from './graphs.mjs';
import { median, ready } from './measure.mjs';

const WARM_UPS = 3;
/** Small graphs are run more often, until this many nodes have run. */
const WARM_UP_NODES = 30_000;
const RUNS = 6;
/** Nothing more is begun after so long; what is begun by then may still take a while. */
const WARM_UP_MS = 6_000;
const RUNS_MS = 15_000;

const [engine, shape, text] = process.argv.slice(2);
const size = Number(text);
await (await ready(engine, shapes[shape](10))).cpu();
const nodes = shapes[shape](size);
globalThis.gc?.();
const idleBytes = process.memoryUsage.rss();
const begun = performance.now();
const subject = await ready(engine, nodes);
const runs = [];
let warmUps = 0;
while ((warmUps < WARM_UPS || warmUps * size < WARM_UP_NODES) && performance.now() - begun < WARM_UP_MS) {
  runs.push(await subject.cpu());
  warmUps++;
}
// Where one run takes that long, warming up makes no difference, and it counts.
if (performance.now() - begun < RUNS_MS || warmUps > 1) runs.length = 0;
while (runs.length < RUNS && (runs.length === 0 || performance.now() - begun < RUNS_MS)) runs.push(await subject.cpu());
const bytes = Math.max(0, process.resourceUsage().maxRSS * 1024 - idleBytes) / size;
console.log(JSON.stringify({ median: median(runs), best: Math.min(...runs), runs: runs.length, bytes }));
