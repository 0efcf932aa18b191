import type { TaskEither } from '#fp-ts/TaskEither';
import { Subscription, asyncScheduler, concatMap, defer, map, retry, startWith, throttleTime } from 'rxjs';
import { Cache } from '../../define/Cache.js';
import { DagError } from '../../define/DagError.js';
import { show } from '../../model/explain.js';
import type { Json } from '../../model/Json.js';
import type { StoreError } from '../../run/EventStore.js';
import type { ResultCache } from '../../run/ResultCache.js';
import { CacheTables, type Pruned } from './CacheTables.js';
import { fileOf } from './fileOf.js';
import { Fault } from '../Fault.js';
import { faultOf } from './faultOf.js';
import type { Arguments, Result } from './StoreClient.js';
import { taskOf } from '../taskOf.js';
import { ThreadClient } from './ThreadClient.js';
import { UnsavedChanges, artifactsIn, artifactsOf } from './UnsavedChanges.js';

export interface SqliteCacheOptions {
  /** Above so many results those that were not used for longest are dropped, some at a time. @default 100,000 */
  readonly maxResults?: number;
}

/** A cache that was saved. */
export interface SavedCache {
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly savedAt: number;
  /** How many values it has. */
  readonly values: number;
}

/** After so many results what they wrote is moved from the journal into the file. */
const CHECKPOINT_RESULTS = 1_000;
/** A file that could not be opened is let be for so long: waiting for its lock must not take much of a program's time. */
const REOPEN_MS = 100;

/**
 * Keeps what runs came to in a SQLite file, the one of a `sqliteStore` or another; several processes may use it at once.
 *
 * As the executor's `results` it serves nodes with `cache` from what any earlier run, of any process, came to by the same
 * action, version and inputs. And it saves the values of a `Cache` by owner, a DAG's name or a run's id: `save`,
 * `saveDelta`, `load`, or `keep`, which does it all the time. Each save is all or nothing.
 *
 * A file that is locked, full or read-only gives `StoreUnavailable`, as does any call after `close`; a result that is damaged is not found, a damaged
 * saved cache is `JournalCorrupt`. The file is opened, or made, by the first call. Needs what `sqliteStore` needs.
 */
export class SqliteCache implements ResultCache {
  readonly #file: string;
  readonly #maxResults: number;
  /** Does what may take longer than a turn of the event loop should. */
  readonly #thread: ThreadClient<CacheTables> | undefined;
  readonly #unsaved = new WeakMap<Cache, Map<string, UnsavedChanges>>();
  readonly #keeping = new Subscription();
  #tables: CacheTables | undefined;
  #mayOpenAt = -Infinity;
  #lastSave: Promise<unknown> = Promise.resolve();
  #sets = 0;
  #isClosed = false;

