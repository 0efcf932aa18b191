import { randomBytes } from 'node:crypto';
import type { Observable } from 'rxjs';
import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { RunStatus } from '../../model/Status.js';
import type { EventStore, StoreOwner } from '../../run/EventStore.js';
import { Fault } from '../../stores/Fault.js';
import { ownerText, takenOver } from '../../stores/ownerText.js';
import { taskOf } from '../../stores/taskOf.js';
import { checkStoreOptions } from './checkStoreOptions.js';
import { keysOf } from './keys.js';
import { Leases, notHeld, type Lease } from './Leases.js';
import { LogPages } from './LogPages.js';
import { LogWriter } from './LogWriter.js';
import { decodeName } from './names.js';
import type { RedisSource } from '../connection/openRedis.js';
import { RedisLink } from './RedisLink.js';
import { newerRun } from './runFaults.js';
import { ANSWER, ownerIn } from './RunHash.js';
import { listRun, listRuns, unlistRun } from './RunList.js';
import { acquire, release, remove, renew } from './scripts.js';
import { Tail } from './Tail.js';

export interface RedisStoreOptions {
  /** A URL, as `redis://127.0.0.1:6379`, or options or a connection of ioredis, whose settings are taken. */
  readonly connection: RedisSource;
  /** What the names of all keys begin with, up to a colon. Stores with the same one share their runs. @default 'rxdag' */
  readonly prefix?: string;
  /**
   * So long a run stays with an owner of whom nothing is heard, milliseconds, 500 to 3,600,000: a run whose process has
   * died can be had by others after it. Every third of it the lease is renewed. @default 10000
   */
  readonly leaseMs?: number;
}

/** A store that several machines share. */
export interface RedisStore extends EventStore {
  /**
   * The log from `fromSeq` (default 1) on and all that is appended to it, until its RunSettled, or `return()`. It waits for
   * a run that is not there yet, and for Redis while that is away. Errors with a `StoreError`: `Diverged` where events that
   * it has given were lost or removed. Each has a connection of its own.
   */
  tail(runId: string, fromSeq?: number): AsyncIterable<ExecutionEvent>;
  /**
   * Errors with a `StoreError` of type `Fenced` once Redis tells that another owner has the run; completes when it is released.
   * While Redis can't be reached nothing is told: whoever comes back first has it, the owner of before or another.
   */
  held(runId: string, epoch: number): Observable<never>;
  /** Gives its runs free and lets go of its connections. Whatever is asked of it afterwards is refused as `Fenced`. */
  close(): Promise<void>;
}

/** So long giving runs free may take when a store is closed, milliseconds. */
const CLOSE_MS = 1_000;

/**
 * Keeps runs in Redis (6.2 or later, or Valkey), for any number of processes on any machines; each run has one owner at a
 * time, by a lease that is renewed. While Redis is away calls give `StoreUnavailable` within five seconds, and a run waits
 * for it. What an acknowledged event survives is set in Redis: with `appendfsync everysec` a power cut may take the last
 * second or two, which an owner learns as `Diverged` or `Fenced`; resuming goes on from what is left. See `checkRedis`.
 *
 * Throws a `DagError` of type InvalidOptions for options that can't be, or where ioredis is not installed.
 */
