// timeout: 600000
// weight: 20
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { firstSeed } from '../../simulation/seeds.js';
import { inChild } from './inChild.js';

const COUNT = 20_000;
const seed = Number(process.env['RXDAG_FUZZ_SEED'] ?? firstSeed());
console.log(`fuzz seed ${seed} (RXDAG_FUZZ_SEED)`);

const test = suite('yaml: fuzz');

test(`${COUNT.toLocaleString('en-US')} texts are answered, quickly and in words`, async () => {
  const told: Record<string, unknown>[] = [];
  await inChild('fuzz.worker.ts', [seed, COUNT], (message) => told.push(message));
  const { done, taken, slowest, kept, types } = told.pop()!;
  console.log(`${String(taken)} taken; the slowest took ${String(slowest)} ms; ${String(kept)} MB kept`);
  assert.equal(told, []);
  assert.is(done, COUNT);
  // Else it would try nothing.
  assert.ok((taken as number) > COUNT / 20 && (taken as number) < COUNT / 2);
  for (const type of [
    'Syntax',
    'TooDeep',
    'AliasForbidden',
    'UnknownTag',
    'DuplicateKey',
    'UnknownKey',
    'Malformed',
    'InvalidNumber',
    'UnknownDependency',
    'BadReference',
    'DuplicateId',
    'MalformedId',
  ])
    // prettier-ignore
    assert.ok(type in (types as object), `nothing of the type ${type}`);
  assert.ok((kept as number) < 64);
});

test.run();
