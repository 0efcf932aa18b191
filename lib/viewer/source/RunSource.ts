import type { Observable } from 'rxjs';
import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { ExecutorCommand } from '../../model/ExecutorCommand.js';
import type { RunStatus } from '../../model/Status.js';

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
    };

/** Where a viewer has its run from, and where it asks for changes. */
export interface RunSource {
  /** Cold: from seq 1 on subscription. */
  readonly message$: Observable<SourceMessage>;
  /** A reader only looks. */
  readonly role: 'full' | 'reader';
  /** A log that nothing is added to. */
  readonly isFile: boolean;
  dispatch?(command: ExecutorCommand): Promise<{ readonly seq: number } | { readonly refused: string }>;
  fork?(seq: number, again?: readonly string[]): Promise<{ readonly runId: string } | { readonly refused: string }>;
  diff?(otherRunId: string): Promise<{ readonly firstSeq: number | undefined; readonly differing: readonly string[] }>;
}
