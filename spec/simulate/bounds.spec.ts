import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { simulate, type Plan } from '../../lib/index.js';
import { boundsOf, type Bounds } from '../../lib/simulate/bounds.js';
import { loadOf } from '../../lib/simulate/loadOf.js';
import { node } from '../support/logOf.js';
import { planIn, planOf, randomPlan } from '../support/plans.js';

const test = suite('boundsOf');

const bounds = (plan: Plan, slots: number): Bounds => boundsOf(plan, slots, loadOf(plan));
const seconds = (plan: Plan, slots: number): readonly number[] => {
  const { simpleBoundMs, lowerBoundMs } = bounds(plan, slots);
  return [simpleBoundMs / 1_000, lowerBoundMs / 1_000];
};

test('the simple bound is the critical path or the shared work, whichever is longer', () => {
  const plan = planIn({ a: 2, 'b: a': 3, c: 4 });
  assert.equal(seconds(plan, 1), [9, 9]);
  assert.equal(seconds(plan, 2), [5, 5]);
});

test('what comes before and after a crowd is added to its work', () => {
  const plan = planIn({ head: 5, 'a: head': 1, 'b: head': 1, 'c: head': 1, 'd: head': 1, 'tail: a b c d': 7 });
  assert.equal(seconds(plan, 2), [13, 14]);
  assert.equal(seconds(plan, 4), [13, 13]);
});

test('of more equal nodes than slots two share one', () => {
  assert.equal(seconds(planIn({ a: 6, b: 6, c: 6, d: 6 }), 3), [8, 12]);
  assert.equal(seconds(planIn({ a: 6, b: 6, c: 6, d: 6, e: 6, f: 6, g: 6 }), 3), [14, 18]);
});

test('that counts between a head and a tail, too', () => {
  const plan = planIn({ head: 1, 'a: head': 6, 'b: head': 6, 'c: head': 6, 'tail: a b c': 2, free: 3 });
  assert.equal(seconds(plan, 2), [12, 15]);
});

test('an empty set of nodes bounds nothing', () => {
  // Nothing has both the long head of "late" and the long tail of "early".
  const plan = planIn({ long: 9, 'late: long': 1, early: 1, 'longer: early': 9 });
  assert.equal(seconds(plan, 2), [10, 10]);
});

test('a node without length and a plan without nodes are bounded by nothing', () => {
  assert.equal(seconds(planIn({ a: 0, 'b: a': 0 }), 1), [0, 0]);
  assert.equal(seconds(planIn({}), 3), [0, 0]);
});

/** The bound as it is defined: every pair of a head and a tail is tried, one after the other. */
const byDefinition = (plan: Plan, slots: number): number => {
  const works = Array.from(loadOf(plan).workMs);
  const depsOf = (i: number): Int32Array => plan.deps.subarray(plan.depStart[i], plan.depStart[i + 1]);
  const outsOf = (i: number): Int32Array => plan.outs.subarray(plan.outStart[i], plan.outStart[i + 1]);
  const all = works.map((_, i) => i).toSorted((i, j) => plan.order[i]! - plan.order[j]!);
  const head: number[] = [];
  for (const i of all) head[i] = Math.max(0, ...Array.from(depsOf(i), (dep) => head[dep]! + works[dep]!));
  const tail: number[] = [];
  for (const i of all.toReversed()) tail[i] = Math.max(0, ...Array.from(outsOf(i), (out) => tail[out]! + works[out]!));
  let best = 0;
  for (const a of new Set(head))
    for (const b of new Set(tail)) {
      const chosen = all.filter((i) => head[i]! >= a && tail[i]! >= b).map((i) => works[i]!);
      if (chosen.length === 0) continue;
      const falling = chosen.toSorted((x, y) => y - x);
      let alone = chosen.reduce((sum, work) => sum + work, 0) / slots;
      for (let q = 0; q * slots < falling.length; q++)
        alone = Math.max(
          alone,
          falling.slice(q * slots - q, q * slots + 1).reduce((sum, work) => sum + work, 0),
        );
      best = Math.max(best, a + alone + b);
    }
  return best;
};

