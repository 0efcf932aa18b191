import * as E from '#fp-ts/Either';
import { memoryStore, type EventStore, type ExecutionEvent, type StoreError } from '../../lib/index.js';

/** A store in memory that waits to be let go before each append, and may be told to fail instead. */
export interface HeldStore extends EventStore {
  /** What has been asked to be stored and is not yet. */
  readonly waiting: readonly (readonly ExecutionEvent[])[];
  /** What is in the store, per append. */
  readonly appends: readonly (readonly ExecutionEvent[])[];
  /** How far each hook had answered, per append. */
  readonly answers: readonly Readonly<Record<string, number>>[];
  /** From now on each append is done at once (or waits again). */
  open: boolean;
  /** Lets the next append happen, or fail with this error. */
  release1(error?: StoreError): void;
  /** What the following appends fail with, one each. */
  readonly failures: StoreError[];
}

export const heldStore = (open = false): HeldStore => {
  const inner = memoryStore();
  const queue: { events: readonly ExecutionEvent[]; go: (error?: StoreError) => void }[] = [];
  const appends: (readonly ExecutionEvent[])[] = [];
  const answers: Readonly<Record<string, number>>[] = [];
  const failures: StoreError[] = [];
  const held: HeldStore = {
    ...inner,
    open,
    failures,
    appends,
    answers,
    get waiting() {
      return queue.map(({ events }) => events);
    },
    release1: (error) => queue.shift()?.go(error),
    append: (runId, epoch, expected, events, answered) => () =>
      new Promise((resolve) => {
        const go = (error?: StoreError): void => {
          if (error === undefined) {
            appends.push(events);
            answers.push(answered);
          }
          resolve(error === undefined ? inner.append(runId, epoch, expected, events, answered)() : E.left(error));
        };
        if (failures.length > 0) go(failures.shift());
        else if (held.open) go();
        else queue.push({ events, go });
      }),
  };
  return held;
};
