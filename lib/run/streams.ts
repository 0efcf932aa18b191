import { Observable, Subject } from 'rxjs';

/** A `Subject` that calls one who listens alone at once: RxJS makes a list, an iterator and a closure for each value. */
export class Emitter<T> extends Subject<T> {
  override next(value: T): void {
    if (this.observers.length === 1 && !this.isStopped) this.observers[0]!.next(value);
    else super.next(value);
  }
}

/** The same stream with a subscriber of its own in between, so that what a user's throws is RxJS's to report, not ours. */
export const guarded = <T>(source: Observable<T>): Observable<T> =>
  new Observable((subscriber) =>
    source.subscribe({
      next: (value) => subscriber.next(value),
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    }),
  );

/** The present value at once, then those of a stream; one that has the same seq as the last is left out. */
export const fromCurrent = <T extends { readonly seq: number }>(
  current: () => T,
  source: Observable<T>,
): Observable<T> =>
  new Observable((subscriber) => {
    let seq = -1;
    const show = (value: T): void => {
      if (value.seq === seq) return;
      seq = value.seq;
      subscriber.next(value);
    };
    show(current());
    return source.subscribe({
      next: show,
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });
