import type { ExecutionEvent } from '../model/ExecutionEvent.js';

/** What makes telemetry of one run. */
export interface RunListener {
  /** One event that happens now, not one of a past that a resumed run shows. */
  hear(event: ExecutionEvent): void;
  /** Nothing more comes, however the run ended. */
  close(): void;
}
