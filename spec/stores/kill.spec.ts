// timeout: 240000
// weight: 8
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { firstSeed } from '../simulation/seeds.js';
import { kill } from './kills.js';

const CYCLES = Number(process.env['KILL_CYCLES'] ?? 100);

const test = suite('killed runs');

test(`lose nothing that was shown, and end as they should, in ${CYCLES} kills`, async () => {
  const seed = firstSeed();
  console.log(`seed ${seed}`);
  const { kills, runs, twice, failures } = await kill({
    cycles: CYCLES,
    seed,
    shouldStop: ({ failures }) => failures.length > 0,
  });
  console.log(`${kills} kills of ${runs} runs; ${twice} effects happened more than once, which an action has to bear`);
  assert.is(failures.join('\n'), '');
});

test.run();
