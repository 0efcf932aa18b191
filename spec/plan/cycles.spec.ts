import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shortestCycles } from '../../lib/plan/cycles.js';

const rowsOf = (graph: readonly (readonly number[])[]): [Int32Array, Int32Array] => {
  const start = [0];
  for (const row of graph) start.push(start.at(-1)! + row.length);
  return [Int32Array.from(start), Int32Array.from(graph.flat())];
};

const distance = (graph: readonly (readonly number[])[], from: number, to: number): number => {
  let level = new Set(graph[from]);
  const seen = new Set(level);
  for (let length = 1; level.size > 0; length++) {
    if (level.has(to)) return length;
    level = new Set([...level].flatMap((node) => graph[node]!).filter((node) => !seen.has(node)));
    for (const node of level) seen.add(node);
  }
  return Infinity;
};

const graphs = fc
  .integer({ min: 1, max: 15 })
  .chain((n) => fc.array(fc.uniqueArray(fc.nat(n - 1), { maxLength: 3 }), { minLength: n, maxLength: n }))
  .map((graph) => graph.map((row, i) => row.filter((dep) => dep !== i)));

const test = suite('shortestCycles');

test('finds one shortest cycle for each group of nodes that wait for each other', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const { cycles, groups } = shortestCycles(...rowsOf(graph));
      const nodes = graph.map((_, i) => i).filter((i) => distance(graph, i, i) < Infinity);
      const group = (i: number) =>
        nodes.filter((k) => distance(graph, i, k) < Infinity && distance(graph, k, i) < Infinity);
      const expected = [...new Map(nodes.map((i) => [String(group(i)), group(i)])).values()];
      assert.is(groups, expected.length);
      expected.forEach((members, at) => {
        const cycle = cycles[at]!;
        assert.ok(cycle.every((node) => members.includes(node)));
        assert.ok(cycle.slice(1).every((node, i) => graph[cycle[i]!]!.includes(node)));
        assert.is(cycle[0], cycle.at(-1));
        assert.is(cycle.length - 1, Math.min(...members.map((node) => distance(graph, node, node))));
        assert.is(cycle[0], Math.min(...cycle));
      });
    }),
    { numRuns: 500 },
  );
});

test('does a bounded amount of work in a large dense group', () => {
  const n = 3_000;
  // All cycles lead through the one edge back to the first node, except the one that is found last.
  const graph = Array.from({ length: n }, (_, i) => (i === n - 1 ? [0] : Array.from({ length: Math.min(500, n - 1 - i) }, (_, k) => i + k + 1))); // prettier-ignore
  const { cycles } = shortestCycles(...rowsOf(graph));
  assert.is(cycles[0]![0], 0);
  assert.is(cycles[0]!.length, 8);
});

test.run();
