import * as TE from '#fp-ts/TaskEither';
import { EMPTY, Observable, from, of } from 'rxjs';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  Cache,
  DagError,
  action,
  fromDaggerAction,
  type Execute,
  type Json,
  type NodeContext,
} from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('Actions');

const forms: Readonly<Record<string, readonly [Execute<any, any>, Json, readonly Json[]]>> = {
  'a value': [() => 7, 7, []],
  'an array, which is a value': [() => [1, 2], [1, 2], []],
  'a string, which is a value': [() => 'text', 'text', []],
  'an object': [() => ({ a: [1] }), { a: [1] }, []],
  'nothing, which is null': [() => undefined, null, []],
  'a Date, by its JSON form': [() => new Date(0), '1970-01-01T00:00:00.000Z', []],
  'a Promise': [() => Promise.resolve(7), 7, []],
  'a thenable': [() => ({ then: (done: (value: number) => void) => done(7) }), 7, []],
  'an async function': [async () => [1, 2], [1, 2], []],
  'an Observable: its values are progress, the last is the output': [() => of(1, 2, 3), 3, [1, 2, 3]],
  'an Observable of arrays': [() => from([[1], [2]]), [2], [[1], [2]]],
  'an empty Observable': [() => EMPTY, null, []],
  'an async iterable: its values are progress, the last is the output': [
    async function* () {
      yield 1;
      await Promise.resolve();
      yield { two: 2 };
    },
    { two: 2 },
    [1, { two: 2 }],
  ],
  // oxlint-disable-next-line require-yield -- it has nothing to say
  'an empty async iterable': [async function* () {}, null, []],
  'a TaskEither': [() => TE.right(7), 7, []],
};

for (const [what, [execute, output, progress]] of Object.entries(forms))
  test(`may give ${what}`, async (lab) => {
    const { report, log } = await lab.finish(['a'], { does: { a: execute } });
    assert.ok(report.success);
    assert.equal(report.outputs['a'], output);
    assert.equal(
      log.ofType('NodeProgressed').map(({ value }) => value),
      progress,
    );
    assert.is(
      log.ofType('NodeProgressed').every(({ nodeId, attempt }) => nodeId === 'a' && attempt === 1),
      true,
    );
  });

test('are told where they stand', async (lab) => {
  let seen: NodeContext | undefined;
  await lab.finish([node('a', { inputs: { x: 1 } })], {
    runId: 'r',
    name: 'Dag',
    appData: { mine: true },
    does: { a: (ctx) => void (seen = ctx) },
  });
  const { runId, dagName, nodeId, attempt, inputs, item, index, cache, appData, signal, idempotencyKey } = seen!;
  assert.equal(
    [runId, dagName, nodeId, attempt, inputs, item, index, appData, idempotencyKey],
    ['r', 'Dag', 'a', 1, { x: 1 }, undefined, undefined, { mine: true }, 'r/a'],
  );
  assert.instance(cache, Cache);
  assert.not(signal.aborted);
});

test('have a key that no node of another run has, whatever their ids', async (lab) => {
  const keyOf = async (runId: string, id: string): Promise<string> => {
    let key = '';
    await lab.finish([node(id)], { runId, does: { [id]: (ctx) => void (key = ctx.idempotencyKey) } });
    return key;
  };
  const ids = [['a', 'b/c'], ['a/b', 'c'], ['a%2Fb', 'c'], ['a%252Fb', 'c'], ['nightly 7', 'x[0]']] as const; // prettier-ignore
  const keys: string[] = [];
  for (const [runId, id] of ids) keys.push(await keyOf(runId, id));
  assert.equal(keys, ['a/b/c', 'a%2Fb/c', 'a%252Fb/c', 'a%25252Fb/c', 'nightly 7/x[0]']);
});

test('may take progress, signal and cache out of their context', async (lab) => {
  const { log } = await lab.finish(['a'], {
    does: {
      a: ({ progress, signal, cache }) => {
        progress({ percent: 50 });
        cache.insertGlobalValue('g', 'k', signal.aborted);
        return cache.getGlobalValue('g', 'k');
      },
    },
  });
  assert.equal(log.ofType('NodeProgressed')[0]!.value, { percent: 50 });
  assert.is(log.ofType('NodeSucceeded')[0]!.output, false);
});

test('show the latest progress in the snapshot, until the next attempt', async (lab) => {
  const trial = lab.start([node('a', { tryCount: 2, retry: { type: 'Linear', delayMs: 5 } })], {
    does: {
      a: ({ progress, attempt }) => (attempt === 1 ? (progress(1), progress(2), fail()({} as never)) : lab.after(5)),
    },
  });
  await trial.pass(1);
  assert.is(trial.run.snapshot.node('a')!.progress, 2);
  await trial.pass(6);
  assert.is(trial.run.snapshot.node('a')!.progress, undefined);
  await trial.end();
});

