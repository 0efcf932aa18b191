import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { diffLines } from './diffLines.js';

/** RxJS's marble helpers and the scheduler they run on, which an executor may be given as its `scheduler`. */
export interface Marbles extends RunHelpers {
  readonly scheduler: TestScheduler;
}

/**
 * Makes a test out of a body that speaks in marbles: RxJS's `TestScheduler` in run mode, with a comparison that shows
 * what differs line by line. Meant for operators and hooks; for whole runs `VirtualTime` is faster.
 *
 * @example
 * test('asks for a retry at each failure', marbles(({ hot, expectObservable }) => {
 *   const event$ = hot('--x--x|', { x: failed('a') });
 *
 *   expectObservable(retryAtOnce(event$, ctx)).toBe('--r--r|', { r: retryNode('a') });
 * }));
 */
export const marbles = (body: (m: Marbles) => void): (() => void) => {
  return () => {
    const scheduler = new TestScheduler((actual, expected) => compare(actual, expected));
    scheduler.run((helpers) => body({ ...helpers, scheduler }));
  };
};

const compare = (actual: unknown, expected: unknown): void => {
  const [came, wanted] = [lines(actual), lines(expected)];
  if (came.join('\n') !== wanted.join('\n'))
    throw new Error(`The streams differ (- expected, + came):\n${diffLines(wanted, came)}`);
};

interface Message {
  readonly frame?: number;
  readonly notification?: { readonly kind: 'N' | 'E' | 'C'; readonly value?: unknown; readonly error?: unknown };
}

const lines = (messages: unknown): string[] => {
  if (!Array.isArray(messages)) return [text(messages)];
  return (messages as readonly Message[]).map((message) => {
    const { frame, notification } = message;
    if (notification === undefined) return text(message);
    if (notification.kind === 'C') return `${frame} ms complete`;
    return notification.kind === 'N'
      ? `${frame} ms next ${text(notification.value)}`
      : `${frame} ms error ${text(notification.error)}`;
  });
};

const text = (value: unknown): string => {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
};
