import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LogRows } from '../../../lib/viewer/log/LogRows.js';

const test = suite('LogRows');

const never = (): boolean => false;

test('without a test every event has its row', () => {
  const rows = new LogRows();
  rows.grow(5);
  assert.equal([rows.count, rows.seqAt(0), rows.rowAt(5), rows.work(never)], [5, 1, 4, false]);
});

test('with a test those that pass have one, what comes later too', () => {
  const rows = new LogRows();
  rows.grow(10_000);
  rows.filter((seq) => seq % 3 === 0);
  assert.is(rows.work(never), false);
  assert.equal([rows.count, rows.seqAt(0), rows.seqAt(3_332)], [3_333, 3, 9_999]);
  rows.grow(10_002);
  rows.work(never);
  assert.is(rows.seqAt(3_333), 10_002);
});

test('an event that does not show stands where the last before it does', () => {
  const rows = new LogRows();
  rows.grow(100);
  rows.filter((seq) => seq % 10 === 0);
  rows.work(never);
  assert.equal(
    [5, 10, 19, 20, 1_000].map((seq) => rows.rowAt(seq)),
    [-1, 0, 0, 1, 9],
  );
});

test('tests in slices and goes on where it stopped', () => {
  const asked: number[] = [];
  const rows = new LogRows();
  rows.grow(1_000);
  rows.filter((seq) => asked.push(seq) > 0);
  let slices = 1;
  while (rows.work(() => true)) slices++;
  assert.is(slices, 16);
  assert.equal(
    asked,
    Array.from({ length: 1_000 }, (_, i) => i + 1),
  );
  assert.is(rows.progress, 1);
});

test('a shorter log is another one', () => {
  const rows = new LogRows();
  rows.filter(() => true);
  rows.grow(10);
  rows.work(never);
  rows.grow(3);
  rows.work(never);
  assert.is(rows.count, 3);
});

test.run();
