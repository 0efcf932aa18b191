import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LogPick } from '../../../lib/viewer/log/LogPick.js';
import { rowKey } from '../../../lib/viewer/log/rowKey.js';

const test = suite('LogPick');

/** Every second event has a row. */
const rows = { seqAt: (row: number) => row * 2 + 2, rowAt: (seq: number) => seq / 2 - 1 };

test('one row, then all up to another, in both directions', () => {
  const pick = new LogPick();
  pick.pick(5, 'one', rows);
  assert.equal([pick.active, pick.seqs()], [12, [12]]);
  pick.pick(7, 'extend', rows);
  assert.equal([pick.active, pick.seqs()], [16, [12, 14, 16]]);
  pick.pick(4, 'extend', rows);
  assert.equal(pick.seqs(), [10, 12]);
});

test('rows are added and dropped one by one', () => {
  const pick = new LogPick();
  pick.pick(1, 'one', rows);
  pick.pick(9, 'toggle', rows);
  pick.pick(1, 'toggle', rows);
  assert.equal(pick.seqs(), [20]);
});

test('no more than ten thousand are taken', () => {
  const pick = new LogPick();
  pick.pick(0, 'one', rows);
  pick.pick(900_000, 'extend', rows);
  assert.is(pick.seqs().length, 10_000);
  assert.is(pick.seqs().at(-1), rows.seqAt(900_000));
});

test('keys lead from row to row and not beyond', () => {
  const to = (key: string, row: number, more = {}): number | undefined =>
    rowKey({ key, ctrlKey: false, metaKey: false, altKey: false, ...more }, row, 50, 10);
  assert.equal(
    [to('j', -1), to('ArrowDown', 49), to('k', 0), to('PageDown', 45), to('PageUp', 3), to('Home', 9), to('End', 9)],
    [0, 49, 0, 49, 0, 0, 49],
  );
  assert.equal([to('x', 1), to('j', 1, { ctrlKey: true })], [undefined, undefined]);
  assert.is(rowKey({ key: 'j', ctrlKey: false, metaKey: false, altKey: false }, 0, 0, 10), undefined);
});

test.run();
