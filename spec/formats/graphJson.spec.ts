import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { graphJson } from '../../lib/formats/graphJson.js';
import { Json } from '../../lib/model/Json.js';
import { ref } from '../../lib/model/Ref.js';
import { compile } from '../../lib/plan/compile.js';
import { initialSnapshot } from '../../lib/state/reduce.js';
import { addNode, setPriority } from '../../lib/index.js';
import { Lab, fail } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { hostileTexts } from './hostileTexts.js';

const test = suite('graphJson');

test('gives a definition as data', () => {
  const graph = graphJson({
    name: 'etl',
    nodes: [
      { id: 'load', action: 'load', deps: ['clean_1', 'fetch', 'unknown'], branch: 'out', pool: 'db', priority: -1 },
      { id: 'fetch', action: 'get', description: 'from afar' },
      { action: 'clean', inputs: { rows: [ref('fetch.rows'), ref('inputs.x')] } },
      { id: 'alone', action: 'work' },
    ],
  });
  assert.is(
    JSON.stringify(graph),
    JSON.stringify({
      name: 'etl',
      nodes: [
        {
          id: 'load',
          action: 'load',
          level: 2,
          deps: ['clean_1', 'fetch'],
          branch: 'out',
          pool: 'db',
          priority: -1,
        },
        { id: 'fetch', action: 'get', level: 0, deps: [], description: 'from afar' },
        { id: 'clean_1', action: 'clean', level: 1, deps: ['fetch'] },
        { id: 'alone', action: 'work', level: 0, deps: [] },
      ],
      edges: [
        { from: 'clean_1', to: 'load' },
        { from: 'fetch', to: 'load' },
        { from: 'fetch', to: 'clean_1' },
      ],
      levels: [['fetch', 'alone'], ['clean_1'], ['load']],
    }),
  );
  assert.ok(Json.is(graph));
});

test('gives a run as data, with what was added and changed', async () => {
  const lab = new Lab(false);
  const trial = lab.start(['a', 'b: a', 'c: b'], { does: { a: 10, b: fail(), late: 5 } });
  await trial.pass(1);
  await trial.grant(addNode(node('late: a')));
  await trial.grant(setPriority('c', 2));
  await trial.pass(11);
  assert.is(
    JSON.stringify(graphJson(trial.run.snapshot)),
    JSON.stringify({
      name: 'test',
      nodes: [
        { id: 'a', action: 'work', level: 0, deps: [], status: 'succeeded', startedAt: 1_000_000, endedAt: 1_000_010 },
        { id: 'b', action: 'work', level: 1, deps: ['a'], status: 'failed', startedAt: 1_000_010, endedAt: 1_000_010 },
        { id: 'c', action: 'work', level: 2, deps: ['b'], priority: 2, status: 'skipped', endedAt: 1_000_010 },
        { id: 'late', action: 'work', level: 1, deps: ['a'], status: 'running', startedAt: 1_000_010 },
      ],
      edges: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'c' },
        { from: 'a', to: 'late' },
      ],
      levels: [['a'], ['b', 'late'], ['c']],
    }),
  );
  await trial.end();
});

test('gives no nodes where there are none', () => {
  assert.equal(graphJson({ name: 'g', nodes: [] }), { name: 'g', nodes: [], edges: [], levels: [] });
  assert.equal(graphJson(initialSnapshot()), { name: '', nodes: [], edges: [], levels: [] });
});

test('takes the longest way for the level', () => {
  const { levels } = graphJson({
    name: 'g',
    nodes: ['d: a c', 'c: b', 'b: a', 'a'].map((text) => node(text)),
  }) as { levels: unknown };
  assert.equal(levels, [['a'], ['b'], ['c'], ['d']]);
});

test('knows no level on or after a cycle, and of a repeated id the first node alone', () => {
  const { nodes, levels } = graphJson({
    name: 'g',
    nodes: ['a', 'x: y a', 'y: x', 'z: y', 'self: self', 'a: z'].map((text) => node(text)),
  }) as { nodes: readonly { id: string; level: unknown; deps: unknown }[]; levels: object };
  assert.equal(
    nodes.map(({ id, level }) => [id, level]),
    [
      ['a', 0],
      ['x', null],
      ['y', null],
      ['z', null],
      ['self', null],
    ],
  );
  assert.equal(nodes[0]!.deps, []);
  assert.equal(Object.entries(levels), [['0', ['a']]]);
});

test('gives the ids and dependencies that compile gives', () => {
  const graph = {
    name: 'g',
    nodes: [
      { action: 'a' },
      { id: 'a_2', action: 'a', deps: ['a_1'] },
      { action: 'a', when: { $ref: 'a_2.ok' } },
      { action: 'b', forEach: ref('a_3.items'), inputs: { x: { $literal: { $ref: 'a_1' } } } },
      { id: 'p.q', action: 'a' },
      { action: 'b', inputs: { x: [{ y: ref('p.q.z') }] }, deps: ['p.q'] },
    ],
  };
  const compiled = compile(graph, { has: () => true, list: () => [] });
  if (compiled._tag === 'Left') throw new Error(compiled.left[0]!.message);
  const { nodes, depStart, deps } = compiled.right;
  assert.equal(
    (graphJson(graph) as { nodes: readonly { id: string; deps: unknown }[] }).nodes.map(({ id, deps }) => [id, deps]),
    nodes.map(({ id }, i) => [id, [...deps.subarray(depStart[i], depStart[i + 1])].map((dep) => nodes[dep]!.id)]),
  );
});

test('keeps texts as they are', () => {
  const { nodes, edges } = graphJson({
    name: 'g',
    nodes: hostileTexts.map((text, i) => ({
      id: text,
      action: text,
      branch: text,
      deps: i === 0 ? [] : [hostileTexts[i - 1]!],
    })),
  }) as { nodes: readonly { id: string; action: string; branch: string; level: number }[]; edges: readonly unknown[] };
  assert.equal(
    nodes.map(({ id, action, branch, level }) => [id, action, branch, level]),
    hostileTexts.map((text, i) => [text, text, text, i]),
  );
  assert.equal(
    edges,
    hostileTexts.slice(1).map((to, i) => ({ from: hostileTexts[i], to })),
  );
});

test('takes a chain of 100,000 nodes, in any order, in linear time', () => {
  const chain = Array.from({ length: 100_000 }, (_, i) => ({
    id: `n${i}`,
    action: 'work',
    deps: i === 0 ? [] : [`n${i - 1}`],
  }));
  const begun = performance.now();
  for (const nodes of [chain, chain.toReversed()]) {
    const { levels } = graphJson({ name: 'chain', nodes }) as { levels: readonly (readonly string[])[] };
    assert.is(levels.length, 100_000);
    assert.equal(levels[99_999], ['n99999']);
  }
  assert.ok(performance.now() - begun < 10_000);
});

test.run();
