import { statSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { ActionRegistry, DagExecutor, ofType, type Graph } from '../../lib/index.js';
import { threads } from '../../lib/remote/threads/index.js';
import type { Packed } from './pack.js';

const say = (...lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

const THREADS = Number(process.argv[2] ?? 2);
const data = new URL('node_modules/vega-datasets/data/', pathToFileURL(`${process.cwd()}/`));
const names = `birdstrikes.csv earthquakes.json flights-10k.json football.json jobs.json movies.json species.csv us-10m.json
  annual-precip.json budget.json cars.json flights-5k.json seattle-weather.csv sp500-2000.csv`;
const files = names
  .split(/\s+/)
  .map((name) => new URL(name, data).href)
  .sort((a, b) => statSync(new URL(b)).size - statSync(new URL(a)).size); // the longest first, so that threads end together

const graph: Graph = {
  name: 'pack',
  nodes: [{ id: 'packed', action: 'pack', forEach: { $ref: 'inputs.files' } }],
};

interface Outcome {
  readonly packed: readonly Packed[];
  readonly seconds: number;
  /** The 99th percentile of how late the event loop of this thread was meanwhile, milliseconds. */
  readonly delayMs: number;
  readonly told: number;
  /** How many threads were at work on average. */
  readonly atWork: number;
}

/** Packs all files with so many threads. Those are started before time is taken. */
const packWith = async (maxThreads: number): Promise<Outcome> => {
  const { action, close } = threads({ maxThreads });
  const pack = action<unknown, Packed>({ thread: new URL('./pack.ts', import.meta.url) });
  const executor = new DagExecutor({
    registry: new ActionRegistry().register(pack),
    config: { maxParallelNodes: maxThreads },
  });
  await executor.start(graph, { inputs: { files: files.slice(-maxThreads) } }).report;

  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const started = performance.now();
  const run = executor.start(graph, { inputs: { files } });
  let told = 0;
  run.event$.pipe(ofType('NodeProgressed')).subscribe(() => told++);
  const { success, outputs, nodeOutcomes } = await run.report;
  const seconds = (performance.now() - started) / 1_000;
  delay.disable();
  await close();
  if (!success) throw new Error('The run has failed.');
  const worked = sum(nodeOutcomes.map(({ nodeId, durationMs = 0 }) => (nodeId === 'packed' ? 0 : durationMs)));
  const packed = outputs['packed'] as unknown as readonly Packed[];
  return { packed, seconds, delayMs: delay.percentile(99) / 1e6, told, atWork: worked / 1_000 / seconds };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const alone = await packWith(1);
const together = await packWith(THREADS);
for (const { packed, seconds, delayMs, told, atWork } of [alone, together])
  say(
    `${packed === alone.packed ? 1 : THREADS} thread(s): ${files.length} files, ${megabytes(sum(packed.map(({ bytes }) => bytes)))} ` +
      `packed to ${megabytes(sum(packed.map(({ packedBytes }) => packedBytes)))} in ${seconds.toFixed(2)} s; ` +
      `${atWork.toFixed(2)} at work; ${told} steps told; event loop delay p99 ${delayMs.toFixed(1)} ms`,
  );
say('', `speed-up with ${THREADS} threads: ${(alone.seconds / together.seconds).toFixed(2)}`);

const checks: Readonly<Record<string, boolean>> = {
  'both ways gave the same': JSON.stringify(alone.packed) === JSON.stringify(together.packed),
  'every step was told': alone.told === together.told && alone.told > files.length,
};
say('', ...Object.entries(checks).map(([what, holds]) => `${holds ? 'yes' : 'NO '}  ${what}`));
if (Object.values(checks).includes(false)) process.exitCode = 1;
