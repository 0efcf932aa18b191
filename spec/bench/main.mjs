// CPU and memory per node of rxdag, p-graph and bare promises. Needs a build: npm run bench
// usage: node spec/bench/main.mjs [store] [--quick] [--gate] [--json]
//   store measures what it costs to keep runs in a file, and to look into them
//   --quick leaves out the runs of a million nodes   --gate prints only the ratios that may not get worse
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './measure.mjs';

const CELL_MS = 60_000;
const GATE_MS = 600_000;
const STORE_MS = 900_000;
const STORE_PROCESSES = 5;

const {
  values: options,
  positionals: [what = 'table', ...more],
} = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, gate: { type: 'boolean' }, json: { type: 'boolean' } },
});
if (!['table', 'store'].includes(what) || more.length > 0) throw new Error('usage: npm run bench [-- store]');

const version = (name) =>
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`${name}/package.json`))).version;
const machine = {
  cpu: `${cpus()[0]?.model ?? 'unknown'} x ${cpus().length}`,
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  versions: { rxdag: version('rxdag'), 'p-graph': version('p-graph'), rxjs: version('rxjs') },
};

/** Runs a script of this folder in a process of its own; an error or a timeout is a result too. */
const measure = (args, timeoutMs, script = 'measure.mjs') =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--expose-gc', '--max-old-space-size=12288', join(import.meta.dirname, script), ...args.map(String)],
      { timeout: timeoutMs, killSignal: 'SIGKILL', stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    let errors = '';
    const started = Date.now();
    child.stdout.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk) => (errors += chunk));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(output));
      else if (Date.now() - started >= timeoutMs) resolve({ error: `over ${timeoutMs / 1000} s` });
      else resolve({ error: /^\w*Error.*$/m.exec(errors)?.[0] ?? `ended with ${signal ?? code}` });
    });
  });

const number = (value, digits = 2) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const table = async () => {
  const subjects = ['rxdag', 'p-graph', 'promises'];
  const sizes = options.quick ? [1_000, 10_000, 100_000] : [1_000, 10_000, 100_000, 1_000_000];
  const rows = [];
  for (const shape of ['chain', 'wide', 'layered'])
    for (const size of sizes) {
      const row = { shape, size };
      for (const subject of subjects) row[subject] = await measure([subject, shape, size], CELL_MS);
      rows.push(row);
      if (!options.json) print(row);
    }
  if (options.json) console.log(JSON.stringify({ machine, rows }, null, 2));
};

const heading = () => {
  console.log(`${machine.cpu}, ${machine.platform}, Node ${machine.node}`);
  console.log(
    Object.entries(machine.versions)
      .map((pair) => pair.join(' '))
      .join(', '),
  );
};

const columns = [8, 10, 25, 25, 25, 11, 11];
const line = (cells) =>
  console.log(cells.map((text, i) => (i === 0 ? text.padEnd(columns[i]) : text.padStart(columns[i]))).join(''));

const print = ({ shape, size, ...row }) => {
  const show = (result) =>
    result.error?.slice(0, 22) ?? `${number(result.median)} (${number(result.best)}) ${number(result.bytes, 0)} B`;
  const ratio = (rival) => (row.rxdag.error || rival.error ? '-' : number(row.rxdag.median / rival.median));
  const results = [show(row.rxdag), show(row['p-graph']), show(row.promises)];
  line([shape, number(size, 0), ...results, ratio(row['p-graph']), ratio(row.promises)]);
};

/** What a store costs, on files that are gone afterwards. Throws what a process has failed with. */
const store = async () => {
  const cache = join(import.meta.dirname, '..', '..', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bench-'));
  const ask = async (...args) => {
    const result = await measure(args, STORE_MS, 'store.mjs');
    if (result.error) throw new Error(`store.mjs ${args.join(' ')}: ${result.error}`);
    return result;
  };
  try {
    const runs = { without: [], kept: [] };
    for (let i = 0; i < STORE_PROCESSES; i++)
      for (const [how, medians] of Object.entries(runs))
        medians.push((await ask('cpu', join(folder, `${how}${i}.db`), how)).median);
    const [without, kept] = [median(runs.without), median(runs.kept)];
    const result = { cpuPerNode: { without, kept, ratio: kept / without, runs } };
    const small = await ask('write', join(folder, 'small.db'), 10_000);
    if (options.quick) return { ...result, files: [small] };
    const large = await ask('write', join(folder, 'large.db'), 1_000_000);
    rmSync(join(folder, 'large.db'));
    const log = join(folder, 'log.db');
    const { events } = await ask('write', log, 500_000); // a start and an end each
    return { ...result, files: [small, large], snapshotAt: { events, ...(await ask('snapshots', log)) } };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const printStore = ({ cpuPerNode, files, snapshotAt }) => {
  console.log(
    `10,000 nodes that do nothing, layered, 16 at once, CPU µs per node, median of ${STORE_PROCESSES} processes:`,
  );
  const { without, kept, ratio } = cpuPerNode;
  console.log(`  without a store ${number(without)}, durable to the process ${number(kept)}, ratio ${number(ratio)}`);
  console.log('outputs of 100 bytes, layered, bytes per node in the file:');
  for (const { nodes, bytesPerNode, seconds } of files)
    console.log(`  ${number(nodes, 0)} nodes: ${number(bytesPerNode, 0)} (written in ${number(seconds, 1)} s)`);
  if (snapshotAt === undefined) return;
  const { events, firstMs, p95Ms, medianMs, further } = snapshotAt;
  console.log(`snapshotAt in a run of ${number(events, 0)} events, ms:`);
  console.log(
    `  the first ${number(firstMs, 1)}, of ${further} at random p95 ${number(p95Ms, 1)}, median ${number(medianMs, 1)}`,
  );
};

if (what === 'store') {
  const result = await store();
  if (options.json) console.log(JSON.stringify({ machine, ...result }, null, 2));
  else {
    heading();
    printStore(result);
  }
} else if (options.gate) {
  const result = await measure(['gate'], GATE_MS);
  if (options.json) console.log(JSON.stringify({ machine, ...result }, null, 2));
  else {
    heading();
    if (!result.error) {
      console.log(`layered, three dependencies, best CPU µs per node:`);
      for (const [what, cpu] of Object.entries(result.cpuPerNode)) console.log(`  ${what.padEnd(20)} ${number(cpu)}`);
      console.log(`rxdag / p-graph at 10,000 nodes: ${number(result.ratioAt10000)}`);
      console.log(`rxdag / p-graph at 100,000 nodes: ${number(result.ratioAt100000)}`);
      const growths = `${number(result.growth)} against ${number(result.growthOfPromises)} of bare promises`;
      console.log(`growth from 10,000 to 1,000,000 nodes: ${growths}, ratio ${number(result.growthRatio)}`);
    } else console.log(result.error);
  }
  process.exitCode = result.error ? 1 : 0;
} else {
  if (!options.json) {
    heading();
    console.log('CPU µs per node: median (best), peak memory in bytes per node; ratios of the medians');
    line(['shape', 'nodes', 'rxdag', 'p-graph', 'promises', '/p-graph', '/promises']);
  }
  await table();
}
