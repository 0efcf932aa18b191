import * as assert from 'uvu/assert';
import { addNode, cancelBranch, pauseBranch, resumeBranch, type Graph, type NodeSpec } from '../../lib/index.js';
import { fail, labSuite, specs } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { expectTimeline } from '../support/timeline.js';

const test = labSuite('Expansion');

const fan = (more: Partial<NodeSpec> = {}, id = 'f'): NodeSpec =>
  node(id, { forEach: { $ref: 'inputs.list' }, ...more });
const inputs = { list: ['x', { y: 1 }, null] };
const sub = (id: string, dag: string, given: NodeSpec['inputs'] = {}): NodeSpec => ({
  id,
  action: 'dag',
  inputs: { dag, inputs: given },
});
const inner: Graph = { name: 'inner', nodes: specs(['p', 'q: p']) };

test('adds the items of a fan-out to the same run, with parent, item and index; the output is theirs, in order', async (lab) => {
  const { report, log, run } = await lab.finish([fan(), 'after: f'], {
    inputs,
    does: { '*': ({ item, index }) => lab.after(5 - index!, [index, item]), after: 1 },
  });
  assert.equal(
    log.ofType('NodeAdded').map(({ node: { id, parent, item, index } }) => ({ id, parent, item, index })),
    inputs.list.map((item, index) => ({ id: `f[${index}]`, parent: 'f', item, index })),
  );
  assert.equal(report.outputs['f'], [
    [0, 'x'],
    [1, { y: 1 }],
    [2, null],
  ]);
  assert.is(run.snapshot.node('after')!.status, 'succeeded');
  assert.is(log.ofType('RunStarted').length, 1);
});

test('lets the parent wait meanwhile: one NodeWaiting and all NodeAdded in one transition', async (lab) => {
  const trial = lab.start([fan()], { inputs, does: { '*': 5 } });
  await trial.pass(1);
  assert.is(trial.status('f'), 'waiting');
  const [waiting] = trial.log.ofType('NodeWaiting');
  assert.is(waiting!.on, 'items');
  assert.equal(
    trial.log.ofType('NodeAdded').map(({ seq }) => seq - waiting!.seq),
    [1, 2, 3],
  );
  assert.ok(trial.log.snapshots.every(({ metrics }) => [0, 1, 4].includes(metrics.nodesTotal)));
  await trial.end();
});

test('gives [] for [], at once', async (lab) => {
  const { report, log } = await lab.finish([fan(), node('after', { inputs: { x: { $ref: 'f' } } })], {
    inputs: { list: [] },
    does: { after: ({ inputs }) => inputs },
  });
  assert.equal(report.outputs['f'], []);
  assert.equal(report.outputs['after'], { x: [] });
  assert.equal(log.started, ['after']);
});

test('fails the parent for a list that is none, and for one that leads nowhere', async (lab) => {
  for (const list of [7, 'text', { a: 1 }, null]) {
    const { statuses } = await lab.finish([fan(), 'after: f'], { inputs: { list } });
    assert.is(statuses, 'f failed, after skipped', JSON.stringify(list));
  }
  const { statuses } = await lab.finish([fan()], { inputs: {} });
  assert.is(statuses, 'f failed');
});

test('keeps the items to the one limit, and hands on pool, priority, retry, timeout and inputs', async (lab) => {
  const { log, report, events } = await lab.finish(
    [
      fan({ pool: 'db', priority: 5, tryCount: 2, retry: { type: 'Immediate' }, timeoutMs: 50, inputs: { k: 1 } }),
      'other',
    ],
    {
      inputs,
      does: {
        '*': ({ inputs: given, attempt, index }) =>
          attempt === 1 && index === 0 ? fail()({} as never) : lab.after(5, given),
        other: 5,
      },
      config: { maxParallelNodes: 3, pools: { db: 2 } },
    },
  );
  assert.equal(report.outputs['f'], [{ k: 1 }, { k: 1 }, { k: 1 }]);
  for (const { node: added } of log.ofType('NodeAdded')) {
    const { pool, priority, tryCount, timeoutMs } = added;
    assert.equal([pool, priority, tryCount, timeoutMs], ['db', 5, 2, 50]);
  }
  assert.is(report.metrics.retries, 1);
  assert.is(log.started.indexOf('f[0]') < log.started.indexOf('other'), true);
  for (const snapshot of log.snapshots)
    assert.ok(
      [...snapshot.nodes()].filter(({ status, spec }) => status === 'running' && spec.pool === 'db').length <= 2,
    );
  expectTimeline(
    events.filter(({ type }) => type === 'RunStarted' || type === 'NodeSucceeded'),
    '0 >, 5 FFO, 10 FF',
  );
});

