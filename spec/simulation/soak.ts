// Looks for what the suite has not found, on the built library, and prints a line every 10 s.
// usage: npm run soak [-- seeds | kills [N]]
//   seeds simulates runs without end, until Ctrl-C; kills ends N processes (10,000) that write runs into a file, with kill -9;
//   without an argument both go on side by side. SEED=123 sets the first seed. It exits 1 if anything has failed.
import { kill } from '../stores/kills.js';
import { bundle, runBundle } from './built.js';
import { firstSeed } from './seeds.js';

const PROCESSES = 2;
const KILLS = 10_000;

const [what = 'both', count = String(KILLS)] = process.argv.slice(2);
const cycles = Number(count);
if (!['both', 'seeds', 'kills'].includes(what) || !(cycles > 0))
  throw new Error('usage: npm run soak [-- seeds | kills [N]]');

const first = firstSeed();
const begun = Date.now();
const number = (value: number): string => Math.round(value).toLocaleString('en');
const lines = new Map<string, () => string>();
const say = (): void => {
  const seconds = (Date.now() - begun) / 1_000;
  console.log(`${number(seconds)} s: ${[...lines.values()].map((line) => line()).join('; ')}`);
};
const stops: (() => void)[] = [];
const failed = (failure: string): void => {
  process.exitCode = 1;
  console.log(failure);
};

/** Simulated runs, without end. */
const seeds = async (): Promise<void> => {
  let done = 0;
  let failures = 0;
  lines.set('seeds', () => {
    const perSecond = (done * 1_000) / (Date.now() - begun);
    return `${number(done)} seeds from ${first}, ${number(perSecond)} a second, ${failures} failed`;
  });
  const path = await bundle('worker');
  const workers = Array.from({ length: PROCESSES }, (_, i) =>
    runBundle(path, [first + i, PROCESSES, Infinity].map(String), ({ done: more, ...failure }) => {
      done += Number(more ?? 0);
      if (failure['seed'] === undefined) return;
      failures++;
      failed(JSON.stringify(failure, null, 2));
    }),
  );
  stops.push(() => workers.forEach((worker) => worker.stop()));
  await Promise.allSettled(workers.map(({ done }) => done.catch((error: unknown) => failed(String(error)))));
};

/** Killed runs, until there were so many. */
const kills = async (): Promise<void> => {
  let isStopped = false;
  let told = 0;
  let sofar = { kills: 0, runs: 0, twice: 0, failures: [] as readonly string[] };
  lines.set('kills', () => {
    const minutes = Math.ceil(((Date.now() - begun) * (cycles / sofar.kills - 1)) / 60_000);
    const left = sofar.kills < cycles && sofar.kills > 0 ? `, about ${number(minutes)} min left` : '';
    return `${number(sofar.kills)} of ${number(cycles)} kills of ${number(sofar.runs)} runs from ${first}, ${sofar.failures.length} failed${left}`;
  });
  stops.push(() => (isStopped = true));
  await kill({
    cycles,
    seed: first,
    lanes: PROCESSES,
    shouldStop: (now) => {
      sofar = now;
      for (const failure of now.failures.slice(told)) failed(failure);
      told = now.failures.length;
      return isStopped;
    },
  });
};

const stop = (): void => stops.forEach((each) => each());
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
const ticker = setInterval(say, 10_000);
await Promise.all([what !== 'kills' && seeds(), what !== 'seeds' && kills()]);
clearInterval(ticker);
say();
