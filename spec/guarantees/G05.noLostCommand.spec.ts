import { EMPTY, map, mergeMap, of, take } from 'rxjs';
import * as assert from 'uvu/assert';
import {
  addNode,
  emitEvent,
  ofType,
  pauseBranch,
  pauseRun,
  provideInput,
  resumeBranch,
  resumeRun,
  setPriority,
  updateMetrics,
  type ExecutorCommand,
} from '../../lib/index.js';
import { labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('G5 No lost command');

test('accepts a command with events, and tells the seq of the last', async (lab) => {
  const trial = lab.start(['a'], { does: { a: 5 } });
  await trial.pass(1);
  const seq = await trial.grant({ type: 'AddNodes', specs: [node('b'), node('c')] });
  assert.equal(
    trial.log.ofType('NodeAdded').map((event) => [event.seq, event.node.id, event.by]),
    [
      [seq - 1, 'b', 'user'],
      [seq, 'c', 'user'],
    ],
  );
  await trial.end();
});

test('refuses a command with an event, a Left and a line in the report, each with the reason', async (lab) => {
  const trial = lab.start(['a'], { does: { a: 5 } });
  await trial.pass(1);
  const refusal = await trial.refuse(setPriority('nobody', 1));
  const [event] = trial.log.ofType('CommandRefused');
  assert.equal(event!.command, setPriority('nobody', 1));
  assert.is(event!.reason, refusal.reason);
  assert.match(refusal.reason, 'nobody');
  const { refusedCommands, success } = await trial.end();
  assert.equal(refusedCommands, [refusal]);
  assert.ok(success);
});

test('refuses what is no command at all', async (lab) => {
  const trial = lab.start(['a'], { does: { a: 50 } });
  const odd: unknown[] = [
    undefined,
    null,
    42,
    'PauseRun',
    [],
    {},
    { type: 'Pause' },
    { type: 'AddNode' },
    { type: 'SetConcurrency', maxParallelNodes: 0 },
    { type: 'SetConcurrency', maxParallelNodes: 1.5 },
    { type: 'SetPriority', nodeId: 'a', priority: Number.NaN },
    { type: 'PauseRun', surprise: 1 },
    { type: 'EmitEvent', name: 'x', payload: () => 1 },
    { type: 'SetPriority', nodeId: 7, priority: 1 },
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('hands off');
        },
      },
    ),
  ];
  for (const command of odd) assert.ok((await trial.refuse(command as ExecutorCommand)).reason.length > 0);
  assert.is(trial.log.ofType('CommandRefused').length, odd.length);
  assert.ok((await trial.end()).success);
});

test('answers each of a thousand commands that are given in one turn', async (lab) => {
  const trial = lab.start(['a']);
  const answers = Promise.all(
    Array.from({ length: 1_000 }, (_, i) =>
      trial.run.dispatch(i % 2 === 0 ? emitEvent('n', i) : setPriority('nobody', i)),
    ),
  );
  const told = await lab.time.until(answers);
  await trial.end();
  assert.is(told.filter(({ _tag }) => _tag === 'Right').length, 500);
  assert.is(trial.log.ofType('CustomEmitted').length, 500);
  assert.is(trial.log.ofType('CommandRefused').length, 500);
  assert.equal(
    told.flatMap((answer) => (answer._tag === 'Right' ? [answer.right.seq] : [])),
    trial.log.ofType('CustomEmitted').map(({ seq }) => seq),
  );
});

test('takes commands that a hook gives before the run has begun', async (lab) => {
  const { log, report } = await lab.finish(['a'], { hooks: [() => of(addNode(node('b')), setPriority('nobody', 1))] });
  assert.equal(
    report.nodeOutcomes.map(({ nodeId }) => nodeId),
    ['a', 'b'],
  );
  assert.is(log.ofType('CommandRefused').length, 1);
});

test('hears what is asked in the very turn in which the last node ends', async (lab) => {
  const trial = lab.start(['a']);
  trial.run.event$.subscribe((event) => {
    if (event.type === 'NodeSucceeded' && event.nodeId === 'a') void trial.run.dispatch(addNode(node('b')));
  });
  await trial.end();
  assert.is(trial.statuses, 'a succeeded, b succeeded');
});

test('takes work at RunQuiescent from a subscriber, a method and an operator, and is quiescent again after each round', async (lab) => {
  const method = { name: 'm', onComplete: () => (rounds++ === 0 ? addNode(node('m')) : undefined) };
  let rounds = 0;
  const trial = lab.start(['a'], {
    hooks: [
      method,
      (event$) =>
        event$.pipe(
          ofType('RunQuiescent'),
          take(2),
          map(({ seq }) => addNode(node(`o${seq}`))),
        ),
    ],
  });
  await trial.end();
  assert.is(trial.run.snapshot.metrics.nodesTotal, 4);
  assert.is(trial.log.ofType('RunQuiescent').length, 3);
  assert.is(trial.events.at(-2)!.type, 'RunQuiescent');
});