export const redisStore = (options: RedisStoreOptions): RedisStore => {
  const { connection, prefix, leaseMs } = checkStoreOptions(options);
  const link = new RedisLink(connection);
  const keys = keysOf(prefix);
  const writer = new LogWriter(link, keys, leaseMs);
  const tails = new Set<Tail>();

  const leases = new Leases(leaseMs, async ({ runId, token }, limitMs) => {
    const [word, owner = ''] = await link.run(renew, [keys.of(runId).run], [token, leaseMs], { limitMs });
    if (word !== 'ok') throw new Fault('Fenced', takenOver(runId, ownerIn(owner)));
  });

  const acquireRun = async (runId: string, owner: StoreOwner, takeOver: boolean): Promise<Lease> => {
    const at = performance.now();
    const nonce = randomBytes(12).toString('base64url');
    const [word, told = '', seq = '0', status, startedAt = ''] = await link.run(
      acquire,
      [keys.of(runId).run],
      [nonce, owner.id, JSON.stringify(owner), leaseMs, takeOver ? 1 : 0],
    );
    if (word === 'newer') throw newerRun(runId, told);
    if (word !== 'ok') throw ownedBy(runId, told);
    if (startedAt !== '') await listRun(link, keys, runId, Number(startedAt));
    const lease = {
      runId,
      epoch: Number(told),
      token: `${told}-${nonce}`,
      seq: Number(seq),
      status: status as RunStatus,
    };
    leases.keep(lease, at);
    return lease;
  };

  const releaseRun = async (lease: Lease, limitMs?: number): Promise<void> => {
    leases.drop(lease);
    const { runId, token } = lease;
    await link.run(release, [keys.of(runId).run], [token], limitMs === undefined ? {} : { limitMs });
  };

  return {
    acquire: (runId, owner, { takeOver = false } = {}) =>
      taskOf(async () => {
        const { epoch } = await acquireRun(runId, { pid: process.pid, ...owner }, takeOver);
        return { epoch };
      }),
    append: (runId, epoch, expected, events, answered) =>
      taskOf(async () => {
        const lease = leases.find(runId, epoch);
        if (lease === undefined) throw new Fault('Fenced', notHeld(runId).message);
        const at = performance.now();
        try {
          await writer.append(lease, expected, events, answered);
          leases.renewed(lease, at);
        } catch (error) {
          if (error instanceof Fault && error.type === 'Fenced') leases.lost(lease, error);
          throw error;
        }
      }),
    held: (runId, epoch) => leases.held(runId, epoch),
    read: async function* (runId, fromSeq = 1): AsyncIterable<ExecutionEvent> {
      const pages = new LogPages(link, runId, keys.of(runId), Math.max(1, fromSeq));
      for (let page = await pages.next(); page.length > 0; page = await pages.next()) yield* page;
    },
    tail: (runId, fromSeq = 1) => {
      return {
        [Symbol.asyncIterator]: () => {
          const pages = new LogPages(link, runId, keys.of(runId), Math.max(1, fromSeq));
          const tail = new Tail(new RedisLink(connection), pages, keys.of(runId).log, () => tails.delete(tail));
          tails.add(tail);
          return tail;
        },
      };
    },
    answered: (runId) =>
      taskOf(async () => {
        const found = await link.call((client) => client.hgetall(keys.of(runId).run));
        return Object.fromEntries(
          Object.entries(found).flatMap(([field, seq]) =>
            field.startsWith(ANSWER) ? [[decodeName(field.slice(ANSWER.length)), Number(seq)] as const] : [],
          ),
        );
      }),
    runs: (filter = {}) => taskOf(() => listRuns(link, keys, filter)),
    release: (runId, epoch) =>
      taskOf(async () => {
        const lease = leases.find(runId, epoch);
        if (lease !== undefined) await releaseRun(lease);
      }),
    remove: (runId) =>
      taskOf(async () => {
        const { run, log } = keys.of(runId);
        const born = await link.call((client) => client.hget(run, 'born'));
        const [word, owner = ''] = await link.run(remove, [run, log], [born ?? '']);
        if (word !== 'ok') throw ownedBy(runId, owner);
        await unlistRun(link, keys, runId);
        // One of the same id may have begun meanwhile.
        const startedAt = await link.call((client) => client.hget(run, 'startedAt'));
        if (startedAt !== null) await listRun(link, keys, runId, Number(startedAt));
      }),
    close: async () => {
      for (const tail of tails) tail.end(link.closed());
      await Promise.allSettled(leases.all().map((lease) => releaseRun(lease, CLOSE_MS)));
      link.close();
    },
  };
};

const ownedBy = (runId: string, owner: string): Fault => {
  const holder = ownerIn(owner);
  const who = holder === undefined ? 'another process' : ownerText(holder);
  return new Fault('OwnedElsewhere', `Run ${JSON.stringify(runId)} is owned by ${who}.`);
};
