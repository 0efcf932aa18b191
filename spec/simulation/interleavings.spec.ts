// timeout: 600000
// weight: 50
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle, runBundle } from './built.js';
import { firstSeed } from './seeds.js';

const RUNS = 5_000;

const test = suite('interleavings of promises');

test(`${RUNS} of actions, hooks and a store keep every rule`, async () => {
  const path = await bundle('interleavings.worker');
  const told: Record<string, unknown>[] = [];
  await runBundle(path, [firstSeed() % 1_000_000, RUNS].map(String), (message) => told.push(message)).done;
  assert.equal(told, [{ runs: RUNS }]);
});

test.run();
