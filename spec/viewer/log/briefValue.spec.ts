import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { briefValue } from '../../../lib/viewer/log/briefValue.js';

const test = suite('briefValue');

test('small values are shown as they are', () => {
  assert.is(briefValue({ a: [1, true, null, 'x'], b: {} }), '{a: [1, true, null, "x"], b: {}}');
  assert.is(briefValue('text'), 'text');
  assert.is(briefValue([]), '[]');
});

test('of a large value the beginning is read alone', () => {
  const large = Array.from({ length: 200_000 }, (_, i) => ({ row: i, text: 'x'.repeat(50) }));
  const before = process.cpuUsage();
  for (let i = 0; i < 100; i++) assert.ok(briefValue(large).length < 300);
  assert.ok(process.cpuUsage(before).user < 1e6);
});

test('a deep value ends after a few levels', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  assert.is(briefValue(deep), '[[[[[…]]]]]');
});

test.run();
