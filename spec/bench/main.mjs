// What rxdag costs, side by side with others, on built output. npm run bench builds it, and installs what a part compares it with.
// usage: node spec/bench/main.mjs [engines|budgets|watchers|viewers|layout|store|start|fleet]... [--quick] [--json]
//   engines    CPU and memory per node of all engines on all graphs      budgets   the ratios that may not get worse
//   watchers   what hooks, subscribers, readers and added nodes cost     store     what it costs to keep runs in a file
//   viewers    what pages that show a run cost it                     start     how long the command line takes to begin
//   fleet      what it costs to run nodes on workers, beside BullMQ alone; needs redis-server
//   layout     how long it takes to lay out a graph, and how many lines cross
//   without a name: all of them    --quick leaves out what is larger than 10,000 nodes    --json writes one JSON document
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { engines } from './engines.mjs';
import { shapes } from './graphs.mjs';
import { median } from './measure.mjs';

const CELL_MS = 30_000;
const PART_MS = 1_800_000;
const PROCESSES = 5;
const SIZES = [1_000, 3_000, 10_000, 100_000, 1_000_000];

const folder = import.meta.dirname;
const root = join(folder, '..', '..');

const parts = { engines: table, budgets, watchers, viewers, layout, store, start, fleet };
/** What a part measures besides rxdag. */
const needs = {
  engines: ['p-graph', 'async', 'graphai', 'flowcraft', '@langchain/langgraph', '@langchain/core'],
  budgets: ['p-graph'],
  layout: ['elkjs'],
};
const { values: options, positionals } = readArguments();
if (options.help) {
  const [usage] = readFileSync(import.meta.filename, 'utf8').split('\nimport ', 1);
  console.log(usage.replaceAll(/^\/\/ ?/gm, ''));
  process.exit(0);
}
const unknown = positionals.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) {
  console.error(`There is no part ${JSON.stringify(unknown)}; there are ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}

const asked = positionals.length > 0 ? positionals : Object.keys(parts);
const used = [...new Set(asked.flatMap((name) => needs[name] ?? []))];
const isThere = (name) => [folder, root].some((place) => existsSync(join(place, 'node_modules', name)));
if (!used.every(isThere)) {
  console.error(`Installs ${used.join(', ')} in ${join(folder, 'node_modules')}, once.`);
  spawnSync('npm', ['ci', '--silent', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
}

const say = (text = '') => options.json || console.log(text);
const number = (value, digits = 1) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const sizes = SIZES.filter((size) => !options.quick || size <= 10_000);

const machine = describe();
say(`${machine.date}: ${machine.cpu}, ${machine.memory}, ${machine.platform}, Node ${machine.node}`);
say(
  Object.entries(machine.versions)
    .map((pair) => pair.join(' '))
    .join(', '),
);
const results = { machine };
for (const name of asked) results[name] = await parts[name]();
if (options.json) console.log(JSON.stringify(results, null, 2));
if (asked.some((name) => results[name].budgets?.some(isMissed))) process.exitCode = 1;

/** The command line; a wrong one is told in a sentence. */
function readArguments() {
  const flag = { type: 'boolean', default: false };
  try {
    return parseArgs({ allowPositionals: true, options: { quick: flag, json: flag, help: { ...flag, short: 'h' } } });
  } catch (error) {
    console.error(`${error.message.split('. ')[0].replace(/\.?$/, '.')} --help tells what there is.`);
    process.exit(2);
  }
}

/** Runs a script of this folder in a process of its own; an error or a timeout is a result too. */
function child(script, args, timeoutMs) {
  return new Promise((resolve) => {
    const { execPath } = process;
    const flags = ['--expose-gc', '--max-old-space-size=12288'];
    const started = Date.now();
    const running = spawn(execPath, [...flags, join(folder, script), ...args.map(String)], {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    running.stdout.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    running.stderr.setEncoding('utf8').on('data', (chunk) => (errors += chunk));
    running.on('close', (code, signal) => {
      const [told] = /^.*Error:.*$/m.exec(errors) ?? [];
      if (code === 0) resolve(JSON.parse(output.slice(output.indexOf('{'))));
      else if (Date.now() - started >= timeoutMs) resolve({ error: `over ${timeoutMs / 1000} s` });
      else resolve({ error: told?.trim().slice(0, 120) ?? `ended with ${signal ?? code}` });
    });
  });
}

/** As `child`, but an error ends everything. */
async function must(script, ...args) {
  const result = await child(script, args, PART_MS);
  if (result.error) throw new Error(`${script} ${args.join(' ')}: ${result.error}`);
  return result;
}

async function table() {
  const names = Object.keys(engines);
  const columns = [11, 10, ...names.map(() => 13), 10, 10];
  const line = (cells) => say(cells.map((text, i) => text[i === 0 ? 'padEnd' : 'padStart'](columns[i])).join(''));
  say(`\nCPU µs per node, median of up to 6 runs after some to warm up, below it the peak memory in bytes per node`);
  line(['graph', 'nodes', ...names, '/p-graph', '/promises']);
  const rows = [];
  for (const shape of Object.keys(shapes)) {
    const gaveUp = new Set();
    for (const size of sizes) {
      const row = { shape, size };
      for (const name of names) {
        row[name] = gaveUp.has(name) ? { error: '-' } : await child('cell.mjs', [name, shape, size], CELL_MS);
        if (row[name].error) gaveUp.add(name);
      }
      rows.push(row);
      const ratio = (rival) =>
        row.rxdag.error || row[rival].error ? '-' : number(row.rxdag.median / row[rival].median, 2);
      const cell = (what) => names.map((name) => what(row[name]));
      line([
        shape,
        number(size, 0),
        ...cell(({ error, median }) =>
          error === undefined ? number(median) : error.startsWith('over') ? error : error === '-' ? error : 'error',
        ),
        ratio('p-graph'),
        ratio('promises'),
      ]);
      line(['', '', ...cell(({ error, bytes }) => (error === undefined ? number(bytes, 0) : '')), '', '']);
      for (const name of names)
        if (row[name].error && !/^(?:over|-)/.test(row[name].error))
          say(`${' '.repeat(11)}${name}: ${row[name].error}`);
    }
  }
  return rows;
}

async function budgets() {
  const result = await must('budgets.mjs', ...(options.quick ? ['quick'] : []));
  say('\nAll in turn in one process, warmed up, layered; medians of CPU µs per node:');
  for (const [size, times] of Object.entries(result.cpu))
    say(
      `  ${number(Number(size), 0)} nodes: ${Object.entries(times)
        .map(([name, time]) => `${name} ${number(time, 2)}`)
        .join(', ')}`,
    );
  if (result.growth !== undefined)
    for (const [name, { small, large }] of Object.entries(result.growth))
      say(`  ${name}: ${number(small, 2)} at 10,000 nodes, ${number(large, 2)} at 1,000,000`);
  say(`  bytes per settled node: ${number(result.bytesPerNode, 0)}`);
  say('Ratios of rxdag, and what they may be:');
  sayBudgets(result.budgets);
  return result;
}

/** Whether a figure is over what it may be. */
function isMissed({ ratio, value = ratio, limit }) {
  return value > limit;
}

function sayBudgets(budgets) {
  for (const budget of budgets) {
    const { what, ratio, value = ratio, limit } = budget;
    say(
      `  ${what}: ${number(value, Number.isInteger(value) ? 0 : 2)} of ${limit}${isMissed(budget) ? '  MISSED' : ''}`,
    );
  }
}

async function watchers() {
  const result = await must('watchers.mjs');
  say(`\nA run of ${number(result.nodes, 0)} nodes, layered, CPU µs per node:`);
  for (const [what, time] of Object.entries(result.watched)) say(`  ${what.padEnd(24)}${number(time, 2).padStart(8)}`);
  say(`${number(result.nodes, 0)} nodes that a hook adds in mid-run, CPU µs per node:`);
  for (const [atOnce, time] of Object.entries(result.storms))
    say(`  ${`${number(Number(atOnce), 0)} at once`.padEnd(24)}${number(time, 2).padStart(8)}`);
  return result;
}

async function viewers() {
  const result = await must('viewers.mjs', ...(options.quick ? [5] : []));
  const { nodes, nodesPerSecond, cpuPerNode, ratio } = result;
  say(`\n${number(nodes, 0)} nodes of 5 ms, 64 at once, shown to ${result.viewers} viewers or to none, medians:`);
  for (const [how, speed] of Object.entries(nodesPerSecond))
    say(
      `  ${how.padEnd(10)}${number(speed, 0).padStart(8)} nodes per second, ${number(cpuPerNode[how])} CPU µs per node`,
    );
  say(`  ratio of nodes per second: ${number(ratio, 3)}`);
  return result;
}

async function layout() {
  const result = await must('layout.mjs', ...(options.quick ? ['quick'] : []));
  say('\nTo lay out random layers, CPU ms, median once warm:');
  for (const { size, edges, ms } of result.times)
    say(`  ${number(size, 0).padStart(7)} nodes, ${number(edges, 0).padStart(7)} edges ${number(ms).padStart(9)}`);
  const line = (cells) =>
    say(cells.map((text, i) => String(text)[i === 0 ? 'padEnd' : 'padStart'](i === 0 ? 44 : 10)).join(''));
  say('\nWith open groups as boxes, and as if there were none:');
  line(['', 'nodes', 'groups', 'ms', 'crossings', 'without', 'strangers', 'without']);
  for (const { what, nodes, groups, ms, crossings, plain, strangers, plainStrangers } of result.groups)
    line([what, nodes, groups, number(ms), crossings, plain, strangers, plainStrangers]);
  say('\nCrossings of lines beside those of ELK, medians; CPU ms of the first layout of each:');
  line(['', 'graphs', 'fewer', 'as many', 'ours', 'ELK', 'ratio', 'ours ms', 'ELK ms']);
  for (const { what, graphs, fewer, same, ours, elk, ratio, ms, elkMs } of result.sets)
    line([what, graphs, fewer, same, number(ours, 0), number(elk, 0), number(ratio, 2), number(ms), number(elkMs)]);
  line(['', 'nodes', 'edges', '', 'ours', 'ELK', '', 'ours ms', 'ELK ms']);
  for (const { name, nodes, edges, ours, elk, ms, elkMs } of result.traces)
    line([name.slice(0, 43), nodes, edges, '', ours, elk, '', number(ms), number(elkMs)]);
  say('\nWhat is measured, and what it may be:');
  sayBudgets(result.budgets);
  return result;
}

async function fleet() {
  const result = await must('fleet.mjs', ...(options.quick ? ['quick'] : []));
  say(`\n${number(result.jobs, 0)} jobs that do nothing, ${result.inFlight} in flight, medians; CPU µs per job:`);
  const line = (name, { perSecond, coordinator, redis, worker }) =>
    say(
      `  ${name.padEnd(24)}${number(perSecond, 0).padStart(8)} per second   coordinator ${number(coordinator, 0)}, Redis ${number(redis, 0)}, workers ${number(worker, 0)}`,
    );
  line('BullMQ, 2 workers', result.bullmq);
  line('rxdag, 2 workers', result.rxdag);
  line('rxdag, 1 worker', result.single);
  say(
    `One at a time: BullMQ's round trip ${number(result.tripMs, 2)} ms, a dependent hop ${number(result.hopMs, 2)} ms`,
  );
  say(
    `Two workers predicted from one: ${number(result.prediction.predicted, 0)} nodes per second, measured ${number(result.prediction.measured, 0)}`,
  );
  for (const { coordinators, workers, nodes, actionMs, perSecond, ideal, seconds, used } of result.simulated)
    say(
      `Simulated: ${workers} workers, ${number(nodes, 0)} nodes of ${actionMs} ms, ${coordinators} coordinators: ${number(perSecond, 0)} of ${number(ideal, 0)} nodes per second, ${number(seconds, 0)} s; in use: coordinators ${number(used.coordinators * 100, 0)} %, Redis ${number(used.redis * 100, 0)} %, workers ${number(used.workers * 100, 0)} %`,
    );
  say('Ratios, and what they may be:');
  sayBudgets(result.budgets);
  return result;
}

