// What viewers cost a run: nodes per second without any, and with five that read all there is, in a process of their own.
// usage: viewers.mjs [rounds]
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { ActionRegistry, DagExecutor, action } from '../../dist/index.js';
import { startServer } from '../../dist/server/index.js';
import { median } from './measure.mjs';

const SIZE = 20_000;
const NODE_MS = 5;
const LIMIT = 64;
const VIEWERS = 5;
const WARM_UP = 1;
const ROUNDS = Number(process.argv[2] ?? 9);

const registry = new ActionRegistry().register(
  action('wait', () => new Promise((resolve) => setTimeout(resolve, NODE_MS))),
);
const executor = new DagExecutor({ registry, config: { maxParallelNodes: LIMIT } });
const graph = { name: 'waits', nodes: Array.from({ length: SIZE }, (_, i) => ({ id: `n${i}`, action: 'wait' })) };

const clients = fork(join(import.meta.dirname, 'viewerClients.mjs'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
const told = () => new Promise((resolve) => clients.once('message', resolve));

/** One run; gives its nodes per second, and what it cost in microseconds of CPU per node. */
const once = async (viewers) => {
  globalThis.gc?.();
  const server = viewers > 0 ? await startServer() : undefined;
  const before = process.cpuUsage();
  const began = performance.now();
  const run = executor.start(graph);
  let seen;
  if (server !== undefined) {
    server.add(run);
    seen = told();
    clients.send({ port: server.port, token: server.tokens.reader, runId: run.runId, viewers });
  }
  const { success } = await run.report;
  const took = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  if (!success) throw new Error('The run failed.');
  const events = await seen;
  await server?.close();
  if (events !== undefined && events.some((count) => count !== run.snapshot.seq))
    throw new Error(`Of ${run.snapshot.seq} events the viewers had ${events.join(', ')}.`);
  return { nodesPerSecond: (SIZE / took) * 1_000, cpu: (user + system) / SIZE };
};

const results = { without: [], with: [] };
for (let round = 0; round < WARM_UP + ROUNDS; round++)
  for (const [name, viewers] of [
    ['without', 0],
    ['with', VIEWERS],
  ]) {
    const result = await once(viewers);
    if (round >= WARM_UP) results[name].push(result);
  }
clients.disconnect();

const middle = (name, key) => median(results[name].map((result) => result[key]));
const speed = { without: middle('without', 'nodesPerSecond'), with: middle('with', 'nodesPerSecond') };
const cpu = { without: middle('without', 'cpu'), with: middle('with', 'cpu') };
console.log(
  JSON.stringify({
    nodes: SIZE,
    viewers: VIEWERS,
    nodesPerSecond: speed,
    cpuPerNode: cpu,
    ratio: speed.with / speed.without,
  }),
);