test('fails the parent once all items are final, when one failed', async (lab) => {
  const { statuses, events, report } = await lab.finish([fan()], {
    inputs,
    does: { 'f[0]': fail('bad item'), '*': 10 },
  });
  assert.is(statuses, 'f failed, f[0] failed, f[1] succeeded, f[2] succeeded');
  expectTimeline(
    events.filter(({ type }) => type === 'NodeFailed'),
    '0 x, 10 x',
  );
  assert.match(report.nodeOutcomes[0]!.finalError!.message, 'bad item');
});

test('runs items although what the parent depends on failed and was let pass', async (lab) => {
  const { report } = await lab.finish([node('a', { onFailure: 'continue' }), fan({ deps: ['a'] })], {
    inputs: { list: [1, 2] },
    does: { a: fail() },
  });
  assert.equal(report.outputs['f'], ['f[0]', 'f[1]']);
  const given = fan({ runIf: 'allDone', inputs: { x: { $ref: 'a.x' } } });
  const other = await lab.finish(['a', given], {
    inputs: { list: [1] },
    does: { a: fail(), 'f[0]': ({ inputs: x }) => x },
  });
  assert.equal(other.report.outputs['f'], [{ x: null }]);
});

test('puts the nodes of a sub-DAG into the same run, as id/child; its output is an object of theirs', async (lab) => {
  const { report, log, events } = await lab.finish(
    [sub('s', 'inner'), node('after', { inputs: { q: { $ref: 's.q' } } })],
    {
      library: [inner],
      does: { '*': 5, after: ({ inputs: given }) => given },
    },
  );
  assert.equal(report.outputs['s'], { p: 's/p', q: 's/q' });
  assert.equal(report.outputs['after'], { q: 's/q' });
  assert.equal(
    log.ofType('NodeAdded').map(({ node: { id, parent, deps } }) => [id, parent, deps]),
    [
      ['s/p', 's', []],
      ['s/q', 's', ['s/p']],
    ],
  );
  assert.is(log.ofType('NodeWaiting')[0]!.on, 'dag');
  expectTimeline(events, '0 >?s, 5 Ss, 10 SSaA.');
});

test("gives a sub-DAG its own inputs, from the parent's", async (lab) => {
  const graph: Graph = {
    name: 'g',
    nodes: [
      node('x', { inputs: { a: { $ref: 'inputs.a' }, all: { $ref: 'inputs' } } }),
      node('y', { when: { $ref: 'inputs.go' } }),
    ],
  };
  const { report, statuses } = await lab.finish(['n', sub('s', 'g', { a: { $ref: 'n.v' }, go: false })], {
    library: [graph],
    inputs: { a: 'not this', go: true },
    does: { n: () => ({ v: 7 }), '*': ({ inputs: given }) => given },
  });
  assert.equal(report.outputs['s/x'], { a: 7, all: { a: 7, go: false } });
  assert.is(statuses, 'n succeeded, s succeeded, s/x succeeded, s/y skipped');
});

test('nests sub-DAGs and fan-outs in each other', async (lab) => {
  const library: Graph[] = [
    {
      name: 'outer',
      nodes: [sub('in', 'leaf', { v: { $ref: 'inputs.v' } }), node('f', { forEach: { $ref: 'inputs.v' } })],
    },
    { name: 'leaf', nodes: [node('x', { inputs: { v: { $ref: 'inputs.v' } } })] },
  ];
  const nodes = [
    { ...sub('s', 'outer', { v: [1, 2] }) },
    { id: 'each', action: 'dag', forEach: { $ref: 'inputs.list' }, inputs: { dag: 'leaf', inputs: { v: 3 } } },
  ];
  const { report } = await lab.finish(nodes, {
    library,
    inputs: { list: [1, 2] },
    does: { '*': ({ inputs: given, item }) => item ?? given },
  });
  assert.ok(report.success);
  assert.equal(report.outputs['s'], { in: { x: { v: [1, 2] } }, f: [1, 2] });
  assert.equal(report.outputs['each'], [{ x: { v: 3 } }, { x: { v: 3 } }]);
});

