// A run in a process of its own, which another process kills: begins it, or goes on with it where it is there already.
// usage: killed.worker FILE EFFECTS chain|parallel process|power      prints, a line each: "up", then the seq of every event that it has shown
import { appendFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { filter, map } from 'rxjs';
import {
  ActionRegistry,
  DagExecutor,
  action,
  addNode,
  ofType,
  updateMetrics,
  type HookOperator,
  type NodeSpec,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { sqliteStore } from '../../lib/stores/sqlite/index.js';

const [file = '', effects = '', shape, durability] = process.argv.slice(2);

const registry = new ActionRegistry().register(
  action('work', async ({ nodeId, attempt, idempotencyKey }) => {
    await sleep(1 + (nodeId.length % 3));
    if (nodeId === 'n7' && attempt === 1) throw new Error('no');
    appendFileSync(effects, `${nodeId} ${idempotencyKey}\n`);
    return { nodeId, filler: 'x'.repeat(nodeId === 'n9' ? 70_000 : 50) };
  }),
);

/** An operator with a state of its own: every third node brings another one. */
const thirds: HookOperator = (event$) => {
  let count = 0;
  return event$.pipe(
    ofType('NodeSucceeded'),
    filter(({ nodeId }) => /^n\d+$/.test(nodeId) && ++count % 3 === 0),
    map(({ nodeId }) => addNode({ id: `third${count}`, action: 'work', deps: [nodeId] })),
  );
};
/** Methods that answer later, and hold back what depends on the node meanwhile. */
const later: SupervisorHookV2 = {
  name: 'later',
  onNodeComplete: async (_ctx, { nodeId }) => {
    if (!/^n\d*5$/.test(nodeId)) return undefined;
    await sleep(15);
    return [addNode({ id: `later-${nodeId}`, action: 'work' }), updateMetrics({ [nodeId]: 1 })];
  },
};

const width = shape === 'chain' ? 1 : 4;
const nodes = Array.from({ length: shape === 'chain' ? 16 : 24 }, (_, i): NodeSpec => ({
  id: `n${i}`,
  action: 'work',
  tryCount: 2,
  retry: { type: 'Linear', delayMs: 5 },
  ...(i >= width ? { deps: [`n${i - width}`] } : {}),
}));

writeSync(1, 'up\n');
const store = sqliteStore(file, { durability: durability as 'process' | 'power' });
const executor = new DagExecutor({
  registry,
  store,
  hooks: shape === 'chain' ? [] : [Object.assign(thirds, { hookName: 'thirds' }), later],
  config: { maxParallelNodes: 4, maxInterruptions: 1_000 },
});
const runs = await store.runs()();
if (runs._tag === 'Left') throw new Error(runs.left.message);
const run =
  runs.right.length === 0
    ? executor.start({ name: 'doomed', nodes }, { runId: 'doomed' })
    : await executor.resume('doomed');
run.event$.subscribe(({ seq }) => writeSync(1, `${seq}\n`));
const report = await run.report;
writeSync(1, `done ${report.success}\n`);
await store.close();
process.exit(0);
