import type { Observable } from 'rxjs';
import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../../model/ExecutorCommand.js';
import type { RunStatus } from '../../model/Status.js';
import type { RunListing } from './ListedRun.js';
import type { RunDifference } from './RunDifference.js';

/** Which process goes on with a run. */
export interface RunOwner {
  /** `here` is the one that commands are sent to; `nowhere` none at all. */
  readonly where: 'here' | 'elsewhere' | 'nowhere';
  /** Of the process elsewhere, as far as it is known. */
  readonly pid?: number;
  /** Why no command is taken, and what helps. */
  readonly text?: string;
}

/** What a source tells of its run. */
export type SourceMessage =
  /** Events in order, without a gap after those before, unless a `state` came between. */
  | { readonly type: 'events'; readonly events: readonly ExecutionEvent[] }
  /** A flood: the looks of the nodes at seq, by index; the events up to it follow later, as `fill`. */
  | {
      readonly type: 'state';
      readonly seq: number;
      readonly at: number;
      readonly status: RunStatus;
      readonly looks: Uint8Array;
    }
  /** Events that a `state` jumped over, in order. */
  | { readonly type: 'fill'; readonly events: readonly ExecutionEvent[] }
  | {
      readonly type: 'connection';
      readonly state: 'live' | 'connecting' | 'retrying' | 'ended';
      readonly lagMs?: number;
      readonly text?: string;
      /** The status with which the server refused, where it never gave anything else. */
      readonly refused?: number;
    }
  /** Who goes on with it, first and after each change; a source that never tells takes commands itself. */
  | ({ readonly type: 'owner' } & RunOwner);

/** Where a viewer has its run from, and where it asks for changes. */
export interface RunSource {
  /** Cold: from seq 1 on subscription. */
  readonly message$: Observable<SourceMessage>;
  /** A reader only looks. */
  readonly role: 'full' | 'reader';
  /** A log that nothing is added to. */
  readonly isFile: boolean;
  /** What time it is in the run, epoch milliseconds: a run in virtual time has a clock of its own. @default the page's time */
  now?(): number;
  dispatch?(command: ExecutorCommand): Promise<{ readonly seq: number } | { readonly refused: string }>;
  fork?(seq: number, again?: readonly string[]): Promise<{ readonly runId: string } | { readonly refused: string }>;
  /** In what another run differs from this one. */
  diff?(otherRunId: string): Promise<RunDifference>;
  /** The runs that it can be compared with, this one among them. */
  runs?(): Promise<RunListing>;
}
