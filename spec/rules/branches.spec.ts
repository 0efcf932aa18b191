import * as assert from 'uvu/assert';
import {
  addDependency,
  addNode,
  addNodes,
  cancelBranch,
  pauseBranch,
  removeNode,
  resumeBranch,
  skipNode,
} from '../../lib/index.js';
import { fail, labSuite, type Trial } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { expectTimeline } from '../support/timeline.js';
import { waiting } from '../support/waiting.js';

const test = labSuite('Branches');

/** Which nodes are not started although time has passed. */
const heldIn = async (trial: Trial): Promise<readonly string[]> => {
  await trial.pass(100);
  return [...trial.run.snapshot.nodes()].flatMap(({ id, status }) =>
    status === 'ready' || status === 'pending' ? [id] : [],
  );
};

test('hold the labelled nodes, but not the dependants of merely labelled ones', async (lab) => {
  const trial = await waiting(lab, [
    node('a: gate', { branch: 'x' }),
    'below: a',
    node('b: gate', { branch: 'x' }),
    node('c: gate', { branch: 'y' }),
  ]);
  await trial.grant(pauseBranch('x'));
  assert.equal(await heldIn(trial), ['a', 'below', 'b']);
  assert.equal(trial.run.snapshot.whyNotStarted('below')!.on, [{ dependency: 'a' }]);
  assert.equal(trial.run.snapshot.whyNotStarted('a')!.on, [{ branch: 'x' }]);
  await trial.grant(skipNode('a', 'known', 1));
  assert.equal(await heldIn(trial), ['b']);
  await trial.grant(resumeBranch('x'));
  assert.ok((await trial.end()).success);
});

test('hold the node of that id and all that depends on it', async (lab) => {
  const trial = await waiting(lab, ['a: gate', 'b: a', 'c: b', 'other: gate', 'join: c other']);
  await trial.grant(pauseBranch('a'));
  await trial.grant(skipNode('a', 'known', 1));
  assert.equal(await heldIn(trial), ['b', 'c', 'join']);
  assert.equal(trial.run.snapshot.whyNotStarted('b')!.on, [{ branch: 'a' }]);
  await trial.grant(resumeBranch('a'));
  assert.ok((await trial.end()).success);
});

test('are the union where an id is also a label', async (lab) => {
  const trial = await waiting(lab, ['x: gate', 'below: x', node('l: gate', { branch: 'x' }), 'free: l']);
  await trial.grant(pauseBranch('x'));
  await trial.grant(skipNode('x', 'known', 1));
  await trial.grant(skipNode('l', 'known', 1));
  assert.equal(await heldIn(trial), ['below']);
  await trial.grant(resumeBranch('x'));
  await trial.end();
});

test('take in what is below a merely labelled node once that comes to depend on the node of that id', async (lab) => {
  const trial = await waiting(lab, ['x: gate', node('l: gate', { branch: 'x' }), 'below: l']);
  await trial.grant(pauseBranch('x'));
  await trial.grant(addDependency('x', 'l'));
  await trial.grant(skipNode('x', 'known', 1));
  await trial.grant(skipNode('l', 'known', 1));
  assert.equal(await heldIn(trial), ['below']);
  assert.equal(trial.run.snapshot.whyNotStarted('below')!.on, [{ branch: 'x' }]);
  await trial.grant(resumeBranch('x'));
  await trial.end();
});

test('take in nodes that are added later, by label, by id, by dependency, by parent', async (lab) => {
  const trial = await waiting(
    lab,
    [node('a: gate', { branch: 'x' }), node('f: gate', { forEach: { $ref: 'inputs.list' } })],
    { inputs: { list: [1, 2] } },
  );
  await trial.grant(pauseBranch('x'));
  await trial.grant(pauseBranch('a'));
  await trial.grant(addNodes([node('labelled', { branch: 'x' }), node('below: a'), node('free: gate')]));
  await trial.grant(addNode(node('lower: below')));
  await trial.grant(addDependency('lower', 'free'));
  assert.equal(await heldIn(trial), ['a', 'labelled', 'below', 'free', 'lower']);
  await trial.grant(resumeBranch('x'));
  assert.equal(await heldIn(trial), ['a', 'below', 'free', 'lower']);
  await trial.grant(resumeBranch('a'));
  assert.ok((await trial.end()).success);
});

test('take in the items and nodes of an expanding member', async (lab) => {
  const trial = await waiting(
    lab,
    [
      'f0: gate',
      node('f: f0', { forEach: { $ref: 'inputs.list' } }),
      { id: 's', action: 'dag', inputs: { dag: 'in' }, deps: ['f0'] },
    ],
    {
      inputs: { list: [1, 2] },
      library: [{ name: 'in', nodes: [node('p'), node('q: p')] }],
      does: { '*': 5 },
    },
  );
  await trial.pass(16);
  assert.is(trial.status('f[0]'), 'running');
  await trial.grant(pauseBranch('s'));
  await trial.grant(pauseBranch('f'));
  assert.equal(await heldIn(trial), ['s/q']);
  await trial.grant(resumeBranch('s'));
  await trial.grant(resumeBranch('f'));
  assert.ok((await trial.end()).success);
});

