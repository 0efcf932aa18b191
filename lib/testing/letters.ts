import { filter, map, type Observable } from 'rxjs';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';
import { diffLines } from './diffLines.js';

/** What stands for an event; undefined leaves it out. */
export type LetterOf = (event: ExecutionEvent) => string | undefined;

/**
 * The usual letters: `>` and `.` the run started and settled, `a` node "a…" started, `A` it succeeded, `x` one failed,
 * `~` a retry was scheduled, `/` one was skipped, `!` one was cancelled, `?` one waits. All else is left out.
 */
export const letterOf: LetterOf = (event) => {
  switch (event.type) {
    case 'RunStarted':
      return '>';
    case 'RunSettled':
      return '.';
    case 'NodeStarted':
      return event.nodeId.charAt(0).toLowerCase();
    case 'NodeSucceeded':
      return event.nodeId.charAt(0).toUpperCase();
    case 'NodeFailed':
      return 'x';
    case 'NodeRetryScheduled':
      return '~';
    case 'NodeSkipped':
      return '/';
    case 'NodeCancelled':
      return '!';
    case 'NodeWaiting':
      return '?';
    default:
      return undefined;
  }
};

/**
 * Events as single letters, for marble diagrams. A test scheduler subscribes when its clock starts; `eventsFrom(1)`
 * then still gives what a run has already done.
 *
 * @example
 * expectObservable(letters(run.eventsFrom(1))).toBe('(>ab)-(Ac)B-------(C.|)');
 */
export const letters = (event$: Observable<ExecutionEvent>, letter: LetterOf = letterOf): Observable<string> =>
  event$.pipe(
    map((event) => letter(event)),
    filter((sign) => sign !== undefined),
  );

/** A log as one line per instant: `0 >ab`, `2 A`, `4 Bc`, … with milliseconds since its first event. */
export const frames = (events: Iterable<ExecutionEvent>, letter: LetterOf = letterOf): readonly string[] => {
  const lines: string[] = [];
  let first: number | undefined;
  let last: number | undefined;
  for (const event of events) {
    first ??= event.at;
    const sign = letter(event);
    if (sign === undefined) continue;
    if (event.at === last) lines[lines.length - 1] += sign;
    else lines.push(`${event.at - first} ${sign}`);
    last = event.at;
  }
  return lines;
};

/**
 * Compares a log with the frames expected of it, given as lines or as one text with commas or line ends between them,
 * and throws an error that shows the difference.
 *
 * @example
 * expectEvents(log.events, '0 >ab, 2 A, 4 Bc, 6 C.');
 */
export const expectEvents = (
  events: Iterable<ExecutionEvent>,
  expected: string | readonly string[],
  letter: LetterOf = letterOf,
): void => {
  const wanted = (typeof expected === 'string' ? expected.split(/[,\n]/) : expected)
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '');
  const came = frames(events, letter);
  if (came.join('\n') !== wanted.join('\n'))
    throw new Error(`The events differ (- expected, + came):\n${diffLines(wanted, came)}`);
};
