import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addNode, cancelBranch, provideInput, type DagRun, type NodeSpec } from '../../lib/index.js';
import { ends, ofType, play, sleep, specs, turns, within } from '../faults/play.js';

// Waiting for people in parallel: nothing is taken for done that is not, nothing answered is asked again, nothing is lost.
const test = suite('field: people');

const ask = (id: string, deps: readonly string[] = []): NodeSpec => ({ id, action: 'human.input', deps });
const statusOf = (run: DagRun, ...ids: readonly string[]): string =>
  ids.map((id) => run.snapshot.node(id)?.status ?? 'none').join(' ');
const until = async (run: DagRun, id: string, status: string): Promise<void> =>
  within(
    5_000,
    (async () => {
      while (run.snapshot.node(id)?.status !== status) await turns(1);
    })(),
    () => `${id} is ${run.snapshot.node(id)?.status}, not ${status}`,
  );
const answer = async (run: DagRun, nodeId: string, value: string = nodeId): Promise<void> => {
  const given = await run.dispatch(provideInput(nodeId, value));
  assert.is(given._tag, 'Right', given._tag === 'Left' ? given.left.reason : '');
};

test('of two waiting branches one answer ends one, and the join waits for both', async () => {
  const { run, end } = play([ask('one'), ask('two'), 'join: one two']);
  await turns();
  await answer(run, 'one');
  await turns();
  assert.is(statusOf(run, 'one', 'two', 'join'), 'succeeded waiting pending');
  assert.not(run.snapshot.status === 'succeeded');
  await answer(run, 'two');
  const report = await end();
  assert.is(ends(report), 'one succeeded, two succeeded, join succeeded');
});

test('branches that wait and are answered at different times, while others run, stay answered', async () => {
  const branch = (name: string): readonly NodeSpec[] => [
    ...specs([`${name}-before`]),
    ask(`${name}-ask`, [`${name}-before`]),
    ...specs([`${name}-after: ${name}-ask`]),
  ];
  const ms: Readonly<Record<string, number>> = { 'a-before': 0, 'b-before': 15, 'c-before': 40 };
  const nodes = [...branch('a'), ...branch('b'), ...branch('c'), ...specs(['last: a-after b-after c-after'])];
  const calls: string[] = [];
  const { run, end, events } = play(nodes, {
    actions: { work: ({ nodeId }) => (calls.push(nodeId), sleep(ms[nodeId] ?? 0)) },
    config: { maxParallelNodes: 5 },
  });
  for (const name of ['a', 'b', 'c']) {
    await until(run, `${name}-ask`, 'waiting');
    await answer(run, `${name}-ask`);
    await until(run, `${name}-after`, 'succeeded');
  }
  assert.ok((await end()).success);
  assert.equal(calls.toSorted(), [...new Set(calls)].toSorted(), 'something ran twice');
  for (const name of ['a', 'b', 'c'])
    assert.is(ofType(events, 'NodeSucceeded').filter(({ nodeId }) => nodeId === `${name}-ask`).length, 1);
});

test('a branch that asks again and again loses no answer when another branch ends meanwhile', async () => {
  const { run, end } = play(['heavy', ask('q0')], {
    actions: { work: () => sleep(25) },
    hooks: [
      {
        name: 'asks again',
        onNodeComplete: (_, { nodeId }) =>
          /^q[0-9]$/.test(nodeId) ? addNode(ask(`q${Number(nodeId.slice(1)) + 1}`, [nodeId])) : undefined,
      },
    ],
  });
  for (let i = 0; i <= 10; i++) {
    await until(run, `q${i}`, 'waiting');
    if (i === 5) await until(run, 'heavy', 'succeeded');
    await answer(run, `q${i}`, `answer ${i}`);
  }
  const report = await end();
  assert.ok(report.success);
  for (let i = 0; i <= 10; i++) assert.is(report.outputs[`q${i}`], `answer ${i}`);
});

