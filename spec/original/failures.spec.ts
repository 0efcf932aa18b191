import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addNode, addNodes, fromDaggerAction, type Execute, type NodeSpec } from '../../lib/index.js';
import { chain, ends, ofType, play, playOut, registryOf, sleep } from '../faults/play.js';
import { fail, specs, type Nodes } from '../support/executor.js';
import { compile } from '../../lib/index.js';

// What the original is known to get wrong, by the numbers of its list; here: what can't run, and what fails.
const test = suite('original: failures');

const errorsOf = (nodes: Nodes) => {
  const compiled = compile({ name: 'test', nodes: specs(nodes) }, registryOf({}));
  return compiled._tag === 'Left' ? compiled.left : [];
};

test('2 cycles, self-dependencies and duplicate ids are refused at load, all at once, the cycle as a path', () => {
  const errors = errorsOf(['a: c', 'b: a', 'c: b', 'self: self', 'twice', 'twice', 'free']);
  assert.equal(errors.map(({ type }) => type).toSorted(), ['Cycle', 'DuplicateId', 'SelfDependency']);
  const cycle = errors.find(({ type }) => type === 'Cycle')!;
  assert.match(cycle.message, 'a -> c -> b -> a');
  assert.equal(cycle.path!.length, 4);
  const { executor } = play(['x']);
  assert.is(executor.load({ name: 'loop', nodes: specs(['a: b', 'b: a']) })._tag, 'Left');
  assert.throws(() => executor.start('loop'), /loop/);
});

test('2 a cycle of 100,000 nodes is told in one short sentence', () => {
  const [first, ...rest] = chain(100_000);
  const [error, ...others] = errorsOf([{ ...first!, deps: ['n99999'] }, ...rest]);
  assert.is(others.length, 0);
  assert.is(error!.type, 'Cycle');
  assert.ok(error!.message.length < 500, `${error!.message.length} characters`);
});

const failing: Readonly<Record<string, Execute<any, any>>> = {
  'throws synchronously': fail('no'),
  rejects: () => Promise.reject(new Error('no')),
  'rejects later': () => sleep(3).then(fail('no') as () => never),
};

for (const [how, execute] of Object.entries(failing)) {
  test(`5 an action that ${how} fails its node, and nothing else`, async () => {
    const { report } = await playOut([{ id: 'a', action: 'bad' }, 'b', 'c: b'], { actions: { bad: execute } });
    assert.is(ends(report), 'a failed, b succeeded, c succeeded');
    assert.match(report.nodeOutcomes[0]!.finalError!.message, 'no');
  });

  test(`4 after a failure the run ends, dependants are skipped, nothing is a success: ${how}`, async () => {
    const completes: boolean[] = [];
    const nodes: Nodes = [{ id: 'a', action: 'bad' }, 'b: a', 'c: b', 'd', 'e: d', 'f: c e'];
    const { report, events } = await playOut(nodes, {
      actions: { bad: execute, work: ({ nodeId }) => sleep(5).then(() => nodeId) },
      hooks: [{ name: 'h', onComplete: (_, success) => void completes.push(success) }],
    });
    assert.is(ends(report), 'a failed, b skipped, c skipped, d succeeded, e succeeded, f skipped');
    assert.equal([report.success, report.overallSuccess, report.status], [false, false, 'failed']);
    assert.equal(completes, [false]);
    for (const id of ['b', 'c', 'f']) {
      assert.is(report.nodeOutcomes.find(({ nodeId }) => nodeId === id)!.becauseOf, 'a');
      assert.not(ofType(events, 'NodeStarted').some(({ nodeId }) => nodeId === id));
    }
  });
}

test('5 an action that never settles is ended by its timeout, and given up after the grace time', async () => {
  const { report, events } = await playOut([{ id: 'a', action: 'never', timeoutMs: 20 }, 'b: a'], {
    actions: { never: () => new Promise(() => undefined) },
    config: { graceMs: 20 },
  });
  assert.is(ends(report), 'a failed, b skipped');
  assert.match(ofType(events, 'NodeFailed')[0]!.error.message, 'Timeout after 20ms');
});

test('4 a node that a hook adds after a failure runs', async () => {
  const { report } = await playOut([{ id: 'a', action: 'bad' }, 'b: a'], {
    actions: { bad: fail() },
    hooks: [{ name: 'h', onNodeFailed: () => addNode({ id: 'mend', action: 'work' }) }],
  });
  assert.is(ends(report), 'a failed, b skipped, mend succeeded');
});

const wrong: Readonly<Record<string, readonly NodeSpec[]>> = {
  DuplicateId: specs(['x', 'y', 'x']),
  'DuplicateId of a live node': specs(['x', 'a']),
  UnknownDependency: specs(['x', 'y: nowhere']),
  UnknownAction: [...specs(['x']), { id: 'y', action: 'nothing' }],
  Cycle: specs(['x: z', 'y: x', 'z: y']),
  SelfDependency: specs(['x', 'y: y']),
  BadReference: [...specs(['x']), { id: 'y', action: 'work', inputs: { from: { $ref: 'nowhere.key' } } }],
};
for (const [type, batch] of Object.entries(wrong))
  test(`11 AddNodes is all or nothing: ${type}`, async () => {
    const { run, events, end } = play(['a', { id: 'hold', action: 'human.input' }]);
    await run.dispatch({ type: 'EmitEvent', name: 'begun', payload: null });
    const before = { nodes: JSON.stringify([...run.snapshot.nodes()]), seq: run.snapshot.seq };
    const answer = await run.dispatch(addNodes(batch));
    assert.ok(answer._tag === 'Left' && answer.left.type === type.split(' ')[0], JSON.stringify(answer));
    const since = events.slice(before.seq).filter(({ type: t }) => !t.startsWith('Node') || t === 'NodeAdded');
    assert.equal(
      since.map(({ type: t }) => t),
      ['CommandRefused'],
    );
    assert.is(run.snapshot.metrics.nodesTotal, 2);
    await run.cancel();
    assert.is((await end()).refusedCommands.length, 1);
  });

