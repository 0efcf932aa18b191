import { Observable, Subscription, type SchedulerLike } from 'rxjs';

export interface ActionOfOptions<T> {
  /** What the letters stand for. @default the letters themselves */
  readonly values?: Readonly<Record<string, T>>;
  /** What `#` fails with. @default new Error('#') */
  readonly error?: unknown;
  /** How long one column lasts, in milliseconds. @default 1 */
  readonly frameMs?: number;
}

/**
 * An action from a marble diagram, played on a scheduler each time a node starts: letters are progress, the last one is
 * the output, `|` ends it, `#` fails it, `(ab|)` happens at one instant, `-` is one column of time, `250ms`, `2s` and
 * `1m` (set apart by spaces) are that much. Without `|` or `#` it runs until it is cancelled. Throws a SyntaxError for a malformed diagram.
 *
 * @example
 * const time = new VirtualTime();
 * registry.register(action('fetch', actionOf(time, '--a--b|', { values: { a: 0.5, b: { rows: 3 } } })));
 */
export const actionOf = <T = string>(
  scheduler: SchedulerLike,
  diagram: string,
  options: ActionOfOptions<T> = {},
): (() => Observable<T>) => {
  const { values, frameMs = 1 } = options;
  const steps = parse(diagram, frameMs);
  const play = new Observable<T>((subscriber) => {
    const timers = new Subscription();
    for (const { atMs, sign } of steps) {
      const say = (): void => {
        if (sign === '|') subscriber.complete();
        else if (sign === '#') subscriber.error('error' in options ? options.error : new Error('#'));
        else subscriber.next(values !== undefined && Object.hasOwn(values, sign) ? values[sign]! : (sign as T));
      };
      if (atMs === 0) say();
      else timers.add(scheduler.schedule(say, atMs));
    }
    return timers;
  });
  return () => play;
};

interface Step {
  readonly atMs: number;
  readonly sign: string;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

const parse = (diagram: string, frameMs: number): readonly Step[] => {
  const token = /(?<=^|\s)(\d+(?:\.\d+)?)(ms|s|m)(?=\s|$)|\S|\s+/gu;
  const steps: Step[] = [];
  let atMs = 0;
  let group: 'none' | 'open' = 'none';
  let over = false;
  for (const [sign, amount, unit] of diagram.matchAll(token)) {
    if (sign.trim() === '') continue;
    if (sign === ')') {
      if (group === 'none') throw malformed(diagram, 'it closes a group that it has not opened');
      group = 'none';
      atMs += frameMs;
    } else if (sign === '(') {
      if (group === 'open') throw malformed(diagram, 'it opens a group inside a group');
      group = 'open';
    } else if (over) throw malformed(diagram, 'it goes on after its end');
    else if (amount !== undefined) {
      if (group === 'open') throw malformed(diagram, 'time passes inside a group');
      atMs += Number(amount) * UNIT_MS[unit!]!;
    } else if (sign === '-') {
      if (group === 'open') throw malformed(diagram, 'time passes inside a group');
      atMs += frameMs;
    } else {
      steps.push({ atMs, sign });
      over = sign === '|' || sign === '#';
      if (group === 'none') atMs += frameMs;
    }
  }
  if (group === 'open') throw malformed(diagram, 'it does not close a group');
  return steps;
};

const malformed = (diagram: string, why: string): SyntaxError =>
  new SyntaxError(`The marble diagram "${diagram}" is malformed: ${why}.`);