test('takes late work from onComplete before it settles', async (lab) => {
  let asked = false;
  const { statuses, log } = await lab.finish(['a'], {
    hooks: [
      {
        name: 'm',
        onComplete: () => {
          if (asked) return undefined;
          asked = true;
          return lab.after(20, addNode(node('b')));
        },
      },
    ],
  });
  assert.is(statuses, 'a succeeded, b succeeded');
  assert.is(log.ofType('RunQuiescent').length, 2);
});

test('answers with a Left alone once the run has settled', async (lab) => {
  const trial = await lab.finish(['a']);
  const before = trial.events.length;
  const refusal = await trial.refuse(emitEvent('late', 1));
  assert.match(refusal.reason, /ended/);
  assert.is(trial.events.length, before);
  assert.equal(trial.report.refusedCommands, []);
});

test('answers with a Left what is asked from inside RunSettled', async (lab) => {
  const answers: string[] = [];
  const trial = lab.start(['a']);
  trial.run.event$.subscribe(({ type }) => {
    if (type === 'RunSettled') void trial.run.dispatch(emitEvent('late', 1)).then(({ _tag }) => answers.push(_tag));
  });
  await trial.end();
  await trial.pass();
  assert.equal(answers, ['Left']);
  assert.is(trial.events.at(-1)!.type, 'RunSettled');
});

test('answers a dispatch that is under way when the run settles', async (lab) => {
  const trial = lab.start(['a']);
  let answers: Promise<unknown[]> | undefined;
  trial.run.event$.subscribe(({ type }) => {
    if (type === 'RunQuiescent') answers = Promise.all([1, 2].map((n) => trial.run.dispatch(updateMetrics({ n }))));
  });
  await trial.end();
  assert.is((await answers!).length, 2);
});

test('is quiescent only when every node is final and no hook work is open', async (lab) => {
  const trial = lab.start(['a', 'b'], {
    does: { a: 5, b: 10 },
    hooks: [{ name: 'h', onNodeStart: () => lab.after(30) }],
  });
  await trial.pass(29);
  assert.is(trial.run.snapshot.counts.succeeded, 2);
  assert.is(trial.log.ofType('RunQuiescent').length, 0);
  await trial.pass(2);
  assert.is(trial.log.ofType('RunQuiescent').length, 1);
  await trial.end();
});

test('waits with nodes that a pause, a person or a retry delay holds', async (lab) => {
  const trial = lab.start(
    [
      node('held', { branch: 'x' }),
      { id: 'ask', action: 'human.input' },
      node('again', { tryCount: 2, retry: { type: 'Linear', delayMs: 1_000 } }),
    ],
    { does: { again: ({ attempt }) => (attempt === 1 ? Promise.reject(new Error('no')) : 1) } },
  );
  await trial.grant(pauseBranch('x'));
  await trial.pass(900);
  assert.is(trial.statuses, 'held ready, ask waiting, again retrying');
  assert.is(trial.log.ofType('RunQuiescent').length, 0);
  await trial.pass(200);
  await trial.grant(provideInput('ask', 1));
  await trial.pass(100);
  assert.is(trial.statuses, 'held ready, ask succeeded, again succeeded');
  assert.is(trial.log.ofType('RunQuiescent').length, 0);
  await trial.grant(resumeBranch('x'));
  assert.ok((await trial.end()).success);
});

test('lets a waiting run go on when it is resumed, and end when it is cancelled or out of time', async (lab) => {
  const resumed = lab.start(['a']);
  await resumed.grant(pauseRun());
  await resumed.pass(100);
  await resumed.grant(resumeRun());
  assert.is((await resumed.end()).status, 'succeeded');

  const cancelled = lab.start(['a'], { hooks: [() => EMPTY] });
  await cancelled.grant(pauseRun());
  await cancelled.pass(100);
  assert.is((await cancelled.cancel()).status, 'cancelled');

  const late = lab.start([node('a', { branch: 'x' }), 'b'], { config: { timeoutMs: 500 }, does: { b: 10 } });
  await late.grant(pauseBranch('x'));
  assert.is((await late.end()).status, 'failed');
});

test('loses nothing when a hook asks at every event', async (lab) => {
  const own = ['CustomEmitted', 'CommandRefused', 'RunSettled'];
  const { log, events } = await lab.finish(['a', 'b: a', 'c: b'], {
    does: { '*': 1 },
    hooks: [
      mergeMap((event) =>
        own.includes(event.type) ? EMPTY : of(emitEvent('heard', event.seq), setPriority('nobody', 1)),
      ),
    ],
  });
  const due = events.filter(({ type }) => !own.includes(type)).map(({ seq }) => seq);
  assert.equal(
    log.ofType('CustomEmitted').map(({ payload }) => payload),
    due,
  );
  assert.equal(
    log.ofType('CommandRefused').map(({ cause }) => cause),
    due,
  );
});

test.run();
