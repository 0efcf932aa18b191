import * as assert from 'uvu/assert';
import { cancelBranch, retryNode, skipNode, type NodeContext } from '../../lib/index.js';
import { fail, labSuite, specs, type Lab, type Nodes, type Plot, type Trial } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('RetryNode');

/** Fails in its first `times` attempts. */
const failing =
  (times: number) =>
  ({ attempt, nodeId }: NodeContext): unknown =>
    attempt <= times ? fail(`no ${attempt}`)({} as never) : nodeId;

/** A run that is held open by a slow node `open`, so that failed nodes can be retried after their consequences. */
const opened = async (lab: Lab, nodes: Nodes, plot: Plot = {}): Promise<Trial> => {
  const trial = lab.start([...nodes, 'open'], { ...plot, does: { open: 1_000, ...plot.does } });
  await trial.pass(100);
  return trial;
};

test('takes a failed node, with fresh tries, and goes on counting attempts', async (lab) => {
  const trial = await opened(lab, [node('a', { tryCount: 2, retry: { type: 'Immediate' } })], {
    does: { a: failing(3) },
  });
  assert.is(trial.status('a'), 'failed');
  await trial.grant(retryNode('a'));
  const report = await trial.end();
  assert.equal(
    trial.log
      .ofType('NodeStarted')
      .filter(({ nodeId }) => nodeId === 'a')
      .map(({ attempt }) => attempt),
    [1, 2, 3, 4],
  );
  assert.ok(report.success);
  assert.is(report.nodeOutcomes[0]!.attempts, 4);
  assert.is(report.nodeOutcomes[0]!.finalError, undefined);
});

test('fails again when the fresh tries are used up', async (lab) => {
  const trial = await opened(lab, [node('a', { tryCount: 2, retry: { type: 'Immediate' } })], {
    does: { a: failing(99) },
  });
  await trial.grant(retryNode('a'));
  const report = await trial.end();
  assert.is(report.nodeOutcomes[0]!.attempts, 4);
  assert.match(report.nodeOutcomes[0]!.finalError!.message, 'Last error: no 4');
});

for (const [what, prepare, id] of [
  ['an unknown node', () => Promise.resolve(), 'nobody'],
  ['a node that succeeded', () => Promise.resolve(), 'good'],
  ['a running node', () => Promise.resolve(), 'open'],
  ['a skipped node', () => Promise.resolve(), 'b'],
  ['a pending node', () => Promise.resolve(), 'late'],
  ['a failed node of a cancelled branch', (trial: Trial) => trial.grant(cancelBranch('left')), 'x'],
  ['a cancelled node of a cancelled branch', (trial: Trial) => trial.grant(cancelBranch('late')), 'late'],
] as const)
  test(`refuses ${what}`, async (lab) => {
    const trial = await opened(lab, ['a', 'b: a', 'good', 'late: open', node('x', { branch: 'left' })], {
      does: { a: fail(), x: fail() },
    });
    await prepare(trial);
    await trial.refuse(retryNode(id));
    await trial.end();
  });

test('refuses all in a run that has settled', async (lab) => {
  const trial = await lab.finish(['a'], { does: { a: fail() } });
  await trial.refuse(retryNode('a'));
});

test('revives what was skipped because of the failure, transitively, and names it', async (lab) => {
  const trial = await opened(lab, ['a', 'b: a', 'c: b', 'd: c'], { does: { a: failing(1) } });
  assert.is(trial.statuses, 'a failed, b skipped, c skipped, d skipped, open running');
  await trial.grant(retryNode('a'));
  const [retried] = trial.log.ofType('NodeRetried');
  assert.equal(retried!.revived, ['b', 'c', 'd']);
  assert.ok((await trial.end()).success);
  assert.is(trial.run.snapshot.node('b')!.becauseOf, undefined);
});

test('revives only nodes none of whose dependencies is bad now', async (lab) => {
  const trial = await opened(lab, ['a', 'other', 'b: a', 'c: a other', 'd: b c', 'e: b'], {
    does: { a: failing(1), other: failing(1) },
  });
  await trial.grant(retryNode('a'));
  assert.equal(trial.log.ofType('NodeRetried')[0]!.revived, ['b', 'e']);
  await trial.pass(1);
  assert.is(trial.status('c'), 'skipped');
  await trial.grant(retryNode('other'));
  assert.equal(trial.log.ofType('NodeRetried')[1]!.revived, ['c', 'd']);
  assert.ok((await trial.end()).success);
});

test('leaves the run failed where what the failure skipped stays skipped, in a branch cancelled since', async (lab) => {
  const trial = await opened(lab, ['a', node('b: a', { branch: 'cut' })], { does: { a: failing(1) } });
  await trial.grant(cancelBranch('cut'));
  await trial.grant(retryNode('a'));
  assert.equal(trial.log.ofType('NodeRetried')[0]!.revived, []);
  const report = await trial.end();
  assert.is(trial.statuses, 'a succeeded, b skipped, open succeeded');
  assert.is(report.status, 'failed');
  assert.match(report.error ?? '', 'Node "b" was skipped.');
});

