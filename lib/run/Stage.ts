import type { Observable } from 'rxjs';
import type { Cache } from '../define/Cache.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import type { LoggedAnswer } from './Past.js';
import type { Posted } from './Posted.js';
import type { Timers } from './Timers.js';

/** What hooks need of the run that they watch. */
export interface Stage {
  readonly runId: string;
  readonly dagName: string;
  readonly cache: Cache;
  readonly appData: unknown;
  readonly timers: Timers;
  readonly hookTimeoutMs: number;
  readonly hookBacklog: number;
  readonly commandBudget: number;
  readonly post: (input: Posted) => void;
  readonly snapshot: () => ExecutorSnapshot;
  readonly eventsFrom: (seq: number) => Observable<ExecutionEvent>;
  readonly indexOf: (nodeId: string) => number | undefined;
  readonly isSuccess: () => boolean;
  /** The dependants of a node wait until an `Answered` for it. */
  readonly hold: (index: number) => void;
  /** Notes for `whyNotStarted` that a hook holds a node up, or (with false) no longer. */
  readonly mark: (index: number, hook: string, on: boolean) => void;
  /** Work that hooks have begun and not ended, and how many hooks owe more answers than they may. */
  openWork: number;
  backlogged: number;
  isOver: boolean;
  /** True while a resumed run shows operators what happened before. */
  replaying: boolean;
  /** Answers that the log holds already: given again, they are dropped. */
  readonly known: ReadonlyMap<string, LoggedAnswer>;
}
