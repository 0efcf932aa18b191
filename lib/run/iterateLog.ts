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
  const end = (): IteratorResult<ExecutionEvent> => {
    isOver = true;
    stop.complete();
    return { done: true, value: undefined };
  };
  return {
    async next() {
      while (!isOver && next > history.last)
        if ((await grown.next()).done === true && next > history.last) return end();
      return isOver ? end() : { done: false, value: history.at(next++) };
    },
    return: () => Promise.resolve(end()),
  };
};
