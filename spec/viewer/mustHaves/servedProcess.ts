// A run and its server, to be killed: usage servedProcess.ts start|resume FILE PORT FULL READER PAGE
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionRegistry, DagExecutor, action } from '../../../lib/index.js';
import { startServer } from '../../../lib/server/index.js';
import { sqliteStore } from '../../../lib/stores/sqlite/index.js';

const [how, file, port, full, reader, page] = process.argv.slice(2) as string[];
const SIZE = 600;
const WIDTH = 6;

/** How deep nodes wait until a file is there, so that the run is never over before it is killed. */
const GATES = new Map([
  [33, 'gate-1'],
  [66, 'gate-2'],
]);

const registry = new ActionRegistry().register(
  action('wait', async ({ nodeId }) => {
    await sleep(5);
    const gate = GATES.get(Math.floor(Number(nodeId.slice(1)) / WIDTH));
    while (gate !== undefined && !existsSync(join(dirname(file!), gate))) await sleep(20);
    return 'done';
  }),
);
const executor = new DagExecutor({
  registry,
  store: sqliteStore(file!),
  config: { maxParallelNodes: WIDTH, maxInterruptions: 9 },
});
const nodes = Array.from({ length: SIZE }, (_, i) => ({
  id: `n${i}`,
  action: 'wait',
  ...(i >= WIDTH && { deps: [`n${i - WIDTH}`] }),
}));
const files = JSON.parse(readFileSync(page!, 'utf8')) as [string, { readonly type: string; readonly body: string }][];
void (async () => {
  const run =
    how === 'start'
      ? executor.start({ name: 'killed', nodes }, { runId: 'killed' })
      : await executor.resume('killed', { takeOver: true });
  await startServer({
    runs: [run],
    executor,
    port: Number(port),
    tokens: { full: full!, reader: reader! },
    page: new Map(files.map(([path, { type, body }]) => [path, { type, body: Buffer.from(body) }])),
  });
  await run.report;
})();
