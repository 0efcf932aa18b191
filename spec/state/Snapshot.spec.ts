import * as assert from 'uvu/assert';
import { addDependency, addNode, initialSnapshot, removeNode } from '../../lib/index.js';
import { fail, labSuite, type Trial } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('Snapshot');

test('shows the run: seq, ids, status, limit, counts', async (lab) => {
  const trial = lab.start(
    [
      'a',
      'b: a',
      node('r', { tryCount: 2, retry: { type: 'Linear', delayMs: 99 } }),
      { id: 'ask', action: 'human.input' },
      'bad',
      'never: bad',
      'queued',
    ],
    {
      runId: 'r',
      name: 'Dag',
      does: { a: 50, r: fail(), bad: fail(), queued: 20 },
      config: { maxParallelNodes: 2 },
    },
  );
  await trial.pass(1);
  const { seq, runId, dagName, status, maxParallelNodes, counts } = trial.run.snapshot;
  assert.equal([seq, runId, dagName, status, maxParallelNodes], [trial.events.length, 'r', 'Dag', 'running', 2]);
  assert.equal(counts, {
    pending: 1,
    ready: 0,
    starting: 0,
    running: 2,
    waiting: 1,
    retrying: 1,
    succeeded: 0,
    failed: 1,
    skipped: 1,
    cancelled: 0,
  });
  await trial.cancel();
});

test('shows a node with all that is known of it', async (lab) => {
  const trial = lab.start([node('a', { branch: 'x', inputs: { k: 1 } }), 'b: a', 'c: b a'], {
    does: { a: () => lab.after(5, { n: 1 }), b: fail('broken') },
  });
  await trial.pass(2);
  const t0 = trial.events[0]!.at;
  const running = trial.run.snapshot.node('a')!;
  assert.equal(
    [running.id, running.nodeId, running.action, running.status, running.attempt, running.startedAt, running.endedAt],
    ['a', 'a', 'work', 'running', 1, t0, undefined],
  );
  await trial.end();
  const { snapshot } = trial.run;
  const a = snapshot.node('a')!;
  assert.equal(
    [a.branch, a.deps, a.dependents, a.output, a.cached, a.endedAt, a.spec.inputs],
    ['x', [], ['b', 'c'], { n: 1 }, false, t0 + 5, { k: 1 }],
  );
  assert.equal(snapshot.node('c')!.deps, ['b', 'a']);
  assert.is(snapshot.node('b')!.error!.message, 'broken');
  assert.is(snapshot.node('c')!.becauseOf, 'b');
  assert.is(snapshot.node('nobody'), undefined);
  assert.is(snapshot.node('toString'), undefined);
});

test('lists nodes in definition order, added ones after, removed ones not', async (lab) => {
  const trial = lab.start(['z: a', 'a', 'gone: a'], { does: { a: 9 } });
  await trial.pass(1);
  await trial.grant(addNode(node('first')));
  await trial.grant(addDependency('first', 'z'));
  await trial.grant(removeNode('gone'));
  assert.equal(
    [...trial.run.snapshot.nodes()].map(({ id }) => id),
    ['z', 'a', 'first'],
  );
  assert.equal(trial.run.snapshot.node('a')!.dependents, ['z']);
  assert.equal(trial.run.snapshot.node('first')!.dependents, ['z']);
  await trial.end();
});

test('gives equal text for equal states, however they came about', async (lab) => {
  const play = async (reverse: boolean): Promise<string> => {
    const trial = lab.start(['a', 'b: a'], {
      does: { a: () => (reverse ? { y: 2, x: 1 } : { x: 1, y: 2 }) },
      hooks: [{ name: 'h', onEvent: (ctx) => void (reverse && ctx.snapshot().toJSON()) }],
    });
    await trial.end();
    return JSON.stringify(trial.run.snapshot.toJSON()).replace(/"(\w+At|at|since)":\d+|"runId":"[^"]*"/g, '"$1":0');
  };
  const first = await play(false);
  assert.is(await play(false), first);
  assert.is((await play(true)).replace('{"y":2,"x":1}', '{"x":1,"y":2}'), first);
});

test('is plain when it is JSON: what is read back is the same', async (lab) => {
  const trial = await lab.finish(['a', 'b: a', node('__proto__')], { does: { b: fail('x') } });
  const json = trial.run.snapshot.toJSON();
  assert.equal(JSON.parse(JSON.stringify(json)), json);
  assert.is(JSON.stringify(trial.run.snapshot), JSON.stringify(json));
});

test('tells in JSON how a run ended, and why', async (lab) => {
  const end = (trial: Trial): unknown => {
    const { status, success, error } = trial.run.snapshot.toJSON() as Record<string, unknown>;
    return [status, success, error];
  };
  assert.equal(end(await lab.finish(['a'])), ['succeeded', true, undefined]);
  assert.equal(end(await lab.finish(['a'], { does: { a: fail('x') } })), ['failed', false, 'Node "a" failed: x']);
  const trial = lab.start(['a'], { does: { a: 9 } });
  await trial.pass(1);
  assert.equal(end(trial), ['running', undefined, undefined]);
  await trial.cancel('enough');
  assert.equal(end(trial), ['cancelled', false, 'enough']);
});

test('tells two states apart in JSON', async (lab) => {
  const trial = await lab.finish(['a', 'b: a'], { does: { '*': 1 } });
  const texts = trial.log.snapshots.map((snapshot) =>
    JSON.stringify({ ...(snapshot.toJSON() as object), seq: 0, at: 0 }),
  );
  const types = trial.log.snapshots.map(({ seq }) => trial.events[seq - 1]?.type);
  for (let i = 1; i < texts.length; i++)
    assert.ok(texts[i] !== texts[i - 1] || types[i] === 'NodeProgressed', `${types[i - 1]} and ${types[i]}`);
});

test('of nothing has seq 0 and no nodes', () => {
  const snapshot = initialSnapshot();
  assert.is(snapshot.seq, 0);
  assert.equal([...snapshot.nodes()], []);
  assert.equal([...snapshot.branches()], []);
  assert.is(snapshot.node('a'), undefined);
  assert.is(snapshot.branch('a'), undefined);
  assert.is(snapshot.whyNotStarted('a'), undefined);
  assert.is(snapshot.metrics.nodesTotal, 0);
});

test('goes through the statuses of a run', async (lab) => {
  const trial = lab.start(['a', 'b'], {
    does: { a: 5, b: () => lab.after(30) },
    hooks: [{ name: 'h', onComplete: () => lab.after(5) }],
  });
  const seen: string[] = [];
  trial.run.snapshot$.subscribe(({ status }) => seen.at(-1) === status || seen.push(status));
  await trial.pass(1);
  await trial.grant({ type: 'PauseRun' });
  await trial.grant({ type: 'ResumeRun' });
  await trial.pass(32);
  assert.equal(seen, ['running', 'paused', 'running', 'quiescent']);
  await trial.end();
  assert.is(seen.at(-1), 'succeeded');
  const cancelled = lab.start(['a'], { does: { a: () => lab.after(5) } });
  const states = new Set<string>();
  cancelled.run.snapshot$.subscribe(({ status }) => states.add(status));
  await cancelled.pass(1);
  await cancelled.cancel();
  assert.equal([...states], ['running', 'cancelling', 'cancelled']);
});

test.run();
