// What it costs to keep a run in a file, measured in a process of its own.
// usage: store.mjs cpu FILE kept|without [watched] | store.mjs write FILE NODES | store.mjs snapshots FILE
import { statSync } from 'node:fs';
import { ActionRegistry, DagExecutor, action } from '../../dist/index.js';
import { sqliteStore } from '../../dist/stores/sqlite/index.js';
import { seeded, shapes } from './graphs.mjs';
import { median, ready } from './measure.mjs';

const LIMIT = 16;
const RUN = 'kept';
const FURTHER = 100;
/** Further snapshots are taken for so long at most, but five in any case. */
const FURTHER_MS = 120_000;

/** CPU per node with or without a store, watched by a hook, a subscriber and a reader or by nobody: three runs to warm up, six that count. */
const cpu = async (file, how, watched) => {
  const watchers = watched === undefined ? { hooks: 0, subscribers: 0, readers: 0 } : {};
  const store = how === 'kept' ? sqliteStore(file, { durability: 'process' }) : undefined;
  const subject = await ready('rxdag', shapes.layered(10_000), { store, ...watchers });
  const runs = [];
  for (let i = 0; i < 9; i++) runs.push(await subject.cpu());
  await store?.close();
  const measured = runs.slice(3);
  return { best: Math.min(...measured), median: median(measured) };
};

/** Writes a run whose outputs take 100 bytes each. */
const write = async (file, size) => {
  const registry = new ActionRegistry().register(action('fill', async () => 'x'.repeat(98))); // and two quotes
  const store = sqliteStore(file, { durability: 'process' });
  const executor = new DagExecutor({ registry, store, config: { maxParallelNodes: LIMIT } });
  const nodes = shapes.layered(size).map(({ id, deps }) => ({ id, action: 'fill', deps }));
  const begun = performance.now();
  const run = executor.start({ name: 'bench', nodes }, { runId: RUN });
  const { success, error } = await run.report;
  if (!success) throw new Error(error);
  const seconds = (performance.now() - begun) / 1_000;
  await store.close();
  return { nodes: size, bytesPerNode: statSync(file).size / size, events: run.snapshot.seq, seconds };
};

/** How long it takes to look into a run that another process has written: at its end, then anywhere. */
const snapshots = async (file) => {
  const store = sqliteStore(file);
  const executor = new DagExecutor({ registry: new ActionRegistry(), store });
  const { seq: last } = (await store.runs()()).right[0];
  const take = async (seq) => {
    const begun = performance.now();
    const snapshot = await executor.snapshotAt(RUN, seq);
    const ms = performance.now() - begun;
    if (snapshot.seq !== seq) throw new Error(`The state after event ${seq} says ${snapshot.seq}.`);
    return ms;
  };
  const firstMs = await take(last);
  const random = seeded(1);
  const times = [];
  const end = performance.now() + FURTHER_MS;
  while (times.length < FURTHER && (times.length < 5 || performance.now() < end))
    times.push(await take(1 + Math.floor(random() * last)));
  await store.close();
  const sorted = times.toSorted((a, b) => a - b);
  return {
    firstMs,
    p95Ms: sorted[Math.ceil(sorted.length * 0.95) - 1],
    medianMs: median(times),
    further: times.length,
  };
};

const [what, file, more, watched] = process.argv.slice(2);
const result = await { cpu, write, snapshots }[what](file, what === 'write' ? Number(more) : more, watched);
console.log(JSON.stringify(result));
