import { failureOf } from '../model/Failure.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { partsOf } from './openRedisRuns.js';
import { table } from './runsCommand.js';
import type { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

export interface WorkersCommandOptions {
  readonly redis: string;
  readonly json?: boolean;
}

/** Lists the workers that live. */
export const workersCommand = async ({ redis, json }: WorkersCommandOptions, terminal: Terminal): Promise<ExitCode> => {
  const { listWorkers } = await import('../remote/worker/listWorkers.js');
  const { url, prefix } = partsOf(redis);
  const workers = await listWorkers(url, prefix).catch((error: unknown) => {
    throw new UsageError(failureOf(error).message);
  });
  if (json === true) for (const worker of workers) terminal.json(worker);
  else
    terminal.out(
      table([
        ['worker', 'pool', 'host', 'process', 'active', 'done', 'failed', 'since', ''],
        ...workers.map(({ id, pools, host, pid, concurrency, active, done, failed, startedAt, state }) => [
          id,
          pools.join(', '),
          host,
          String(pid),
          `${active} of ${concurrency * pools.length}`,
          String(done),
          String(failed),
          new Date(startedAt).toISOString(),
          state === 'running' ? '' : state,
        ]),
      ]),
    );
  return exitCode.success;
};
