// A process that another one kills. usage: killed.worker URL run | append COUNT
// "run" begins a run, or goes on with it once its lease is over; prints the seq of every event that it has shown.
// "append" adds as many events at a time as it is told; prints the seq of the last one each time.
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionRegistry, DagError, DagExecutor, action, type DagRun, type NodeSpec } from '../../../lib/index.js';
import { redisStore } from '../../../lib/remote/redis/redisStore.js';
import { get, logFor, me } from './stores.js';

const [connection = '', what, count] = process.argv.slice(2);
const LEASE_MS = 700;
const store = redisStore({ connection, leaseMs: LEASE_MS });

if (what === 'append') {
  const { epoch } = await get(store.acquire('r', { ...me, id: `${process.pid}` }, { takeOver: true }));
  let seq = (await get(store.runs({ runId: 'r' })))[0]?.seq ?? 0;
  writeSync(1, 'up\n');
  for (;;) {
    const next = seq + Number(count);
    await get(store.append('r', epoch, seq, logFor('r', next, 'x'.repeat(50)).slice(seq), {}));
    seq = next;
    writeSync(1, `${seq}\n`);
  }
}

const registry = new ActionRegistry().register(
  action('work', async ({ nodeId, attempt }) => {
    await sleep(5 + (nodeId.length % 3) * 20);
    if (nodeId === 'n7' && attempt === 1) throw new Error('no');
    return { nodeId, filler: 'x'.repeat(nodeId === 'n9' ? 300_000 : 50) };
  }),
);
const nodes = Array.from({ length: 40 }, (_, i): NodeSpec => ({
  id: `n${i}`,
  action: 'work',
  tryCount: 2,
  retry: { type: 'Linear', delayMs: 5 },
  ...(i >= 3 ? { deps: [`n${i - 3}`] } : {}),
}));
const executor = new DagExecutor({ registry, store, config: { maxParallelNodes: 3, maxInterruptions: 1_000 } });

const begin = async (): Promise<DagRun> => {
  if ((await get(store.runs({ runId: 'r' }))).length === 0) {
    await sleep(LEASE_MS); // of one that died before its first event
    return executor.start({ name: 'doomed', nodes }, { runId: 'r' });
  }
  for (;;) {
    try {
      return await executor.resume('r');
    } catch (error) {
      if (!(error instanceof DagError && error.type === 'OwnedElsewhere')) throw error;
      await sleep(20);
    }
  }
};
const run = await begin();
writeSync(1, 'up\n');
run.event$.subscribe(({ seq }) => writeSync(1, `${seq}\n`));
const { success } = await run.report;
await store.close();
writeSync(1, `done ${success}\n`);
process.exit(0);
