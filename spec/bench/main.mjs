// CPU and memory per node of rxdag, p-graph and bare promises. Needs a build: npm run bench
// usage: node spec/bench/main.mjs [--quick] [--gate] [--json]
//   --quick leaves out the graphs of a million nodes   --gate prints only the ratios that may not get worse
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const CELL_MS = 60_000;
const GATE_MS = 600_000;

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, gate: { type: 'boolean' }, json: { type: 'boolean' } },
});

const version = (name) =>
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`${name}/package.json`))).version;
const machine = {
  cpu: `${cpus()[0]?.model ?? 'unknown'} x ${cpus().length}`,
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  versions: { rxdag: version('rxdag'), 'p-graph': version('p-graph'), rxjs: version('rxjs') },
};

/** Runs measure.mjs in a process of its own; an error or a timeout is a result too. */
const measure = (args, timeoutMs) =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--expose-gc', '--max-old-space-size=12288', join(import.meta.dirname, 'measure.mjs'), ...args.map(String)],
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

if (options.gate) {
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
