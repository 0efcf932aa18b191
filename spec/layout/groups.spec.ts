// timeout: 120000
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { extended } from '../../lib/layout/extended.js';
import { layered } from '../../lib/layout/layered.js';
import type { LayoutGraph } from '../../lib/layout/LayoutGraph.js';
import { random } from '../../lib/testing/random.js';
import { faultsOf } from './faultsOf.js';
import { fan, graphOf, randomDag } from './graphs.js';
import { groupBoxesOf, groupFaultsOf } from './groupFaultsOf.js';

const test = suite('groups');

/** A random graph of equal boxes with groups of nodes that have nothing to do with each other, or that are neighbours. */
const grouped = (seed: number, size: number): LayoutGraph => {
  const r = random(seed + 1_000);
  const { from, to } = randomDag(seed, size);
  const count = r.int(1, 8);
  const groups = Int32Array.from({ length: size }, (_, node) =>
    r.chance(0.3) ? -1 : r.chance(0.5) ? r.int(0, count - 1) : Math.floor((node * count) / size),
  );
  // Each lies in one with a lower number, or in none.
  const groupWithin = Int32Array.from({ length: count }, (_, group) => (r.chance(0.5) ? r.int(-1, group - 1) : -1));
  return { size, from, to, groups, groupWithin };
};

test('draws each group, also one in another, in a box that holds nothing else, whatever the graph', () => {
  for (let seed = 1; seed <= 80; seed++) {
    const graph = grouped(seed, 2 + ((seed * 7) % 120));
    const layout = layered(graph);
    assert.equal(faultsOf(graph, layout), [], `seed ${seed}`);
    assert.equal(groupFaultsOf(graph, layout), [], `seed ${seed}`);
    assert.equal(layered(graph), layout, `seed ${seed}`);
  }
});

test('tells when a group is not kept together, so that the test above can fail', () => {
  const graph = { ...fan(3), groups: Int32Array.of(-1, 0, -1, 0, -1) };
  assert.not.equal(groupFaultsOf(graph, layered({ ...graph, groups: Int32Array.of(-1, -1, -1, -1, -1) })), []);
});

test('keeps the members of a group beside each other in each layer', () => {
  const graph = { ...fan(6), groups: Int32Array.of(-1, 0, 1, 0, 1, 0, 1, -1) };
  const { y } = layered(graph);
  const order = [1, 2, 3, 4, 5, 6].sort((a, b) => y[a]! - y[b]!).map((node) => node % 2);
  assert.ok(['000111', '111000'].includes(order.join('')), order.join(''));
});

test('leaves no one else the place in a layer that a group passes without a node', () => {
  // 0 → 1 → 2 with 0 and 2 in a group, and 3 → 4 → 5 in none.
  const graph = {
    ...graphOf(6, [
      [0, 1],
      [1, 2],
      [3, 4],
      [4, 5],
      [3, 1],
    ]),
    groups: Int32Array.of(0, -1, 0, -1, -1, -1),
  };
  const layout = layered(graph);
  assert.equal(groupFaultsOf(graph, layout), []);
  assert.is(layout.x[2]! - layout.x[0]!, 480);
});

test('draws a group whose members have nothing to do with each other as one', () => {
  const graph = { ...graphOf(5, [[0, 1]]), groups: Int32Array.of(0, -1, 0, 0, -1) };
  const layout = layered(graph);
  assert.equal(groupFaultsOf(graph, layout), []);
  const { left, right } = groupBoxesOf(graph, layout).get(0)!;
  assert.is(right - left, 168);
});

test('breaks a very long layer of a group into columns', () => {
  const { size, from, to } = fan(1_000);
  const graph = { size, from, to, groups: Int32Array.from({ length: size }, (_, node) => (node % 3) - 1) };
  const layout = layered(graph);
  assert.equal(faultsOf(graph, layout, 'right', 7), []);
  assert.equal(groupFaultsOf(graph, layout), []);
  assert.ok(layout.width / layout.height > 0.5 && layout.width / layout.height < 4);
});

test('stands groups that lie in each other, and in what is none', () => {
  const ring = { ...fan(4), groups: Int32Array.of(0, 1, 2, 0, 1, 2), groupWithin: Int32Array.of(1, 2, 0) };
  assert.equal(faultsOf(ring, layered(ring)), []);
  const own = { ...fan(4), groups: Int32Array.of(0, 0, 1, 1, -1, -1), groupWithin: Int32Array.of(0, 7) };
  assert.equal(faultsOf(own, layered(own)), []);
});

test('puts nodes that are added outside of boxes, and those of one group beside each other', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const r = random(seed);
    const before = grouped(seed, 30 + (seed % 50));
    const old = layered(before);
    const more = r.int(1, 8);
    const edges = Array.from(before.from, (node, edge) => [node, before.to[edge]!] as const);
    for (let node = before.size; node < before.size + more; node++) edges.push([r.int(0, before.size - 1), node]);
    const graph = {
      ...graphOf(before.size + more, edges),
      groups: Int32Array.of(...before.groups!, ...Array.from({ length: more }, (_, i) => (i % 3 === 0 ? -1 : 50))),
      groupWithin: before.groupWithin!,
    };
    const layout = extended(old, graph);
    assert.equal(layout.x.slice(0, before.size), old.x, `seed ${seed}`);
    assert.equal(faultsOf(graph, layout), [], `seed ${seed}`);
    // What is new lies in no old box, and the new group's box in a column holds nothing else.
    const columns = new Map<number, number>();
    const byColumn = Int32Array.from(graph.groups, (group, node) => {
      if (group !== 50) return group;
      const { [node]: x } = layout.x;
      columns.set(x!, columns.get(x!) ?? 50 + columns.size);
      return columns.get(x!)!;
    });
    assert.equal(groupFaultsOf({ ...graph, groups: byColumn }, layout), [], `seed ${seed}`);
  }
});

test.run();
