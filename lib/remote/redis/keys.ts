import { encodeName } from './names.js';

/** Where a run is kept. All of it lies in one slot of a cluster. */
export interface RunKeys {
  /**
   * A hash: what is known of the run as a whole, who holds it, from which seq on which epoch counts (`epochs`), and, behind
   * `a:`, how far hooks have answered.
   */
  readonly run: string;
  /** A stream: an entry `<epoch>-<seq>` for each event, whose field `e` is its JSON. */
  readonly log: string;
}

/** The names of all that a store keeps. */
export interface StoreKeys {
  /** A sorted set of the encoded ids of all runs, by their starts. */
  readonly runs: string;
  /** The same of those that have not ended; one that has may stay in it for a while. */
  readonly open: string;
  of(runId: string): RunKeys;
}

export const keysOf = (prefix: string): StoreKeys => ({
  runs: `${prefix}:runs`,
  open: `${prefix}:open`,
  of: (runId) => {
    const base = `${prefix}:{${encodeName(runId)}}`;
    return { run: `${base}:run`, log: `${base}:log` };
  },
});
