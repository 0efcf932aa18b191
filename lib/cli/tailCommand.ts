import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore, ExecutionEvent } from '../index.js';
import { eventLine } from './eventLine.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { storeFaultOf } from '../stores/storeFaultOf.js';
import { openStore } from './openStore.js';
import { storedRun } from './storedState.js';
import type { Terminal } from './Terminal.js';

export interface TailCommandOptions {
  readonly db: string;
  readonly json?: boolean;
}

const POLL_MS = 500;

/** Shows a run that another process has: all that happened, and what happens until it ends. */
export const tailCommand = async (
  runId: string,
  { db, json }: TailCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  const store = await openStore(db);
  await storedRun(store, runId);
  let startedAt: number | undefined;
  try {
    for await (const event of eventsOf(store, runId)) {
      startedAt ??= event.at;
      if (json === true) terminal.json(event);
      else terminal.out(`${eventLine(event, startedAt)}\n`);
      if (event.type === 'RunSettled') return event.success ? exitCode.success : exitCode.failed;
    }
  } catch (error) {
    const fault = storeFaultOf(error);
    if (fault === undefined) throw error;
    terminal.tell(`${fault.message} The run itself may go on.`);
    return exitCode.usage;
  }
  return exitCode.failed;
};

/** A log with all that is added to it: told by the store where it can, else looked for twice a second. */
const eventsOf = (store: EventStore, runId: string): AsyncIterable<ExecutionEvent> =>
  hasTail(store) ? store.tail(runId) : polled(store, runId);

interface Tailing {
  tail(runId: string, fromSeq?: number): AsyncIterable<ExecutionEvent>;
}

const hasTail = (store: EventStore): store is EventStore & Tailing => 'tail' in store;

async function* polled(store: EventStore, runId: string): AsyncIterable<ExecutionEvent> {
  for (let next = 1; ; await sleep(POLL_MS))
    for await (const event of store.read(runId, next)) {
      next = event.seq + 1;
      yield event;
      if (event.type === 'RunSettled') return;
    }
}
