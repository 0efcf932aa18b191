import { Subscriber } from 'rxjs';
import type { Observable } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addNode, type ExecutionEvent, type ExecutorSnapshot, type Hook, type HookContext } from '../../lib/index.js';
import { fail } from '../support/executor.js';
import { chain, ofType, play, playOut, strays, tidy, turns } from './play.js';

const test = suite('faults: subscribers');

const boom = fail('boom') as () => never;

for (const source of ['event$', 'snapshot$', 'eventsFrom'] as const)
  test(`a subscriber that throws takes nothing from others: ${source}`, async () => {
    const seen: number[] = [];
    const found = await strays(async () => {
      const { run, end, events } = play(chain(5));
      const stream: Observable<{ readonly seq: number }> = source === 'eventsFrom' ? run.eventsFrom(1) : run[source];
      stream.subscribe(boom);
      stream.subscribe({ next: () => undefined, complete: boom });
      stream.subscribe(({ seq }) => seen.push(seq));
      const report = await end();
      assert.ok(report.success);
      if (source !== 'snapshot$')
        assert.equal(
          seen,
          events.map(({ seq }) => seq),
        );
      else assert.is(seen.at(-1), events.length);
    });
    assert.ok(found.length > 0, 'RxJS tells of it, later');
    assert.ok(found.every((error) => (error as Error).message === 'boom'));
  });

test("a Subscriber of one's own that throws does not reach the engine", async () => {
  const found = await strays(async () => {
    const { run, end } = play(chain(5));
    run.event$.subscribe(
      new (Subscriber as new (observer: object) => Subscriber<unknown>)({ next: boom, error: boom, complete: boom }),
    );
    assert.ok((await end()).success);
  });
  assert.ok(found.every((error) => (error as Error).message === 'boom'));
});

test('an abort listener that throws is reported by the platform, and the node ends all the same', async () => {
  const found = await strays(async () => {
    const { report } = await playOut([{ id: 'a', action: 'bad', timeoutMs: 10 }], {
      actions: {
        bad: ({ signal }) =>
          new Promise(() => {
            signal.addEventListener('abort', boom);
          }),
      },
      config: { graceMs: 10 },
    });
    assert.is(report.status, 'failed');
  });
  assert.equal(found.map(String), ['Error: boom']);
});

test('an iteration that throws in its body stops, and the run goes on', () =>
  tidy(async () => {
    const { run, end } = play(chain(5));
    const iterate = async (): Promise<void> => {
      for await (const { seq } of run) if (seq === 3) boom();
    };
    await iterate().then(
      () => assert.unreachable('it went on'),
      (error: Error) => assert.is(error.message, 'boom'),
    );
    assert.ok((await end()).success);
  }));

// ── nothing that is published can be changed ────────────────────────────────────────────────────────────────────────

/** The paths in a value that are not frozen. */
const loose = (value: unknown, path: string): readonly string[] =>
  typeof value !== 'object' || value === null
    ? []
    : [
        ...(Object.isFrozen(value) ? [] : [path]),
        ...Object.entries(value).flatMap(([key, inner]) => loose(inner, `${path}.${key}`)),
      ];

/** A run in which nearly every type of event happens. */
const eventful = async (hooks: readonly Hook[] = []) => {
  const nested = { list: [{ deep: { deeper: 1 } }] };
  const { run, executor, end, events } = play(
    [
      { id: 'a', action: 'progress', inputs: nested, outputs: [{ name: 'x' }] },
      { id: 'items', action: 'work', forEach: { $ref: 'a.list' } },
      { id: 'bad', action: 'bad', tryCount: 2, retry: { type: 'Immediate' }, failureAction: 'work' },
      'after bad: bad',
      { id: 'w', action: 'human.input' },
      { id: 'skip', action: 'work', when: { $ref: 'a.no' } },
    ],
    {
      actions: {
        progress: ({ progress }) => {
          progress(nested);
          return { ...nested, no: false };
        },
        bad: () => {
          throw Object.assign(new Error('bad', { cause: new Error('cause') }), { data: nested });
        },
      },
      hooks,
      config: { pools: { p: 1 } },
    },
  );
  await turns(5);
  await run.dispatch(addNode({ id: 'w', action: 'work', inputs: nested }));
  await run.dispatch({ type: 'AddNodes', specs: [{ id: 'x', action: 'work', inputs: nested, pool: 'p' }] });
  await run.dispatch({ type: 'SetNodeInputs', nodeId: 'after bad', inputs: nested });
  await run.dispatch({ type: 'UpdateMetrics', metrics: { n: 1 } });
  await run.dispatch({ type: 'EmitEvent', name: 'x', payload: nested });
  await run.dispatch({ type: 'PauseBranch', branchId: 'w' });
  await run.dispatch({ type: 'ResumeBranch', branchId: 'w' });
  await run.dispatch({ type: 'RetryNode', nodeId: 'bad' });
  await run.dispatch({ type: 'ProvideInput', nodeId: 'w', value: nested });
  const report = await end();
  return { run, executor, events, report };
};