test('11 timeouts and retries of added nodes are heeded', async () => {
  const { report, events } = await playOut(['a'], {
    actions: {
      never: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      third: ({ attempt }) => (attempt < 3 ? fail('not yet')({} as never) : attempt),
    },
    hooks: [
      {
        name: 'h',
        onNodeComplete: (_, { nodeId }) =>
          nodeId !== 'a'
            ? undefined
            : addNodes([
                { id: 'slow', action: 'never', timeoutMs: 15, tryCount: 2, retry: { type: 'Linear', delayMs: 5 } },
                { id: 'third', action: 'third', tryCount: 3, retry: { type: 'Immediate' } },
              ]),
      },
    ],
  });
  assert.is(ends(report), 'a succeeded, slow failed, third succeeded');
  const [, slow, third] = report.nodeOutcomes;
  assert.equal([slow!.attempts, third!.attempts], [2, 3]);
  assert.equal(
    ofType(events, 'NodeRetryScheduled')
      .filter(({ nodeId }) => nodeId === 'slow')
      .map(({ delayMs }) => delayMs),
    [5],
  );
  assert.match(slow!.finalError!.message, 'Failed after 2 attempts. Last error: Timeout after 15ms');
});

test('15 success: false fails a Dagger action; a plain output that says so is only an output', async () => {
  const { report } = await playOut([{ id: 'a', action: 'dagger' }, 'b: a', { id: 'c', action: 'plain' }, 'd: c'], {
    made: [fromDaggerAction('dagger', async () => ({ success: false, outputs: { rows: 1 } }))],
    actions: { plain: () => ({ success: false }) },
  });
  assert.is(ends(report), 'a failed, b skipped, c succeeded, d succeeded');
});

test('15 outputs reach dependants without anyone touching the cache', async () => {
  const { report } = await playOut(
    [
      { id: 'a', action: 'dagger' },
      { id: 'b', action: 'plus', inputs: { n: { $ref: 'a.rows[1].n' } } },
      { id: 'c', action: 'plus', inputs: { n: { $ref: 'b' } } },
    ],
    {
      made: [fromDaggerAction('dagger', async () => ({ success: true, outputs: { rows: [{ n: 1 }, { n: 41 }] } }))],
      actions: { plus: ({ inputs }) => (inputs.n as number) + 1 },
    },
  );
  assert.is(report.outputs['c'], 43);
});

test('16 a reference that leads nowhere fails the node, once, and names itself', async () => {
  const { report, events } = await playOut([
    'a',
    { id: 'b', action: 'work', inputs: { x: { $ref: 'a.rows' } }, tryCount: 3 },
    'c: b',
    { id: 'd', action: 'work', inputs: { x: [{ y: { $ref: 'inputs.missing' } }] } },
  ]);
  assert.is(ends(report), 'a succeeded, b failed, c skipped, d failed');
  assert.is(ofType(events, 'NodeStarted').filter(({ nodeId }) => nodeId === 'b').length, 1);
  const messages = ofType(events, 'NodeFailed')
    .map(({ error }) => error.message)
    .toSorted();
  assert.match(messages[0]!, /"a\.rows".*"rows"/);
  assert.match(messages[1]!, /"inputs\.missing"/);
});

test('16 a node that fails for a reference has its failure action called all the same', async () => {
  const bad = { id: 'a', action: 'work', inputs: { x: { $ref: 'inputs.missing' }, y: 1 }, failureAction: 'tell' };
  const { report } = await playOut([bad], { actions: { tell: ({ inputs }) => inputs } });
  assert.is(ends(report), 'a failed, a.failure succeeded');
  const told = report.outputs['a.failure'] as { readonly error: { readonly message: string } };
  assert.match(told.error.message, 'inputs.missing');
});

test('16 a reference to a node that is not defined is refused at load', () => {
  const [error] = errorsOf([{ id: 'a', action: 'work', inputs: { x: { $ref: 'nowhere.key' } } }]);
  assert.is(error?.type, 'BadReference');
});

test('18 the deadline ends a run while a node runs', async () => {
  let aborted = false;
  const { report, events } = await playOut(['b: a', { id: 'a', action: 'long' }], {
    actions: {
      long: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('aborted'));
          });
        }),
    },
    config: { timeoutMs: 30 },
  });
  assert.is(ends(report), 'b cancelled, a cancelled');
  assert.equal([report.status, report.success, aborted], ['failed', false, true]);
  assert.is(ofType(events, 'RunCancelling')[0]!.origin, 'deadline');
  assert.ok(report.durationMs >= 29 && report.durationMs < 1_000, `${report.durationMs} ms`);
});

test('18 the deadline holds although the node heeds nothing', async () => {
  const { report } = await playOut([{ id: 'a', action: 'never' }], {
    actions: { never: () => new Promise(() => undefined) },
    config: { timeoutMs: 30, graceMs: 20 },
  });
  assert.is(report.status, 'failed');
  assert.is(ends(report), 'a cancelled');
});

test.run();
