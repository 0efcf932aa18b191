import { encodeName } from './names.js';

/** Where a run is kept. All of it lies in one slot of a cluster. */
export interface RunKeys {
  /** A hash: what is known of the run as a whole, and who holds it. */
  readonly run: string;
  /** A stream: an entry `<seq>-<epoch>` for each event, whose field `e` is its JSON. */
  readonly log: string;
  /** A hash: by the encoded names of hooks, how far they have answered. */
  readonly answered: string;
  /** A stream of events that are about to become a part of the log. */
  staged(nonce: string): string;
}

/** The names of all that a store keeps. */
export interface StoreKeys {
  /** A counter: the last epoch that was given to any run. */
  readonly epoch: string;
  /** A sorted set of the encoded ids of all runs, by their starts. */
  readonly runs: string;
  /** The same of those that have not ended; one that has may stay in it for a while. */
  readonly open: string;
  of(runId: string): RunKeys;
}

export const keysOf = (prefix: string): StoreKeys => ({
  epoch: `${prefix}:epoch`,
  runs: `${prefix}:runs`,
  open: `${prefix}:open`,
  of: (runId) => {
    const base = `${prefix}:{${encodeName(runId)}}`;
    return {
      run: `${base}:run`,
      log: `${base}:log`,
      answered: `${base}:answered`,
      staged: (nonce) => `${base}:staged:${nonce}`,
    };
  },
});