test('gives out at 32 levels', async (lab) => {
  const { report } = await lab.finish([sub('s', 'loop')], { library: [{ name: 'loop', nodes: [sub('s', 'loop')] }] });
  assert.not(report.success);
  const depth = Math.max(...report.nodeOutcomes.map(({ nodeId }) => nodeId.split('/').length));
  assert.ok(depth <= 33 && depth >= 32, `${depth} levels`);
  assert.match(report.nodeOutcomes.find(({ nodeId }) => nodeId.split('/').length === depth)!.finalError!.message, /32/);
});

test('fails the parent for a DAG that is not loaded, for too many nodes, for a name that is no text', async (lab) => {
  for (const spec of [sub('s', 'nobody'), { id: 's', action: 'dag' }, { id: 's', action: 'dag', inputs: { dag: 7 } }]) {
    const { statuses } = await lab.finish([spec]);
    assert.is(statuses, 's failed', JSON.stringify(spec));
  }
  const { statuses } = await lab.finish([fan()], { inputs, config: { maxNodes: 3 } });
  assert.is(statuses, 'f failed');
});

test('reaches the expanded nodes by pausing or cancelling the branch of the parent', async (lab) => {
  const paused = lab.start([fan()], { inputs, does: { '*': 5 }, config: { maxParallelNodes: 1 } });
  await paused.pass(1);
  await paused.grant(pauseBranch('f'));
  await paused.pass(50);
  assert.is(paused.statuses, 'f waiting, f[0] succeeded, f[1] ready, f[2] ready');
  await paused.grant(resumeBranch('f'));
  assert.ok((await paused.end()).success);

  const cancelled = lab.start([sub('s', 'inner'), 'other'], { library: [inner], does: { '*': 5 } });
  await cancelled.pass(1);
  await cancelled.grant(cancelBranch('s'));
  await cancelled.end();
  assert.is(cancelled.statuses, 's cancelled, other succeeded, s/p cancelled, s/q cancelled');
});

test('cancels at once what is added by expansion under the label of a cancelled branch', async (lab) => {
  const labelled: Graph = { name: 'g', nodes: [node('x', { branch: 'off' }), node('y')] };
  const trial = lab.start(['slow', { ...sub('s', 'g'), deps: ['slow'] }, node('z: slow', { branch: 'off' })], {
    library: [labelled],
    does: { slow: 10 },
  });
  await trial.pass(1);
  await trial.grant(cancelBranch('off'));
  await trial.end();
  assert.is(trial.status('s/x'), 'cancelled');
  assert.is(trial.status('s/y'), 'succeeded');
});

const reserved: Readonly<Record<string, readonly NodeSpec[]>> = {
  'an item': [fan(), node('f[0]')],
  'a node of a sub-DAG': [sub('s', 'inner'), node('s/p')],
  'a deeper node of a sub-DAG': [sub('s', 'inner'), node('s/x/y')],
  'a failure action': [node('a', { failureAction: 'work' }), node('a.failure')],
};

for (const [what, nodes] of Object.entries(reserved))
  test(`reserves the ids that ${what} would have, at load and later`, async (lab) => {
    const loaded = lab.executor({ library: [inner] }).load({ name: 'g', nodes });
    assert.is(loaded._tag, 'Left');
    const trial = lab.start(['open', ...nodes.slice(0, 1)], { inputs, library: [inner], does: { '*': 20 } });
    await trial.refuse(addNode(nodes[1]!));
    await trial.end();
    const other = lab.start(['open', nodes[1]!], { inputs, library: [inner], does: { '*': 20 } });
    await other.refuse(addNode(nodes[0]!));
    await other.end();
  });

test.run();
