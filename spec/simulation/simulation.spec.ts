// timeout: 1200000
// weight: 100
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle, runBundle } from './built.js';
import { firstSeed, regressions } from './seeds.js';

// SEED=123 SEEDS=1 repeats one seed; without them each commit tries 50,000 of its own.
const SEEDS = Number(process.env['SEEDS'] ?? 50_000);
const PROCESSES = 2;

const test = suite('simulation');

/** Simulates seeds in processes of their own and gives the failures, told in full. */
const failuresOf = async (
  jobs: readonly (readonly [first: number, stride: number, count: number])[],
): Promise<readonly string[]> => {
  const path = await bundle('worker');
  const failures: string[] = [];
  const workers = jobs.map((job) =>
    runBundle(path, job.map(String), ({ seed, wrong, small, again }) => {
      if (seed === undefined) return;
      const repeat = `SEED=${seed as number} SEEDS=1 node spec/run.mjs simulation/simulation`;
      failures.push(
        [
          `seed ${seed as number} fails; "${repeat}" repeats it`,
          ...(wrong as string[]),
          `shrunk to ${JSON.stringify(small)}`,
          ...(again as string[]),
        ].join('\n  '),
      );
    }),
  );
  try {
    await Promise.all(workers.map(({ done }) => done));
  } finally {
    for (const worker of workers) worker.stop();
  }
  return failures;
};

test('seeds that once found something', async () => {
  assert.is((await failuresOf(regressions.map((seed) => [seed, 1, 1] as const))).join('\n'), '');
});

test(`${SEEDS} seeds of this commit`, async () => {
  const first = firstSeed();
  const share = Math.ceil(SEEDS / PROCESSES);
  const jobs = Array.from(
    { length: PROCESSES },
    (_, i) => [first + i, PROCESSES, Math.min(share, SEEDS - i * share)] as const,
  );
  assert.is((await failuresOf(jobs.filter(([, , count]) => count > 0))).join('\n'), '', `first seed ${first}`);
});

test.run();
