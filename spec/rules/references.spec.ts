import * as assert from 'uvu/assert';
import { addNode, addNodes, ref, removeNode, setNodeInputs, type Json, type NodeSpec } from '../../lib/index.js';
import { labSuite, type Lab, type Plot } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('References');

const shown: Plot = { does: { '*': ({ inputs }) => inputs } };

/** What node `to` is given, with `a` giving { list: [10, { k: 'v' }], n: 1 } and inputs { in: { deep: [7] } }. */
const given = async (
  lab: Lab,
  inputs: NodeSpec['inputs'],
  others: readonly NodeSpec[] = [],
): Promise<Json | undefined> => {
  const { report } = await lab.finish([node('a'), ...others, node('to', { inputs: inputs! })], {
    inputs: { in: { deep: [7] }, 'a.b': 'dotted' },
    does: {
      ...shown.does,
      a: () => ({ list: [10, { k: 'v' }], n: 1, 'x.y': 'dotted', x: { y: 'nested' } }),
      'a.n': () => 'longer',
      'a.n.z': () => 'longest',
    },
  });
  return report.outputs['to'];
};

test('may stand anywhere inside inputs', async (lab) => {
  assert.equal(
    await given(lab, {
      whole: ref('a'),
      deep: [{ list: [ref('a.list[1].k'), { n: ref('a.n') }] }],
      from: ref('inputs.in.deep[0]'),
      all: ref('inputs.in'),
      plain: { $x: 1 },
    }),
    {
      whole: { list: [10, { k: 'v' }], n: 1, 'x.y': 'dotted', x: { y: 'nested' } },
      deep: [{ list: ['v', { n: 1 }] }],
      from: 7,
      all: { deep: [7] },
      plain: { $x: 1 },
    },
  );
});

test('imply the dependency', async (lab) => {
  const { run, log } = await lab.finish([node('b', { inputs: { x: [ref('a.k')] } }), node('a')], {
    does: { a: () => lab.after(5, { k: 1 }) },
  });
  assert.equal(run.snapshot.node('b')!.deps, ['a']);
  assert.is(log.order('a', 'b'), 'before');
});

test('mean the longest node id that they begin with', async (lab) => {
  assert.equal(await given(lab, { n: ref('a.n') }, [node('a.n')]), { n: 'longer' });
  assert.equal(await given(lab, { n: ref('a.n.z') }, [node('a.n'), node('a.n.z')]), { n: 'longest' });
});

test('are not rebound by nodes that come later', async (lab) => {
  const trial = lab.start([node('a'), node('to: slow', { inputs: { n: ref('a.n') } }), node('slow')], {
    does: { ...shown.does, a: () => ({ n: 1 }), slow: 20, 'a.n': () => 'later' },
  });
  await trial.pass(1);
  await trial.grant(addNode(node('a.n')));
  await trial.pass(1);
  assert.equal((await trial.end()).outputs['to'], { n: 1 });
  assert.equal(trial.run.snapshot.node('to')!.deps.toSorted(), ['a', 'slow']);
});

test('see nodes that were added before, and batches in any order', async (lab) => {
  const trial = lab.start([node('slow')], {
    does: { ...shown.does, slow: 20, 'a.n': () => 'added', z: () => ({ v: 1 }) },
  });
  await trial.pass(1);
  await trial.grant(addNode(node('a.n')));
  await trial.grant(addNodes([node('to', { inputs: { n: ref('a.n'), z: ref('z.v') } }), node('z')]));
  assert.equal((await trial.end()).outputs['to'], { n: 'added', z: 1 });
});

test('are set by SetNodeInputs with the dependencies that they need, first and in the same transition', async (lab) => {
  const trial = lab.start([node('slow'), node('b'), node('to: slow')], {
    does: { ...shown.does, slow: 20, b: () => lab.after(40, { v: 1 }) },
  });
  await trial.pass(1);
  const seq = await trial.grant(setNodeInputs('to', { v: ref('b.v') }));
  assert.equal(
    trial.events.slice(seq - 2, seq).map(({ type, by }) => [type, by]),
    [
      ['DependencyAdded', 'user'],
      ['NodeInputsSet', 'user'],
    ],
  );
  assert.equal((await trial.end()).outputs['to'], { v: 1 });
});

