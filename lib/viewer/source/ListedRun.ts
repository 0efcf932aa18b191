import type { RunSummary } from '../../index.js';

/** A run as a server lists it. */
export interface ListedRun extends RunSummary {
  /**
   * How it stands: its status, but `waiting` where nothing goes on before a person answers, `submitted` where no process has
   * begun with it, `interrupted` where none goes on with it, `damaged` where its log can't be trusted. What another process has is told with that: `running (process 42)`.
   */
  readonly stand: string;
}

/** The runs that are known, the latest of them in the order of their starts where there are too many. */
export interface RunListing {
  readonly runs: readonly ListedRun[];
  /** How many there are in all. */
  readonly total: number;
}
