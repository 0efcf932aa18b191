// timeout: 180000
// weight: 4
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NodeSpec } from '../../lib/model/NodeSpec.js';
import { compile } from '../../lib/plan/compile.js';
import type { Plan } from '../../lib/plan/Plan.js';

const anything = { has: () => true, list: () => [] };
const planOf = (nodes: readonly NodeSpec[]): Plan => {
  const result = compile({ name: 'g', nodes }, anything);
  if (result._tag === 'Left') throw new Error(result.left[0]!.message);
  return result.right;
};

/** Any acyclic graph, its nodes defined in any order. */
const graph = fc
  .array(fc.record({ deps: fc.array(fc.nat(), { maxLength: 5 }), estimateMs: fc.nat(50), key: fc.nat() }), {
    maxLength: 40,
  })
  .map((drawn): NodeSpec[] =>
    drawn
      .map(({ deps, estimateMs, key }, i) => ({
        key,
        spec: {
          id: `n${i}`,
          action: 'a',
          ...(estimateMs === 0 ? {} : { estimateMs }),
          ...(i === 0 ? {} : { deps: deps.map((dep) => `n${dep % i}`) }),
        },
      }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ spec }) => spec),
  );

/** Again and again the first defined of the nodes whose dependencies are all placed. */
const naiveOrder = (nodes: readonly NodeSpec[]): string[] => {
  const placed = new Set<string>();
  while (placed.size < nodes.length)
    placed.add(nodes.find(({ id, deps }) => !placed.has(id!) && (deps ?? []).every((dep) => placed.has(dep)))!.id!);
  return [...placed];
};

const naiveRank = (nodes: readonly NodeSpec[], id: string): number =>
  (nodes.find((node) => node.id === id)!.estimateMs ?? 1) +
  Math.max(0, ...nodes.filter(({ deps }) => deps?.includes(id)).map((node) => naiveRank(nodes, node.id!)));

const test = suite('order and rank');

test('places nodes as a naive search does', () => {
  fc.assert(
    fc.property(graph, (nodes) => {
      const { order } = planOf(nodes);
      const placed: string[] = [];
      nodes.forEach(({ id }, i) => (placed[order[i]!] = id!));
      assert.equal(placed, naiveOrder(nodes));
    }),
    { numRuns: 300 },
  );
});

test('ranks nodes by the longest path to an end', () => {
  const small = graph.filter((nodes) => nodes.length <= 14);
  fc.assert(
    fc.property(small, (nodes) => {
      assert.equal(
        [...planOf(nodes).rank],
        nodes.map(({ id }) => naiveRank(nodes, id!)),
      );
    }),
    { numRuns: 200 },
  );
});

test('gives rows that mirror each other, without repeats', () => {
  fc.assert(
    fc.property(graph, (nodes) => {
      const { depStart, deps, outStart, outs, indexOf } = planOf(nodes);
      const row = (start: Int32Array, list: Int32Array, i: number) => [...list.subarray(start[i], start[i + 1])];
      nodes.forEach((node, i) => {
        assert.equal(
          row(depStart, deps, i),
          [...new Set(node.deps)].map((id) => indexOf.get(id)!),
        );
        assert.equal(
          row(outStart, outs, i),
          nodes.flatMap((other, k) => (other.deps?.includes(node.id!) ? [k] : [])),
        );
      });
    }),
  );
});

const SIZE = 100_000;

test('takes 100,000 nodes that depend on one, and one that depends on all of them, in any order', () => {
  const wide = Array.from({ length: SIZE }, (_, i) => ({ id: `w${i}`, action: 'a', deps: ['first'] }));
  const last = { id: 'last', action: 'a', deps: wide.map(({ id }) => id) };
  const plan = planOf([last, ...wide, { id: 'first', action: 'a' }]);
  assert.is(plan.order[0], SIZE + 1);
  assert.is(plan.order[1], 1);
  assert.is(plan.order[SIZE], SIZE);
  assert.is(plan.rank[SIZE + 1], 3);
});

test('takes 100,000 references in one node', () => {
  const wide = Array.from({ length: SIZE }, (_, i) => ({ id: `w.${i}`, action: 'a' }));
  const inputs = { all: wide.map(({ id }) => ({ $ref: `${id}.x.y[0]` })) };
  const plan = planOf([...wide, { id: 'last', action: 'a', inputs }]);
  assert.is(plan.deps.length, SIZE);
});

test('takes a million nodes in a chain, without recursion, in little memory', () => {
  const size = 1_000_000;
  const chain = Array.from({ length: size }, (_, i) => ({
    id: `n${i}`,
    action: 'a',
    deps: i === 0 ? [] : [`n${i - 1}`],
  }));
  const started = performance.now();
  const plan = planOf(chain);
  const took = performance.now() - started;
  assert.is(plan.rank[0], size);
  assert.is(plan.order[size - 1], size - 1);
  assert.ok(took < 20_000, `took ${took} ms`);
  const { rss } = process.memoryUsage();
  assert.ok(rss < 1_200_000_000, `${rss} bytes`);
});

test('takes the same chain backwards', () => {
  const size = 300_000;
  const plan = planOf(
    Array.from({ length: size }, (_, i) => ({
      id: `n${i}`,
      action: 'a',
      deps: i === size - 1 ? [] : [`n${i + 1}`],
    })),
  );
  assert.is(plan.order[0], size - 1);
  assert.is(plan.rank[size - 1], size);
});

test('names the cycle in a million nodes that wait for each other', () => {
  const size = 1_000_000;
  const result = compile(
    { name: 'g', nodes: Array.from({ length: size }, (_, i) => ({ action: 'a', deps: [`a_${i || size}`] })) },
    anything,
  );
  assert.is(result._tag === 'Left' && result.left.length === 1 && result.left[0]!.path!.length, size + 1);
});

test.run();