test('an answer for one item of a fan-out is for that one alone', async () => {
  const nodes: readonly NodeSpec[] = [
    { id: 'approve', action: 'human.input', forEach: { $ref: 'inputs.names' } },
    ...specs(['publish: approve']),
  ];
  const { run, end } = play(nodes, { inputs: { names: ['alpha', 'beta', 'gamma'] }, config: { maxParallelNodes: 1 } });
  await until(run, 'approve[2]', 'waiting');
  for (const i of [1, 0]) {
    await answer(run, `approve[${i}]`, `yes ${i}`);
    await turns();
  }
  assert.is(
    statusOf(run, 'approve', 'approve[0]', 'approve[1]', 'approve[2]', 'publish'),
    'waiting succeeded succeeded waiting pending',
  );
  const again = await run.dispatch(provideInput('approve[0]', 'no'));
  assert.is(again._tag, 'Left');
  await answer(run, 'approve[2]', 'yes 2');
  assert.equal((await end()).outputs['approve'], ['yes 0', 'yes 1', 'yes 2']);
});

test('answers to all items at once leave none of their followers out, whatever the limit', async () => {
  const { executor, run, end } = play(
    [
      { id: 'all', action: 'dag', forEach: { $ref: 'inputs.items' }, inputs: { dag: 'chat', inputs: {} } },
      { id: 'sum', action: 'work', deps: ['all'] },
    ],
    { inputs: { items: [1, 2, 3, 4, 5] }, config: { maxParallelNodes: 1 } },
  );
  executor.load({
    name: 'chat',
    nodes: [ask('first'), { id: 'work', action: 'work', deps: ['first'] }, ask('second', ['work'])],
  });
  const asked = (question: string): readonly string[] => [0, 1, 2, 3, 4].map((i) => `all[${i}]/${question}`);
  for (const question of ['first', 'second']) {
    await until(run, asked(question).at(-1)!, 'waiting');
    await Promise.all(asked(question).map((id) => answer(run, id)));
  }
  const report = await end();
  assert.ok(report.success, report.error);
  assert.is(report.metrics.nodesSucceeded, 2 + 5 + 15);
});

test('a nested DAG that waits ends its parent when it is answered, and consecutive ones both wait', async () => {
  const { executor, run, end } = play([
    { id: 'one', action: 'dag', inputs: { dag: 'inner' } },
    { id: 'two', action: 'dag', inputs: { dag: 'inner' }, deps: ['one'] },
    { id: 'beside', action: 'dag', inputs: { dag: 'inner' } },
  ]);
  executor.load({ name: 'inner', nodes: [ask('ask'), { id: 'after', action: 'work', deps: ['ask'] }] });
  await until(run, 'one/ask', 'waiting');
  await answer(run, 'one/ask');
  await until(run, 'two/ask', 'waiting');
  assert.is(statusOf(run, 'one', 'two', 'beside', 'beside/ask'), 'succeeded waiting waiting waiting');
  await answer(run, 'beside/ask');
  await answer(run, 'two/ask');
  const report = await end();
  assert.equal(report.outputs['two'], { ask: 'two/ask', after: 'two/after' });
});

test('one reviewer who says no ends the wait for the others', async () => {
  const reviewers = ['ann', 'bob', 'cy'];
  const { run, end } = play(
    [...reviewers.map((id) => ({ ...ask(id), branch: 'review' })), 'unrelated', 'merge: ann bob cy'],
    {
      hooks: [
        {
          name: 'one no is enough',
          onNodeComplete: (_, { nodeId, output }) =>
            reviewers.includes(nodeId) && output === 'no' ? cancelBranch('review', `${nodeId} said no`) : undefined,
        },
      ],
    },
  );
  await turns();
  await answer(run, 'ann', 'yes');
  await answer(run, 'bob', 'no');
  const report = await end();
  assert.is(ends(report), 'ann succeeded, bob succeeded, cy cancelled, unrelated succeeded, merge skipped');
  assert.not(report.success);
});

test('1,000 waits at once hold no slot and are answered in any order', async () => {
  const ids = Array.from({ length: 1_000 }, (_, i) => `w${i}`);
  const { run, end } = play([...ids.map((id) => ask(id)), 'free'], { config: { maxParallelNodes: 1 } });
  await until(run, 'free', 'succeeded');
  assert.is(run.snapshot.counts.waiting, 1_000);
  const answers = await Promise.all(ids.toReversed().map((id) => run.dispatch(provideInput(id, id))));
  assert.ok(answers.every(({ _tag }) => _tag === 'Right'));
  assert.ok((await end()).success);
});

test.run();
