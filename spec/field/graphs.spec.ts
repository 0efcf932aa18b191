import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addNode, addNodes, type NodeSpec } from '../../lib/index.js';
import { ends, fan, ofType, play, playOut, sleep, specs } from '../faults/play.js';
import { fail } from '../support/executor.js';

// Graphs that queues of jobs with one parent each can't hold: shared dependencies, children added on the way, failed ones.
const test = suite('field: graphs');

const countingWork = () => {
  const calls = new Map<string, number>();
  const work = ({ nodeId }: { nodeId: string }): Promise<string> => {
    calls.set(nodeId, (calls.get(nodeId) ?? 0) + 1);
    return sleep(1).then(() => nodeId);
  };
  return { calls, actions: { work } };
};

test('two nodes that share their dependencies both run, each dependency once', async () => {
  const { calls, actions } = countingWork();
  const { report, events } = await playOut(['A', 'B', 'C: A B', 'D: A B'], { actions });
  assert.ok(report.success);
  assert.equal([...calls.values()], [1, 1, 1, 1]);
  const started = ofType(events, 'NodeStarted').map(({ nodeId }) => nodeId);
  assert.equal(started.slice(2).toSorted(), ['C', 'D']);
});

test('a diamond of diamonds runs each node once, after all that it needs', async () => {
  const { calls, actions } = countingWork();
  const nodes = specs(
    Array.from({ length: 20 }, (_, i) => [
      i === 0 ? 't0' : `t${i}: l${i - 1} r${i - 1}`,
      `l${i}: t${i}`,
      `r${i}: t${i}`,
    ]).flat(),
  );
  const { report } = await playOut(nodes, { actions });
  assert.ok(report.success);
  assert.is(calls.size, 60);
  assert.ok([...calls.values()].every((n) => n === 1));
});

test('a node deep in the graph may need nodes of every level', async () => {
  const { report } = await playOut(
    [
      'extract',
      'users: extract',
      'orders: extract',
      'enriched: users orders',
      {
        id: 'report',
        action: 'gather',
        inputs: { all: [{ $ref: 'extract' }, { $ref: 'users' }, { $ref: 'enriched' }] },
        deps: ['orders'],
      },
    ],
    { actions: { gather: ({ inputs }) => inputs.all } },
  );
  assert.equal(report.outputs['report'], ['extract', 'users', 'enriched']);
});

test('children added while their parent runs are waited for by a join that is added with them', async () => {
  const { report } = await playOut(['split'], {
    actions: { join: ({ inputs }) => inputs.parts },
    hooks: [
      {
        name: 'splits',
        onNodeStart: (_, { nodeId }) => {
          if (nodeId !== 'split') return undefined;
          const parts: readonly NodeSpec[] = Array.from({ length: 10 }, (__, i) => ({
            id: `part${i}`,
            action: 'work',
            deps: ['split'],
          }));
          return addNodes([
            ...parts,
            { id: 'join', action: 'join', inputs: { parts: parts.map(({ id }) => ({ $ref: id! })) } },
          ]);
        },
      },
    ],
  });
  assert.ok(report.success);
  assert.is((report.outputs['join'] as readonly string[]).length, 10);
});

test('10,000 nodes that a hook adds one by one during a run all run', async () => {
  let added = 0;
  const { report, events } = await playOut(['a'], {
    hooks: [
      {
        name: 'grows',
        onNodeComplete: () =>
          added < 10_000
            ? [addNode({ id: `x${added++}`, action: 'work' }), addNode({ id: `x${added++}`, action: 'work' })]
            : undefined,
      },
    ],
    limitMs: 20_000,
  });
  assert.ok(report.success);
  assert.is(report.nodeOutcomes.length, 10_001);
  assert.is(
    ofType(events, 'NodeAdded').filter(({ by, cause }) => by === 'grows' && cause !== undefined).length,
    10_000,
  );
});

test('one failed child of 10,000 ends the run: the parent is skipped, or runs where it is told to', async () => {
  const { report } = await playOut(
    fan(10_000)
      .map((spec) =>
        spec.id === 'm5000'
          ? { ...spec, action: 'bad' }
          : spec.id === 'last'
            ? { ...spec, runIf: 'allDone' as const }
            : spec,
      )
      .concat({ id: 'strict', action: 'work', deps: ['m5000'] }),
    { actions: { bad: fail() } },
  );
  const statuses = new Map(report.nodeOutcomes.map(({ nodeId, status }) => [nodeId, status]));
  assert.equal(
    [statuses.get('m5000'), statuses.get('last'), statuses.get('strict')],
    ['failed', 'succeeded', 'skipped'],
  );
  assert.is(report.status, 'failed');
});

test('the last child that fails is told, and what depended on it as well', async () => {
  const { report, events } = await playOut([{ id: 'paint', action: 'bad' }, 'renovate: paint', 'sell: renovate'], {
    actions: { bad: fail('no paint') },
  });
  assert.is(ends(report), 'paint failed, renovate skipped, sell skipped');
  assert.equal(
    ofType(events, 'NodeSkipped').map(({ nodeId, becauseOf, reason }) => [nodeId, becauseOf, reason]),
    [
      ['renovate', 'paint', '"paint" failed'],
      ['sell', 'paint', '"paint" failed'],
    ],
  );
  assert.match(report.error!, 'no paint');
});

test('what waited for a failed child goes on when the child is tried again by hand', async () => {
  let isMended = false;
  const { run, end } = play(
    [{ id: 'paint', action: 'bad' }, 'renovate: paint', { id: 'open', action: 'human.input' }],
    {
      actions: {
        bad: () => {
          if (!isMended) throw new Error('no paint');
          return 'painted';
        },
      },
    },
  );
  while (run.snapshot.node('renovate')?.status !== 'skipped') await sleep(1);
  isMended = true;
  await run.dispatch({ type: 'RetryNode', nodeId: 'paint' });
  await run.dispatch({ type: 'ProvideInput', nodeId: 'open', value: 1 });
  const report = await end();
  assert.is(ends(report), 'paint succeeded, renovate succeeded, open succeeded');
  assert.ok(report.success);
});

test.run();
