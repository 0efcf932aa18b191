import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { idleCuts } from '../../../lib/viewer/timeline/idleCuts.js';
import { peakOf } from '../../../lib/viewer/timeline/peakOf.js';
import { attemptsOf } from './attempts.js';

const test = suite('idleCuts');

test('cuts what no attempt covers, where it is long', () => {
  const attempts = attemptsOf([0, 0, 100], [1, 50, 200], [2, 204, 300], [3, 5_000, 5_100]);
  assert.equal(idleCuts(attempts, 0, 9_000), [
    { from: 300, to: 5_000 },
    { from: 5_100, to: 9_000 },
  ]);
});

test('what still runs leaves nothing to cut', () => {
  assert.equal(idleCuts(attemptsOf([0, 0], [1, 50, 60]), 0, 9_000), []);
});

test('a node that waits for a person is idle', () => {
  const attempts = attemptsOf([0, 0, 100], [1, 100, 5_000], [2, 5_000, 5_100]);
  attempts.isWait[1] = 1;
  assert.equal(idleCuts(attempts, 0, 5_100), [{ from: 100, to: 5_000 }]);
});

test('a run in which nothing has begun is one cut', () => {
  assert.equal(idleCuts(attemptsOf(), 0, 100), [{ from: 0, to: 100 }]);
});

test('the peak counts those that go on together', () => {
  const attempts = attemptsOf([0, 0, 10], [1, 2, 10], [2, 10, 20], [3, 11], [4, 12, 13]);
  assert.is(peakOf(attempts, 1_000), 3);
  assert.is(peakOf(attempts, 3), 2);
  assert.is(peakOf(attempts, 0), 0);
  assert.is(peakOf(attemptsOf([0, 5, 5]), 9), 1);
});

test.run();
