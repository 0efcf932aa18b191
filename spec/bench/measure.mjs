import { shapes } from './graphs.mjs';
import { subjects } from './subjects.mjs';

/** CPU time of one run in microseconds per node; the graph is put in the subject's notation outside the clock. */
export const cpuPerNode = (subject, nodes) => cpuOf(subjects[subject](nodes), nodes, subject);

/** As `cpuPerNode`, of a run that is ready to go. */
export const cpuOf = async (run, nodes, subject) => {
  globalThis.gc?.();
  const before = process.cpuUsage();
  const ran = await run();
  const { user, system } = process.cpuUsage(before);
  if (ran !== nodes.length) throw new Error(`${subject} ran ${ran} of ${nodes.length} nodes`);
  return (user + system) / nodes.length;
};

export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** One cell of the table: three warm-up runs and six measured ones; for a million nodes a small warm-up and one. */
export const cell = async (subject, shape, size) => {
  const huge = size > 100_000;
  await cpuPerNode(subject, shapes[shape](10));
  const nodes = shapes[shape](size);
  globalThis.gc?.();
  const idleBytes = process.memoryUsage.rss();
  if (huge) await cpuPerNode(subject, shapes[shape](10_000));
  else for (let i = 0; i < 3; i++) await cpuPerNode(subject, nodes);
  const runs = [];
  for (let i = 0; i < (huge ? 1 : 6); i++) runs.push(await cpuPerNode(subject, nodes));
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { best: Math.min(...runs), median: median(runs), bytes: Math.max(0, peakBytes - idleBytes) / size };
};

/** What may not get worse: all subjects interleaved in one process, so that they share its fortunes. */
export const gate = async () => {
  const names = Object.keys(subjects);
  const best = {};
  for (const size of [10_000, 100_000]) {
    const nodes = shapes.layered(size);
    for (let i = 0; i < 9; i++)
      for (const name of names) {
        const cpu = await cpuPerNode(name, nodes);
        if (i >= 3) best[`${name} ${size}`] = Math.min(cpu, best[`${name} ${size}`] ?? Infinity);
      }
  }
  const nodes = shapes.layered(1_000_000);
  for (const name of ['rxdag', 'promises']) best[`${name} 1000000`] = await cpuPerNode(name, nodes);
  const growth = (name) => best[`${name} 1000000`] / best[`${name} 10000`];
  return {
    cpuPerNode: best,
    ratioAt10000: best['rxdag 10000'] / best['p-graph 10000'],
    ratioAt100000: best['rxdag 100000'] / best['p-graph 100000'],
    growth: growth('rxdag'),
    growthOfPromises: growth('promises'),
    growthRatio: growth('rxdag') / growth('promises'),
  };
};

// As a process of its own: measure.mjs gate | measure.mjs <subject> <shape> <size>
if (process.argv[1] === import.meta.filename) {
  const [subject, shape, size] = process.argv.slice(2);
  const result = subject === 'gate' ? await gate() : await cell(subject, shape, Number(size));
  console.log(JSON.stringify(result));
}
