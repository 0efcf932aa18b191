// Simulates runs without end, on the built library, and prints a line every 10 s. Stop it with Ctrl-C.
// SEED=123 sets the first seed; it exits 1 if any seed has failed.
import { bundle, runBundle } from './built.js';
import { firstSeed } from './seeds.js';

const PROCESSES = 2;
const first = firstSeed();
const begun = Date.now();
let seeds = 0;
let failures = 0;

const path = await bundle('worker');
const workers = Array.from({ length: PROCESSES }, (_, i) =>
  runBundle(path, [first + i, PROCESSES, Infinity].map(String), ({ done, ...failure }) => {
    seeds += Number(done ?? 0);
    if (failure['seed'] === undefined) return;
    failures++;
    process.exitCode = 1;
    console.log(JSON.stringify(failure, null, 2));
  }),
);

const ticker = setInterval(() => {
  const seconds = (Date.now() - begun) / 1_000;
  console.log(
    `${Math.round(seconds)} s: ${seeds.toLocaleString('en')} seeds from ${first}, ${Math.round(seeds / seconds)} a second, ${failures} failed`,
  );
}, 10_000);
const stop = (): void => {
  clearInterval(ticker);
  for (const worker of workers) worker.stop();
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
await Promise.allSettled(workers.map(({ done }) => done.catch((error: unknown) => console.error(error))));
stop();
