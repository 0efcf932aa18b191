import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { simulate } from '../../lib/index.js';
import { parallelism } from '../../lib/simulate/parallelism.js';
import { queueWaits } from '../../lib/simulate/queueWaits.js';
import { sweep, type Sweep } from '../../lib/simulate/sweep.js';
import { planIn, randomPlan } from '../support/plans.js';

const test = suite('sweep');

const swept = (...given: Parameters<typeof sweep>): Sweep => {
  const made = sweep(...given);
  if (made === undefined) throw new Error('not swept');
  return made;
};

test('tells from how many slots on more of them save nothing', () => {
  const equal = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`n${i}`, 1]));
  const { simulations, enough } = swept(planIn(equal));
  assert.is(enough, 12);
  assert.equal(
    simulations.filter(({ slots }) => [1, 2, 4, 8, 12].includes(slots)).map(({ makespanMs }) => makespanMs),
    [12_000, 6_000, 3_000, 2_000, 1_000],
  );
  assert.is(swept(planIn({ ...equal, long: 12 })).enough, 2);
  assert.is(swept(planIn({ a: 1, 'b: a': 1 })).enough, 1);
  assert.is(swept(planIn({})).enough, 1);
});

test('enough is as good as any number of slots, to 1 %, and one fewer was found not to be', () => {
  for (let seed = 0; seed < 10; seed++) {
    const plan = randomPlan(seed, 60);
    const { simulations, enough } = swept(plan);
    const best = simulate(plan, { slots: 60 }).makespanMs;
    const at = (slots: number): number | undefined => simulations.find((one) => one.slots === slots)?.makespanMs;
    assert.ok(at(enough)! <= best * 1.01, `seed ${seed}`);
    if (enough > 1) assert.ok(at(enough - 1)! > best * 1.01, `seed ${seed}`);
  }
});

test('a large plan is tried with fewer numbers of slots, a far too large one with none', () => {
  const equal = planIn(Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`n${i}`, 1])));
  const { isCoarse, simulations, enough } = swept(equal, {}, 64 * 6);
  assert.ok(isCoarse);
  assert.ok(simulations.length >= 3 && simulations.length <= 5, `${simulations.length}`);
  assert.equal([simulations[0]!.slots, simulations.at(-1)!.slots, enough], [1, 64, 64]);
  for (const least of [4, 5, 8, 13]) assert.ok(swept(equal, {}, 64 * least).simulations.length < least, `${least}`);
  assert.is(swept(equal, {}, 64 * 100).isCoarse, false);
  assert.is(sweep(equal, {}, 64 * 4 - 1), undefined);
});

test('queueWaits tells how long each node was ready without a slot', () => {
  const plan = planIn({ a: 2, b: 3, 'c: a': 1, d: 1 });
  assert.equal([...queueWaits(plan, simulate(plan, { slots: 1 }).events)], [0, 2_000, 3_000, 6_000]);
});

test('parallelism tells how many ran at once, part by part', () => {
  const { events } = simulate(planIn({ a: 1, b: 2, c: 4 }), { slots: 3 });
  assert.equal([...parallelism(events, 4)], [3, 2, 1, 1]);
  assert.equal([...parallelism(events, 2)], [2.5, 1]);
  assert.equal([...parallelism([], 2)], [0, 0]);
  assert.equal([...parallelism(simulate(planIn({ a: 0 })).events, 2)], [0, 0]);
});

test.run();
