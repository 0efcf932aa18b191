import { hostname } from 'node:os';
import { DagExecutor } from '../index.js';
import { printable } from '../model/printable.js';
import { shownRedis } from '../remote/connection/openRedis.js';
import { startCoordinator, type CoordinatorEvent } from '../remote/coordinator/startCoordinator.js';
import { actionsFrom } from './actionsFrom.js';
import { asUsage } from './asUsage.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { hooksFrom } from './hooksFrom.js';
import { openRemote } from './openRemote.js';
import { partsOf } from './openRedisRuns.js';
import { untilSignal } from './openServer.js';
import { readPipeline } from './readPipeline.js';
import type { Terminal } from './Terminal.js';

export interface CoordinateCommandOptions {
  readonly redis: string;
  readonly keyFile?: string;
  readonly actions: readonly string[];
  readonly hooks: readonly string[];
  readonly dag: readonly string[];
  readonly runs?: number;
  readonly leaseSeconds?: number;
  readonly json?: boolean;
}

/** Runs what is submitted to a Redis, and goes on with what others have left, until it is told to end. */
export const coordinateCommand = async (options: CoordinateCommandOptions, terminal: Terminal): Promise<ExitCode> => {
  const { redis, keyFile, runs, leaseSeconds, json = false } = options;
  const registry = await actionsFrom(options.actions);
  const hooks = await hooksFrom(options.hooks);
  const others = await Promise.all(options.dag.map((path) => readPipeline(path, { registry })));
  const place = {
    remote: redis,
    ...(keyFile !== undefined && { keyFile }),
    ...(leaseSeconds !== undefined && { leaseMs: leaseSeconds * 1_000 }),
  };
  const { engine, store } = await openRemote(place, (text) => terminal.tell(text));
  const executor = asUsage(() => new DagExecutor({ registry, hooks, store, remote: engine }));
  for (const { graph } of others) executor.load(graph);
  const coordinator = startCoordinator({ executor, store, ...(runs !== undefined && { maxRuns: runs }) });
  coordinator.event$.subscribe((event) => {
    if (json) terminal.json(event);
    else terminal.tell(textOf(event));
  });
  if (!json)
    terminal.tell(
      `Coordinating the runs of ${shownRedis(partsOf(redis).url)} on ${hostname()}, process ${process.pid}. Ctrl-C leaves them to others.`,
    );
  terminal.onClosed = () => undefined; // nobody has to read on
  await untilSignal();
  await coordinator.close();
  return exitCode.success;
};

const textOf = (event: CoordinatorEvent): string => {
  switch (event.type) {
    case 'taken':
      return printable(`taken     ${event.runId} (${event.dagName})`);
    case 'ended':
      return printable(
        `${event.status.padEnd(9)} ${event.runId}${event.error === undefined ? '' : `: ${event.error.replaceAll('\n', '; ')}`}`,
      );
    case 'left':
      return printable(`left      ${event.runId}: ${event.reason}`);
    case 'refused':
      return printable(`refused   ${event.runId ?? ''}: ${event.reason.replaceAll('\n', '; ')}`);
    case 'unavailable':
      return event.reason === undefined
        ? 'The runs can be read again.'
        : printable(`The runs can't be read: ${event.reason} Trying again.`);
  }
};
