import type { Either } from '#fp-ts/Either';
import type { TaskEither } from '#fp-ts/TaskEither';
import { Observable, type MonoTypeOperatorFunction, type Subscriber, type Subscription } from 'rxjs';
import { EngineError } from '../define/DagError.js';
import { show } from '../model/explain.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { EventStore, LogIndex, StoreError } from './EventStore.js';
import type { Past } from './Past.js';
import type { Timers } from './Timers.js';

interface Stored {
  readonly events: readonly ExecutionEvent[];
}

/** The log that is written, and what goes with it. */
export interface KeptLog {
  readonly runId: string;
  readonly ownerId: string;
  readonly answered: () => Readonly<Record<string, number>>;
  readonly index: LogIndex;
  readonly past: Past | undefined;
  /** Of its owner, once it has one. */
  epoch: number | undefined;
}

interface Calls<T> {
  /** Calls back once what happens in the same turn of the event loop has gathered. */
  readonly later: (write: () => void) => void;
  /** Called with what goes into one append, before it is written. */
  readonly seal: (batch: readonly T[]) => void;
  /** Called each time nothing is held back any more. */
  readonly stored: () => void;
  /** Called each time the store can't be used, and without an error once it can again. */
  readonly trouble: (error: StoreError | undefined) => void;
}

const RETRY_MS = 100;
const RETRY_MS_MAX = 5_000;

type Store = Pick<EventStore, 'acquire' | 'append' | 'held' | 'release'>;
type Answer = Either<StoreError, { readonly epoch: number } | void>;

/**
 * Holds transitions back until their events are stored: all that have gathered go into one append, and are let through
 * in order once it is done. An unavailable store is asked again, every 0.1 to 5 s, and nothing is let through meanwhile;
 * any other store error is the engine's end.
 */
export const persist =
  <T extends Stored>(store: Store, log: KeptLog, timers: Timers, calls: Calls<T>): MonoTypeOperatorFunction<T> =>
  (source) =>
    new Observable<T>((subscriber) => new Writer(store, log, timers, calls, subscriber).listen(source));

/** A class: V8 keeps what it has compiled for its methods, whichever runs have ended. */
class Writer<T extends Stored> {
  private gathered: T[] = [];
  /** What is being written. */
  private batch: readonly T[] = [];
  private events: readonly ExecutionEvent[] = [];
  private isWriting = false;
  private isInTrouble = false;
  private written: number;
  private holding: Subscription | undefined;
  private delay = RETRY_MS;
  private readonly store: Store;
  private readonly log: KeptLog;
  private readonly timers: Timers;
  private readonly calls: Calls<T>;
  private readonly subscriber: Subscriber<T>;

  constructor(store: Store, log: KeptLog, timers: Timers, calls: Calls<T>, subscriber: Subscriber<T>) {
    this.store = store;
    this.log = log;
    this.timers = timers;
    this.calls = calls;
    this.subscriber = subscriber;
    this.written = log.past?.events.length ?? 0;
    if (isEnd(log.past?.events)) this.release();
    else if (log.epoch !== undefined) this.hold();
  }

  listen(source: Observable<T>): () => void {
    const { subscriber } = this;
    const listening = source.subscribe({
      next: (transition) => this.hear(transition),
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
    return () => {
      listening.unsubscribe();
      this.release();
    };
  }

  private hear(transition: T): void {
    if (!this.isWriting && transition.events.length === 0) return this.subscriber.next(transition);
    this.gathered.push(transition);
    if (this.isWriting) return;
    this.isWriting = true;
    this.calls.later(() => (this.log.epoch === undefined ? this.attempt() : this.flush()));
  }

  private flush(): void {
    this.batch = this.gathered;
    this.gathered = [];
    this.calls.seal(this.batch);
    this.events = this.batch.flatMap((transition) => transition.events);
    if (this.events.length === 0) this.publish();
    else this.attempt();
  }

  /** Takes the run, or adds to it what is to be written. */
  private attempt(): void {
    const { runId, ownerId, answered, index } = this.log;
    try {
      const task: TaskEither<StoreError, { readonly epoch: number } | void> =
        this.log.epoch === undefined
          ? this.store.acquire(runId, { id: ownerId, startedAt: this.timers.now() })
          : this.store.append(runId, this.log.epoch, this.written, this.events, answered(), index);
      task()
        .then((answer) => this.take(answer))
        .catch((error: unknown) => this.fail(brokenBy(error)));
    } catch (error) {
      this.fail(brokenBy(error));
    }
  }

  private take(answer: Answer): void {
    if (this.subscriber.closed) return;
    if (answer?._tag === 'Right') {
      if (this.isInTrouble) this.calls.trouble(undefined);
      this.isInTrouble = false;
      this.delay = RETRY_MS;
      if (this.log.epoch !== undefined) return this.publish();
      this.log.epoch = answer.right!.epoch;
      this.hold();
      this.flush();
    } else if (answer?._tag !== 'Left') this.fail(brokenBy(new TypeError('it gave no Either')));
    else if (answer.left.type === 'StoreUnavailable') {
      this.isInTrouble = true;
      this.calls.trouble(answer.left);
      this.timers.set(this.delay, () => this.attempt());
      this.delay = Math.min(this.delay * 2, RETRY_MS_MAX);
    } else this.fail(answer.left);
  }

  private publish(): void {
    const { batch, events } = this;
    this.written += events.length;
    if (isEnd(events)) this.release();
    for (const transition of batch) this.subscriber.next(transition);
    if (this.gathered.length > 0) return this.flush();
    this.batch = this.events = [];
    this.isWriting = false;
    this.calls.stored();
  }

  /** A run that was taken over ends here, also where it has nothing to write. */
  private hold(): void {
    const { runId, epoch } = this.log;
    try {
      this.holding = this.store.held?.(runId, epoch!).subscribe({ error: (error: StoreError) => this.fail(error) });
    } catch (error) {
      this.fail(brokenBy(error));
    }
  }

  /** Nothing more is written: whether the store lets go of the run no longer matters to it. */
  private release(): void {
    const { runId, epoch } = this.log;
    this.holding?.unsubscribe();
    if (epoch === undefined) return;
    try {
      this.store
        .release(runId, epoch)()
        .catch(() => undefined);
    } catch {
      // The same, told in another way.
    }
  }

  private fail(error: StoreError): void {
    const isTaken = error.type === 'Conflict' && this.written === 0;
    this.holding?.unsubscribe();
    const message = isTaken
      ? `There is a run ${show(this.log.runId)} already; resume it, or give another id.`
      : `The store could not keep the run: ${error.message}`;
    this.subscriber.error(new EngineError(message, { cause: error }));
  }
}

const brokenBy = (error: unknown): StoreError => ({
  type: 'JournalCorrupt',
  message: String((error as Error | undefined)?.message ?? error),
});

const isEnd = (events: readonly ExecutionEvent[] = []): boolean => events[events.length - 1]?.type === 'RunSettled';
