import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { layered } from '../../../lib/layout/layered.js';
import { Arrangement, placesOf } from '../../../lib/viewer/graph/Arrangement.js';
import { holds, meets } from '../../../lib/viewer/graph/Box.js';
import { frameAt, framesOf, type Frame } from '../../../lib/viewer/graph/Frame.js';
import { depthOf, itemRows, rowGroup, rowItem } from '../../../lib/viewer/graph/ItemRows.js';
import { neighbour, type Direction } from '../../../lib/viewer/graph/neighbour.js';
import { edgesIn, itemAt, itemBox, itemsIn, sceneOf, type Scene } from '../../../lib/viewer/graph/Scene.js';
import { standOut } from '../../../lib/viewer/graph/standOut.js';
import { dice, FakeView, randomNodes, type FakeNode } from './FakeView.js';

const sceneOfView = (view: FakeView, arrangement = new Arrangement()): Scene => {
  const parts = arrangement.learn(view.drawing, view.groups);
  const layout = layered(arrangement.graph(), { nodeWidth: 176, nodeHeight: 44 });
  return sceneOf(view.drawing, view.groups, placesOf(parts, layout));
};
const sceneOfNodes = (nodes: readonly FakeNode[]): Scene => sceneOfView(new FakeView(nodes));

const diamond: readonly FakeNode[] = [
  { id: 'a' },
  { id: 'b', deps: [0] },
  { id: 'c', deps: [0] },
  { id: 'd', deps: [1, 2] },
];

const test = suite('Scene');

test('shows what a box meets, and nothing else', () => {
  const scene = sceneOfNodes(randomNodes(400));
  const roll = dice(5);
  for (let i = 0; i < 50; i += 1) {
    const left = roll() * 3_000 - 300;
    const top = roll() * 2_000 - 300;
    const box = { left, top, right: left + roll() * 900, bottom: top + roll() * 900 };
    const expected = Array.from(scene.x.keys()).filter((item) => {
      const own = itemBox(scene, item);
      return own.left <= box.right && own.right >= box.left && own.top <= box.bottom && own.bottom >= box.top;
    });
    assert.equal(itemsIn(scene, box), expected);
  }
});

test('shows each edge that has a point in a box', () => {
  const scene = sceneOfNodes(randomNodes(200));
  const { routeStart, route } = scene.places;
  for (let edge = 0; edge < scene.drawing.from.length; edge += 7) {
    for (let point = routeStart[edge]!; point < routeStart[edge + 1]!; point += 1) {
      const [x, y] = [route[2 * point]!, route[2 * point + 1]!];
      assert.ok(edgesIn(scene, { left: x, top: y, right: x, bottom: y }).includes(edge));
    }
  }
  assert.equal(edgesIn(scene, { left: -900, top: -900, right: -800, bottom: -800 }), []);
});

test('hits the item at a point, and with slack the nearest one', () => {
  const scene = sceneOfNodes(diamond);
  for (let item = 0; item < 4; item += 1) assert.is(itemAt(scene, scene.x[item]! + 80, scene.y[item]! - 20), item);
  assert.is(itemAt(scene, scene.x[0]! - 95, scene.y[0]!), -1);
  assert.is(itemAt(scene, scene.x[0]! - 95, scene.y[0]!, 10), 0);
});

test('culls a hundred thousand items in milliseconds', () => {
  const count = 100_000;
  const x = Float64Array.from({ length: count }, (_, item) => (item % 300) * 248);
  const y = Float64Array.from({ length: count }, (_, item) => Math.floor(item / 300) * 62);
  const scene = { x, y } as unknown as Scene;
  const begun = performance.now();
  for (let i = 0; i < 10; i += 1)
    assert.ok(itemsIn(scene, { left: 0, top: 0, right: 1_280, bottom: 800 }).length < 200);
  assert.ok(performance.now() - begun < 200);
});

test('an empty drawing has a finite size', () => {
  const { bounds } = sceneOfNodes([]);
  assert.ok(Object.values(bounds).every(Number.isFinite));
});

test('arrows lead to dependencies, dependents and along the column', () => {
  const scene = sceneOfNodes(diamond);
  const go = (item: number, direction: Direction): number => neighbour(scene, item, direction);
  const [upper, lower] = scene.y[1]! < scene.y[2]! ? [1, 2] : [2, 1];
  assert.is(go(upper, 'left'), 0);
  assert.is(go(upper, 'right'), 3);
  assert.is(go(upper, 'down'), lower);
  assert.is(go(lower, 'up'), upper);
  assert.is(go(lower, 'down'), -1);
  assert.is(go(0, 'left'), -1);
  assert.is(go(3, 'first'), 0);
  assert.is(go(0, 'last'), 3);
  assert.is(go(-1, 'right'), 0);
  assert.is(neighbour(sceneOfNodes([]), -1, 'down'), -1);
});

test('going down reaches every item of a column once', () => {
  const scene = sceneOfNodes(randomNodes(300));
  const column = Array.from(scene.x.keys()).filter((item) => scene.x[item] === scene.x[100]);
  let item = 100;
  for (let up = neighbour(scene, item, 'up'); up >= 0; up = neighbour(scene, up, 'up')) item = up;
  const seen: number[] = [];
  for (; item >= 0; item = neighbour(scene, item, 'down')) seen.push(item);
  assert.equal(
    seen.toSorted((a, b) => a - b),
    column,
  );
});

