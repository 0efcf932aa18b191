// What it costs to run nodes on workers, beside BullMQ alone: the same Redis, the same number of workers, in turn. Prints one JSON document.
// usage: node fleet.mjs [quick]
import { Queue, QueueEvents } from 'bullmq';
import { fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionRegistry, DagExecutor, action } from '../../dist/index.js';
import { bullmqEngine, redisStore, signingKey } from '../../dist/remote/index.js';
import { measured, predict, simulateFleet } from './fleetModel.mjs';
import { median } from './measure.mjs';

const quick = process.argv[2] === 'quick';
const JOBS = quick ? 2_000 : 8_000;
const IN_FLIGHT = 256;
const HOPS = quick ? 100 : 300;
const ROUNDS = quick ? 3 : 5;
const key = randomBytes(32).toString('hex');

const folder = mkdtempSync(join(tmpdir(), 'rxdag-bench-'));
const port = await freePort();
const url = `redis://127.0.0.1:${port}`;
const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'yes', appendfsync: 'everysec', dir: folder };
const redis = spawn('redis-server', [
  ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
  '--maxmemory-policy',
  'noeviction',
]);
redis.stdout.resume();
process.on('exit', () => {
  redis.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** CPU time of a process, microseconds. */
const TICK_US = 10_000;
const cpuOf = (pid) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
};
const ownCpu = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

async function workers(kind, pool, count) {
  const each = Math.ceil(IN_FLIGHT / count);
  const started = Array.from({ length: count }, () =>
    fork(join(import.meta.dirname, 'fleetWorker.mjs'), [
      JSON.stringify({ kind, redis: url, pool, concurrency: each, key }),
    ]),
  );
  await Promise.all(started.map((child) => new Promise((resolve) => child.once('message', resolve))));
  return {
    cpu: () => started.reduce((sum, { pid }) => sum + cpuOf(pid), 0),
    stop: () => {
      for (const child of started) child.kill('SIGKILL');
    },
  };
}

/** Jobs per second, and what one costs each side, microseconds of CPU. */
async function timed(jobs, fleet, work) {
  const before = { time: performance.now(), redis: cpuOf(redis.pid), workers: fleet.cpu(), coordinator: ownCpu() };
  await work();
  const seconds = (performance.now() - before.time) / 1_000;
  return {
    perSecond: jobs / seconds,
    redis: (cpuOf(redis.pid) - before.redis) / jobs,
    worker: (fleet.cpu() - before.workers) / jobs,
    coordinator: (ownCpu() - before.coordinator) / jobs,
  };
}

let pools = 0;
async function plain(workerCount, work) {
  const pool = `plain${++pools}`;
  const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
  const queue = new Queue(pool, { connection, prefix: '{plain}' });
  const events = new QueueEvents(pool, { connection, prefix: '{plain}' });
  await events.waitUntilReady();
  const waiting = new Map();
  events.on('completed', ({ jobId }) => {
    waiting.get(jobId)?.();
    waiting.delete(jobId);
  });
  const fleet = await workers('plain', pool, workerCount);
  let id = 0;
  const one = () => {
    const jobId = `j${++id}`;
    const done = new Promise((resolve) => waiting.set(jobId, resolve));
    return queue
      .add('noop', { n: id }, { jobId, removeOnComplete: { age: 3_600 }, removeOnFail: { age: 3_600 } })
      .then(() => done);
  };
  try {
    return await work(one, fleet);
  } finally {
    fleet.stop();
    await events.close();
    await queue.close();
  }
}

async function ours(workerCount, work) {
  const pool = `ours${++pools}`;
  const store = redisStore({ connection: url });
  const engine = bullmqEngine({ connection: url, key: signingKey(key) });
  const registry = new ActionRegistry().register(
    action({ name: 'noop', placement: `pool:${pool}`, execute: ({ inputs }) => inputs }),
  );
  const executor = new DagExecutor({ registry, store, remote: engine, config: { maxParallelNodes: IN_FLIGHT } });
  const fleet = await workers('ours', pool, workerCount);
  try {
    return await work(executor, fleet);
  } finally {
    fleet.stop();
    await engine.close();
    await store.close();
  }
}

const flood = (jobs) => (one, fleet) =>
  timed(jobs, fleet, async () => {
    let left = jobs;
    const lane = async () => {
      while (left-- > 0) await one();
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  });

const succeeded = ({ success, error }) => {
  if (!success) throw new Error(`the run failed: ${error}`);
};
const wide = (jobs) => ({
  name: 'wide',
  nodes: Array.from({ length: jobs }, (_, i) => ({ id: `n${i}`, action: 'noop', inputs: { n: i } })),
});
const chain = (hops) => ({
  name: 'chain',
  nodes: Array.from({ length: hops }, (_, i) => ({ id: `n${i}`, action: 'noop', deps: i === 0 ? [] : [`n${i - 1}`] })),
});

/** Times between the ends of nodes that wait for one another, milliseconds. */
async function hopsOf(executor) {
  const run = executor.start(chain(HOPS));
  const ends = [];
  run.event$.subscribe((event) => event.type === 'NodeSucceeded' && ends.push(performance.now()));
  succeeded(await run.report);
  return ends.slice(1).map((at, i) => at - ends[i]);
}
async function tripsOf(one) {
  const times = [];
  for (let i = 0; i < HOPS; i++) {
    const at = performance.now();
    await one();
    times.push(performance.now() - at);
  }
  return times.slice(1);
}

/** Until V8 has compiled what is called most, on either side. */
const warm = quick ? 500 : 4_000;
const rounds = { plain: [], ours: [], one: [], trip: [], hop: [] };
for (let i = 0; i < ROUNDS; i++) {
  rounds.plain.push(await plain(2, async (one, fleet) => (await flood(warm)(one, fleet), flood(JOBS)(one, fleet))));
  const remotely = (executor, fleet) =>
    timed(JOBS, fleet, async () => succeeded(await executor.start(wide(JOBS)).report));
  const warmed = async (executor, fleet) => {
    succeeded(await executor.start(wide(warm)).report);
    return remotely(executor, fleet);
  };
  rounds.ours.push(await ours(2, warmed));
  rounds.one.push(await ours(1, warmed));
  rounds.trip.push(await plain(1, tripsOf));
  rounds.hop.push(await ours(1, hopsOf));
  await sleep(100);
}

const middle = (list, what) => median(list.map((one) => one[what]));
const costs = (list) =>
  Object.fromEntries(['perSecond', 'redis', 'worker', 'coordinator'].map((what) => [what, middle(list, what)]));
const [bullmq, rxdag, single] = [costs(rounds.plain), costs(rounds.ours), costs(rounds.one)];
const ratios = rounds.ours.map(({ perSecond }, i) => perSecond / rounds.plain[i].perSecond);
const tripMs = median(rounds.trip.map(median));
const hopMs = median(rounds.hop.map(median));

// The model is calibrated on one worker, and has to tell what two do.
const cores = cpus().length;
const model = measured(single, { cores, inFlight: IN_FLIGHT, hopMs });
const predicted = predict(model, { workers: 2, cores, inFlight: IN_FLIGHT });
const fleetOf = { workers: 100, concurrency: 16, actionMs: 100, nodes: quick ? 100_000 : 1_000_000 };

console.log(
  JSON.stringify({
    jobs: JOBS,
    inFlight: IN_FLIGHT,
    bullmq,
    rxdag,
    single,
    ratio: median(ratios),
    ratios,
    tripMs,
    hopMs,
    model,
    prediction: { measured: rxdag.perSecond, predicted, error: predicted / rxdag.perSecond - 1 },
    simulated: [1, 4, 16].map((coordinators) => simulateFleet(model, { ...fleetOf, coordinators })),
    budgets: [
      { what: `BullMQ's jobs/s by our nodes/s, ${IN_FLIGHT} in flight`, ratio: 1 / median(ratios), limit: 1 / 0.7 },
      { what: "ms per dependent hop by BullMQ's round trip, p50", ratio: hopMs / tripMs, limit: 2 },
      {
        what: 'error of the prediction for two workers',
        value: Math.abs(predicted / rxdag.perSecond - 1),
        limit: 0.25,
      },
    ],
  }),
);
process.exit(0);

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
}
