import type { DagRun, EventStore, RunSummary } from '../index.js';
import { failureOf } from '../model/Failure.js';
import type { RunListing } from '../viewer/source/ListedRun.js';
import { LiveLog } from './LiveLog.js';
import type { Encode } from './encodedParts.js';
import { RunFeed } from './RunFeed.js';
import { Stands } from './Stands.js';
import { refusalOf } from './refusalOf.js';
import { StoredLog, summaryOf } from './StoredLog.js';

const LISTED_RUNS = 10_000;

const byStart = (a: RunSummary, b: RunSummary): number => a.startedAt - b.startedAt;

/** All runs that a server knows: those of this process, and those of its store. */
export class RunBook {
  readonly #store: EventStore | undefined;
  readonly #stands: Stands | undefined;
  readonly #encode: Encode;
  readonly #live = new Map<string, { readonly run: DagRun; readonly log: LiveLog }>();
  /** Of runs of this process, and of stored ones while somebody watches. */
  readonly #feeds = new Map<string, RunFeed>();

  constructor(store: EventStore | undefined, encode: Encode) {
    this.#store = store;
    this.#stands = store && new Stands(store);
    this.#encode = encode;
  }

  /** Shows a run of this process; gives how to take it away again. */
  add(run: DagRun): () => void {
    const { runId } = run;
    const log = new LiveLog(run);
    const feed = new RunFeed(log, this.#encode);
    this.#feeds.get(runId)?.close(); // whoever watches comes again, and finds this one
    this.#feeds.set(runId, feed);
    this.#live.set(runId, { run, log });
    return () => {
      feed.close();
      if (this.#feeds.get(runId) === feed) this.#feeds.delete(runId);
      if (this.#live.get(runId)?.run === run) this.#live.delete(runId);
    };
  }

  /** A run that goes on in this process, or has ended here. */
  live(runId: string): DagRun | undefined {
    return this.#live.get(runId)?.run;
  }

  /** The latest runs, in the order of their starts. */
  async list(): Promise<RunListing> {
    const found = await this.#store?.runs({ withOwner: true, withDamaged: true })();
    if (found?._tag === 'Left') throw new Error(failureOf(found.left).message, { cause: found.left });
    const stored = (found?.right ?? []).filter(({ runId }) => !this.#live.has(runId));
    const live = Array.from(this.#live.values(), ({ log }) => ({ ...log.summary, stand: log.stand }));
    const stands = await this.#stands?.of(stored.toSorted(byStart).slice(-LISTED_RUNS));
    const left = stored.map((run) => ({ ...run, stand: stands?.get(run.runId) ?? run.status }));
    const runs = [...left, ...live].sort(byStart).slice(-LISTED_RUNS);
    return { runs, total: left.length + live.length };
  }

  /** Why a run that is not of this process takes no commands, and what helps; undefined for a run that nobody knows. */
  async refusal(runId: string): Promise<string | undefined> {
    const run = this.#store && (await summaryOf(this.#store, runId));
    return run && refusalOf(run);
  }

  /** Undefined for a run that nobody knows. */
  async feedOf(runId: string): Promise<RunFeed | undefined> {
    const known = this.#feeds.get(runId);
    if (known !== undefined || this.#store === undefined) return known;
    const log = await StoredLog.open(this.#store, runId);
    if (log === undefined) return undefined;
    return this.#feeds.get(runId) ?? new RunFeed(log, this.#encode); // while that was looked for another may have come
  }

  /** Keeps a feed for all who come later; gives the one that another has brought meanwhile, if so. */
  keep(feed: RunFeed): RunFeed {
    const { runId } = feed.log;
    const known = this.#feeds.get(runId);
    if (known === undefined) this.#feeds.set(runId, feed);
    return known ?? feed;
  }

  /** Lets go of a feed that nobody watches any more, unless its run is of this process. */
  release(feed: RunFeed): void {
    const { runId } = feed.log;
    if (!feed.isWatched && !this.#live.has(runId) && this.#feeds.get(runId) === feed) this.#feeds.delete(runId);
  }

  beat(): void {
    for (const feed of this.#feeds.values()) feed.beat();
  }

  close(): void {
    for (const feed of this.#feeds.values()) feed.close();
  }
}
