// timeout: 240000
// weight: 8
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { command, root } from '../support/command.js';
import type { Leftovers } from './runs.js';

const GROWTH_MAX_BYTES = 1_000_000;
const WAYS = [
  'runs that succeed',
  'runs that fail',
  'runs whose subscriptions are forgotten',
  'runs with a shared signal and cache',
  'runs that are cancelled',
  'cold runs that are left by switchMap',
  'runs that share slots',
  'runs with a store',
  'runs with hooks',
  'iterators that are left early',
  'snapshots that are kept',
];

const test = suite('leaks');
const measured = new Map<string, Leftovers>();

test('10,000 runs of each kind come to an end in a process of their own', async () => {
  const args = ['--expose-gc', '--import', 'tsx', join(root, 'spec', 'leaks', 'runs.ts')];
  const { code, text } = await command(process.execPath, args, { timeoutMs: 230_000 });
  assert.is(code, 0, text);
  for (const line of text.trim().split('\n')) {
    const leftovers = JSON.parse(line) as Leftovers;
    measured.set(leftovers.name, leftovers);
  }
  assert.equal([...measured.keys()], [...WAYS, 'control']);
});

for (const way of WAYS)
  test(`nothing is left of 10,000 ${way}`, () => {
    const { runs, grownBytes, alive, resources, listeners } = measured.get(way)!;
    assert.is(runs, 10_000);
    assert.ok(grownBytes < GROWTH_MAX_BYTES, `the heap grew by ${grownBytes} bytes`);
    assert.is(alive, 0, `${alive} of the latest 1,000 runs are still held`);
    assert.equal(resources, [], 'timers or handles are left');
    assert.is(listeners, 0, 'listeners are left on the shared signal');
  });

test('the measurement sees runs that are held on to', () => {
  const { grownBytes, alive } = measured.get('control')!;
  assert.is(alive, 1_000);
  assert.ok(grownBytes > GROWTH_MAX_BYTES, `${grownBytes} bytes`);
});

test.run();
