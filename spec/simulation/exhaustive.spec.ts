// timeout: 600000
// weight: 50
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle, runBundle } from './built.js';

const test = suite('exhaustive');

test('every DAG of up to 4 nodes ends as the reference does, whatever fails and whoever ends first', async () => {
  const path = await bundle('exhaustive.worker');
  const told: Record<string, unknown>[] = [];
  await runBundle(path, [], (message) => told.push(message)).done;
  assert.equal(told, [{ cases: 24 + 384 + 12_288 + 12_288, failed: 0 }]);
});

test.run();