test('keep the old dependencies when inputs are set anew', async (lab) => {
  const trial = lab.start([node('slow'), node('a'), node('to: slow', { inputs: { v: ref('a.n') } })], {
    does: { ...shown.does, slow: 20, a: () => ({ n: 1 }) },
  });
  await trial.pass(1);
  await trial.grant(setNodeInputs('to', { v: 2 }));
  assert.equal(trial.run.snapshot.node('to')!.deps.toSorted(), ['a', 'slow']);
  assert.equal((await trial.end()).outputs['to'], { v: 2 });
});

test('with node are unambiguous, whatever the ids hold', async (lab) => {
  const odd = ['a.b', 'x[0]', 'inputs.k', 'with space', 'ünïcödé', '__proto__', 'a"b', '$ref'];
  const nodes = [
    ...odd.map((id) => node(id)),
    node('to', { inputs: Object.fromEntries(odd.map((id, i) => [`k${i}`, ref({ node: id, path: ['v', 0] })])) }),
  ];
  const { report } = await lab.finish(nodes, {
    does: { '*': ({ nodeId }) => ({ v: [nodeId] }), to: ({ inputs }) => inputs },
  });
  assert.equal(report.outputs['to'], Object.fromEntries(odd.map((id, i) => [`k${i}`, id])));
});

test('with $literal stand for themselves', async (lab) => {
  assert.equal(await given(lab, { x: { $literal: { $ref: 'nobody' } }, y: [{ $literal: { $literal: 1 } }] }), {
    x: { $ref: 'nobody' },
    y: [{ $literal: 1 }],
  });
});

test('reach keys with dots in them', async (lab) => {
  assert.equal(await given(lab, { x: ref('inputs.a.b'), y: ref('a.x.y'), z: ref({ node: 'a', path: ['x', 'y'] }) }), {
    x: 'dotted',
    y: 'dotted',
    z: 'nested',
  });
});

test('to what is not there fail the node, with a message that names them', async (lab) => {
  for (const path of [
    'a.nobody',
    'a.list[9]',
    'a.n.deeper',
    'inputs.nobody',
    'a.constructor',
    'a.list.length',
    'a.__proto__',
  ]) {
    const { report } = await lab.finish([node('a'), node('to', { inputs: { v: ref(path) }, tryCount: 3 })], {
      does: { a: () => ({ list: [1], n: 1 }) },
    });
    const [, outcome] = report.nodeOutcomes;
    assert.is(outcome!.status, 'failed', path);
    assert.is(outcome!.attempts, 1);
    assert.ok(outcome!.finalError!.message.includes(path), outcome!.finalError!.message);
  }
});

test('to nobody are refused, at load and later', async (lab) => {
  const loaded = lab.executor().load({ name: 'g', nodes: [node('to', { inputs: { v: ref('nobody.x') } })] });
  assert.is(loaded._tag, 'Left');
  const trial = lab.start([node('slow'), node('gone: slow')], { does: { slow: 20 } });
  await trial.pass(1);
  await trial.refuse(addNode(node('to', { inputs: { v: ref('nobody.x') } })));
  await trial.grant(removeNode('gone'));
  await trial.refuse(addNode(node('to', { inputs: { v: ref('gone.x') } })));
  await trial.end();
});

test('copy or freeze what enters the log: nobody changes an output afterwards', async (lab) => {
  const mine = { list: [1] };
  const { report, log } = await lab.finish(
    [node('a'), node('b', { inputs: { x: ref('a') } }), node('c', { inputs: { x: ref('a') } })],
    {
      does: {
        a: () => mine,
        b: ({ inputs }) => {
          mine.list.push(2);
          assert.throws(() => inputs.x.list.push(3), TypeError);
          return 1;
        },
        c: ({ inputs }) => inputs.x,
      },
      config: { maxParallelNodes: 1 },
    },
  );
  assert.equal(report.outputs['c'], { list: [1] });
  assert.equal(log.ofType('NodeSucceeded')[0]!.output, { list: [1] });
});

test('generated ids are deterministic: the action and a counter', async (lab) => {
  const trial = lab.start([{ action: 'work' }, { action: 'work' }, node('work_3')], { does: { '*': 20 } });
  await trial.pass(1);
  await trial.grant(addNodes([{ action: 'work' }, { action: 'work', deps: ['work_1'] }]));
  await trial.end();
  assert.equal(
    [...trial.run.snapshot.nodes()].map(({ id }) => id),
    ['work_1', 'work_2', 'work_3', 'work_4', 'work_5'],
  );
});

test.run();
