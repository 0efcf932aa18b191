import stringWidth from 'string-width';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cutTo, endOf } from '../../lib/cli/cutTo.js';
import { duration } from '../../lib/cli/duration.js';
import { counted, valueText } from '../../lib/cli/eventLine.js';
import { checkInputs, parsePair, parseValue } from '../../lib/cli/inputsFrom.js';
import { openQuestions } from '../../lib/cli/Question.js';
import { table } from '../../lib/cli/runsCommand.js';
import { RunWatch } from '../../lib/cli/RunWatch.js';
import { UsageError } from '../../lib/cli/UsageError.js';
import { compile, provideInput, type DagRun, type Json, type Plan } from '../../lib/index.js';
import { failureOf } from '../../lib/model/Failure.js';

const test = suite('texts of the command line');

test('a duration is told in the two units that matter', () => {
  for (const [ms, text] of [
    [0, '0 ms'],
    [35.4, '35 ms'],
    [999, '999 ms'],
    [999.6, '1.0 s'],
    [1_000, '1.0 s'],
    [2_449, '2.4 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 0 s'],
    [185_000, '3 min 5 s'],
    [3_599_400, '59 min 59 s'],
    [3_599_600, '1 h 0 min'],
    [3_720_000, '1 h 2 min'],
    [360_000_000, '100 h 0 min'],
  ] as const)
    assert.is(duration(ms), text);
});

test('a table is as wide as its widest cells, however long it is', () => {
  assert.is(
    table([
      ['a', 'b'],
      ['cc', ''],
      ['d', 'e'],
    ]),
    'a   b\ncc\nd   e\n',
  );
  const rows = Array.from({ length: 200_000 }, (_, i) => ['succeeded', `n${i}`]);
  assert.is(table(rows).split('\n').length, 200_001);
});

const texts = [
  '',
  'plain',
  'a line that is longer than the rest',
  '漢字漢字漢字漢字',
  'a漢b字c',
  '👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦',
  '🇩🇪🇫🇷🇯🇵',
  'e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301',
  `z${'\u0300'.repeat(500)}algo`,
  'עברית عربى',
  'x'.repeat(100_000),
  '漢'.repeat(100_000),
  `${'\u200b'.repeat(5_000)}x`,
];

test('a cut text is never wider than it may be, and says that it was cut', () => {
  for (const [cut, isBegin] of [
    [cutTo, true],
    [endOf, false],
  ] as const)
    for (const text of texts)
      for (const columns of [-1, 0, 1, 2, 3, 5, 8, 13, 40, 200]) {
        const short = cut(text, columns);
        assert.ok(stringWidth(short) <= Math.max(0, columns), `${text.slice(0, 20)} in ${columns}`);
        if (columns < 1 || short === text) continue;
        const kept = short.replace('…', '');
        assert.ok(
          isBegin ? short.endsWith('…') && text.startsWith(kept) : short.startsWith('…') && text.endsWith(kept),
        );
      }
});

test('what fits is left as it is', () => {
  for (const text of texts.slice(0, 8))
    for (const cut of [cutTo, endOf]) assert.is(cut(text, stringWidth(text) + 1), text);
  assert.is(cutTo('plain', 5), 'plain');
  assert.is(cutTo('plain', 4), 'pla…');
  assert.is(cutTo('漢字', 4), '漢字');
  assert.is(cutTo('漢字', 3), '漢…');
  assert.is(cutTo('漢字', 2), '…');
  assert.is(endOf('plain', 5), 'plain');
  assert.is(endOf('plain', 4), '…ain');
  assert.is(endOf('漢字', 3), '…字');
});