test('fail if they report progress that is no JSON', async (lab) => {
  const { report } = await lab.finish(['a', 'b'], {
    does: { a: ({ progress }) => progress((() => 1) as never), b: () => of(1, (() => 1) as never) },
  });
  assert.equal(
    report.nodeOutcomes.map(({ status }) => status),
    ['failed', 'failed'],
  );
});

test('see the inputs of a node in the items of a fan-out, with item and index', async (lab) => {
  const { report } = await lab.finish(
    [node('f', { forEach: { $ref: 'inputs.list' }, inputs: { k: { $ref: 'inputs.k' } } })],
    {
      inputs: { list: ['p', 'q'], k: 1 },
      does: {
        '*': ({ item, index, inputs, nodeId, idempotencyKey, runId }) => [
          item!,
          index!,
          inputs.k,
          nodeId,
          idempotencyKey === `${runId}/${nodeId}`,
        ],
      },
    },
  );
  assert.equal(report.outputs['f'], [
    ['p', 0, 1, 'f[0]', true],
    ['q', 1, 1, 'f[1]', true],
  ]);
});

test('in the form of Dagger give outputs, or what they have put into the cache, or fail', async (lab) => {
  const old = [
    fromDaggerAction('outputs', async () => ({ success: true, outputs: { n: 1 } })),
    fromDaggerAction('cached', async (_, { id, inputs, action: name }, cache) =>
      cache.insertValue(id, 'seen', [inputs['x'], name]),
    ),
    fromDaggerAction('nothing', async () => undefined),
    fromDaggerAction('failing', async () => ({ success: false, outputs: 1 })),
    fromDaggerAction('throwing', async () => fail('broken')({} as never) as never),
  ];
  const { report, run } = await lab.finish(
    old.map(({ name }) => ({ id: name, action: name, inputs: { x: 7 } })),
    { actions: old },
  );
  assert.equal({ ...report.outputs }, { outputs: { n: 1 }, cached: { seen: [7, 'cached'] }, nothing: null });
  assert.equal([run.snapshot.node('failing')!.status, run.snapshot.node('throwing')!.status], ['failed', 'failed']);
});

test('of any other form may give an object with success: false', async (lab) => {
  const { report } = await lab.finish(['a'], { does: { a: () => ({ success: false }) } });
  assert.ok(report.success);
});

test('are not started twice for one Observable, and not subscribed after it has ended', async (lab) => {
  let subscribed = 0;
  await lab.finish(['a'], {
    does: {
      a: () =>
        new Observable((subscriber) => {
          subscribed++;
          subscriber.next(1);
          subscriber.complete();
          subscriber.next(2);
          subscriber.error(new Error('too late'));
        }),
    },
  });
  assert.is(subscribed, 1);
});

test("leave their outputs in the run's cache under the node's id", async (lab) => {
  let seen: unknown;
  await lab.finish(['obj', 'num', node('z: obj num')], {
    does: {
      obj: () => ({ rows: [1], n: 2 }),
      num: () => 7,
      z: ({ cache }) => {
        seen = [
          cache.getInput('obj', 'rows'),
          cache.getInput('obj', 'n'),
          cache.getInput('num', 'value'),
          cache.hasValue('obj', 'rows'),
          cache.hasValue('obj', 'nobody'),
        ];
      },
    },
  });
  assert.equal(seen, [[1], 2, 7, true, false]);
});

test('are registered once each, under names that are not built in', () => {
  const one = action('one', () => 1);
  const registry = new ActionRegistry();
  assert.is(
    registry.register(
      one,
      action('two', () => 2),
    ),
    registry,
  );
  assert.equal(registry.list(), ['one', 'two']);
  assert.ok(registry.has('one') && !registry.has('three'));
  assert.is(registry.get('one'), one);
  assert.is(registry.get('toString'), undefined);
  for (const name of ['one', 'dag', 'human.input'])
    assert.throws(
      () => registry.register(action(name, () => 1)),
      (error: unknown) => error instanceof DagError,
    );
  for (const name of ['', 'a\nb', 7])
    assert.throws(
      () => action(name as string, () => 1),
      (error: unknown) => error instanceof DagError,
    );
  assert.throws(
    () => action({ name: 'x', execute: 7 as never }),
    (error: unknown) => error instanceof DagError,
  );
  assert.is(one.version, '1');
});

test('that are unregistered when their node starts fail it', async (lab) => {
  const registry = new ActionRegistry().register(action('here', () => 1));
  const run = lab
    .executor({ executor: { registry: { get: () => undefined, has: () => true, list: () => ['here'] } as never } })
    .start({ name: 'g', nodes: [{ id: 'a', action: 'here' }] });
  assert.ok(registry.has('here'));
  const report = await lab.time.until(run);
  assert.match(report.nodeOutcomes[0]!.finalError!.message, 'here');
});

test.run();
