// timeout: 180000
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Layout } from '../../lib/layout/Layout.js';
import { layered } from '../../lib/layout/layered.js';
import { faultsOf } from './faultsOf.js';
import { bipartite, chain, fan, graphOf, randomDag } from './graphs.js';

const SEEDS = 80;

const boxesOf = ({ x, y }: Layout): readonly (readonly [number, number])[] =>
  Array.from(x, (at, node) => [at, y[node]!]);

const test = suite('layered');

test('lays out nothing, and one node', () => {
  const nothing = layered(graphOf(0, []));
  assert.equal([nothing.width, nothing.height, nothing.x.length, nothing.routeStart.length], [0, 0, 0, 1]);
  const one = layered(graphOf(1, []));
  assert.equal(boxesOf(one), [[84, 20]]);
  assert.equal([one.width, one.height], [168, 40]);
});

test('draws a chain as a straight line, to the right or down', () => {
  const right = layered(chain(3));
  assert.equal(boxesOf(right), [
    [84, 20],
    [324, 20],
    [564, 20],
  ]);
  assert.equal(Array.from(right.route), [168, 20, 240, 20, 408, 20, 480, 20]);
  assert.equal(Array.from(right.layer), [0, 1, 2]);
  const down = layered(chain(3), { direction: 'down', nodeHeight: 30, layerGap: 50, nodeWidth: 100 });
  assert.equal(boxesOf(down), [
    [50, 15],
    [50, 95],
    [50, 175],
  ]);
  assert.equal(Array.from(down.route), [50, 30, 50, 80, 50, 110, 50, 160]);
  assert.equal([down.width, down.height], [100, 190]);
});

test('has no line under a node, no nodes that overlap, dependents behind what they depend on, whatever the graph', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const graph = randomDag(seed, 2 + ((seed * 7) % 120));
    for (const direction of ['right', 'down'] as const)
      assert.equal(faultsOf(graph, layered(graph, { direction }), direction), [], `seed ${seed}, ${direction}`);
  }
});

test('draws the same graph the same way each time', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const graph = randomDag(seed, 80);
    assert.equal(layered(graph), layered(graph), `seed ${seed}`);
  }
});

test('leads a line past the node between, which makes room for it', () => {
  const graph = graphOf(3, [
    [0, 1],
    [1, 2],
    [0, 2],
  ]);
  const layout = layered(graph);
  assert.equal(faultsOf(graph, layout), []);
  assert.is(layout.routeStart[3]! - layout.routeStart[2]!, 2);
  assert.is(layout.y[0], layout.y[2]);
});

test('crosses no lines where none have to cross', () => {
  for (let seed = 1; seed <= 30; seed++) {
    // A tree whose nodes have any numbers.
    const order = Array.from({ length: 60 }, (_, i) => (i * 37 + seed) % 60);
    const tree = graphOf(
      60,
      order.slice(1).map((node, i) => [order[Math.floor(i / (1 + (seed % 4)))]!, node] as const),
    );
    const { x, y } = layered(tree);
    for (let a = 0; a < tree.from.length; a++)
      for (let b = 0; b < a; b++) {
        const [from, to, other, otherTo] = [tree.from[a]!, tree.to[a]!, tree.from[b]!, tree.to[b]!];
        if (x[from] === x[other]) assert.ok((y[from]! - y[other]!) * (y[to]! - y[otherTo]!) >= 0, `seed ${seed}`);
      }
  }
});

test('keeps the sizes of nodes apart', () => {
  const graph = { ...fan(5), widths: Float32Array.of(50, 300, 20, 80, 10, 60, 500) };
  assert.equal(faultsOf(graph, layered(graph, { layerGap: 10 })), []);
});

test('stands loops, edges that are there twice, and cycles', () => {
  const graph = graphOf(4, [
    [0, 0],
    [0, 1],
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 1],
  ]);
  const faults = faultsOf(graph, layered(graph));
  // One edge of the cycle leads back; all else is as it should be.
  assert.is(faults.length, 1);
  assert.match(faults[0]!, /^node \d is not behind \d$/);
  const ring = graphOf(
    1_000,
    Array.from({ length: 1_000 }, (_, i) => [i, (i + 1) % 1_000] as const),
  );
  assert.is(faultsOf(ring, layered(ring)).length, 1);
  const all = graphOf(
    30,
    Array.from({ length: 900 }, (_, i) => [i % 30, Math.floor(i / 30)] as const),
  );
  assert.ok(faultsOf(all, layered(all)).every((fault) => fault.includes('is not behind')));
});

test('puts parts that have nothing to do with each other side by side, single nodes in a grid', () => {
  const edges = Array.from({ length: 100 }, (_, i) => [2 * i, 2 * i + 1] as const);
  const graph = graphOf(400, edges);
  const layout = layered(graph);
  assert.equal(faultsOf(graph, layout), []);
  assert.ok(
    layout.width / layout.height > 0.7 && layout.width / layout.height < 3,
    `${layout.width} × ${layout.height}`,
  );
  const singles = layered(graphOf(1_000, []));
  assert.ok(singles.width * singles.height < 1_000 * 168 * 40 * 2);
  assert.ok(singles.width > singles.height && singles.width < 3 * singles.height);
});

test('breaks a very long layer into columns', () => {
  for (const width of [100, 1_000, 100_000]) {
    const graph = fan(width);
    const layout = layered(graph);
    assert.equal(faultsOf(graph, layout, 'right', Math.ceil(width / 1_000)), [], `${width}`);
    assert.ok(
      layout.width / layout.height > 0.5 && layout.width / layout.height < 4,
      `${layout.width} × ${layout.height}`,
    );
  }
});

test('stands a chain of 100,000, with a line past all of it, and 100,000 lines from its beginning', () => {
  const long = chain(100_000);
  const layout = layered(long);
  assert.is(layout.height, 40);
  assert.is(layout.layer[99_999], 99_999);
  assert.equal(faultsOf(long, layout), []);
  const skips = Array.from({ length: 20_000 }, (_, i) => [i, Math.min(19_999, i + 1 + (i % 10_000))] as const).slice(
    0,
    -1,
  );
  const skipping = graphOf(20_000, [...skips, ...Array.from({ length: 19_999 }, (_, i) => [i, i + 1] as const)]);
  const skipped = layered(skipping);
  assert.ok(skipped.route.length < 40 * skipping.from.length);
  assert.equal(faultsOf(skipping, skipped, 'right', 199), []);
  const spread = graphOf(
    100_000,
    Array.from({ length: 99_999 }, (_, i) => [[i, i + 1] as const, [0, i + 1] as const]).flat(),
  );
  assert.is(layered(spread).layer[99_999], 99_999);
});

test('stands 300 nodes that depend on 300 others each', () => {
  const graph = bipartite(300);
  assert.equal(faultsOf(graph, layered(graph), 'right', 31), []);
});

test('tries no further when it is late', () => {
  const graph = randomDag(3, 100);
  let asked = 0;
  layered(graph, { tries: 1_000, budgetMs: 5, now: () => asked++ });
  assert.ok(asked > 5 && asked < 10 * 8, `asked ${asked} times`);
  const once = layered(graph, { tries: 1 });
  assert.equal(layered(graph, { tries: 1_000, budgetMs: 0, now: () => asked++ }), once);
});

test.run();
