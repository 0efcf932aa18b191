import { Observable } from 'rxjs';
import * as assert from 'uvu/assert';
import { provideInput, setConcurrency, setPriority, type NodeSpec } from '../../lib/index.js';
import { random } from '../../lib/testing/index.js';
import { fail, labSuite, specs, type Lab, type Nodes, type Plot } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { expectTimeline } from '../support/timeline.js';
import { firstSeed } from '../simulation/seeds.js';

const test = labSuite('G2 Data flow');

/** The most nodes that ran at once, counted by the actions themselves. */
const busiest = async (
  lab: Lab,
  nodes: Nodes,
  plot: Plot = {},
  counts = (_id: string): boolean => true,
): Promise<number> => {
  let running = 0;
  let most = 0;
  const does = plot.does ?? {};
  await lab.finish(nodes, {
    ...plot,
    does: {
      '*': ({ nodeId }) =>
        new Observable((subscriber) => {
          if (counts(nodeId)) most = Math.max(most, ++running);
          return lab.time.schedule(
            () => {
              if (counts(nodeId)) running--;
              subscriber.next(nodeId);
              subscriber.complete();
            },
            Number(does[nodeId] ?? 5),
          );
        }),
    },
  });
  return most;
};

test('starts a node as soon as its own dependencies are done, whatever else still runs', async (lab) => {
  const { events } = await lab.finish(['a', 'b', 'c: a', 'd: b', 'e: c'], { does: { a: 2, b: 10, c: 3, d: 1, e: 1 } });
  expectTimeline(events, '0 >ab, 2 Ac, 5 Ce, 6 E, 10 Bd, 11 D.');
});

test('starts a node with several dependencies when the last of them is done', async (lab) => {
  const { events } = await lab.finish(['a', 'b', 'c: a b'], { does: { a: 2, b: 5, c: 1 } });
  expectTimeline(events, '0 >ab, 2 A, 5 Bc, 6 C.');
});

test('gives a slot to the next ready node the moment it is free', async (lab) => {
  const { events } = await lab.finish(['a', 'b', 'c', 'd'], {
    does: { a: 2, b: 9, c: 3, d: 4 },
    config: { maxParallelNodes: 2 },
  });
  expectTimeline(events, '0 >ab, 2 Ac, 5 Cd, 9 BD.');
});

test('starts no node while as many slots are in use as there are', async (lab) => {
  for (const maxParallelNodes of [1, 2, 4])
    assert.is(
      await busiest(
        lab,
        Array.from({ length: 12 }, (_, i) => `n${i}`),
        { config: { maxParallelNodes } },
      ),
      maxParallelNodes,
    );
});

test('starts no node of a pool while as many slots of the pool are in use as there are', async (lab) => {
  const nodes = Array.from({ length: 12 }, (_, i) => node(`n${i}`, i % 2 === 0 ? { pool: 'db' } : {}));
  const config = { maxParallelNodes: 6, pools: { db: 2 } };
  const inPool = (id: string): boolean => Number(id.slice(1)) % 2 === 0;
  assert.is(await busiest(lab, nodes, { config }, inPool), 2);
  assert.is(await busiest(lab, nodes, { config }), 6);
});

test('lets a full pool hold up nobody else', async (lab) => {
  const nodes = [node('a', { pool: 'db', priority: 9 }), node('b', { pool: 'db', priority: 9 }), 'c'];
  const { events } = await lab.finish(nodes, { does: { '*': 5 }, config: { maxParallelNodes: 2, pools: { db: 1 } } });
  expectTimeline(events, '0 >ac, 5 ACb, 10 B.');
});

test('aborts nothing when a limit is lowered, and starts nothing until it is kept again', async (lab) => {
  let aborted = false;
  const trial = lab.start(['a', 'b', 'c', 'd', 'e'], {
    does: {
      '*': ({ signal }) => {
        signal.addEventListener('abort', () => (aborted = true));
        return lab.after(5);
      },
      b: () => lab.after(8),
      c: () => lab.after(11),
    },
  });
  await trial.pass(1);
  await trial.grant(setConcurrency(1));
  await trial.end();
  expectTimeline(trial.events, '0 >abc, 5 A, 8 B, 11 Cd, 16 De, 21 E.');
  assert.not(aborted);
});

test('starts more at once when a limit is raised', async (lab) => {
  const trial = lab.start(['a', 'b', 'c'], { does: { '*': 5 }, config: { maxParallelNodes: 1 } });
  await trial.pass(2);
  await trial.grant(setConcurrency(3));
  await trial.end();
  expectTimeline(trial.events, '0 >a, 2 bc, 5 A, 7 BC.');
});

test('lets a node that waits for a person hold no slot', async (lab) => {
  const trial = lab.start([{ id: 'ask', action: 'human.input' }, 'b', 'c: ask'], {
    does: { '*': 5 },
    config: { maxParallelNodes: 1 },
  });
  await trial.pass(7);
  await trial.grant(provideInput('ask', 'yes'));
  await trial.end();
  expectTimeline(trial.events, '0 >?b, 5 B, 7 Ac, 12 C.');
});

