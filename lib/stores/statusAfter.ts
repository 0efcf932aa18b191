import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { RunStatus } from '../model/Status.js';

const TELLING: readonly string[] = [
  'RunStarted',
  'RunPaused',
  'RunResumed',
  'RunCancelling',
  'RunQuiescent',
  'RunSettled',
];

/** Whether an event of this type gives the run a status by itself. */
export const tellsStatus = (type: ExecutionEvent['type']): boolean => TELLING.includes(type);

/** The status of a run after one more event, as far as a list of runs tells it. */
export const statusAfter = (
  status: RunStatus,
  event: Pick<ExecutionEvent, 'type'> & { readonly status?: unknown },
): RunStatus => {
  switch (event.type) {
    case 'RunSettled':
      return event.status as RunStatus;
    case 'RunCancelling':
      return 'cancelling';
    case 'RunPaused':
      return 'paused';
    case 'RunStarted':
    case 'RunResumed':
      return 'running';
    case 'RunQuiescent':
      return 'quiescent';
    case 'NodeAdded':
    case 'NodeRetried':
      return status === 'quiescent' ? 'running' : status;
    default:
      return status;
  }
};