test('a cluster is cut as a whole', () => {
  assert.is(cutTo('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3), '👩‍👩‍👧‍👦…');
  assert.is(endOf('xe\u0301e\u0301', 2), '…e\u0301');
});

test('a typed value is JSON where it can be read as such, else the text', () => {
  for (const [typed, value] of [
    ['21', 21],
    ['-1.5e3', -1_500],
    ['true', true],
    ['null', null],
    ['"21"', '21'],
    ['[1, "x"]', [1, 'x']],
    ['{"a":{}}', { a: {} }],
    [' 7 ', 7],
    ['', ''],
    ['hello', 'hello'],
    ['01', '01'],
    ['1,5', '1,5'],
    ["'x'", "'x'"],
    ['NaN', 'NaN'],
    ['{a:1}', '{a:1}'],
    ['2026-11-26', '2026-11-26'],
  ] as const)
    assert.equal(parseValue(typed), value);
});

test('a pair is split at its first equals sign', () => {
  assert.equal(parsePair('a=1', '--input'), ['a', 1]);
  assert.equal(parsePair('a=b=c', '--input'), ['a', 'b=c']);
  assert.equal(parsePair('a=', '--input'), ['a', '']);
  assert.equal(parsePair('a b.c= x', '--input'), ['a b.c', ' x']);
  for (const pair of ['', 'a', '=1']) {
    assert.throws(
      () => parsePair(pair, '--answer'),
      (error: unknown) =>
        error instanceof UsageError &&
        error.message ===
          `--answer ${JSON.stringify(pair)} has no ${pair === '=1' ? 'name' : 'value'}; write --answer name=value.`,
    );
  }
});

test('counts and values are written for people', () => {
  assert.is(counted(1, 'node'), '1 node');
  assert.is(counted(0, 'node'), '0 nodes');
  assert.is(counted(12_345, 'node'), '12,345 nodes');
  assert.is(valueText('text'), 'text');
  assert.is(valueText({ a: [1] }), '{"a":[1]}');
  assert.is(valueText(null), 'null');
  assert.is(valueText('x'.repeat(200)), `${'x'.repeat(160)}…`);
  assert.is(valueText('😀'.repeat(9), 5), '😀😀…', 'no half of a sign');
});

const planOf = (count: number): Plan => {
  const inputs = Object.fromEntries(Array.from({ length: count }, (_, i) => [`in${i}`, { $ref: `inputs.want${i}` }]));
  const plan = compile({ name: 'p', nodes: [{ id: 'a', action: 'a', inputs }] }, { has: () => true, list: () => [] });
  if (plan._tag === 'Left') throw new Error(JSON.stringify(plan.left));
  return plan.right;
};
const given = (count: number, name: string): Record<string, Json> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}${i}`, i]));

test('of many inputs that are missing or that nobody wants 20 are told, and how many more there are', () => {
  const warnings = checkInputs(planOf(2), { ...given(2, 'want'), ...given(1_021, 'idle') });
  assert.is(warnings.length, 21);
  assert.is(warnings.at(-1), 'No node refers to 1,001 more inputs.');
  assert.is(checkInputs(planOf(1), { ...given(1, 'want'), ...given(20, 'idle') }).length, 20);
  try {
    checkInputs(planOf(21), {});
    assert.unreachable();
  } catch (error) {
    const told = (error as Error).message.split('\n');
    assert.is(told.length, 21);
    assert.is(told.at(-1), 'and 1 more missing input.');
  }
});

test('a value that is too large for a text is told without it', () => {
  const big = 'x'.repeat(1e8);
  assert.is(
    valueText({
      toJSON: () => {
        throw new RangeError('Invalid string length');
      },
    }),
    '(too large to be shown)',
  );
  assert.is(failureOf({ big: Array(6).fill(big) }).message, 'an error that is too large for a text');
});

test('an answer that cannot be taken is asked for again, with the reason', () => {
  const watch = new RunWatch();
  watch.inputs.set('q', { nodeId: 'q', question: 'How many?', byDefault: undefined, until: undefined });
  const [asked] = openQuestions({} as DagRun, watch);
  for (const [typed, reason] of [
    ['1e999', 'the value is Infinity, which JSON cannot hold'],
    [`${'['.repeat(100)}${']'.repeat(100)}`, 'nests deeper than 64 levels'],
  ] as const) {
    const again = asked!.answer(typed);
    if (again === undefined || !('text' in again)) throw new Error(JSON.stringify(again));
    assert.is(again.key, asked!.key);
    assert.match(again.text, /^q: How many\? \(not taken: /);
    assert.ok(again.text.includes(reason), again.text);
    assert.equal(again.answer('3'), provideInput('q', 3));
  }
});

test.run();
