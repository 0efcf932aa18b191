import { Observable, type OperatorFunction } from 'rxjs';
import type { Pacer } from './macrotask.js';

/**
 * Lets values through one at a time: one that arrives while another is being handled waits its turn, so order survives
 * re-entrancy. When none is left `idle` is asked for one more.
 *
 *     source:  --a(bc)----     b arrives while a is handled, c while b is
 *     result:  --a-b-c-i--     i is what `idle` gives then
 *
 * `observeOn(queueScheduler)` gives the same order, but in quadratic time.
 *
 * @param begin - Called once on subscription, with a function that lets the first value through.
 */
export const serialize =
  <I>(idle: () => I | undefined, begin: (go: () => void) => void, pacer?: Pacer): OperatorFunction<I, I> =>
  (source) =>
    new Observable<I>((subscriber) => {
      let queue: (I | undefined)[] = [];
      let head = 0;
      let busy = true;
      const next = (): I | undefined => {
        if (head === queue.length) return idle();
        const value = queue[head];
        queue[head++] = undefined;
        if (head === queue.length) {
          queue.length = 0;
          head = 0;
        } else if (head >= 4_096 && head * 2 >= queue.length) {
          queue = queue.slice(head);
          head = 0;
        }
        return value;
      };
      const drain = (): void => {
        if (busy) return;
        busy = true;
        pacer?.begin();
        while (!subscriber.closed && pacer?.mustRest(drain) !== true) {
          const value = next();
          if (value === undefined) break;
          subscriber.next(value);
        }
        busy = false;
      };
      begin(() => {
        busy = false;
        drain();
      });
      return source.subscribe({
        next: (value) => {
          queue.push(value);
          drain();
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
