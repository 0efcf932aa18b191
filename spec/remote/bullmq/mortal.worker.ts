// A worker of pool `heavy` in a process of its own, which the action `die` ends as hard as can be.
import { action } from '../../../lib/define/action.js';
import type { NodeContext } from '../../../lib/define/NodeAction.js';
import { signingKey } from '../../../lib/remote/envelope/SigningKey.js';
import { startWorker } from '../../../lib/remote/worker/startWorker.js';

const [connection, key] = process.argv.slice(2);
const worker = await startWorker({
  connection: connection!,
  key: signingKey(key!),
  pool: 'heavy',
  concurrency: 2,
  lockDurationMs: 1_000,
  stalledIntervalMs: 500,
  maxStalledCount: 2,
  actions: [
    action('die', () => process.kill(process.pid, 'SIGKILL')),
    action('wait', async ({ inputs, progress }: NodeContext) => {
      progress('begun');
      await new Promise((resolve) => setTimeout(resolve, Number(inputs['ms'])));
      return process.pid;
    }),
  ],
});
process.on('SIGTERM', () => void worker.close({ drainMs: 0 }));
process.send?.('started');
