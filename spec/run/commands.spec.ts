import * as assert from 'uvu/assert';
import * as lib from '../../lib/index.js';
import { ExecutorCommand, addNode, type ExecutionEvent } from '../../lib/index.js';
import { labSuite, type Lab, type Trial } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('Commands');

/** Each command, as its creator builds it, with the events that grant it in the run below. */
const granted: readonly (readonly [ExecutorCommand, readonly ExecutionEvent['type'][]])[] = [
  [lib.addNode(node('x')), ['NodeAdded']],
  [lib.addNodes([node('x'), node('y: x')]), ['NodeAdded', 'NodeAdded']],
  [lib.removeNode('last'), ['NodeRemoved']],
  [lib.addDependency('ask', 'last'), ['DependencyAdded']],
  [lib.setNodeInputs('last', { x: 1 }), ['NodeInputsSet']],
  [lib.setNodeInputs('last', { x: { $ref: 'ask' } }), ['DependencyAdded', 'NodeInputsSet']],
  [lib.skipNode('last', 'why', { x: 1 }), ['NodeSkipped']],
  [lib.retryNode('bad'), ['NodeRetried']],
  [lib.provideInput('ask', [1]), ['NodeSucceeded']],
  [lib.pauseBranch('b', 'why'), ['BranchPaused']],
  [lib.cancelBranch('wait', 'why'), ['BranchCancelled', 'NodeCancelled', 'NodeCancelled']],
  [lib.pauseRun('why'), ['RunPaused']],
  [lib.cancelRun('why'), ['RunCancelling', 'NodeCancelled', 'NodeCancelled', 'NodeCancelled']],
  [lib.setConcurrency(7), ['ConcurrencySet']],
  [lib.setPriority('wait', -2.5), ['PrioritySet']],
  [lib.updateMetrics({ a: 1, b: -2.5 }), ['MetricsUpdated']],
  [lib.emitEvent('mine', { any: ['thing'] }), ['CustomEmitted']],
];

const begun = async (lab: Lab): Promise<Trial> => {
  const nodes = [
    'run',
    'wait: run',
    'last: wait',
    { id: 'ask', action: 'human.input' },
    'bad',
    node('b', { branch: 'b' }),
  ];
  const trial = lab.start(nodes, {
    does: { run: 100, bad: () => Promise.reject(new Error('no')) },
    config: { maxParallelNodes: 9 },
  });
  await trial.pass(1);
  return trial;
};

for (const [command, types] of granted)
  test(`${command.type} is granted by ${types.join(', ')}, by the user`, async (lab) => {
    const trial = await begun(lab);
    const before = trial.events.length;
    const seq = await trial.grant({ ...command, dagName: 'test' });
    const events = trial.events.slice(before, seq);
    assert.equal(
      events.map(({ type }) => type),
      types,
    );
    for (const { by } of events) assert.is(by, 'user');
    await trial.cancel();
  });

for (const [command] of granted)
  test(`${command.type} is refused where it names another DAG`, async (lab) => {
    const trial = await begun(lab);
    const { reason, type } = await trial.refuse({ ...command, dagName: 'Test' });
    assert.is(type, 'WrongDag');
    assert.match(reason, 'Test');
    await trial.cancel();
  });

test('are what their creators build and their codec takes', () => {
  const types = new Set<string>();
  for (const [command] of granted) {
    const decoded = ExecutorCommand.decode(JSON.parse(JSON.stringify(command)));
    assert.is(decoded._tag, 'Right', command.type);
    if (decoded._tag === 'Right') assert.equal(decoded.right, command);
    types.add(command.type);
  }
  for (const command of [lib.resumeBranch('b'), lib.resumeRun()]) types.add(command.type);
  assert.is(types.size, 18);
});

test('are decoded strictly: unknown keys and types are refused with the nearest name', async (lab) => {
  const trial = await begun(lab);
  for (const [command, hint] of [
    [{ type: 'PauseBranch', branchID: 'b' }, 'branchId'],
    [{ type: 'PausBranch', branchId: 'b' }, 'PauseBranch'],
    [{ type: 'AddNode', spec: { id: 'x', action: 'work', dep: [] } }, 'deps'],
    [{ type: 'AddNode', spec: { id: 'x', action: 'wrok' } }, 'work'],
  ] as const)
    assert.match((await trial.refuse(command as never)).reason, hint);
  await trial.cancel();
});

test('carry their values over: what their owner changes later counts no more', async (lab) => {
  const trial = await begun(lab);
  const spec = { id: 'x', action: 'work', inputs: { list: [1] } };
  const answer = trial.run.dispatch(addNode(spec));
  spec.inputs.list.push(2);
  spec.id = 'y';
  await lab.time.until(answer, { maxMs: 0 });
  assert.equal(trial.run.snapshot.node('x')!.spec.inputs, { list: [1] });
  await trial.cancel();
});