test('events are frozen to the bottom', async () => {
  const { events } = await eventful();
  assert.ok(new Set(events.map(({ type }) => type)).size >= 17, [...new Set(events.map(({ type }) => type))].join());
  assert.equal(
    events.flatMap((event) => loose(event, event.type)),
    [],
  );
});

test('what a command was made of can be changed afterwards without changing the log', async () => {
  const { run, end, events } = play([{ id: 'w', action: 'human.input' }]);
  const inputs = { list: [1, 2] };
  const spec = { id: 'x', action: 'work', deps: ['w'], inputs };
  await run.dispatch(addNode(spec));
  inputs.list.push(3);
  spec.deps.push('nowhere');
  assert.equal(run.snapshot.node('x')!.deps, ['w']);
  await run.dispatch({ type: 'ProvideInput', nodeId: 'w', value: 1 });
  await end();
  assert.equal(ofType(events, 'NodeAdded')[0]!.node.inputs, { list: [1, 2] });
});

test('an output is copied: changing it afterwards changes nothing', async () => {
  const output = { rows: [1] };
  const { report } = await playOut(
    [
      { id: 'a', action: 'give' },
      { id: 'b', action: 'take', inputs: { rows: { $ref: 'a.rows' } } },
    ],
    {
      actions: {
        give: () => {
          setTimeout(() => output.rows.push(2));
          return output;
        },
        take: ({ inputs }) => inputs.rows,
      },
    },
  );
  await turns();
  assert.equal(report.outputs['a'], { rows: [1] });
  assert.equal(report.outputs['b'], [1]);
});

/** Everything that one could try to change on a snapshot. */
const vandalise = (snapshot: ExecutorSnapshot): readonly string[] => {
  const done: string[] = [];
  const attempt = (what: string, change: () => void): void => {
    try {
      change();
      done.push(what);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  };
  attempt('seq', () => Object.assign(snapshot, { seq: 99 }));
  attempt('status', () => Object.assign(snapshot, { status: 'failed' }));
  for (const node of snapshot.nodes()) {
    attempt('node.status', () => Object.assign(node, { status: 'failed' }));
    attempt('node.spec', () => Object.assign(node.spec, { action: 'other' }));
    if (typeof node.output === 'object') attempt('node.output', () => Object.assign(node.output as object, { x: 1 }));
    (node.deps as string[]).push('vandal'); // made for whoever asks
  }
  Object.assign(snapshot.counts, { running: 99 });
  Object.assign(snapshot.metrics, { retries: 99 });
  attempt('metrics.custom', () => Object.assign(snapshot.metrics.custom, { x: 1 }));
  return done;
};

test('a snapshot can not be changed, by whomever', async () => {
  const { run } = await eventful();
  const text = JSON.stringify(run.snapshot);
  assert.equal(vandalise(run.snapshot), []);
  assert.is(JSON.stringify(run.snapshot), text);
});

test('snapshots stay as they were while the run goes on', async () => {
  const { run, end } = play(chain(50));
  const kept: { readonly snapshot: ExecutorSnapshot; readonly text: string }[] = [];
  run.snapshot$.subscribe((snapshot) => kept.push({ snapshot, text: JSON.stringify(snapshot) }));
  await end();
  assert.ok(kept.length > 50);
  for (const { snapshot, text } of kept) assert.is(JSON.stringify(snapshot), text);
});

test('a hook that tries to change what it is shown fails by itself', async () => {
  const vandals: Readonly<Record<string, (ctx: HookContext, event: ExecutionEvent) => void>> = {
    event: (_, event) => void Object.assign(event, { seq: 99 }),
    'event, inside': (_, event) => event.type === 'RunStarted' && void (event.definition.nodes as unknown[]).pop(),
    snapshot: (ctx) => void Object.assign(ctx.snapshot(), { seq: 99 }),
    context: (ctx) => void Object.assign(ctx, { runId: 'other' }),
    'node adder': (ctx) => void Object.assign(ctx.nodeAdder, { addNode: boom }),
  };
  for (const [what, onEvent] of Object.entries(vandals)) {
    const { report } = await playOut(['a', 'b: a'], { hooks: [{ name: 'h', onEvent }] });
    assert.ok(report.success, what);
    assert.is(report.hookFailures[0]?.error.name, 'TypeError', what);
  }
});

test('an action can not change the inputs of others', async () => {
  const { report } = await playOut(
    [
      { id: 'a', action: 'vandal', inputs: { x: { y: 1 } } },
      { id: 'b', action: 'read', deps: ['a'], inputs: { given: { $ref: 'inputs.given' } } },
    ],
    {
      inputs: { given: { y: 1 } },
      actions: {
        vandal: ({ inputs, cache }) => {
          try {
            inputs.x.y = 2;
          } catch {
            // It is frozen.
          }
          cache.insertValue('inputs', 'given', { y: 3 });
          return 1;
        },
        read: ({ inputs }) => inputs.given.y,
      },
    },
  );
  assert.equal({ ...report.outputs }, { a: 1, b: 1 });
});

test.run();
