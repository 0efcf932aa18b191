import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import { DagError } from '../../define/DagError.js';
import { show } from '../../model/explain.js';
import type { EventStore, KeyFrame } from '../../run/EventStore.js';
import { Fault } from '../Fault.js';
import { fileOf } from './fileOf.js';
import { Framer } from './Framer.js';
import { decode, encode } from './records.js';
import type { Durability } from './openOwn.js';
import { DirectClient } from './DirectClient.js';
import type { SqliteLog } from './SqliteLog.js';
import { taskOf } from '../taskOf.js';
import type { FramePage } from './FrameTable.js';
import { ThreadClient } from './ThreadClient.js';

export interface SqliteStoreOptions {
  /**
   * What an acknowledged event survives: the end of the process, however that comes ('process'), or also a power cut
   * ('power'), for which the disk is waited for at each append. @default 'process'
   */
  readonly durability?: Durability;
}

/** A store that can be let go of. */
export interface SqliteStore extends EventStore {
  /** Ends its thread and gives its runs free. Whatever is asked of it afterwards is refused as `Fenced`. */
  close(): Promise<void>;
}

/**
 * Keeps runs in one SQLite file, which several processes may use at once; each run has one owner, for as long as its
 * process lives. Needs Node 22.13, or better-sqlite3 or libsql beside it. A file that is locked, full or read-only gives
 * `StoreUnavailable`, and a run waits for it; one of another program, of a newer version, or damaged, a typed error.
 *
 * @param path - A path, from the present folder, or ':memory:'. Throws a `DagError` of type InvalidOptions for none.
 */
export const sqliteStore = (path: string, { durability = 'process' }: SqliteStoreOptions = {}): SqliteStore => {
  const file = fileOf(path);
  if (durability !== 'process' && durability !== 'power')
    throw new DagError('InvalidOptions', `durability is ${show(durability)}; it has to be "process" or "power".`);
  const client =
    durability === 'power' ? new ThreadClient<SqliteLog>({ file, durability, serves: 'log' }) : new DirectClient(file);
  let isClosed = false;
  const call: typeof client.call = (...args) =>
    isClosed ? Promise.reject(new Fault('Fenced', `The store ${file} is closed.`)) : client.call(...args);
  const framers = new Map<string, Framer>();
  const framesOf = (runId: string): Framer => {
    let framer = framers.get(runId);
    if (framer === undefined) framers.set(runId, (framer = new Framer()));
    return framer;
  };
  return {
    acquire: (runId, owner, options) =>
      taskOf(() => call('acquire', runId, { pid: process.pid, ...owner }, options?.takeOver === true)),
    append: (runId, epoch, expected, events, answered, index) =>
      taskOf(async () => {
        const frames = index === undefined ? [] : framesOf(runId).ready(expected, events, index);
        await call('append', runId, epoch, expected, encode(events), JSON.stringify(answered), frames);
        if (index === undefined || events[events.length - 1]?.type === 'RunSettled') framers.delete(runId);
        else framesOf(runId).keep(events, frames);
      }),
    read: async function* (runId, fromSeq = 1): AsyncIterable<ExecutionEvent> {
      let next = Math.max(1, fromSeq);
      for (let hasMore = true; hasMore;) {
        const page = await call('page', runId, next);
        ({ hasMore } = page);
        const contents = new Map(page.contents.map(({ hash, body }) => [hash, body]));
        for (const row of page.rows)
          for (const event of decode(row, runId, contents))
            if (event.seq >= next) {
              yield event;
              next = event.seq + 1;
            }
      }
    },
    frames: async function* (runId): AsyncIterable<KeyFrame> {
      for (const kind of ['nodes', 'events'] as const)
        for (let from: number | undefined = 0; from !== undefined;) {
          const page: FramePage = await call('frames', runId, kind, from);
          yield* page.frames;
          from = page.next;
        }
    },
    answered: (runId) =>
      taskOf(async () => JSON.parse(await call('answered', runId)) as Readonly<Record<string, number>>),
    runs: (filter) => taskOf(() => call('runs', filter ?? {})),
    release: (runId, epoch) =>
      taskOf(() => {
        framers.delete(runId);
        return call('release', runId, epoch);
      }),
    remove: (runId) => taskOf(() => call('remove', runId)),
    close: () => {
      isClosed = true;
      return client.close();
    },
  };
};
