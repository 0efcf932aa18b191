import { map, of } from 'rxjs';
import * as assert from 'uvu/assert';
import {
  addDependency,
  addNode,
  ofType,
  onNode,
  pauseBranch,
  resumeBranch,
  retryNode,
  setNodeInputs,
  type ExecutionEvent,
  type Hook,
} from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('G3 Hooks answer before consequences');

/** Hooks that pause branch b at once when a has succeeded, in each form that can. */
const pausing: Readonly<Record<string, Hook>> = {
  operator: (event$) =>
    event$.pipe(
      ofType('NodeSucceeded'),
      onNode('a'),
      map(() => pauseBranch('b')),
    ),
  onNodeComplete: { name: 'h', onNodeComplete: (_, { nodeId }) => (nodeId === 'a' ? pauseBranch('b') : undefined) },
  onEvent: { name: 'h', onEvent: (_, { type }) => (type === 'NodeSucceeded' ? [pauseBranch('b')] : undefined) },
  'onNodeComplete with an Observable': { name: 'h', onNodeComplete: () => of(pauseBranch('b')) },
  dispatch: { name: 'h', onNodeComplete: (ctx) => void ctx.dispatch(pauseBranch('b')) },
};

for (const [form, hook] of Object.entries(pausing))
  test(`applies what a hook answers at once (${form}) before anything starts that the event made ready`, async (lab) => {
    const trial = lab.start(['a', 'b: a', 'c: a'], { hooks: [hook] });
    await trial.pass();
    assert.is(trial.statuses, 'a succeeded, b ready, c succeeded');
    await trial.grant(resumeBranch('b'));
    await trial.end();
  });

test('applies surgery on what the event made ready before it starts', async (lab) => {
  const { report, log } = await lab.finish(['a', 'b: a', 'c: a', 'd'], {
    does: { d: 5, '*': ({ inputs }) => inputs },
    hooks: [
      {
        name: 'h',
        onNodeComplete: (_, { nodeId }) =>
          nodeId === 'a'
            ? [setNodeInputs('b', { x: 1 }), addDependency('d', 'c'), addNode({ id: 'e', action: 'work' })]
            : [],
      },
    ],
  });
  assert.equal(report.outputs['b'], { x: 1 });
  assert.is(log.order('d', 'c'), 'before');
  assert.equal(report.outputs['e'], {});
});

test('lets a retry that a hook asks for at once win over the skip of the dependants', async (lab) => {
  let left = 1;
  const { log, report } = await lab.finish(['a', 'b: a'], {
    does: { a: () => (left-- > 0 ? fail()({} as never) : 1) },
    hooks: [{ name: 'h', onNodeFailed: (_, { nodeId }) => retryNode(nodeId) }],
  });
  assert.ok(report.success);
  assert.is(log.ofType('NodeSkipped').length, 0);
});

test('applies what it answers to the end of a fan-out or sub-DAG, too, before the dependants start', async (lab) => {
  const parents = [
    node('p', { forEach: { $ref: 'inputs.list' } }),
    node('p', { forEach: { $ref: 'inputs.none' } }),
    { id: 'p', action: 'dag', inputs: { dag: 'inner' } },
  ];
  const answers = [() => pauseBranch('c'), () => lab.after(5, pauseBranch('c'))];
  for (const parent of parents)
    for (const answer of answers) {
      const trial = lab.start([parent, 'c: p'], {
        inputs: { list: [1, 2], none: [] },
        library: [{ name: 'inner', nodes: [node('x')] }],
        hooks: [{ name: 'h', onNodeComplete: (_, { nodeId }) => (nodeId === 'p' ? answer() : undefined) }],
      });
      await trial.pass(10);
      assert.is(trial.status('p'), 'succeeded');
      assert.is(trial.status('c'), 'ready');
      await trial.cancel();
    }
});

test('applies what it answers to a skip, or to an addition, before anything starts that this made ready', async (lab) => {
  const pause = (when: (event: ExecutionEvent) => boolean, branch: string): Hook => ({
    name: 'h',
    onEvent: (_, event) => (when(event) ? pauseBranch(branch) : undefined),
  });
  const skipping = lab.start(['bad', 'b: bad', node('c: b', { runIf: 'allDone' })], {
    does: { bad: fail() },
    hooks: [pause(({ type }) => type === 'NodeSkipped', 'c')],
  });
  await skipping.pass(10);
  assert.is(skipping.statuses, 'bad failed, b skipped, c ready');
  await skipping.cancel();
  const adding = lab.start([node('f', { forEach: { $ref: 'inputs.list' } })], {
    inputs: { list: [1, 2] },
    hooks: [pause((event) => event.type === 'NodeAdded' && event.node.id === 'f[1]', 'f[1]')],
  });
  await adding.pass(10);
  assert.is(adding.statuses, 'f waiting, f[0] succeeded, f[1] ready');
  await adding.cancel();
});

test.run();
