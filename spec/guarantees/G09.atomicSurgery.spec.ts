import * as assert from 'uvu/assert';
import {
  addDependency,
  addNode,
  addNodes,
  removeNode,
  setNodeInputs,
  type ExecutorCommand,
  type NodeSpec,
} from '../../lib/index.js';
import { labSuite, specs, type Trial } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('G9 Atomic surgery');

const seq = /"(?:seq|at)":\d+/g;
const stateOf = (trial: Trial): string => JSON.stringify(trial.run.snapshot).replace(seq, '');

const base = ['running', 'done', 'wait: running', 'last: wait'];

/** Whole batches that must be refused, each for one flaw; `fine` nodes stand before and after it. */
const flawed: Readonly<Record<string, readonly NodeSpec[]>> = {
  'an unknown dependency': [node('x: nobody')],
  'an id that exists': [node('wait')],
  'an id that the batch has twice': [node('x'), node('x')],
  'a cycle in the batch': [node('x: z'), node('y: x'), node('z: y')],
  'a dependency on itself': [node('x: x')],
  'an unknown action': [{ id: 'x', action: 'nothing' }],
  'a reference that leads nowhere': [node('x', { inputs: { v: { $ref: 'nobody.v' } } })],
  'a malformed reference': [node('x', { inputs: { v: { $ref: 'done.[' } } })],
  'an empty id': [node('', { id: '' })],
  'an id with NUL': [{ id: 'x\0', action: 'work' }],
  'an id of broken Unicode': [{ id: 'x\ud800', action: 'work' }],
  'an id that is too long': [{ id: 'x'.repeat(1_001), action: 'work' }],
  'the reserved id': [{ id: 'inputs', action: 'work' }],
  'an unknown pool': [node('x', { pool: 'nobody' })],
  'a tryCount of 0': [node('x', { tryCount: 0 })],
  'a negative timeout': [node('x', { timeoutMs: -1 })],
  'an unknown key': [{ id: 'x', action: 'work', surprise: 1 } as NodeSpec],
  'a parent of its own': [node('x', { parent: 'done' })],
  'an input that is no JSON': [node('x', { inputs: { v: Number.NaN } })],
  'an id that an expansion owns': [node('x', { forEach: { $ref: 'inputs.list' } }), node('x[0]')],
};

for (const [flaw, batch] of Object.entries(flawed))
  test(`adds none of a batch with ${flaw}`, async (lab) => {
    const trial = lab.start(base, { does: { running: 50 }, inputs: { list: [] } });
    await trial.pass(1);
    const before = stateOf(trial);
    const { reason } = await trial.refuse(addNodes([node('fine'), ...batch, node('fine2: fine')]));
    assert.not.match(reason, '[object Object]');
    assert.ok(reason.length > 5);
    assert.is(stateOf(trial), before);
    assert.ok((await trial.end()).success);
  });

test('adds all of a batch in one transition, causes first, whatever their order', async (lab) => {
  const trial = lab.start(base, { does: { running: 50 } });
  await trial.pass(1);
  await trial.grant(addNodes(specs(['z: y running', 'y: x', 'x: done'])));
  assert.equal(
    trial.log.ofType('NodeAdded').map(({ node: { id } }) => id),
    ['x', 'y', 'z'],
  );
  const sizes = trial.log.snapshots.map(({ metrics }) => metrics.nodesTotal);
  assert.equal([...new Set(sizes)], [0, 4, 7]);
  await trial.end();
  assert.is(trial.log.order('running', 'z'), 'before');
});

test('checks against the live graph: what was added, removed or ended meanwhile', async (lab) => {
  const trial = lab.start(base, { does: { running: 50 } });
  await trial.pass(1);
  await trial.grant(addNode(node('x: done')));
  await trial.grant(addNode(node('y: x last')));
  await trial.refuse(addDependency('y', 'wait'));
  await trial.grant(removeNode('y'));
  await trial.grant(addDependency('x', 'wait'));
  await trial.refuse(addNode(node('q: y')));
  await trial.grant(addNode(node('y: running', { inputs: { again: true } })));
  await trial.end();
  assert.is(trial.status('y'), 'succeeded');
});

test('adds below nodes that have ended', async (lab) => {
  const trial = lab.start(base, { does: { running: 50, x: ({ inputs }) => inputs } });
  await trial.pass(1);
  await trial.grant(addNode(node('x', { inputs: { from: { $ref: 'done' } } })));
  assert.equal((await trial.end()).outputs['x'], { from: 'done' });
});

