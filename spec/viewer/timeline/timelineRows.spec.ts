import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { adjacency } from '../../../lib/plan/topological.js';
import { FAILED, GONE, PENDING, READY, RUNNING, SUCCEEDED } from '../../../lib/viewer/theme/looks.js';
import { AttemptLists } from '../../../lib/viewer/timeline/AttemptLists.js';
import { dependencyOrder } from '../../../lib/viewer/timeline/dependencyOrder.js';
import { timelineRows, type RowSort, type RowSource } from '../../../lib/viewer/timeline/timelineRows.js';
import { attemptsOf } from './attempts.js';

const test = suite('timelineRows');

const source = (more: Partial<RowSource> = {}): RowSource => ({
  size: 5,
  seq: 100,
  at: 100,
  looks: Uint8Array.of(SUCCEEDED, RUNNING, FAILED, READY, PENDING),
  attempts: attemptsOf([2, 0, 5], [0, 10, 40], [2, 20, 30], [1, 50]),
  matches: undefined,
  hidesDone: false,
  ...more,
});
const rows = (sort: RowSort, more: Partial<RowSource> = {}): readonly number[] =>
  Array.from(timelineRows(source(more), sort, () => Int32Array.of(4, 3, 2, 1, 0)));

test('one row for each node that has begun, those that could below', () => {
  assert.equal(rows('start'), [2, 0, 1, 3]);
});

test('by dependency, and the longest first', () => {
  assert.equal(rows('dependency'), [3, 2, 1, 0]);
  // 1 has run for 50 ms so far, 0 for 30, 2 for 15 in two attempts.
  assert.equal(rows('duration'), [1, 0, 2, 3]);
});

test('what goes on first, then what began last', () => {
  assert.equal(rows('open'), [1, 3, 0, 2]);
});

test('at an earlier moment those that had begun by then', () => {
  const looks = Uint8Array.of(PENDING, PENDING, RUNNING, GONE, PENDING);
  assert.equal(rows('start', { seq: 2, looks }), [2]);
  assert.equal(rows('start', { seq: 1, looks: new Uint8Array(5) }), []);
});

test('what is filtered or done on purpose has no row', () => {
  assert.equal(rows('start', { matches: Uint8Array.of(1, 0, 1, 0, 1) }), [2, 0]);
  assert.equal(rows('start', { hidesDone: true }), [2, 1, 3]);
});

test('a hundred thousand rows are sorted in a moment', () => {
  const size = 100_000;
  const attempts = attemptsOf(...Array.from({ length: size }, (_, i) => [i, i, i + ((i * 7_919) % 1_000)] as const));
  const all = { size, seq: 1e9, attempts, looks: new Uint8Array(size).fill(SUCCEEDED) };
  const before = process.cpuUsage();
  const sorted = timelineRows(source(all), 'duration');
  assert.ok(process.cpuUsage(before).user < 1e6);
  const length = (row: number): number => attempts.endAt[sorted[row]!]! - attempts.startAt[sorted[row]!]!;
  for (let row = 1; row < size; row++) assert.ok(length(row) <= length(row - 1));
});

test('each node stands below all that it depends on, its chain in one piece', () => {
  const deps = [[], [], [0], [1], [2], [3, 4]];
  const order = dependencyOrder(adjacency(Int32Array.of(0, 0, 0, 1, 2, 3, 5), Int32Array.from(deps.flat())));
  assert.equal(Array.from(order), [0, 2, 4, 1, 3, 5]);
});

test('a long chain is no deep recursion', () => {
  const size = 200_000;
  const starts = Int32Array.from({ length: size + 1 }, (_, i) => Math.max(0, i - 1));
  const order = dependencyOrder(
    adjacency(
      starts,
      Int32Array.from({ length: size - 1 }, (_, i) => i),
    ),
  );
  assert.is(order[size - 1], size - 1);
});

test('the attempts of a node are found one after the other, later ones too', () => {
  const lists = new AttemptLists();
  const all = (node: number): readonly number[] => {
    const found: number[] = [];
    for (let i = lists.first(node); i >= 0; i = lists.next(i)) found.push(i);
    return found;
  };
  const attempts = { ...attemptsOf([2, 0, 5], [0, 10, 40], [2, 20, 30], [200, 50]), size: 2 };
  lists.grow(attempts);
  assert.equal([all(2), all(0), all(1)], [[0], [1], []]);
  attempts.size = 4;
  lists.grow(attempts);
  assert.equal([all(2), all(200), all(9_999)], [[0, 2], [3], []]);
  lists.grow(attemptsOf([1, 0, 1]));
  assert.equal([all(2), all(1)], [[], [0]]);
});

test.run();