test('that were granted show in the snapshot when their answer comes', async (lab) => {
  const trial = await begun(lab);
  await trial.grant(lib.setConcurrency(7));
  assert.is(trial.run.snapshot.maxParallelNodes, 7);
  await trial.grant(lib.setPriority('wait', 3));
  assert.is(trial.run.snapshot.node('wait')!.spec.priority, 3);
  await trial.grant(lib.updateMetrics({ a: 1 }));
  await trial.grant(lib.updateMetrics({ b: 2 }));
  assert.equal(trial.run.snapshot.metrics.custom, { a: 1, b: 2 });
  await trial.grant(lib.pauseBranch('b', 'why'));
  assert.equal([trial.run.snapshot.branch('b')!.status, trial.run.snapshot.branch('b')!.reason], ['paused', 'why']);
  await trial.grant(lib.pauseRun());
  assert.is(trial.run.snapshot.status, 'paused');
  await trial.cancel();
});

const wrongState: readonly ExecutorCommand[] = [
  lib.removeNode('run'),
  lib.addDependency('ask', 'run'),
  lib.setNodeInputs('ask', { x: 1 }),
  lib.skipNode('run'),
  lib.skipNode('bad'),
  lib.retryNode('run'),
  lib.retryNode('wait'),
  lib.provideInput('run', 1),
];

for (const command of wrongState)
  test(`${command.type} of a node in the wrong state names the node and its state`, async (lab) => {
    const trial = await begun(lab);
    const id = 'nodeId' in command ? command.nodeId : (command as { to: string }).to;
    const { reason } = await trial.refuse(command);
    assert.match(reason, `"${id}" is ${trial.status(id)!}`);
    await trial.cancel();
  });

const ofNode: readonly ((id: string) => ExecutorCommand)[] = [
  (id) => lib.removeNode(id),
  (id) => lib.retryNode(id),
  (id) => lib.skipNode(id),
  (id) => lib.provideInput(id, 1),
  (id) => lib.setPriority(id, 1),
  (id) => lib.setNodeInputs(id, {}),
  (id) => lib.addDependency(id, 'last'),
  (id) => lib.addDependency('run', id),
];

for (const make of ofNode)
  test(`${make('x').type} of an unknown node names it`, async (lab) => {
    const trial = await begun(lab);
    for (const id of ['nobody', '__proto__', 'toString', '']) assert.match((await trial.refuse(make(id))).reason, id);
    await trial.cancel();
  });

test('SetPriority takes effect on nodes that wait, retry or are yet to be', async (lab) => {
  const nodes = ['a', node('again', { tryCount: 2, retry: { type: 'Linear', delayMs: 2 } }), 'low', 'high', 'c: a'];
  const trial = lab.start(nodes, {
    does: {
      a: 10,
      again: ({ attempt }) => (attempt === 1 ? Promise.reject(new Error('no')) : lab.after(1)),
      low: 5,
      high: 5,
    },
    config: { maxParallelNodes: 1 },
  });
  await trial.pass(1);
  await trial.grant(lib.setPriority('again', -1));
  await trial.grant(lib.setPriority('high', 5));
  await trial.grant(lib.setPriority('c', 9));
  assert.ok((await trial.end()).success);
  const order = trial.log.started.filter((id) => id !== 'again');
  assert.ok(
    order.indexOf('c') < order.indexOf('high') && order.indexOf('high') < order.indexOf('low'),
    order.join(' '),
  );
});

test('SetPriority does not lose a retry that waits for its slot', async (lab) => {
  const trial = lab.start([node('again', { tryCount: 2, retry: { type: 'Linear', delayMs: 2 } }), 'b'], {
    does: { b: 10, again: ({ attempt }) => (attempt === 1 ? Promise.reject(new Error('no')) : 1) },
    config: { maxParallelNodes: 1 },
  });
  await trial.pass(5);
  await trial.grant(lib.setPriority('again', 1));
  assert.ok((await trial.end()).success);
});

test('SetConcurrency is kept in serial execution, where one node runs at a time', async (lab) => {
  const trial = lab.start(['a', 'b', 'c'], { does: { '*': 5 }, config: { enableParallelExecution: false } });
  await trial.pass(1);
  await trial.ask(lib.setConcurrency(3));
  assert.is((await trial.end()).durationMs, 15);
});

test('take JSON of at most 64 levels; undefined becomes null', async (lab) => {
  const nested = (levels: number): lib.Json => (levels === 0 ? 1 : [nested(levels - 1)]);
  const trial = await begun(lab);
  await trial.refuse(lib.emitEvent('deep', nested(65)));
  await trial.grant(lib.emitEvent('deep', nested(64)));
  await trial.grant(lib.emitEvent('gaps', { x: undefined, y: [undefined] } as never));
  const [, gaps] = trial.log.ofType('CustomEmitted');
  assert.equal(JSON.stringify(gaps!.payload), '{"x":null,"y":[null]}');
  await trial.refuse(lib.provideInput('ask', nested(65)));
  await trial.refuse(addNode(node('x', { inputs: { deep: nested(65) } })));
  await trial.cancel();
  const { report } = await lab.finish(['a', 'b'], { does: { a: () => nested(65), b: () => nested(64) } });
  assert.equal(
    report.nodeOutcomes.map(({ status }) => status),
    ['failed', 'succeeded'],
  );
});

test.run();