  /**
   * Throws a `DagError` of type InvalidOptions for a path or a limit that is none.
   *
   * @param path - A path, from the present folder, or ':memory:'.
   */
  constructor(path: string, { maxResults = 100_000 }: SqliteCacheOptions = {}) {
    checkLeast('maxResults', maxResults, 1);
    this.#file = fileOf(path);
    this.#maxResults = maxResults;
    this.#thread =
      this.#file === ':memory:'
        ? undefined
        : new ThreadClient({ file: this.#file, durability: 'process', serves: 'cache' });
  }

  get(key: string): TaskEither<StoreError, { readonly output: Json; readonly at: number } | undefined> {
    return taskOf(async () => {
      const kept = this.#here('get', key);
      return kept === undefined ? undefined : { output: JSON.parse(kept.text) as Json, at: kept.at };
    });
  }

  set(key: string, output: Json, at: number): TaskEither<StoreError, void> {
    if (!Number.isFinite(at))
      throw new DagError('InvalidOptions', `A result is of ${show(at)}; that has to be epoch milliseconds.`);
    return taskOf(async () => {
      this.#here('set', key, JSON.stringify(output), at);
      if (++this.#sets % CHECKPOINT_RESULTS === 0) this.#thread?.call('checkpoint').catch(() => undefined); // the next one moves more
    });
  }

  /** Writes all values of a cache in place of what was saved for this owner. Gives how many it has written. */
  save(owner: string, cache: Cache): TaskEither<StoreError, number> {
    checkOwner(owner);
    return this.#inOrder(() => this.#save(owner, cache));
  }

  /**
   * Writes what was changed in a cache since it was saved or loaded for this owner; all of it, if it never was, or somebody
   * else saved another one since. Gives how many values it has written or removed. What could not be written is written
   * by the next one. The outputs that a run's own cache shows are in its log, and no changes of it.
   */
  saveDelta(owner: string, cache: Cache): TaskEither<StoreError, number> {
    checkOwner(owner);
    return this.#inOrder(async () => {
      const unsaved = this.#unsavedOf(owner, cache);
      if (unsaved.version === undefined) return this.#save(owner, cache);
      if (unsaved.isNone) return 0;
      const places = unsaved.take();
      try {
        const artifacts = artifactsIn(cache, places);
        const version = await this.#call('change', JSON.stringify(owner), unsaved.version, artifacts);
        if (version === undefined) return await this.#save(owner, cache);
        unsaved.version = version;
        return places.length;
      } catch (error) {
        unsaved.putBack(places);
        throw error;
      }
    });
  }

  /** A cache with what was saved last for this owner; undefined if nothing was. */
  load(owner: string): TaskEither<StoreError, Cache | undefined> {
    checkOwner(owner);
    return this.#inOrder(async () => {
      const saved = await this.#call('load', JSON.stringify(owner));
      if (saved === undefined) return undefined;
      const cache = new Cache();
      for (const { namespace, key, text } of saved.artifacts)
        cache.insertValue(JSON.parse(namespace) as string, JSON.parse(key) as string, JSON.parse(text!));
      this.#unsavedOf(owner, cache).version = saved.version;
      return cache;
    });
  }

  /** Forgets what was saved for this owner. */
  remove(owner: string): TaskEither<StoreError, void> {
    checkOwner(owner);
    return this.#inOrder(() => this.#call('remove', JSON.stringify(owner)));
  }

  /** What is saved, in the order of the last saves. */
  list(): TaskEither<StoreError, readonly SavedCache[]> {
    return this.#inOrder(async () =>
      (await this.#call('list')).map(({ owner, saved_at: savedAt, count: values }) => ({
        owner: JSON.parse(owner) as string,
        savedAt,
        values,
      })),
    );
  }

  /**
   * Saves a cache now, then its changes at most every so many milliseconds, and once more when the subscription is ended.
   * What can't be written is tried again.
   */
  keep(owner: string, cache: Cache, { everyMs = 1_000 }: { readonly everyMs?: number } = {}): Subscription {
    checkLeast('everyMs', everyMs, 0);
    const saved$ = defer(this.saveDelta(owner, cache)).pipe(
      map((answer) => {
        if (answer._tag === 'Left') throw new Fault(answer.left.type, answer.left.message);
      }),
      retry({ delay: everyMs }),
    );
    const keeping = cache.change$
      .pipe(
        startWith(undefined),
        throttleTime(everyMs, asyncScheduler, { leading: true, trailing: true }),
        concatMap(() => saved$),
      )
      .subscribe();
    keeping.add(() => void this.saveDelta(owner, cache)().catch(() => undefined));
    this.#keeping.add(keeping);
    return keeping;
  }

  /**
   * Removes results that were not used for so long, and large values that no run, result or saved cache refers to any
   * more. While it looks for those, which takes longer the longer the logs are, nobody else can write.
   */
  prune({ unusedForMs = Infinity, dryRun = false } = {}): TaskEither<StoreError, Pruned> {
    checkLeast('unusedForMs', unusedForMs, 0);
    return this.#inOrder(() => this.#call('prune', Math.max(0, Date.now() - unusedForMs), dryRun));
  }

  /** Ends what is kept, with a last save, and lets go of the file. */
  async close(): Promise<void> {
    this.#keeping.unsubscribe();
    await this.#lastSave;
    this.#isClosed = true;
    await this.#thread?.close();
    this.#letGo();
  }

  async #save(owner: string, cache: Cache): Promise<number> {
    const unsaved = this.#unsavedOf(owner, cache);
    unsaved.version = undefined; // if this fails, the next one writes everything
    unsaved.take();
    const artifacts = artifactsOf(cache);
    unsaved.version = await this.#call('save', JSON.stringify(owner), artifacts);
    return artifacts.length;
  }

  #unsavedOf(owner: string, cache: Cache): UnsavedChanges {
    let owners = this.#unsaved.get(cache);
    if (owners === undefined) this.#unsaved.set(cache, (owners = new Map()));
    let unsaved = owners.get(owner);
    if (unsaved === undefined) owners.set(owner, (unsaved = new UnsavedChanges(cache, () => !this.#isClosed)));
    return unsaved;
  }

  /** One after the other, so that each rests on what the one before has written. */
  #inOrder<A>(work: () => Promise<A>): TaskEither<StoreError, A> {
    return taskOf(() => {
      const turn = this.#lastSave.then(work);
      this.#lastSave = turn.catch(() => undefined);
      return turn;
    });
  }

  /** In the thread, where there is one. */
  async #call<K extends keyof CacheTables>(
    method: K,
    ...args: Arguments<CacheTables, K>
  ): Promise<Result<CacheTables, K>> {
    this.#refuseIfClosed();
    return this.#thread === undefined ? this.#here(method, ...args) : this.#thread.call(method, ...args);
  }

  /** In this thread. */
  #here<K extends keyof CacheTables>(method: K, ...args: Arguments<CacheTables, K>): Result<CacheTables, K> {
    this.#refuseIfClosed();
    try {
      const tables = (this.#tables ??= this.#open());
      return (tables[method] as (...values: readonly unknown[]) => Result<CacheTables, K>)(...args);
    } catch (error) {
      throw faultOf(error, this.#file);
    } finally {
      if (this.#tables?.isFixed() === true) this.#letGo();
    }
  }

  #letGo(): void {
    this.#tables?.close();
    this.#tables = undefined;
  }

  #open(): CacheTables {
    if (performance.now() < this.#mayOpenAt)
      throw new Fault('StoreUnavailable', `The file ${this.#file} could not be opened a moment ago.`);
    this.#mayOpenAt = performance.now() + REOPEN_MS;
    const tables = new CacheTables(this.#file, { maxResults: this.#maxResults, checkpoints: false });
    this.#mayOpenAt = -Infinity;
    return tables;
  }

  #refuseIfClosed(): void {
    if (this.#isClosed) throw new Fault('StoreUnavailable', `The cache in ${this.#file} is closed.`);
  }
}

const checkOwner = (owner: string): void => {
  if (typeof owner !== 'string')
    throw new DagError('InvalidOptions', `The owner of a saved cache is ${show(owner)}; it has to be a text.`);
};

const checkLeast = (name: string, value: number, least: number): void => {
  if (!(typeof value === 'number' && value >= least))
    throw new DagError('InvalidOptions', `${name} is ${show(value)}; it has to be at least ${least}.`);
};