test('lets the parent of a fan-out hold no slot', async (lab) => {
  const { report, log } = await lab.finish([node('f', { forEach: { $ref: 'inputs.list' } })], {
    does: { '*': 5 },
    inputs: { list: [1, 2] },
    config: { maxParallelNodes: 1 },
  });
  assert.ok(report.success);
  assert.equal(log.started, ['f[0]', 'f[1]']);
  assert.is(report.durationMs, 10);
});

test('lets the parent of a sub-DAG hold no slot', async (lab) => {
  const { report, log } = await lab.finish([{ id: 's', action: 'dag', inputs: { dag: 'inner' } }], {
    does: { '*': 5 },
    library: [{ name: 'inner', nodes: specs(['x', 'y: x']) }],
    config: { maxParallelNodes: 1 },
  });
  assert.ok(report.success);
  assert.equal(log.started, ['s/x', 's/y']);
  assert.is(report.durationMs, 10);
});

test('lets a node that waits to be tried again hold no slot', async (lab) => {
  let failures = 1;
  const { events } = await lab.finish([node('a', { tryCount: 2, retry: { type: 'Linear', delayMs: 7 } }), 'b'], {
    does: {
      a: (ctx) => {
        if (failures-- > 0) throw new Error('not yet');
        return ctx.nodeId;
      },
      b: 5,
    },
    config: { maxParallelNodes: 1 },
  });
  expectTimeline(events, '0 >a~b, 5 B, 7 aA.');
});

test('starts nodes of higher priority first', async (lab) => {
  const { log } = await lab.finish([node('low', { priority: -1 }), 'mid', node('high', { priority: 2 }), 'mid2'], {
    does: { '*': 1 },
    config: { maxParallelNodes: 1 },
  });
  assert.equal(log.started, ['high', 'mid', 'mid2', 'low']);
});

test('heeds a priority that is changed while the node waits', async (lab) => {
  const trial = lab.start(['a', 'b', 'c', 'd'], { does: { '*': 5 }, config: { maxParallelNodes: 1 } });
  await trial.pass(1);
  await trial.grant(setPriority('d', 1));
  await trial.grant(setPriority('b', -1));
  await trial.end();
  assert.equal(trial.log.started, ['a', 'd', 'c', 'b']);
});

test('runs one node at a time in topological order without parallel execution', async (lab) => {
  const nodes: NodeSpec[] = [
    node('d: b c', { priority: 9 }),
    node('c: a'),
    node('b: a', { priority: 5 }),
    node('a'),
    node('e'),
  ];
  const { log, events } = await lab.finish(nodes, {
    does: { '*': 2 },
    config: { enableParallelExecution: false, maxParallelNodes: 8 },
  });
  const at = (id: string): number => log.started.indexOf(id);
  assert.ok(at('a') < at('c') && at('a') < at('b') && at('c') < at('d') && at('b') < at('d'), log.started.join(' '));
  for (const [i, { at: ended }] of log.ofType('NodeSucceeded').entries()) assert.is(ended - events[0]!.at, 2 * (i + 1));
});

test('starts what a failed neighbour does not concern', async (lab) => {
  const { events } = await lab.finish(['a', 'b', 'c: b'], { does: { a: fail(), b: 2, c: 2 } });
  expectTimeline(events, '0 >abx, 2 Bc, 4 C.');
});

test('starts every node of a random graph at the very end of its last dependency when slots abound', async (lab) => {
  const seed = firstSeed();
  const chance = random(seed);
  const graph = Array.from({ length: 40 }, (_, i) => ({
    id: `n${i}`,
    ms: chance.int(0, 20),
    deps: Array.from({ length: i }, (_, j) => j).filter(() => chance.chance(0.08)),
  }));
  const { log, events } = await lab.finish(
    graph.map(({ id, deps }) => `${id}: ${deps.map((j) => `n${j}`).join(' ')}`),
    { does: Object.fromEntries(graph.map(({ id, ms }) => [id, ms])), config: { maxParallelNodes: 100 } },
  );
  const ends: number[] = [];
  for (const { ms, deps } of graph) ends.push(Math.max(0, ...deps.map((j) => ends[j]!)) + ms);
  const came = Object.fromEntries(log.ofType('NodeSucceeded').map(({ nodeId, at }) => [nodeId, at - events[0]!.at]));
  assert.equal(came, Object.fromEntries(graph.map(({ id }, i) => [id, ends[i]])), `seed ${seed}`);
});

test('keeps every slot busy while anything is ready', async (lab) => {
  const seed = firstSeed();
  const chance = random(seed);
  const does = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`n${i}`, chance.int(1, 20)]));
  const { log } = await lab.finish(Object.keys(does), { does, config: { maxParallelNodes: 4 } });
  const atInstant = new Map(log.snapshots.slice(1).map((snapshot) => [log.events[snapshot.seq - 1]!.at, snapshot]));
  for (const [at, { counts }] of atInstant)
    assert.is(counts.ready > 0 && counts.running < 4, false, `seed ${seed}, at ${at}`);
});

test.run();
