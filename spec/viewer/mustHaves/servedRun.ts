import type { Page } from 'playwright-core';
import {
  ActionRegistry,
  DagExecutor,
  action,
  memoryStore,
  type DagRun,
  type ExecutionEvent,
  type NodeSpec,
  type RunOptions,
} from '../../../lib/index.js';
import { startServer, type ViewerServer } from '../../../lib/server/index.js';
import { servedPage } from '../app/builtPage.js';
import { drawn } from './openReport.js';

/** A run that goes on in this process, and the page that shows it. */
export interface ServedRun {
  readonly executor: DagExecutor;
  readonly run: DagRun;
  readonly server: ViewerServer;
  /** Lets a node end that holds: with its id, or an error. */
  release(id: string, error?: Error): void;
  /** All that has happened so far. */
  log(): Promise<readonly ExecutionEvent[]>;
  close(): Promise<void>;
}

/** Starts a run whose nodes of the action `hold` last until they are released, and serves it to a page. */
export const serveRun = async (
  page: Page,
  nodes: readonly NodeSpec[],
  { runId = 'held', ...options }: RunOptions = {},
): Promise<ServedRun> => {
  const held = new Map<string, { resolve(value: string): void; reject(error: Error): void }>();
  const registry = new ActionRegistry()
    .register(
      action(
        'hold',
        ({ nodeId, signal }) =>
          new Promise<string>((resolve, reject) => {
            held.set(nodeId, { resolve, reject });
            signal.addEventListener('abort', () => reject(new Error('aborted')));
          }),
      ),
    )
    .register(action('work', ({ nodeId }) => nodeId));
  const executor = new DagExecutor({ registry, store: memoryStore() });
  const run = executor.start({ name: 'held', nodes }, { runId, ...options });
  const server = await startServer({ runs: [run], executor, page: await servedPage() });
  await page.goto(server.url(runId));
  await drawn(page, 1);
  return {
    executor,
    run,
    server,
    release: (id, error) => {
      const deferred = held.get(id);
      if (deferred === undefined) throw new Error(`${id} does not run`);
      held.delete(id);
      if (error === undefined) deferred.resolve(id);
      else deferred.reject(error);
    },
    log: async () => {
      const events: ExecutionEvent[] = [];
      const head = run.snapshot.seq;
      if (head > 0)
        for await (const event of run) {
          events.push(event);
          if (event.seq >= head) break;
        }
      return events;
    },
    close: async () => {
      await run.cancel();
      await server.close();
    },
  };
};
