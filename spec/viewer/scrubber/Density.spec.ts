import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Density } from '../../../lib/viewer/scrubber/Density.js';

const test = suite('Density');

const sum = (counts: Uint32Array): number => counts.reduce((all, count) => all + count, 0);

test('counts stand where their events are', () => {
  const density = new Density();
  const types = new Map([
    [1, 'NodeFailed'],
    [100, 'NodeRetryScheduled'],
  ]);
  assert.not(density.readOn((seq) => types.get(seq) ?? 'NodeStarted', 100));
  assert.is(density.failures[0], 1);
  assert.is(density.retries[99], 1);
  assert.is(sum(density.failures) + sum(density.retries), 2);
});

test('a log that grows keeps its counts and places, in ever wider parts', () => {
  const density = new Density();
  const head = 100_003;
  for (let to = 1; to < head; to += 997) density.readOn((seq) => (seq % 10 === 0 ? 'NodeFailed' : 'x'), to);
  while (density.readOn((seq) => (seq % 10 === 0 ? 'NodeFailed' : 'x'), head));
  assert.is(density.read, head);
  assert.is(sum(density.failures), 10_000);
  assert.is(density.width, 256);
  const parts = Math.ceil(head / density.width);
  for (let part = 0; part < parts - 1; part++)
    assert.ok(Math.abs(density.failures[part]! - density.width / 10) <= 1, `part ${part}`);
  assert.is(sum(density.failures.subarray(parts)), 0);
});

test('a long log is read piece by piece', () => {
  const density = new Density();
  assert.ok(density.readOn(() => 'x', 120, 50));
  assert.is(density.read, 50);
});

test.run();
