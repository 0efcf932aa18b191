import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drawingOf, type Drawing } from '../../../lib/viewer/view/drawingOf.js';
import { groupsOf, type Grouped, type Grouping } from '../../../lib/viewer/view/Groups.js';
import { FakeView, type FakeNode } from '../graph/FakeView.js';

const test = suite('groupsOf');

const grouped = (nodes: readonly FakeNode[], by: Grouping = 'auto', wishes = new Map<string, boolean>()): Grouped =>
  groupsOf(new FakeView(nodes), by, wishes);
const labels = ({ groups }: Grouped): readonly string[] => groups.map(({ label }) => label);
const drawn = (nodes: readonly FakeNode[], wishes = new Map<string, boolean>()): Drawing => {
  const view = new FakeView(nodes);
  return drawingOf(view, groupsOf(view, 'auto', wishes), view, 1);
};
const many = (count: number, node: (i: number) => Partial<FakeNode>): FakeNode[] =>
  Array.from({ length: count }, (_, i) => ({ id: `n${i}`, ...node(i) }));

test('more than twenty nodes of one action that wait for the same are one box', () => {
  const of = (count: number): Grouped =>
    grouped([...many(2, () => ({ action: 'load' })), ...many(count, () => ({ action: 'sift', deps: [0, 1] }))]);
  assert.equal(labels(of(20)), []);
  assert.equal(labels(of(21)), ['sift × 21']);
  assert.equal([...of(21).groups[0]!.members].slice(0, 2), [2, 3]);
});

test('other actions, other dependencies or more than two of them are not alike', () => {
  const loads = many(60, () => ({ action: 'load' }));
  const twins = many(60, (i) => ({ action: i % 2 === 0 ? 'a' : 'b', deps: [i % 3] }));
  assert.equal(labels(grouped([...loads.slice(0, 3), ...twins])), []);
  assert.equal(labels(grouped([...loads, ...many(60, () => ({ action: 'c', deps: [0, 1, 2] }))])), ['load × 60']);
});

test('the parts of an expansion are headed by their parent', () => {
  const { groups, heads, groupOf } = grouped([{ id: 'each' }, ...many(30, () => ({ parent: 'each' }))]);
  assert.is(groups.length, 1);
  assert.equal([groups[0]!.label, groups[0]!.isOpen, groups[0]!.members.length], ['each', false, 31]);
  assert.equal([heads[0], groupOf[0], groupOf[1], groups[0]!.members[0]], [0, -1, 0, 0]);
});

test('ids that begin alike, up to their last mark', () => {
  const ids = ['load.a', 'load.b', 'x/y/1', 'x/y/2', '.hidden', 'plain', 'x/y_3'];
  const { groups } = grouped(
    ids.map((id) => ({ id })),
    'prefix',
  );
  assert.equal(
    groups.map(({ label, members }) => [label, [...members]]),
    [
      ['load', [0, 1]],
      ['x/y', [2, 3, 6]],
    ],
  );
});

test('a huge graph in which little is alike is shown by layers and actions first', () => {
  const width = 25_250;
  // Each waits for one of its own of the layer before: no two are alike.
  const nodes = many(4 * width, (i) => ({ action: i % 2 === 0 ? 'even' : 'odd', deps: i < width ? [] : [i - width] }));
  const view = grouped(nodes);
  assert.equal(labels(view).slice(0, 4), ['even, layer 1', 'odd, layer 1', 'even, layer 2', 'odd, layer 2']);
  const { count, from, to } = drawn(nodes);
  assert.equal([count, from.length], [8, 6]);
  assert.ok(from.every((item, edge) => item < to[edge]!));
});

test('as long as there are no more than 100,000 nodes all of them are drawn', () => {
  assert.is(drawn(many(100_000, (i) => ({ deps: i === 0 ? [] : [i - 1] }))).count, 100_000);
});

test('a long chain is shown in stretches', () => {
  const nodes = many(100_500, (i) => ({ deps: i === 0 ? [] : [i - 1] }));
  assert.equal(labels(grouped(nodes)).slice(0, 2), ['layers 1 to 101', 'layers 102 to 202']);
  const { count, from } = drawn(nodes);
  assert.ok(count <= 1_000 && from.length === count - 1);
});

test('nodes that have nothing in common are shown in pieces, each of which can be opened and drawn', () => {
  const nodes = many(120_000, (i) => ({ action: `act-${i}` }));
  const { groups } = grouped(nodes);
  assert.equal(
    groups.map(({ label, members }) => [label, members.length]),
    [
      ['layer 1 (1)', 50_000],
      ['layer 1 (2)', 50_000],
      ['layer 1 (3)', 20_000],
    ],
  );
  assert.is(drawn(nodes, new Map([[groups[2]!.key, true]])).count, 20_002);
});

test('what somebody opens does not change how the others are put together', () => {
  const nodes = [...many(90_000, () => ({ action: 'a' })), ...many(20_000, () => ({ action: 'b' }))];
  const { groups } = grouped(nodes);
  assert.equal(
    groups.map(({ label }) => label),
    ['a × 90000', 'b × 20000'],
  );
  assert.is(drawn(nodes, new Map([[groups[1]!.key, true]])).count, 20_001);
});

test('nodes that wait for each other are somewhere', () => {
  const nodes = many(110_000, (i) => ({ deps: [i % 2 === 0 ? i + 1 : i - 1] }));
  const { groupOf } = grouped(nodes);
  assert.ok(groupOf.every((group) => group >= 0));
});

test.run();
