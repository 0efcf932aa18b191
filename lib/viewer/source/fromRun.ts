import { Observable } from 'rxjs';
import type { ExecutionEvent } from '../../model/ExecutionEvent.js';
import type { DagRun, RunDiff } from '../../index.js';
import type { RunListing } from './ListedRun.js';
import { differenceOf } from './RunDifference.js';
import type { RunSource, SourceMessage } from './RunSource.js';

/** What a page can do with runs that are in it, beside looking at them. */
export interface RunAbilities {
  /** Begins another run with what this one had come to after an event; resolves with it. */
  readonly fork?: (runId: string, seq: number, again: readonly string[]) => Promise<DagRun>;
  readonly diff?: (runId: string, otherRunId: string) => Promise<RunDiff>;
  /** What it can be compared with. @default none: an id has to be known */
  readonly runs?: () => Promise<RunListing>;
  /** A reader only looks. @default 'full' */
  readonly role?: 'full' | 'reader';
  /** What time it is in a run whose scheduler is not the page's clock, epoch milliseconds. @default the page's time */
  readonly now?: () => number;
}

/** How long events are gathered, milliseconds. */
const GATHER_MS = 16;

/** A run that goes on in this page as what a viewer shows. */
export const fromRun = (run: DagRun, { fork, diff, runs, role = 'full', now }: RunAbilities = {}): RunSource => ({
  role,
  isFile: false,
  message$: new Observable<SourceMessage>((subscriber) => {
    let events: ExecutionEvent[] = [];
    let since = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = (): void => {
      clearTimeout(timer);
      timer = undefined;
      if (events.length === 0) return;
      subscriber.next({ type: 'events', events });
      subscriber.next({ type: 'connection', state: 'live', lagMs: performance.now() - since });
      events = [];
    };
    subscriber.next({ type: 'connection', state: 'live' });
    subscriber.add(() => clearTimeout(timer));
    subscriber.add(
      run.eventsFrom(1).subscribe({
        next: (event) => {
          if (events.length === 0) since = performance.now();
          events.push(event);
          timer ??= setTimeout(flush, GATHER_MS);
        },
        error: (error: unknown) => {
          flush();
          subscriber.next({ type: 'connection', state: 'ended', text: (error as Error).message });
        },
        complete: () => {
          flush();
          subscriber.next({ type: 'connection', state: 'ended' });
        },
      }),
    );
  }),
  dispatch: async (command) => {
    const answer = await run.dispatch(command);
    return answer._tag === 'Right' ? { seq: answer.right.seq } : { refused: answer.left.reason };
  },
  ...(fork && {
    fork: async (seq: number, again: readonly string[] = []) => {
      try {
        return { runId: (await fork(run.runId, seq, again)).runId };
      } catch (error) {
        return { refused: (error as Error).message };
      }
    },
  }),
  ...(diff && {
    diff: async (other: string) => differenceOf(await diff(run.runId, other)),
  }),
  ...(runs && { runs }),
  ...(now && { now }),
});