test('the fast way finds what the definition says, in 600 random plans', () => {
  for (let seed = 0; seed < 200; seed++)
    for (const slots of [1, 2, 5]) {
      const plan = randomPlan(seed, 1 + (seed % 40));
      const { lowerBoundMs } = bounds(plan, slots);
      assert.ok(Math.abs(lowerBoundMs - byDefinition(plan, slots)) < 1e-6, `seed ${seed}, ${slots} slots`);
    }
});

test('the nodes of a pool are bounded by its slots, which leaves the simple bound as it is', () => {
  const pooled = (text: string, seconds: number) => node(text, { estimateMs: seconds * 1_000, pool: 'gpu' });
  const nodes = [pooled('a', 4), pooled('b', 4), pooled('c', 4), node('d', { estimateMs: 1_000 })];
  const inPool = (gpu: number): Plan => planOf(nodes, { pools: { gpu } });
  assert.equal(
    [1, 2, 3, 9].map((gpu) => seconds(inPool(gpu), 3)),
    [
      [13 / 3, 12],
      [13 / 3, 8],
      [13 / 3, 5],
      [13 / 3, 5],
    ],
  );
  assert.equal(seconds(inPool(2), 1), [13, 13]);
  const around = planOf(
    [
      node('head', { estimateMs: 5_000 }),
      pooled('a: head', 4),
      pooled('b: head', 4),
      node('tail: a b', { estimateMs: 1_000 }),
    ],
    { pools: { gpu: 1 } },
  );
  assert.equal(seconds(around, 2), [10, 14]);
});

test('no simulation of a plan with pools is shorter, in 300 random plans', () => {
  let isHigher = 0;
  for (let seed = 0; seed < 150; seed++)
    for (const order of ['criticalPath', 'fifo'] as const) {
      const plan = randomPlan(seed, 30, { x: 1, y: 2, z: 9 });
      const { ratio, simpleBoundMs, lowerBoundMs } = simulate(plan, { slots: 1 + (seed % 6), order });
      assert.ok(ratio >= 1 && simpleBoundMs <= lowerBoundMs, `seed ${seed}: ${ratio}`);
      const bare = planOf(plan.nodes.map(({ pool: _, ...rest }) => rest));
      if (lowerBoundMs > bounds(bare, 1 + (seed % 6)).lowerBoundMs) isHigher++;
    }
  assert.ok(isHigher > 50, `${isHigher}`);
});

test('no simulation is shorter, in 300 random plans', () => {
  for (let seed = 0; seed < 150; seed++)
    for (const order of ['criticalPath', 'fifo'] as const) {
      const { ratio, simpleBoundMs, lowerBoundMs } = simulate(randomPlan(seed, 30), { slots: 1 + (seed % 6), order });
      assert.ok(ratio >= 1 && simpleBoundMs <= lowerBoundMs, `seed ${seed}: ${ratio}`);
    }
});

test('ten thousand nodes are bounded in less than a second', () => {
  const plan = randomPlan(4, 10_000);
  const started = performance.now();
  bounds(plan, 48);
  assert.ok(performance.now() - started < 1_000);
});

test('200,000 nodes of which each lasts longer than the one before are bounded in seconds', () => {
  const count = 200_000;
  const nodes = Array.from({ length: count }, (_, i) => node(`n${i}`, { estimateMs: 1_000 + (1_000 * i) / count }));
  const plan = planOf(nodes, { maxNodes: count });
  for (const slots of [2, count - 1]) {
    const before = process.cpuUsage();
    const { lowerBoundMs } = bounds(plan, slots);
    assert.ok(process.cpuUsage(before).user < 3e6, `${slots} slots`);
    if (slots > 2) assert.ok(Math.abs(lowerBoundMs - 2_000) < 1, `${lowerBoundMs}`); // the two shortest share a slot
  }
});

test.run();
