// A worker for fleet.mjs, in a process of its own: BullMQ's alone, or ours. Its argument: { kind, redis, pool, concurrency, key }.
import { Worker } from 'bullmq';
import { action } from '../../dist/index.js';
import { signingKey, startWorker } from '../../dist/remote/index.js';

const { kind, redis, pool, concurrency, key } = JSON.parse(process.argv[2]);
if (kind === 'plain') {
  const { hostname, port } = new URL(redis);
  const connection = { host: hostname, port: Number(port), maxRetriesPerRequest: null };
  const worker = new Worker(pool, async ({ data }) => data, { connection, concurrency, prefix: '{plain}' });
  worker.on('error', () => undefined);
  await worker.waitUntilReady();
} else
  await startWorker({
    connection: redis,
    key: signingKey(key),
    pool,
    concurrency,
    actions: [action('noop', ({ inputs }) => inputs)],
  });
process.on('message', () => process.send(process.cpuUsage()));
process.send('ready');
