import { delay, map, type Observable } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { actionOf, expectEvents, frames, letters, marbles, VirtualTime } from '../../lib/testing/index.js';
import {
  cancelled,
  error,
  failed,
  logOf,
  node,
  quiescent,
  runStarted,
  settled,
  skipped,
  started,
  succeeded,
} from '../support/logOf.js';

const test = suite('marbles');

test(
  'compares streams and subscriptions',
  marbles(({ cold, expectObservable, expectSubscriptions, scheduler }) => {
    const source = cold('  --a--b|', { a: 1, b: 2 });
    const subs = '         ^-----!';
    const expected = '     ---a--(b|)';
    expectObservable(
      source.pipe(
        map((n) => n * 10),
        delay(1, scheduler),
      ),
    ).toBe(expected, { a: 10, b: 20 });
    expectSubscriptions(source.subscriptions).toBe(subs);
  }),
);

test('shows what differs, line by line', () => {
  const differs = marbles(({ cold, expectObservable }) => {
    expectObservable(cold('a--b|', { a: { n: 1 }, b: 'b' })).toBe('a-b#', { a: { n: 1 }, b: 'b' }, new TypeError('no'));
  });
  assert.throws(differs, (thrown: Error) => {
    assert.is(
      thrown.message,
      [
        'The streams differ (- expected, + came):',
        '  0 ms next {"n":1}',
        '- 2 ms next "b"',
        '- 3 ms error TypeError: no',
        '+ 3 ms next "b"',
        '+ 4 ms complete',
      ].join('\n'),
    );
    return true;
  });
});

const log = logOf(
  { ...runStarted([node('a'), node('b'), node('c: a'), node('d')]), at: 100 },
  { ...started('a'), at: 100 },
  { ...started('b'), at: 100 },
  { ...succeeded('a'), at: 102 },
  { type: 'NodeProgressed', nodeId: 'b', attempt: 1, value: 1, at: 103 },
  { type: 'NodeRetryScheduled', nodeId: 'b', attempt: 1, delayMs: 1, error, at: 104 },
  { ...started('c'), at: 104 },
  { ...failed('c'), at: 107 },
  { ...skipped('d', 'c'), at: 107 },
  { ...cancelled('b'), at: 108 },
  { type: 'NodeWaiting', nodeId: 'e', on: 'input', at: 108 },
  { ...quiescent, at: 108 },
  { ...settled('failed'), at: 109 },
);
const expected = '0 >ab, 2 A, 4 ~c, 7 x/, 8 !?, 9 .';

test(
  'draws a run in letters',
  marbles(({ cold, expectObservable }) => {
    const event$ = cold('(abc)', { a: log[0]!, b: log[1]!, c: log[11]! });
    expectObservable(letters(event$)).toBe('(>a)');
    expectObservable(letters(event$, ({ seq }) => `${seq}`)).toBe('(xyz)', { x: '1', y: '2', z: '12' });
  }),
);

test('draws a log in frames and compares them', () => {
  assert.equal(frames(log).join(', '), expected);
  assert.equal(frames([]), []);
  expectEvents(log, expected);
  expectEvents(log, frames(log));
  expectEvents(log, '\n  0 >ab\n  2 A\n  4   ~c\n  7 x/\n  8 !?\n  9 .\n');
  expectEvents(log, '3 p', ({ type }) => (type === 'NodeProgressed' ? 'p' : undefined));
  assert.throws(
    () => expectEvents(log, '0 >ab, 2 A, 5 ~c, 7 x/, 8 !?, 9 .'),
    (thrown: Error) => thrown.message.includes('\n  0 >ab\n  2 A\n- 5 ~c\n+ 4 ~c\n  7 x/\n'),
  );
});

const actions = suite('actionOf');

/** Plays an action and tells what it says when. */
const play = (time: VirtualTime, action: () => Observable<unknown>): readonly string[] => {
  const seen: string[] = [];
  const at = time.now();
  const say = (what: string): void => void seen.push(`${time.now() - at} ${what}`);
  action().subscribe({
    next: (value) => say(JSON.stringify(value)),
    error: (thrown: unknown) => say(String(thrown)),
    complete: () => say('|'),
  });
  time.flush();
  return seen;
};

actions('plays letters, groups, times and ends', () => {
  const time = new VirtualTime();
  assert.equal(play(time, actionOf(time, '--a--b|')), ['2 "a"', '5 "b"', '6 |']);
  assert.equal(play(time, actionOf(time, ' -(a|) ')), ['1 "a"', '1 |']);
  assert.equal(play(time, actionOf(time, '(a|)')), ['0 "a"', '0 |']);
  assert.equal(play(time, actionOf(time, '|')), ['0 |']);
  assert.equal(play(time, actionOf(time, 'a 9ms (b|)')), ['0 "a"', '10 "b"', '10 |']);
  assert.equal(play(time, actionOf(time, '1m 1.5s a|', { frameMs: 100 })), ['61500 "a"', '61600 |']);
  assert.equal(play(time, actionOf(time, '-s-1|')), ['1 "s"', '3 "1"', '4 |']);
  assert.equal(play(time, actionOf(time, '--')), []);
});

actions('gives values and errors', () => {
  const time = new VirtualTime();
  assert.equal(play(time, actionOf(time, 'ab|', { values: { a: [1], b: { x: 2 } } })), ['0 [1]', '1 {"x":2}', '2 |']);
  assert.equal(play(time, actionOf(time, '-#')), ['1 Error: #']);
  assert.equal(play(time, actionOf(time, '-#', { error: 'broken' })), ['1 broken']);
  assert.equal(play(time, actionOf(time, '-c|', { values: {} })), ['1 "c"', '2 |']);
});

actions('plays anew for every start, and stops when it is cancelled', () => {
  const time = new VirtualTime();
  const action = actionOf(time, '-a-b|');
  assert.equal(play(time, action), play(time, action));
  const seen: string[] = [];
  const running = action().subscribe((value) => seen.push(value));
  time.advanceBy(2);
  running.unsubscribe();
  time.flush();
  assert.equal(seen, ['a']);
  assert.is(time.pending, 0);
});

actions('refuses malformed diagrams at once', () => {
  const time = new VirtualTime();
  for (const [diagram, why] of [
    ['(a', 'does not close'],
    ['a)', 'not opened'],
    ['((a))', 'inside a group'],
    ['(a-)', 'time passes inside'],
    ['( 5ms )', 'time passes inside'],
    ['a|b', 'after its end'],
    ['#-', 'after its end'],
  ] as const)
    assert.throws(
      () => actionOf(time, diagram),
      (thrown: Error) => thrown instanceof SyntaxError && thrown.message.includes(why),
      diagram,
    );
});

test.run();
actions.run();
