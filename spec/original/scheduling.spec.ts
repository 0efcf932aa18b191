import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DagError, action, type Execute, type NodeSpec } from '../../lib/index.js';
import { chain, cpuMs, ends, fan, layered, ofType, play, playOut, sleep } from '../faults/play.js';

// What the original is known to get wrong, by the numbers of its list; here: when nodes start.
const test = suite('original: scheduling');

/** Counts the calls of an action by node and attempt. */
const counting = (
  execute: Execute<any, any>,
): { readonly calls: Map<string, number>; readonly execute: Execute<any, any> } => {
  const calls = new Map<string, number>();
  return {
    calls,
    execute: (ctx) => {
      const key = `${ctx.nodeId} ${ctx.attempt}`;
      calls.set(key, (calls.get(key) ?? 0) + 1);
      return execute(ctx);
    },
  };
};

const graphs: Readonly<Record<string, readonly NodeSpec[]>> = {
  'a 4x4 layered graph': layered(4, 4),
  'a 10x10 layered graph': layered(10, 10),
  'a 1->150->1 graph': fan(150),
  '49 independent nodes': layered(1, 49),
};
const deeds: Readonly<Record<string, Execute<any, any>>> = {
  'instant actions': () => 1,
  'async actions': async () => 1,
  'actions of 1 ms': () => sleep(1),
};

for (const [graph, nodes] of Object.entries(graphs))
  for (const [deed, execute] of Object.entries(deeds))
    test(`1 starts each node exactly once per attempt: ${graph}, ${deed}`, async () => {
      const work = counting(execute);
      const { report, events } = await playOut(nodes, { actions: { work: work.execute } });
      assert.ok(report.success);
      assert.is(work.calls.size, nodes.length);
      assert.ok(
        [...work.calls.values()].every((n) => n === 1),
        'a node was started again while it ran',
      );
      assert.is(ofType(events, 'NodeStarted').length, nodes.length);
    });

for (const kind of ['sync', 'async'])
  test(`1 starts each node exactly once per attempt: every first attempt fails, ${kind}`, async () => {
    const work = counting(({ attempt }) => {
      if (attempt > 1) return attempt;
      const error = new Error('the first one fails');
      if (kind === 'sync') throw error;
      return Promise.reject(error);
    });
    const nodes = layered(4, 4, { tryCount: 3, retry: { type: 'Immediate' } });
    const { report } = await playOut(nodes, { actions: { work: work.execute } });
    assert.ok(report.success);
    assert.is(work.calls.size, 32);
    assert.ok([...work.calls.values()].every((n) => n === 1));
    assert.is(report.metrics.retries, 16);
  });

const shapes = { independent: layered(1, 500), layered: layered(50, 10), chained: chain(500) };
for (const [shape, nodes] of Object.entries(shapes))
  for (const enableParallelExecution of [true, false])
    test(`3 a 500-node DAG succeeds under the default config: ${shape}${enableParallelExecution ? '' : ', one at a time'}`, async () => {
      const { report } = await playOut(nodes, { config: { enableParallelExecution } });
      assert.ok(report.success, report.error);
      assert.is(report.nodeOutcomes.length, 500);
      assert.ok(report.nodeOutcomes.every(({ status, attempts }) => status === 'succeeded' && attempts === 1));
    });

test('7 a fan-out far above any buffer: 1->20,000->1 with hooks and subscribers', async () => {
  let seen = 0;
  const { report, events } = await playOut(fan(20_000), {
    hooks: [{ name: 'watcher', onNodeStart: () => void seen++, onNodeComplete: () => void seen++ }],
  });
  assert.ok(report.success);
  assert.is(seen, 40_004);
  assert.is(events.length, 40_007);
});

test('7 a fan-out far above any buffer: 150 children and a limit of one', async () => {
  const { report } = await playOut(fan(150), {
    actions: { work: async () => 1 },
    config: { maxParallelNodes: 1, hookBacklog: 1 },
  });
  assert.ok(report.success);
});

