import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import type { RunStatus } from '../model/Status.js';
import type { RunOwner } from '../viewer/source/RunSource.js';

/** How a run looks at a seq. */
export interface Moment {
  readonly seq: number;
  readonly at: number;
  readonly status: RunStatus;
  /** By index of node. */
  readonly looks: Uint8Array;
}

/** Whoever follows a log is told one way or the other, as the log finds better. */
export interface LogFollower {
  /** One more event. */
  event(event: ExecutionEvent): void;
  /** There are more, to be read. */
  grown(): void;
  /** Another process has it now, or none. */
  owned(): void;
  /** Nothing more will come; `trouble` tells where that is no end as it should be. */
  over(trouble?: string): void;
}

/** A run's log, of a run in this process or of one that is stored. */
export interface RunLog {
  readonly runId: string;
  /** The seq of the last event. */
  readonly head: number;
  /** Nothing comes behind `head` any more. */
  readonly isOver: boolean;
  /** Who adds to it. */
  readonly owner: RunOwner;
  /** Events `from` to `to`, which is at most `head`, read as far as they are asked for. Rejects where they are not kept any more. */
  read(from: number, to: number): AsyncIterable<ExecutionEvent>;
  /** Gives how to stop. */
  follow(follower: LogFollower): () => void;
  /** The present moment, where that is at hand: then whoever lags behind may skip to it. */
  moment?(): Moment;
}