/** Single changes that must be refused. */
const refused: Readonly<Record<string, ExecutorCommand>> = {
  'removing an unknown node': removeNode('nobody'),
  'removing a running node': removeNode('running'),
  'removing a finished node': removeNode('done'),
  'removing a node with dependants': removeNode('wait'),
  'a dependency from an unknown node': addDependency('nobody', 'last'),
  'a dependency of an unknown node': addDependency('done', 'nobody'),
  'a dependency on itself': addDependency('last', 'last'),
  'a dependency that closes a cycle': addDependency('last', 'wait'),
  'a dependency of a running node': addDependency('done', 'running'),
  'a dependency of a finished node': addDependency('running', 'done'),
  'inputs for an unknown node': setNodeInputs('nobody', {}),
  'inputs for a running node': setNodeInputs('running', { x: 1 }),
  'inputs for a finished node': setNodeInputs('done', { x: 1 }),
  'inputs that refer to nobody': setNodeInputs('wait', { x: { $ref: 'nobody.x' }, y: { $ref: 'done' } }),
  'inputs that close a cycle': setNodeInputs('wait', { x: { $ref: 'done' }, y: { $ref: 'last.x' } }),
  'inputs that refer to the node itself': setNodeInputs('wait', { x: { $ref: 'wait.x' } }),
  'inputs that are no JSON': setNodeInputs('wait', { x: new Map() as never }),
  'a change of another DAG': { ...addNode(node('x')), dagName: 'other' },
};

for (const [what, command] of Object.entries(refused))
  test(`refuses ${what}, and changes nothing`, async (lab) => {
    const trial = lab.start(base, { does: { running: 50 } });
    await trial.pass(1);
    const before = stateOf(trial);
    await trial.refuse(command);
    assert.is(stateOf(trial), before);
    assert.ok((await trial.end()).success);
  });

test('removes a node that has not started, so that its id is free', async (lab) => {
  const trial = lab.start(base, { does: { running: 50 } });
  await trial.pass(1);
  await trial.grant(removeNode('last'));
  assert.is(trial.run.snapshot.node('last'), undefined);
  assert.equal(trial.run.snapshot.node('wait')!.dependents, []);
  const report = await trial.end();
  assert.equal(
    report.nodeOutcomes.map(({ nodeId }) => nodeId),
    ['running', 'done', 'wait'],
  );
});

test('makes a node wait for a dependency that is added', async (lab) => {
  const trial = lab.start(['a', 'b', 'c: a'], { does: { a: 5, b: 20 } });
  await trial.pass(1);
  await trial.grant(addDependency('b', 'c'));
  assert.equal(trial.run.snapshot.node('c')!.deps, ['a', 'b']);
  await trial.end();
  assert.is(trial.log.order('b', 'c'), 'before');
});

test('sets inputs as a whole, and adds the dependencies that they imply first', async (lab) => {
  const trial = lab.start(['a', 'b', node('c: a', { inputs: { old: 1 } })], {
    does: { a: 5, b: 20, c: ({ inputs }) => inputs },
  });
  await trial.pass(1);
  await trial.grant(setNodeInputs('c', { x: { $ref: 'b' }, y: [{ z: { $ref: 'a' } }] }));
  assert.equal(
    trial.lines('DependencyAdded', 'NodeInputsSet').map((line) => line.split(' ')[0]),
    ['DependencyAdded', 'NodeInputsSet'],
  );
  assert.equal((await trial.end()).outputs['c'], { x: 'b', y: [{ z: 'a' }] });
});

test('keeps to maxNodes, removed ones included', async (lab) => {
  const trial = lab.start(base, { does: { running: 50 }, config: { maxNodes: 6 } });
  await trial.pass(1);
  await trial.refuse(addNodes(specs(['x', 'y', 'z'])));
  await trial.grant(addNodes(specs(['x', 'y'])));
  await trial.refuse(addNode(node('z')));
  await trial.end();
});

test('treats __proto__ and its kind as names like any other', async (lab) => {
  const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const trial = lab.start(['a'], { does: { a: 5, '*': ({ inputs, nodeId }) => ({ ...inputs, nodeId }) } });
  await trial.grant(
    addNodes(odd.map((id, i) => node(id, { deps: i === 0 ? ['a'] : [odd[i - 1]!], branch: id, inputs: { [id]: 1 } }))),
  );
  const report = await trial.end();
  assert.ok(report.success);
  assert.equal(Object.keys(report.outputs), ['a', ...odd]);
  assert.is((report.outputs['__proto__'] as { nodeId: string }).nodeId, '__proto__');
  assert.equal(
    [...trial.run.snapshot.branches()].map(({ id }) => id),
    odd,
  );
});

test.run();