test('13 the events of a run have a gap-free sequence, and name their run and DAG', async () => {
  const told: string[] = [];
  const { run, events, report } = await playOut(layered(3, 3), {
    name: 'Numbers',
    runId: 'run 13',
    actions: { work: ({ runId, dagName }) => void told.push(`${runId}, ${dagName}`) },
    hooks: [{ name: 'h', onEvent: ({ runId, dagName }) => void told.push(`${runId}, ${dagName}`) }],
  });
  events.forEach(({ seq, at }, i) => {
    assert.is(seq, i + 1);
    assert.ok(at >= (events[i - 1]?.at ?? 0), 'time goes back');
  });
  const first = events[0]!;
  assert.ok(first.type === 'RunStarted' && first.runId === 'run 13' && first.dagName === 'Numbers');
  assert.equal([run.runId, run.dagName, report.runId, report.dagName], ['run 13', 'Numbers', 'run 13', 'Numbers']);
  assert.is(told.length, 9 + events.length);
  assert.ok(told.every((text) => text === 'run 13, Numbers'));
});

test('14 two runs of one DAG, and two DAGs that share node ids, stay separate', async () => {
  const { executor, end } = play(['a', 'b: a'], {
    name: 'mine',
    actions: {
      work: async ({ nodeId, inputs, runId, cache }) => {
        await sleep(2);
        const before = cache.getInput('a', 'seen') ?? null;
        cache.insertValue(nodeId, 'seen', runId);
        return { from: inputs.x ?? runId, before };
      },
    },
  });
  await end();
  const read = { id: 'b', action: 'work', inputs: { x: { $ref: 'a.from' } } };
  const first = { name: 'first', nodes: [{ id: 'a', action: 'work' }, read] };
  for (const graph of [first, { ...first, name: 'second' }]) assert.is(executor.load(graph)._tag, 'Right');
  const runs = ['first', 'first', 'second'].map((name, i) => executor.start(name, { runId: `r${i}` }));
  const reports = await Promise.all(runs.map((run) => run.report));
  reports.forEach((report, i) => {
    assert.ok(report.success);
    assert.equal({ ...report.outputs }, { a: { from: `r${i}`, before: null }, b: { from: `r${i}`, before: `r${i}` } });
    assert.is(report.dagName, i < 2 ? 'first' : 'second');
  });
  assert.equal([...executor.state.executionTrees.keys()].toSorted(), ['first', 'second']);
});

test('19 a DAG keeps the case of its name', async () => {
  const { executor, end } = play(['a'], { name: 'Plain' });
  await end();
  for (const name of ['MyDag', 'mydag', 'MYDAG']) executor.load({ name, nodes: [{ id: name, action: 'work' }] });
  for (const name of ['MyDag', 'mydag', 'MYDAG']) {
    const report = await executor.executeStaticDag(name);
    assert.equal([report.dagName, ends(report)], [name, `${name} succeeded`]);
  }
  const unknown = (): unknown => executor.start('myDAG');
  assert.throws(
    unknown,
    (error: unknown) => error instanceof DagError && error.type === 'UnknownDag' && error.message.includes('myDAG'),
  );
});

const perNodeUs = async (nodes: readonly NodeSpec[], execute: Execute<any, any>): Promise<number> => {
  const scene = { made: [action('deed', execute)], limitMs: 30_000 };
  const named = nodes.map((node) => ({ ...node, action: 'deed' }));
  let played: Awaited<ReturnType<typeof playOut>> | undefined;
  const ms = await cpuMs(async () => {
    played = await playOut(named, scene);
  });
  assert.ok(played!.report.success);
  return (ms * 1_000) / nodes.length;
};

for (const [shape, make] of Object.entries({
  chain,
  fan: (n: number) => fan(n - 2),
  layers: (n: number) => layered(n / 4, 4),
}))
  test(`20 CPU time is linear in the number of nodes, 1k -> 10k -> 100k: ${shape}`, async () => {
    const execute = (): number => 1;
    for (let i = 0; i < 3; i++) await perNodeUs(make(2_000), execute); // until everything is compiled
    const [small, middle, large] = [
      Math.min(await perNodeUs(make(1_000), execute), await perNodeUs(make(1_000), execute)),
      await perNodeUs(make(10_000), execute),
      await perNodeUs(make(100_000), execute),
    ];
    const told = [small, middle, large].map((us) => us.toFixed(1)).join(', ');
    assert.ok(middle / small <= 3 && large / middle <= 3, `CPU per node in µs: ${told}`);
  });

test.run();