test('take in the failure action of a node whose parent is merely labelled', async (lab) => {
  const sub = { id: 's', action: 'dag', inputs: { dag: 'in' }, branch: 'x' };
  const trial = lab.start([sub, 'other'], {
    library: [{ name: 'in', nodes: [node('p', { failureAction: 'work' })] }],
    does: { 's/p': '-----#' },
  });
  await trial.pass(1);
  await trial.grant(pauseBranch('x'));
  await trial.pass(50);
  assert.is(trial.statuses, 's waiting, other succeeded, s/p failed, s/p.failure ready');
  await trial.grant(resumeBranch('x'));
  await trial.end();
  assert.is(trial.status('s/p.failure'), 'succeeded');
});

test('hold a node as long as any of its branches is paused', async (lab) => {
  const trial = await waiting(lab, [node('a: gate', { branch: 'x' })]);
  await trial.grant(pauseBranch('x'));
  await trial.grant(pauseBranch('a'));
  await trial.grant(pauseBranch('gate'));
  for (const branch of ['a', 'gate', 'x']) {
    assert.equal(await heldIn(trial), ['a'], branch);
    await trial.grant(resumeBranch(branch));
  }
  assert.ok((await trial.end()).success);
});

test('abort nothing when they are paused', async (lab) => {
  let aborted = false;
  const trial = lab.start(['a', 'b: a'], {
    does: { a: ({ signal }) => (signal.addEventListener('abort', () => (aborted = true)), lab.after(5)) },
  });
  await trial.pass(1);
  await trial.grant(pauseBranch('a', 'wait'));
  await trial.pass(20);
  assert.is(trial.statuses, 'a succeeded, b ready');
  assert.not(aborted);
  await trial.grant(resumeBranch('a'));
  await trial.end();
  expectTimeline(trial.events, '0 >a, 5 A, 21 bB.');
});

test('hold retries as well', async (lab) => {
  const trial = lab.start([node('a', { tryCount: 2, retry: { type: 'Linear', delayMs: 5 } })], {
    does: { a: ({ attempt }) => (attempt === 1 ? fail()({} as never) : 1) },
  });
  await trial.pass(1);
  await trial.grant(pauseBranch('a'));
  await trial.pass(20);
  assert.is(trial.statuses, 'a retrying');
  await trial.grant(resumeBranch('a'));
  assert.ok((await trial.end()).success);
});

test('that nobody belongs to are refused', async (lab) => {
  const trial = await waiting(lab, ['a: gate']);
  for (const make of [pauseBranch, resumeBranch, cancelBranch])
    assert.match((await trial.refuse(make('nobody'))).reason, 'nobody');
  await trial.grant(removeNode('a'));
  await trial.refuse(pauseBranch('a'));
  await trial.end();
});

test('that are cancelled take no more nodes, are not paused and not resumed', async (lab) => {
  const trial = await waiting(lab, [node('a: gate', { branch: 'x' }), 'b: gate', 'c: b']);
  await trial.grant(cancelBranch('x', 'enough'));
  await trial.grant(cancelBranch('b'));
  await trial.refuse(addNode(node('n', { branch: 'x' })));
  await trial.refuse(addNode(node('n: c')));
  await trial.refuse(pauseBranch('x'));
  await trial.refuse(resumeBranch('x'));
  await trial.grant(addNode(node('n: a')));
  await trial.pass();
  assert.is(trial.status('n'), 'skipped');
  await trial.end();
  assert.is(trial.statuses, 'gate succeeded, a cancelled, b cancelled, c cancelled, n skipped');
});

test('that are cancelled leave nothing open that comes to depend on them', async (lab) => {
  const trial = await waiting(lab, ['b: gate', 'free: gate', 'below: free']);
  await trial.grant(cancelBranch('b'));
  const answer = await trial.ask(addDependency('b', 'free'));
  await trial.end();
  if (answer._tag === 'Left') assert.is(trial.status('free'), 'succeeded');
  else for (const id of ['free', 'below']) assert.match(trial.status(id)!, /^(?:skipped|cancelled)$/);
});

test('tell how they stand', async (lab) => {
  const trial = await waiting(lab, [
    node('a: gate', { branch: 'x' }),
    node('b', { branch: 'y' }),
    node('c: gate', { branch: 'z' }),
  ]);
  await trial.grant(pauseBranch('x', 'wait'));
  await trial.grant(cancelBranch('z'));
  const branches = [...trial.run.snapshot.branches()].map(({ id, status, reason }) => [id, status, reason]);
  assert.equal(branches, [
    ['x', 'paused', 'wait'],
    ['y', 'completed', undefined],
    ['z', 'cancelled', undefined],
  ]);
  assert.is(trial.run.snapshot.branch('x')!.since, lab.time.now());
  assert.is(trial.run.snapshot.branch('gate')!.status, 'running');
  assert.is(trial.run.snapshot.branch('nobody'), undefined);
  await trial.grant(resumeBranch('x'));
  assert.is(trial.run.snapshot.branch('x')!.status, 'running');
  await trial.end();
  assert.is(trial.run.snapshot.branch('x')!.status, 'completed');
});

test.run();
