import { Observable } from 'rxjs';
import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { RunSource, SourceMessage } from './RunSource.js';

/** A log that nothing is added to as what a viewer shows: it can be looked at, and no more. */
export const fromEvents = (events: readonly ExecutionEvent[]): RunSource => {
  if (!Array.isArray(events)) throw new TypeError('fromEvents takes the events of a log, as a list.');
  return {
    role: 'reader',
    isFile: true,
    // Not RxJS's `from`, which would weigh half as much as all else of RxJS that a page needs.
    message$: new Observable<SourceMessage>((subscriber) => {
      subscriber.next({ type: 'events', events });
      subscriber.next({ type: 'connection', state: 'ended' });
      subscriber.complete();
    }),
  };
};
