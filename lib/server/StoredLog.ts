import type { EventStore, RunSummary } from '../index.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import { failureOf } from '../model/Failure.js';
import { isEnd } from './LiveLog.js';
import type { RunOwner } from '../viewer/source/RunSource.js';
import { refusalOf } from './refusalOf.js';
import type { LogFollower, RunLog } from './RunLog.js';

const POLL_MS = 500;

/** The log of a stored run, which another process may be writing. */
export class StoredLog implements RunLog {
  readonly #store: EventStore;
  #summary: RunSummary;

  private constructor(store: EventStore, summary: RunSummary) {
    this.#store = store;
    this.#summary = summary;
  }

  /** Undefined where there is no such run. */
  static async open(store: EventStore, runId: string): Promise<StoredLog | undefined> {
    const summary = await summaryOf(store, runId);
    return summary === undefined ? undefined : new StoredLog(store, summary);
  }

  get runId(): string {
    return this.#summary.runId;
  }

  get head(): number {
    return this.#summary.seq;
  }

  get isOver(): boolean {
    return isEnd(this.#summary.status);
  }

  get owner(): RunOwner {
    const { owner } = this.#summary;
    const text = refusalOf(this.#summary);
    if (owner === undefined) return { where: 'nowhere', text };
    return { where: 'elsewhere', text, ...(owner.pid === undefined ? {} : { pid: owner.pid }) };
  }

  async *read(from: number, to: number): AsyncIterable<ExecutionEvent> {
    for await (const event of this.#store.read(this.runId, from)) {
      if (event.seq <= to) yield event;
      if (event.seq >= to) return;
    }
  }

  follow(follower: LogFollower): () => void {
    let timer: NodeJS.Timeout | undefined;
    let isStopped = false;
    const later = (): void => void (timer = setTimeout(() => void look(), POLL_MS));
    const look = async (): Promise<void> => {
      try {
        const summary = await summaryOf(this.#store, this.runId);
        if (isStopped) return;
        if (summary === undefined || summary.key !== this.#summary.key) return follower.over('The run was removed.');
        const hasGrown = summary.seq > this.#summary.seq;
        const isOtherOwner = summary.owner?.id !== this.#summary.owner?.id;
        this.#summary = summary;
        if (isOtherOwner) follower.owned();
        if (hasGrown) follower.grown();
        if (this.isOver) return follower.over();
      } catch {
        // A store that can't be read at the moment is asked again.
      }
      if (!isStopped) later();
    };
    if (!this.isOver) later();
    return () => {
      isStopped = true;
      clearTimeout(timer);
    };
  }
}

/** What a store tells of a run, its owner too; undefined where there is no such run. */
export const summaryOf = async (store: EventStore, runId: string): Promise<RunSummary | undefined> => {
  const found = await store.runs({ runId, withOwner: true })();
  if (found._tag === 'Left') throw new Error(failureOf(found.left).message, { cause: found.left });
  return found.right[0];
};
