import { ActionRegistry, DagExecutor } from '../index.js';
import type { KeptRuns } from './openStore.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { openServer, untilSignal } from './openServer.js';
import { isRedis, openStore } from './openStore.js';
import { openResults } from './openResults.js';
import { rememberedCode, type CodeOptions } from './rememberedCode.js';
import type { Terminal } from './Terminal.js';

export interface ServeCommandOptions {
  readonly db: string;
  readonly port?: number;
  readonly host?: string;
  readonly readOnly?: boolean;
}

const asRemembered = { actions: [], hooks: [], dag: [], answer: [] };

/** Shows the runs of a database in a browser, until Ctrl-C. */
export const serveCommand = async (options: ServeCommandOptions, terminal: Terminal): Promise<ExitCode> => {
  const { db, port, host, readOnly = false } = options;
  const store = await openStore(db);
  const server = await openServer({
    store,
    executor: forker(store, isRedis(db) ? { db } : { db, results: await openResults(db) }, (text) =>
      terminal.tell(text),
    ),
    isReadOnly: readOnly,
    warn: (text) => terminal.tell(`warning: ${text}`),
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
  });
  if (!readOnly) terminal.out(`${server.url()}\n`);
  terminal.out(`${server.readerUrl()}${readOnly ? '' : '   only to look'}\n`);
  terminal.tell('Open it in a browser; whoever has the address can do the same. Ctrl-C ends.');
  terminal.onClosed = () => undefined; // nobody has to read on
  await untilSignal();
  if (terminal.isLive) terminal.err('\n'); // behind the ^C that a terminal shows
  await server.close();
  return exitCode.success;
};

/** Forks runs with the code that each remembers. */
const forker = (
  store: KeptRuns,
  kept: Pick<CodeOptions, 'db' | 'results'>,
  tell: (text: string) => void,
): Pick<DagExecutor, 'fork' | 'diff'> => ({
  fork: async (runId, options) => {
    const { executor } = await rememberedCode(store, runId, { ...asRemembered, ...kept }, tell);
    return executor.fork(runId, options);
  },
  diff: (runA, runB) => new DagExecutor({ registry: new ActionRegistry(), store }).diff(runA, runB),
});
