import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { schedulePreview } from '../../lib/formats/schedulePreview.js';
import type { NodeSpec } from '../../lib/model/NodeSpec.js';
import { ref } from '../../lib/model/Ref.js';
import { compile } from '../../lib/plan/compile.js';
import type { Plan } from '../../lib/plan/Plan.js';
import { node } from '../support/logOf.js';
import { hostileTexts } from './hostileTexts.js';

const planOf = (nodes: readonly NodeSpec[]): Plan => {
  const compiled = compile({ name: 'g', nodes }, { has: () => true, list: () => [] });
  if (compiled._tag === 'Left') throw new Error(compiled.left[0]!.message);
  return compiled.right;
};
const after = (text: string, estimateMs?: number): NodeSpec =>
  node(text, estimateMs === undefined ? {} : { estimateMs });

const test = suite('schedulePreview');

test('tells the order, levels and times of a plan', () => {
  const plan = planOf([
    after('d: b c', 5),
    after('a', 10),
    after('b: a', 20),
    { id: 'c', action: 'load', inputs: { x: ref('a.x') } },
    after('e', 2),
  ]);
  assert.equal(schedulePreview(plan, 2), {
    order: [
      { id: 'a', action: 'work', level: 0, deps: [], estimateMs: 10, isCritical: true },
      { id: 'b', action: 'work', level: 1, deps: ['a'], estimateMs: 20, isCritical: true },
      { id: 'c', action: 'load', level: 1, deps: ['a'], estimateMs: 1, isCritical: false },
      { id: 'd', action: 'work', level: 2, deps: ['b', 'c'], estimateMs: 5, isCritical: true },
      { id: 'e', action: 'work', level: 0, deps: [], estimateMs: 2, isCritical: false },
    ],
    levels: 3,
    criticalPath: ['a', 'b', 'd'],
    criticalMs: 35,
    workMs: 38,
    isEstimated: true,
    lowerBoundMs: 35,
  });
});

test('takes what is known of nodes that say nothing themselves', () => {
  const plan = planOf([after('a', 10), after('b: a'), after('c'), after('d: c')]);
  const estimates = { nodes: new Map([['b', 20], ['a', 99]]), actions: new Map([['work', 40]]) }; // prettier-ignore
  const { order, criticalPath, criticalMs, workMs, isEstimated, lowerBoundMs } = schedulePreview(plan, 2, estimates);
  assert.equal(
    order.map(({ id, estimateMs }) => [id, estimateMs]),
    [
      ['a', 10],
      ['b', 20],
      ['c', 40],
      ['d', 40],
    ],
  );
  assert.equal([criticalPath, criticalMs, workMs, lowerBoundMs], [['c', 'd'], 80, 110, 80]);
  assert.ok(isEstimated);
  assert.ok(schedulePreview(planOf([after('x')]), 2, estimates).isEstimated);
});

test('is bound by the slots where they are fewer than the work wants', () => {
  const plan = planOf([after('a', 3), after('b', 4), after('c', 5)]);
  assert.is(schedulePreview(plan, 1).lowerBoundMs, 12);
  assert.is(schedulePreview(plan, 2).lowerBoundMs, 6);
  assert.is(schedulePreview(plan, 3).lowerBoundMs, 5);
});

test('counts nodes where no time is known', () => {
  const { order, criticalMs, workMs, isEstimated, lowerBoundMs } = schedulePreview(
    planOf([after('a'), after('b: a'), after('c')]),
    4,
  );
  assert.equal(order.map(({ estimateMs }) => estimateMs), [1, 1, 1]); // prettier-ignore
  assert.equal([criticalMs, workMs, isEstimated, lowerBoundMs], [2, 3, false, 2]);
});

test('takes an estimate of 0 for one', () => {
  const { criticalPath, criticalMs, isEstimated } = schedulePreview(
    planOf([after('a', 0), after('b: a', 0), after('c: b', 0)]),
    1,
  );
  assert.equal(criticalPath, ['a', 'b', 'c']);
  assert.equal([criticalMs, isEstimated], [0, true]);
});

test('takes the longest path by time, not by nodes, and of equal ones the first', () => {
  const path = (...nodes: readonly NodeSpec[]): readonly string[] => schedulePreview(planOf(nodes), 1).criticalPath;
  assert.equal(path(after('a'), after('b: a'), after('c: b'), after('slow', 9)), ['slow']);
  assert.equal(path(after('a'), after('b: a', 4), after('c: a', 5), after('d: b c')), ['a', 'c', 'd']);
  assert.equal(path(after('a'), after('x'), after('b: x'), after('c: a'), after('d: x')), ['a', 'c']);
  assert.equal(path(after('x'), after('d: x'), after('b: x')), ['x', 'd']);
});

test('has nothing to tell of no nodes', () => {
  assert.equal(schedulePreview(planOf([]), 3), {
    order: [],
    levels: 0,
    criticalPath: [],
    criticalMs: 0,
    workMs: 0,
    isEstimated: false,
    lowerBoundMs: 0,
  });
});

test('keeps ids as they are', () => {
  const ids = hostileTexts.filter((text) => !/^$|[\0\ud800-\udfff]/u.test(text));
  const { order, criticalPath } = schedulePreview(
    planOf(ids.map((id, i) => ({ id, action: 'work', deps: i === 0 ? [] : [ids[i - 1]!] }))),
    1,
  );
  assert.equal(order.map(({ id }) => id), ids); // prettier-ignore
  assert.equal(criticalPath, ids);
  assert.equal(order[5]!.deps, [ids[4]]);
});

test('takes a chain of 100,000 nodes and a fan of as many in linear time', () => {
  const chain = planOf(Array.from({ length: 100_000 }, (_, i) => after(i === 0 ? 'n0' : `n${i}: n${i - 1}`)).reverse());
  const fan = planOf(Array.from({ length: 100_000 }, (_, i) => after(i === 0 ? 'n0' : `n${i}: n0`, i)));
  const begun = performance.now();
  const long = schedulePreview(chain, 3);
  assert.equal([long.levels, long.criticalPath.length, long.criticalMs], [100_000, 100_000, 100_000]);
  assert.is(long.criticalPath[0], 'n0');
  const wide = schedulePreview(fan, 3);
  assert.equal([wide.levels, wide.criticalPath, wide.criticalMs], [2, ['n0', 'n99999'], 99_999]);
  assert.ok(performance.now() - begun < 5_000);
});

test.run();