test('what comes again finds its old place', () => {
  const view = new FakeView(diamond);
  const arrangement = new Arrangement();
  const before = sceneOfView(view, arrangement);
  view.looks[1] = 255;
  view.tell({ structure: true });
  const without = sceneOfView(view, arrangement);
  assert.is(without.drawing.count, 3);
  assert.equal([without.x[2], without.y[2]], [before.x[3], before.y[3]]);
  view.looks[1] = 7;
  view.tell({ structure: true });
  const parts = arrangement.learn(view.drawing, view.groups);
  assert.equal([...parts.items], [0, 1, 2, 3]);
  assert.is(arrangement.graph().size, 4);
});

const withGroup: readonly FakeNode[] = [
  { id: 'first' },
  { id: 'each', deps: [0] },
  ...[0, 1, 2].map((i) => ({ id: `each[${i}]`, parent: 'each' })),
  { id: 'last', deps: [1] },
];

test('an open group has an outline around its items alone', () => {
  const scene = sceneOfView(new FakeView(withGroup, 'auto'));
  assert.is(scene.frames.length, 1);
  const { box, left, top } = scene.frames[0]!;
  for (const item of [1, 2, 3, 4]) {
    const own = itemBox(scene, item);
    assert.ok(own.left > box.left && own.right < box.right && own.top > box.top && own.bottom < box.bottom);
  }
  assert.is(frameAt(scene.frames, left + 5, top + 5), scene.frames[0]);
  assert.is(frameAt(scene.frames, left + 5, top + 25), undefined);
});

/** Two parts, of which the first has parts of its own. */
const nested: readonly FakeNode[] = [
  { id: 'first' },
  { id: 'each', deps: [0] },
  { id: 'each[0]', parent: 'each' },
  { id: 'each[1]', parent: 'each' },
  { id: 'each[0].a', parent: 'each[0]' },
  { id: 'each[0].b', parent: 'each[0]', deps: [4] },
  { id: 'last', deps: [1] },
];

test('an open group in another has its outline within that one', () => {
  const scene = sceneOfView(new FakeView(nested, 'auto'));
  const { groups, frames } = scene;
  assert.equal(
    frames.map(({ group }) => groups[group]!.label),
    ['each', 'each[0]'],
  );
  const [outer, inner] = frames as [Frame, Frame];
  assert.ok(holds(outer.box, inner.box));
  for (const [item, isInner, isOuter] of [
    [0, false, false],
    [1, false, true],
    [2, true, true],
    [3, false, true],
    [4, true, true],
    [6, false, false],
  ] as const) {
    assert.is(meets(inner.box, itemBox(scene, item)), isInner, `${item} and the inner one`);
    assert.is(meets(outer.box, itemBox(scene, item)), isOuter, `${item} and the outer one`);
  }
  // The strip of the inner one is in the outer one, too, and is the one that is meant.
  assert.is(frameAt(frames, inner.left + 5, inner.top + 5), inner);
});

test('what comes later and lies between the members of a group is in none of its outlines', () => {
  const { drawing, x } = sceneOfView(new FakeView(withGroup, 'auto'));
  // The parts one below the other, and `last` between the first two of them.
  const y = [0, 0, 0, 120, 180, 60];
  const columns = Array.from(x, (at, item) => (item === 5 ? x[2]! : at));
  const [frame] = framesOf(drawing, columns, y);
  const runs = [...frame!.outline.matchAll(/M(\S+) (\S+)H(\S+)V(\S+)H\S+Z/g)].map(([, left, top, right, bottom]) => ({
    left: Number(left),
    top: Number(top),
    right: Number(right),
    bottom: Number(bottom),
  }));
  assert.is(runs.length, 3, 'the parent, one part, two parts');
  for (const [item, height] of y.entries()) {
    const isFramed = runs.some(
      (run) => columns[item]! > run.left && columns[item]! < run.right && height > run.top && height < run.bottom,
    );
    assert.is(isFramed, item > 0 && item < 5, `${item}`);
  }
});

test('rows have what is in an open group in another one level deeper', () => {
  const scene = sceneOfView(new FakeView(nested, 'auto'));
  const order = itemRows(scene);
  const [outer, inner] = ['each', 'each[0]'].map((label) =>
    scene.groups.findIndex((group) => group.label === label),
  ) as [number, number];
  assert.equal([...order.rows], [0, -1 - outer, 1, -1 - inner, 2, 4, 5, 3, 6]);
  assert.equal([...order.rowOf], [0, 2, 4, 7, 5, 6, 8]);
  assert.equal(
    [outer, inner, -1].map((group) => depthOf(scene, group)),
    [1, 2, 0],
  );
});

test('rows have the members of an open group below a row of its own', () => {
  const scene = sceneOfView(new FakeView(withGroup, 'auto'));
  const order = itemRows(scene);
  assert.equal([...order.rows], [0, -1, 1, 2, 3, 4, 5]);
  assert.equal([...order.rowOf], [0, 2, 3, 4, 5, 6]);
  assert.is(rowItem(order, 1), -1);
  assert.is(rowGroup(order, scene, 1), 0);
  assert.is(rowGroup(order, scene, 2), -1);
  assert.is(rowItem(order, 99), -1);
});

test('an item stands out when one of its nodes passes every mask', () => {
  const view = new FakeView(
    [{ id: 'a' }, ...Array.from({ length: 30 }, (_, i) => ({ id: `b${i}`, deps: [0] }))],
    'auto',
  );
  const scene = sceneOfView(view);
  assert.is(scene.drawing.count, 2);
  const mask = (...on: readonly number[]): Uint8Array =>
    Uint8Array.from({ length: 31 }, (_, i) => Number(on.includes(i)));
  assert.is(standOut(scene, undefined, undefined), undefined);
  assert.equal([...standOut(scene, mask(7), undefined)!], [0, 1]);
  assert.equal([...standOut(scene, mask(0, 7), mask(0, 8))!], [1, 0]);
});

test.run();
