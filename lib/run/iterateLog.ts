import { Observable, Subject } from 'rxjs';
import { latestValueFrom } from 'rxjs-for-await';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { History } from './History.js';

/**
 * The log as an async iterator. It is told that there is more and reads on where it stands, so a slow reader costs
 * nothing but its place; `return` ends a `next` that waits.
 */
export const iterateLog = (history: History): AsyncIterator<ExecutionEvent> => {
  const stop = new Subject<void>();
  const grown = latestValueFrom(
    new Observable<number>((subscriber) => {
      subscriber.add(stop.subscribe({ complete: () => subscriber.complete() }));
      return history.last$.subscribe(subscriber);
    }),
  );
  let next = 1;
  let isOver = false;
  let stored: AsyncIterator<ExecutionEvent> | undefined;
  const end = (): IteratorResult<ExecutionEvent> => {
    isOver = true;
    stop.complete();
    void stored?.return?.();
    stored = undefined;
    return { done: true, value: undefined };
  };
  /** One event that memory no longer holds. */
  const readBack = async (): Promise<IteratorResult<ExecutionEvent>> => {
    stored ??= history.readBack?.(next)[Symbol.asyncIterator]();
    const read = await stored?.next();
    if (read === undefined || read.done === true) return { done: false, value: history.at(next++) };
    next = read.value.seq + 1;
    return read;
  };
  const step = async (): Promise<IteratorResult<ExecutionEvent>> => {
    while (!isOver && next > history.last) if ((await grown.next()).done === true && next > history.last) return end();
    if (isOver) return end();
    if (next < history.first) return readBack();
    return { done: false, value: history.at(next++) };
  };
  let tail: Promise<unknown> = Promise.resolve();
  return {
    // One after the other: calls are answered in the order in which they were made.
    next() {
      const result = tail.then(step, step);
      tail = result;
      return result;
    },
    return: () => Promise.resolve(end()),
  };
};