/** What a store costs, on files that are gone afterwards. */
async function store() {
  const cache = join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  const files = mkdtempSync(join(cache, 'bench-'));
  try {
    say(`\n10,000 nodes that do nothing, layered, 16 at once, CPU µs per node, median of ${PROCESSES} processes:`);
    const cpuPerNode = {};
    for (const [name, more] of Object.entries({ unwatched: [], watched: ['watched'] })) {
      const runs = { without: [], kept: [] };
      for (let i = 0; i < PROCESSES; i++)
        for (const [how, medians] of Object.entries(runs))
          medians.push((await must('store.mjs', 'cpu', join(files, `${name}${how}${i}.db`), how, ...more)).median);
      const [without, kept] = [median(runs.without), median(runs.kept)];
      cpuPerNode[name] = { without, kept, ratio: kept / without, runs };
      say(
        `  ${name === 'watched' ? 'a hook, a subscriber, a reader' : 'nobody watches'}: without a store ${number(without)}, durable to the process ${number(kept)}, ratio ${number(kept / without, 2)}`,
      );
    }
    say('outputs of 100 bytes, layered, bytes per node in the file:');
    const written = [];
    for (const size of sizes.filter((size) => size === 10_000 || size === 1_000_000)) {
      const file = join(files, `${size}.db`);
      const one = await must('store.mjs', 'write', file, size);
      written.push(one);
      say(`  ${number(size, 0)} nodes: ${number(one.bytesPerNode, 0)} (written in ${number(one.seconds)} s)`);
      rmSync(file);
    }
    const log = join(files, 'log.db');
    const { events } = await must('store.mjs', 'write', log, options.quick ? 5_000 : 500_000); // a start and an end each
    const seeks = await must('store.mjs', 'snapshots', log);
    say(`snapshotAt in a run of ${number(events, 0)} events, ms:`);
    say(
      `  the first ${number(seeks.firstMs)}, of ${seeks.further} at random p95 ${number(seeks.p95Ms)}, median ${number(seeks.medianMs)}`,
    );
    return {
      cpuPerNode,
      files: written,
      snapshotAt: { events, ...seeks },
    };
  } finally {
    rmSync(files, { recursive: true });
  }
}

/** From the call of the command to its end, in a process of its own. */
async function start() {
  const cli = join(root, 'dist', 'cli', 'main.js');
  const file = join(root, 'demos', 'weather', 'weather.yaml');
  const commands = {
    'node -e 0': ['-e', '0'],
    'rxdag --version': [cli, '--version'],
    'rxdag validate': [cli, 'validate', file],
  };
  const result = {};
  say('\nThe command line, ms from its call to its end, median of 9:');
  for (const [what, args] of Object.entries(commands)) {
    const times = [];
    for (let i = 0; i < 9; i++) {
      const begun = performance.now();
      const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
      if (status !== 0) throw new Error(`${what} ended with ${status}`);
      times.push(performance.now() - begun);
    }
    result[what] = median(times);
    say(`  ${what.padEnd(24)}${number(result[what], 0).padStart(8)}`);
  }
  return result;
}

function describe() {
  const versionIn = (path) => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).version;
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: `${cpus()[0]?.model ?? 'unknown'} x ${cpus().length}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    versions: {
      rxdag: versionIn(root),
      rxjs: versionIn(join(root, 'node_modules', 'rxjs')),
      ...Object.fromEntries(used.map((name) => [name, dependencies[name]])),
    },
  };
}
