import { show } from '../model/explain.js';
import { didYouMean } from '../model/nearest.js';
import { printable } from '../model/printable.js';
import { shownRedis } from '../remote/connection/openRedis.js';
import { readKey } from '../remote/envelope/readKey.js';
import { startWorker, type RemoteWorker } from '../remote/worker/startWorker.js';
import type { WorkerEvent } from '../remote/worker/WorkerEvent.js';
import { actionsFrom } from './actionsFrom.js';
import { asUsage, asUsageLater } from './asUsage.js';
import { duration } from './duration.js';
import { counted } from './eventLine.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { partsOf } from './openRedisRuns.js';
import { untilSignal } from './openServer.js';
import type { Terminal } from './Terminal.js';
import { reachRedis } from './reachRedis.js';
import { UsageError } from './UsageError.js';

export interface WorkerCommandOptions {
  readonly redis: string;
  readonly keyFile?: string;
  readonly actions: readonly string[];
  readonly pool: readonly string[];
  readonly allow: readonly string[];
  readonly concurrency?: number;
  readonly drainSeconds?: number;
  readonly lockSeconds?: number;
  readonly healthPort?: number;
  readonly healthHost?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

const DRAIN_S = 30;

/** Runs jobs of pools until it is told to end; then lets run what runs. */
export const workerCommand = async (options: WorkerCommandOptions, terminal: Terminal): Promise<ExitCode> => {
  const { keyFile, pool, allow, concurrency, lockSeconds, drainSeconds = DRAIN_S } = options;
  const { json = false, verbose = false } = options;
  if (json) terminal.keepOutput();
  const { url, prefix } = partsOf(options.redis);
  const warn = (text: string): void => terminal.tell(`warning: ${text}`);
  const key = asUsage(() => readKey({ warn, ...(keyFile !== undefined && { file: keyFile }) }));
  const registry = await actionsFrom(options.actions);
  for (const name of allow)
    if (!registry.has(name))
      throw new UsageError(
        printable(`No module has an action ${show(name)}${didYouMean(name, registry.list()) || '.'}`),
      );
  const worker = await asUsageLater(() =>
    startWorker({
      connection: url,
      key,
      pool,
      actions: registry,
      drainMs: drainSeconds * 1_000,
      ...(prefix !== undefined && { prefix }),
      ...(allow.length > 0 && { allow }),
      ...(concurrency !== undefined && { concurrency }),
      ...(lockSeconds !== undefined && { lockDurationMs: lockSeconds * 1_000, stalledIntervalMs: lockSeconds * 333 }),
      ...healthOf(options),
    }),
  );
  try {
    await reachRedis(url, (text) => terminal.tell(text));
  } catch (error) {
    await worker.close({ drainMs: 0 });
    throw error;
  }
  const where = shownRedis(url);
  const actions = allow.length > 0 ? allow.length : registry.list().length;
  worker.event$.subscribe(
    json ? (event) => terminal.json(event) : teller(where, verbose, (text) => terminal.tell(text)),
  );
  if (json) terminal.json({ at: Date.now(), type: 'workerStarted', ...about(worker), redis: where, actions });
  else terminal.tell(startText(worker, where, actions));
  terminal.onClosed = () => undefined; // nobody has to read on
  return untilEnded(worker, drainSeconds, json, terminal);
};

/** The first signal lets run what runs, the second one leaves at once. */
const untilEnded = async (
  worker: RemoteWorker,
  drainSeconds: number,
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> => {
  await untilSignal();
  const { active } = worker;
  if (!json && active > 0)
    terminal.tell(
      `Ending once ${counted(active, 'job')} ended, or after ${duration(drainSeconds * 1_000)}; Ctrl-C again leaves at once.`,
    );
  const hasLeft = await Promise.race([worker.close().then(() => false), untilSignal().then(() => true)]);
  if (json)
    terminal.json({ at: Date.now(), type: 'workerEnded', id: worker.id, ...worker.counts, left: worker.active });
  else terminal.tell(endText(worker));
  return hasLeft ? exitCode.interrupted : exitCode.success;
};

const healthOf = ({ healthPort, healthHost }: WorkerCommandOptions): { readonly health?: object } =>
  healthPort === undefined && healthHost === undefined
    ? {}
    : {
        health: {
          ...(healthPort !== undefined && { port: healthPort }),
          ...(healthHost !== undefined && { host: healthHost }),
        },
      };

const about = ({ id, pools, concurrency, healthPort }: RemoteWorker): object => ({
  id,
  pools,
  concurrency,
  healthPort,
});

const startText = ({ id, pools, concurrency, healthPort }: RemoteWorker, where: string, actions: number): string =>
  [
    `Worker ${id}: ${counted(actions, 'action')} for ${pools.length === 1 ? 'the pool' : 'the pools'} ${pools.join(', ')}, ${concurrency} at once${pools.length === 1 ? '' : ' of each'}, from ${where}. Ctrl-C ends it.`,
    ...(healthPort === undefined ? [] : [`Its health is told at port ${healthPort}: /health.`]),
  ].join('\n');

const endText = ({ active, counts: { done, failed, refused, released } }: RemoteWorker): string =>
  [
    `${counted(done, 'job')} done`,
    ...(failed > 0 ? [`${failed} of them failed`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(released + active > 0 ? [`${released + active} given up, for others to run`] : []),
  ].join(', ') + '.';

/** Tells what somebody should know of; with `verbose` of each job as well. */
const teller = (where: string, verbose: boolean, tell: (text: string) => void): ((event: WorkerEvent) => void) => {
  let hasRefused = false;
  return (event) => {
    switch (event.type) {
      case 'started':
        return;
      case 'ended': {
        const { outcome, runId, nodeId, attempt, action, ms, error } = event;
        const text = `${outcome.padEnd(9)} ${runId} ${nodeId} attempt ${attempt} (${action}) ${duration(ms)}`;
        if (verbose) tell(error === undefined ? text : `${text}: ${error}`);
        return;
      }
      case 'released':
        if (verbose) tell(`given up  ${event.id}: ${event.reason}`);
        return;
      case 'refused':
        if (verbose) tell(`refused   ${event.id}: ${event.reason}`);
        else if (!hasRefused)
          tell(`A job was refused: ${event.reason} Others will be without a word; --verbose tells each.`);
        hasRefused = true;
        return;
      case 'redisLost':
        return tell(`Redis at ${where} can't be reached: ${event.reason}. Trying again.`);
      case 'redisBack':
        return tell(`Redis at ${where} is back after ${duration(event.awayMs)}.`);
      case 'blocked':
        return tell(
          `warning: the process stood still for ${duration(event.ms)}, and others may have taken its jobs; run such actions in threads (rxdag/threads), or give jobs more time with --lock-seconds.`,
        );
      case 'trouble':
        return tell(`warning: ${event.message}`);
    }
  };
};
