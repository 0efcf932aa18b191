import { from } from 'rxjs';
import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { RunSource } from './RunSource.js';

/** A log that nothing is added to as what a viewer shows: it can be looked at, and no more. */
export const fromEvents = (events: readonly ExecutionEvent[]): RunSource => ({
  role: 'reader',
  isFile: true,
  message$: from([{ type: 'events', events } as const, { type: 'connection', state: 'ended' } as const]),
});
