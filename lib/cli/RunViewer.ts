import type { DagExecutor, DagRun, EventStore } from '../index.js';
import type { ViewerServer } from '../server/index.js';
import { exitCode, type ExitCode } from './exitCode.js';
import type { FollowOptions } from './follow.js';
import type { Terminal } from './Terminal.js';

interface Served {
  readonly executor: DagExecutor;
  readonly store: EventStore | undefined;
  readonly port: number | undefined;
  readonly terminal: Terminal;
}

const PATIENCE_MS = 3_000;

/** One run, shown in a browser beside the terminal. */
export class RunViewer {
  readonly #server: ViewerServer;
  readonly #terminal: Terminal;

  private constructor(server: ViewerServer, terminal: Terminal) {
    this.#server = server;
    this.#terminal = terminal;
  }

  /** Throws a `UsageError` where it can't be listened: before the run begins. */
  static async open({ executor, store, port, terminal }: Served): Promise<RunViewer> {
    const { openServer } = await import('./openServer.js');
    const kept = store === undefined ? {} : { store, executor };
    const warn = (text: string): void => terminal.tell(`warning: ${text}`);
    return new RunViewer(await openServer({ ...kept, warn, ...(port === undefined ? {} : { port }) }), terminal);
  }

  show(run: DagRun): void {
    this.#server.add(run);
    this.#terminal.tell(`Watch the run at ${this.#server.url(run.runId)}`);
  }

  /** With a person at the terminal the page stays until Ctrl-C, else it goes with the run. */
  async end(code: ExitCode, { json, quiet }: FollowOptions): Promise<void> {
    const terminal = this.#terminal;
    const hasEnded = code === exitCode.success || code === exitCode.failed;
    if (hasEnded && terminal.isLive && json !== true && quiet !== true) {
      const { untilSignal } = await import('./openServer.js');
      terminal.tell('Its page stays until Ctrl-C.');
      await untilSignal();
      terminal.err('\n'); // behind the ^C that a terminal shows
      await this.#server.close();
    } else await this.#server.close(hasEnded ? PATIENCE_MS : 0);
  }
}
