import { Observable, Subscriber, type Subscribable, type TeardownLogic } from 'rxjs';

/**
 * Listens to an Observable of the user's. What its teardown throws is dropped, whether it runs because nobody listens any
 * more or because the stream has ended: what the stream gave stands.
 */
export class Listener<T> extends Subscriber<T> {
  listenTo(source: Subscribable<T>): void {
    this.add(source.subscribe(this));
  }

  override add(teardown: TeardownLogic): void {
    try {
      super.add(teardown);
    } catch {
      // It had ended, so the teardown ran at once.
    }
  }

  override unsubscribe(): void {
    try {
      super.unsubscribe();
    } catch {
      // Every part of the teardown has run.
    }
  }
}

/** A user's stream for operators of our own: what its teardown throws is dropped before it reaches them. */
export const shielded = <T>(source: Subscribable<T>): Observable<T> =>
  new Observable((subscriber) => {
    const listener = new Listener<T>(subscriber);
    listener.listenTo(source);
    return listener;
  });
