import type { Either } from '#fp-ts/Either';
import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
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
interface KeptLog {
  readonly runId: string;
  readonly ownerId: string;
  readonly answered: () => Readonly<Record<string, number>>;
  readonly index: LogIndex;
  readonly past: Past | undefined;
}

const RETRY_MS = 100;
const RETRY_MS_MAX = 5_000;

/**
 * Holds transitions back until their events are stored: all that have gathered go into one append, and are let through
 * in order once it is done. An unavailable store is asked again, every 0.1 to 5 s, and nothing is let through meanwhile;
 * any other store error is the engine's end.
 *
 * @param later - Calls back once what happens in the same turn of the event loop has gathered.
 * @param quiet - Called each time nothing is held back any more.
 * @param trouble - Called each time the store can't be used, and without an error once it can again.
 */
export const persist =
  <T extends Stored>(
    store: EventStore,
    { runId, ownerId, answered, index, past }: KeptLog,
    timers: Timers,
    later: (write: () => void) => void,
    quiet: () => void,
    trouble: (error: StoreError | undefined) => void,
  ): MonoTypeOperatorFunction<T> =>
  (source) =>
    new Observable<T>((subscriber) => {
      let gathered: T[] = [];
      let writing = false;
      let written = past?.events.length ?? 0;
      let epoch = past?.epoch;
      let isInTrouble = false;
      const fail = (error: StoreError): void => {
        const isTaken = error.type === 'Conflict' && written === 0;
        const message = isTaken
          ? `There is a run ${show(runId)} already; resume it, or give another id.`
          : `The store could not keep the run: ${error.message}`;
        subscriber.error(new EngineError(message, { cause: error }));
      };
      const attempt = <A>(
        task: () => Promise<Either<StoreError, A>>,
        done: (value: A) => void,
        delay = RETRY_MS,
      ): void => {
        const again = (): void => void timers.set(delay, () => attempt(task, done, Math.min(delay * 2, RETRY_MS_MAX)));
        const ended = (result: Either<StoreError, A>): void => {
          if (subscriber.closed) return;
          if (result?._tag === 'Right') {
            if (isInTrouble) trouble(undefined);
            isInTrouble = false;
            done(result.right);
          } else if (result?._tag !== 'Left') broken(new TypeError('it gave no Either'));
          else if (result.left.type === 'StoreUnavailable') {
            isInTrouble = true;
            trouble(result.left);
            again();
          } else fail(result.left);
        };
        const broken = (error: unknown): void =>
          fail({ type: 'JournalCorrupt', message: String((error as Error | undefined)?.message ?? error) });
        try {
          task().then(ended).catch(broken);
        } catch (error) {
          broken(error);
        }
      };
      const flush = (): void => {
        const batch = gathered;
        gathered = [];
        const events = batch.flatMap((transition) => transition.events);
        const publish = (): void => {
          written += events.length;
          if (isEnd(events)) release();
          for (const transition of batch) subscriber.next(transition);
          if (gathered.length > 0) flush();
          else {
            writing = false;
            quiet();
          }
        };
        if (events.length === 0) publish();
        else attempt(() => store.append(runId, epoch!, written, events, answered(), index)(), publish);
      };
      /** Nothing more is written: whether the store lets go of the run no longer matters to it. */
      const release = (): void => {
        if (epoch === undefined) return;
        try {
          store
            .release(runId, epoch)()
            .catch(() => undefined);
        } catch {
          // The same, told in another way.
        }
      };
      const write = (): void => {
        if (epoch !== undefined) return flush();
        attempt(
          () => store.acquire(runId, { id: ownerId, startedAt: timers.now() })(),
          (granted) => {
            epoch = granted.epoch;
            flush();
          },
        );
      };
      if (isEnd(past?.events)) release();
      const listening = source.subscribe({
        next: (transition) => {
          if (!writing && transition.events.length === 0) return subscriber.next(transition);
          gathered.push(transition);
          if (writing) return;
          writing = true;
          later(write);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
      return () => {
        listening.unsubscribe();
        release();
      };
    });

const isEnd = (events: readonly ExecutionEvent[] = []): boolean => events[events.length - 1]?.type === 'RunSettled';
