// A worker in a process of its own, with actions that leave traces: node --import tsx aWorker.ts <options as JSON>
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { action } from '../../../lib/define/action.js';
import type { NodeContext } from '../../../lib/define/NodeAction.js';
import { signingKey } from '../../../lib/remote/envelope/SigningKey.js';
import { startWorker } from '../../../lib/remote/worker/startWorker.js';
import { busyFor } from './busyFor.js';
import { KEY } from './Desk.js';

/** What a spec tells such a process. */
export interface AWorkerOptions {
  readonly url: string;
  readonly name: string;
  /** Where actions leave their traces, a line for each call. */
  readonly traces: string;
  readonly lockDurationMs: number;
  readonly maxStalledCount?: number;
}

const { url, name, traces, lockDurationMs, maxStalledCount = 5 } = JSON.parse(process.argv[2]!) as AWorkerOptions;

const trace = ({ nodeId }: NodeContext): void => appendFileSync(traces, `${nodeId} ${name}\n`);

const worker = await startWorker({
  connection: url,
  key: signingKey(KEY),
  pool: 'heavy',
  concurrency: 1,
  lockDurationMs,
  stalledIntervalMs: 500,
  maxStalledCount,
  actions: [
    // Takes as long as its inputs say for this worker.
    action('slow', async (ctx: NodeContext<Readonly<Record<string, number>>>) => {
      trace(ctx);
      await sleep(ctx.inputs[name] ?? 0);
      return name;
    }),
    action('poison', (ctx: NodeContext) => {
      trace(ctx);
      process.kill(process.pid, 'SIGKILL');
    }),
    action('busy', (ctx: NodeContext<{ readonly ms: number }>) => {
      trace(ctx);
      busyFor(ctx.inputs.ms);
      return name;
    }),
  ],
});
worker.event$.subscribe((event) => console.log(JSON.stringify(event)));
console.log(JSON.stringify({ type: 'up' }));
