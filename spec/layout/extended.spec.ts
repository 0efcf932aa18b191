// timeout: 120000
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { extended } from '../../lib/layout/extended.js';
import type { Layout } from '../../lib/layout/Layout.js';
import { layered } from '../../lib/layout/layered.js';
import type { LayoutGraph } from '../../lib/layout/LayoutGraph.js';
import { random } from '../../lib/testing/random.js';
import { faultsOf } from './faultsOf.js';
import { chain, fan, graphOf, randomDag } from './graphs.js';

/** The graph and so many nodes more, each behind some that are there. */
const grown = (graph: LayoutGraph, count: number, seed: number): LayoutGraph => {
  const r = random(seed);
  const edges: (readonly [number, number])[] = Array.from(graph.from, (from, edge) => [from, graph.to[edge]!]);
  for (let node = graph.size; node < graph.size + count; node++)
    for (let i = r.int(0, 3); i > 0; i--) edges.push([r.int(0, node - 1), node]);
  const { widths, heights } = graph;
  const longer = (sizes: Float32Array, size: number): Float32Array =>
    Float32Array.from({ length: graph.size + count }, (_, node) => sizes[node] ?? size);
  return {
    ...graphOf(graph.size + count, edges),
    ...(widths === undefined ? {} : { widths: longer(widths, 310) }),
    ...(heights === undefined ? {} : { heights: longer(heights, 50) }),
  };
};

const keptPlaces = (before: Layout, after: Layout): boolean =>
  before.x.every((x, node) => x === after.x[node] && before.y[node] === after.y[node]);

const routeOf = ({ routeStart, route }: Layout, edge: number): readonly number[] =>
  Array.from(route.subarray(2 * routeStart[edge]!, 2 * routeStart[edge + 1]!));

const test = suite('extended');

test('adds nodes and their lines, and moves nothing, whatever the graph', () => {
  for (let seed = 1; seed <= 80; seed++)
    for (const direction of ['right', 'down'] as const) {
      const graph = randomDag(seed, 12 + ((seed * 5) % 100));
      const drawn = layered(graph, { direction });
      const more = grown(graph, 1 + (seed % 6), seed);
      const layout = extended(drawn, more, { direction });
      const about = `seed ${seed}, ${direction}`;
      assert.ok(keptPlaces(drawn, layout), about);
      for (let edge = 0; edge < graph.from.length; edge++)
        assert.equal(routeOf(layout, edge), routeOf(drawn, edge), about);
      assert.equal(faultsOf(more, layout, direction), [], about);
    }
});

test('adds nodes again and again', () => {
  let graph = randomDag(5, 30);
  let drawn = layered(graph);
  for (let i = 0; i < 60; i++) {
    graph = grown(graph, 1, i);
    const layout = extended(drawn, graph);
    assert.ok(keptPlaces(drawn, layout));
    drawn = layout;
  }
  assert.equal(faultsOf(graph, drawn), []);
});

test('puts a node behind what it depends on, at the same level where there is room, else as near as there is', () => {
  const drawn = layered(chain(3));
  const one = extended(
    drawn,
    graphOf(4, [
      [0, 1],
      [1, 2],
      [2, 3],
    ]),
  );
  assert.equal([one.x[3], one.y[3], one.layer[3]], [804, 20, 3]);
  assert.is(one.width, 888);
  const beside = extended(
    drawn,
    graphOf(4, [
      [0, 1],
      [1, 2],
      [1, 3],
    ]),
  );
  assert.equal([beside.x[3], beside.y[3]], [564, 20 + 40 + 14]);
});

test('finds lines again by their ends, and draws those that are new between old nodes', () => {
  const graph = fan(4);
  const drawn = layered(graph);
  const edges = Array.from(graph.from, (from, edge) => [from, graph.to[edge]!] as const).reverse();
  const more = graphOf(7, [[0, 5], ...edges, [2, 6]]);
  const layout = extended(drawn, more);
  assert.ok(keptPlaces(drawn, layout));
  assert.equal(faultsOf(more, layout), []);
  assert.equal(routeOf(layout, 1), routeOf(drawn, graph.from.length - 1));
});

test('lays all out anew where a node would have to move, where most is new, and where nothing is drawn', () => {
  const back = graphOf(4, [
    [0, 1],
    [1, 2],
    [3, 0],
  ]);
  assert.equal(extended(layered(chain(3)), back), layered(back));
  const many = grown(chain(3), 20, 1);
  assert.equal(extended(layered(chain(3)), many), layered(many));
  assert.equal(extended(layered(graphOf(0, [])), chain(2)), layered(chain(2)));
});

test('adds to 100,000 siblings', () => {
  const graph = fan(100_000);
  const drawn = layered(graph);
  const edges = Array.from(graph.from, (from, edge) => [from, graph.to[edge]!] as const);
  const more = graphOf(graph.size + 2, [...edges, [0, graph.size], [50_000, graph.size + 1]]);
  const layout = extended(drawn, more);
  assert.ok(keptPlaces(drawn, layout));
  assert.equal(faultsOf(more, layout, 'right', 9_973), []);
  const last = { ...more, from: more.from.slice(-2), to: more.to.slice(-2) };
  const lines = [0, 1].map((i) => routeOf(layout, edges.length + i));
  assert.equal(
    faultsOf(last, {
      ...layout,
      routeStart: Int32Array.of(0, lines[0]!.length / 2, (lines[0]!.length + lines[1]!.length) / 2),
      route: Float32Array.from(lines.flat()),
    }),
    [],
  );
});

test.run();
