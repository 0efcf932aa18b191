// timeout: 600000
// weight: 50
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle, runBundle } from './built.js';
import { firstSeed } from './seeds.js';

const RUNS = 20_000;
const PROCESSES = 2;

const test = suite('commands');

test(`${RUNS} sequences of commands lead where the reference goes`, async () => {
  const path = await bundle('commands.worker');
  const told: Record<string, unknown>[] = [];
  const workers = Array.from({ length: PROCESSES }, (_, i) =>
    runBundle(path, [(firstSeed() % 1_000_000) + i, RUNS / PROCESSES].map(String), (message) => told.push(message)),
  );
  await Promise.all(workers.map(({ done }) => done));
  assert.is(
    told
      .map(({ failed = '' }) => failed)
      .join('\n')
      .trim(),
    '',
  );
  assert.is(
    told.reduce((sum, { runs }) => sum + Number(runs), 0),
    RUNS,
  );
});

test.run();
