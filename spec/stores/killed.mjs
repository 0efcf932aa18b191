// A run in a process of its own, which another process kills: begins it, or goes on with it where it is there already.
// usage: node killed.mjs DIST FILE EFFECTS      prints, a line each: the seq of every event that it has shown
import { appendFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const [dist, file, effects] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { ActionRegistry, DagExecutor, action, addNode } = await load('index.js');
const { sqliteStore } = await load('stores/sqlite/index.js');

const registry = new ActionRegistry().register(
  action('work', async ({ nodeId, attempt, idempotencyKey }) => {
    await sleep(1 + (nodeId.length % 3));
    if (nodeId === 'n7' && attempt === 1) throw new Error('no');
    appendFileSync(effects, `${nodeId} ${idempotencyKey}\n`);
    return { nodeId, filler: 'x'.repeat(50) };
  }),
);
/** An operator with a state of its own: the third of each kind of node brings another one. */
const more = (event$) => {
  let count = 0;
  return new event$.constructor((subscriber) =>
    event$.subscribe((event) => {
      if (event.type === 'NodeSucceeded' && !event.nodeId.startsWith('more') && ++count % 3 === 0)
        subscriber.next(addNode({ id: `more${count}`, action: 'work', deps: [event.nodeId] }));
    }),
  );
};
more.hookName = 'more';
const nodes = Array.from({ length: 24 }, (_, i) => ({
  id: `n${i}`,
  action: 'work',
  tryCount: 2,
  retry: { type: 'Linear', delayMs: 5 },
  ...(i >= 4 ? { deps: [`n${i - 4}`] } : {}),
}));

const store = sqliteStore(file);
const executor = new DagExecutor({
  registry,
  store,
  hooks: [more],
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
writeSync(1, `done ${report.success} ${run.snapshot.seq}\n`);
await store.close();
process.exit(0);