test('leaves alone what SkipNode and conditions have skipped', async (lab) => {
  const trial = lab.start(
    ['a', 'mine: a', 'below: mine', node('cond', { when: { $ref: 'inputs.go' } }), 'both: a cond', 'open'],
    {
      does: { a: failing(1), open: 1_000 },
      inputs: { go: false },
    },
  );
  await trial.grant(skipNode('mine', 'not wanted'));
  await trial.pass(100);
  await trial.grant(retryNode('a'));
  assert.equal(trial.log.ofType('NodeRetried')[0]!.revived, []);
  await trial.end();
  assert.is(trial.statuses, 'a succeeded, mine skipped, below skipped, cond skipped, both skipped, open succeeded');
});

test('does not run again what ran', async (lab) => {
  const calls: string[] = [];
  const trial = await opened(lab, ['x', 'a: x', 'all: a x', node('done: a', { runIf: 'allDone' })], {
    does: { '*': ({ nodeId }) => calls.push(nodeId), a: failing(1) },
  });
  assert.is(trial.status('done'), 'succeeded');
  await trial.grant(retryNode('a'));
  await trial.end();
  assert.equal(calls.toSorted(), ['all', 'done', 'x']);
  assert.is(trial.status('all'), 'succeeded');
});

test('revives a node that any success lets run', async (lab) => {
  const trial = await opened(lab, ['a', 'b', node('any: a b', { runIf: 'anySucceeded' }), 'next: any'], {
    does: { a: failing(1), b: failing(1) },
  });
  assert.is(trial.status('any'), 'skipped');
  await trial.grant(retryNode('a'));
  await trial.end();
  assert.is(trial.status('any'), 'succeeded');
  assert.is(trial.status('next'), 'succeeded');
});

test('puts the failed parent of a fan-out item back to waiting', async (lab) => {
  const trial = await opened(lab, [node('f', { forEach: { $ref: 'inputs.list' } }), 'after: f'], {
    inputs: { list: [1, 2, 3] },
    does: { 'f[1]': failing(1) },
  });
  assert.is(trial.status('f'), 'failed');
  assert.is(trial.status('after'), 'skipped');
  await trial.grant(retryNode('f[1]'));
  assert.equal(
    trial.lines('NodeRetried').map((line) => line.split(' ')[1]),
    ['f', 'f[1]'],
  );
  assert.is(trial.log.ofType('NodeWaiting').length, 2);
  const report = await trial.end();
  assert.equal(report.outputs['f'], ['f[0]', 'f[1]', 'f[2]']);
  assert.is(trial.status('after'), 'succeeded');
  assert.is(trial.log.ofType('NodeAdded').length, 3, 'nothing expands twice');
});

test('retries the failed children of a parent, and only those', async (lab) => {
  const calls: string[] = [];
  const trial = await opened(lab, [node('f', { forEach: { $ref: 'inputs.list' } })], {
    inputs: { list: [1, 2, 3] },
    does: { '*': (ctx) => (calls.push(ctx.nodeId), failing(ctx.index === 1 ? 0 : 1)(ctx)), open: 1_000 },
  });
  await trial.grant(retryNode('f'));
  const report = await trial.end();
  assert.ok(report.success);
  assert.equal(calls.toSorted(), ['f[0]', 'f[0]', 'f[1]', 'f[2]', 'f[2]']);
  assert.is(trial.log.ofType('NodeAdded').length, 3);
});

test('leaves alone the failed children that are in a cancelled branch', async (lab) => {
  const inner = { name: 'inner', nodes: [node('x', { branch: 'cut' }), node('y')] };
  const trial = await opened(lab, [node('s', { action: 'dag', inputs: { dag: 'inner' } })], {
    library: [inner],
    does: { 's/x': failing(1), 's/y': failing(1) },
  });
  await trial.grant(cancelBranch('cut'));
  await trial.grant(retryNode('s'));
  assert.equal(
    trial.log.ofType('NodeRetried').map(({ nodeId }) => nodeId),
    ['s', 's/y'],
  );
  await trial.end();
  assert.is(trial.status('s/x'), 'failed');
  assert.is(trial.status('s'), 'failed');
});

test('goes up and down through nested sub-DAGs', async (lab) => {
  const plot: Plot = {
    library: [
      { name: 'outer', nodes: [{ id: 'in', action: 'dag', inputs: { dag: 'inner' } }, ...specs(['end: in'])] },
      { name: 'inner', nodes: specs(['x', 'y: x']) },
    ],
    does: { 's/in/x': failing(1) },
  };
  const nodes = [{ id: 's', action: 'dag', inputs: { dag: 'outer' } }];
  for (const id of ['s', 's/in', 's/in/x']) {
    const trial = await opened(lab, nodes, plot);
    assert.is(trial.status('s'), 'failed');
    await trial.grant(retryNode(id));
    const report = await trial.end();
    assert.ok(report.success, id);
    assert.equal(report.outputs['s'], { in: { x: 's/in/x', y: 's/in/y' }, end: 's/end' });
    assert.is(trial.log.ofType('NodeAdded').length, 4);
  }
});

test('answers a retry within the turn of the failure without any skip', async (lab) => {
  const { log, report } = await lab.finish(['a', 'b: a'], {
    does: { a: failing(2) },
    hooks: [{ name: 'h', onNodeFailed: (_, { nodeId }) => retryNode(nodeId) }],
  });
  assert.ok(report.success);
  assert.is(log.ofType('NodeSkipped').length, 0);
  assert.equal(
    log.ofType('NodeRetried').map(({ revived }) => revived),
    [[], []],
  );
});

test.run();
