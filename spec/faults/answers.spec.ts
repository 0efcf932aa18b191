import { EMPTY, NEVER, Observable, concat, map, of, throwError } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  DagError,
  ofType as only,
  updateMetrics,
  type ExecutionEvent,
  type Hook,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { fail } from '../support/executor.js';
import { bomb, ends, ofType, play, playOut, tidy, turns } from './play.js';

// What hooks and gates may answer with that is no answer. None of it may hurt another hook, the run or the process.
const test = suite('faults: answers');

const boom = fail('boom') as () => never;
const metric = updateMetrics({ good: 1 });
const getter = (key: string): object =>
  Object.defineProperty({ type: 'RetryNode' }, key, { enumerable: true, get: boom });
const deep = (): unknown => {
  let nested: unknown = null;
  for (let i = 0; i < 100_000; i++) nested = { nested };
  return nested;
};

/** Each is made anew for each answer. */
const garbage: Readonly<Record<string, () => unknown>> = {
  '42': () => 42,
  'a text': () => 'x',
  true: () => true,
  NaN: () => NaN,
  'a symbol': () => Symbol('s'),
  'a function': () => () => metric,
  'an unknown command': () => ({ type: 'Bogus' }),
  'a command without its fields': () => ({ type: 'RetryNode' }),
  'an empty object': () => ({}),
  'a list with holes': () => [, metric, ,],
  'a list of garbage': () => [1, null, 'x'],
  'a list in a list': () => [[metric]],
  'a thenable that throws': () => ({ then: boom }),
  'a thenable whose getter throws': () => Object.defineProperty({}, 'then', { get: boom }),
  'a Promise of garbage': () => Promise.resolve(42),
  'a Promise of what throws when read': () => Promise.resolve(getter('type')),
  'a Promise that rejects with what throws': () => Promise.reject(bomb()),
  'a Promise that rejects with nothing': () => Promise.reject(undefined),
  'a thenable that does everything twice': () => ({
    then: (yes: (value: unknown) => void, no: (error: unknown) => void) => (
      no(new Error('first')),
      yes(metric),
      no(new Error('second'))
    ),
  }),
  'a command whose type throws': () => getter('type'),
  'a command whose field throws': () => getter('nodeId'),
  'a proxy that throws': () => bomb(),
  'a deep command': () => ({ type: 'EmitEvent', name: 'x', payload: deep() }),
  'a stream that errors after some commands': () =>
    concat(
      of(metric, metric),
      throwError(() => new Error('late')),
    ),
  'a stream that errors with what throws': () => throwError(() => bomb()),
  'a stream of garbage': () => of(42, null, undefined, 'x', bomb()),
  'a stream that throws on subscription': () => new Observable(boom),
  'an async iterable that throws': async function* () {
    yield metric;
    boom();
  },
  'an async iterable that can not be opened': () => ({ [Symbol.asyncIterator]: boom }),
  'an async iterable that gives garbage for ever': () => ({ [Symbol.asyncIterator]: () => ({ next: async () => 5 }) }),
};

/** As an answer of a method, and as what an operator emits. */
const forms: Readonly<Record<string, (make: () => unknown) => Hook>> = {
  onNodeComplete: (make) => ({
    name: 'h',
    onNodeComplete: (_, { nodeId }) => (nodeId === 'a' ? (make() as never) : undefined),
  }),
  onStart: (make) => ({ name: 'h', onStart: () => make() as never }),
  'an operator': (make) =>
    Object.assign(
      (event$: Observable<ExecutionEvent>) =>
        event$.pipe(
          only('RunStarted'),
          map(() => make() as never),
        ),
      { hookName: 'h' },
    ),
};

for (const [what, make] of Object.entries(garbage))
  for (const [form, hook] of Object.entries(forms)) {
    // A Promise among an operator's commands is no answer: nobody handles its rejection.
    if (form === 'an operator' && what.startsWith('a Promise that rejects')) continue;
    test(`a hook that answers with ${what} is told of, and hurts nobody: ${form}`, () =>
      tidy(async () => {
        const seen: number[] = [];
        const { report, events } = await playOut(['a', 'b: a'], {
          hooks: [hook(make), { name: 'good', onEvent: (_, { seq }) => void seen.push(seq) }],
          config: { hookTimeoutMs: 100, commandBudget: 50 },
        });
        assert.is(ends(report), 'a succeeded, b succeeded');
        const told = [
          ...ofType(events, 'HookFailed').map((event) => event.hook),
          ...ofType(events, 'CommandRefused').map(({ by }) => by),
        ];
        assert.ok(told.length > 0 && told.every((name) => name === 'h'), `told: ${told.join()}`);
        assert.equal(
          seen,
          events.map(({ seq }) => seq),
        );
        assert.not(
          report.hookFailures.some(({ error }) => error.name === 'TimeoutError'),
          'it was waited for although it had failed',
        );
      }));
  }

test('commands before the fault count', () =>
  tidy(async () => {
    for (const what of ['a stream that errors after some commands', 'an async iterable that throws']) {
      const { report } = await playOut(['a'], { hooks: [forms['onNodeComplete']!(garbage[what]!)] });
      assert.equal(report.metrics.custom, { good: 1 }, what);
      assert.is(report.hookFailures.length, 1);
    }
  }));

test('a list in which something is no command is refused as a whole', async () => {
  const { report } = await playOut(['a'], { hooks: [forms['onNodeComplete']!(() => [metric, 42])] });
  assert.equal(report.metrics.custom, {});
  assert.match(report.hookFailures[0]!.error.message, '42');
});

const operators: Readonly<Record<string, () => unknown>> = {
  throws: boom,
  'throws what throws': () => {
    throw bomb();
  },
  'gives 42': () => 42,
  'gives nothing': () => undefined,
  'gives a proxy that throws': () => bomb(),
  'gives a stream that errors at once': () => throwError(() => new Error('boom')),
};
for (const [how, make] of Object.entries(operators))
  test(`an operator that ${how} is told of, and hurts nobody`, () =>
    tidy(async () => {
      const { report, events } = await playOut(['a', 'b: a'], {
        hooks: [Object.assign(make, { hookName: 'h' }) as never],
      });
      assert.ok(report.success);
      assert.equal(
        report.hookFailures.map(({ hook }) => hook),
        ['h'],
      );
      assert.is(events[0]!.type, 'RunStarted');
    }));

test('methods that are none, or can not be read, fail as hooks do', () =>
  tidy(async () => {
    const unreadable = Object.defineProperty({ name: 'h' }, 'onEvent', { get: boom });
    for (const hook of [{ name: 'h', onEvent: 42 }, unreadable]) {
      const { report } = await playOut(['a', 'b: a'], { hooks: [hook as never] });
      assert.ok(report.success);
      assert.ok(report.hookFailures.length > 0);
    }
  }));

for (const [what, hooks] of Object.entries({
  null: [null],
  '42': [42],
  'a text': ['x'],
  'no list': 42,
  'a number for a name': [{ name: 42 }],
  'a name that throws': [Object.defineProperty({}, 'name', { get: boom })],
}))
  test(`a hook that is none is wrong use: ${what}`, () => {
    const isTyped = (error: unknown): boolean => error instanceof DagError && error.type === 'InvalidOptions';
    assert.throws(() => play(['a'], { hooks: hooks as never }), isTyped);
    assert.throws(() => play(['a'], { executor: { hooks: hooks as never } }), isTyped);
  });

test('track heeds whatever it is given', () =>
  tidy(async () => {
    const given = [
      42,
      { then: boom },
      bomb(),
      undefined,
      null,
      throwError(() => new Error('boom')),
      NEVER,
      new Promise(() => undefined),
    ];
    const { report } = await playOut(['a', 'b: a'], {
      hooks: [
        {
          name: 'h',
          onStart: ({ track }) => {
            for (const work of given) {
              try {
                track(work as never, { timeoutMs: 20 }).subscribe({ error: () => undefined });
              } catch {
                // What can't be read may be thrown back at once.
              }
            }
            track(new Promise(() => undefined), { timeoutMs: NaN });
          },
        },
      ],
      config: { hookTimeoutMs: 30 },
    });
    assert.ok(report.success);
  }));

// ── gates ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const gates: Readonly<Record<string, () => unknown>> = {
  ...garbage,
  'a throw': boom,
  'a throw of what throws': () => {
    throw bomb();
  },
  'a Promise that never settles': () => new Promise(() => undefined),
  'a stream that never gives anything': () => NEVER,
  'inputs that are no record': () => ({ inputs: [1] }),
  'inputs that are a date': () => ({ inputs: new Date() }),
  'inputs that are a map': () => ({ inputs: new Map() }),
  'inputs that are null': () => ({ inputs: null }),
  'inputs that JSON can not hold': () => ({ inputs: { n: 1n } }),
  'inputs that throw': () => ({ inputs: bomb() }),
  'a skip that is no text': () => ({ skip: 1 }),
  'a skip whose output JSON can not hold': () => ({ skip: 'x', output: boom }),
  'a fail that throws': () => Object.defineProperty({}, 'fail', { get: boom }),
};
const gate = (make: () => unknown): SupervisorHookV2 => ({
  name: 'h',
  beforeNodeStart: (_, { id }) => (id === 'a' ? (make() as never) : undefined),
});

for (const [what, make] of Object.entries(gates))
  test(`a gate that answers with ${what} fails its node, and hurts nobody`, () =>
    tidy(async () => {
      let calls = 0;
      const { report } = await playOut(['a', 'b: a', 'c', 'd: c'], {
        actions: { work: () => calls++ },
        hooks: [gate(make)],
        config: { hookTimeoutMs: 100 },
      });
      assert.is(ends(report), 'a failed, b skipped, c succeeded, d succeeded');
      assert.is(calls, 2);
      assert.is(report.nodeOutcomes[0]!.attempts, 0);
      assert.ok(report.nodeOutcomes[0]!.finalError!.message.length > 0);
      assert.is(report.hookFailures[0]!.hook, 'h');
    }));

test('a gate that says nothing, now or later, lets the node start', async () => {
  for (const make of [
    () => undefined,
    () => null,
    () => Promise.resolve(),
    () => EMPTY,
    () => of('proceed'),
    () => 'proceed',
  ]) {
    const { report } = await playOut(['a', 'b: a'], { hooks: [gate(make)] });
    assert.ok(report.success);
  }
});

test('a gate that answers after its time changes nothing', async () => {
  let answer: ((value: unknown) => void) | undefined;
  const slow = gate(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const { run, end } = play(['a', { id: 'w', action: 'human.input' }], {
    hooks: [slow],
    config: { hookTimeoutMs: 15 },
  });
  while (run.snapshot.node('a')?.status !== 'failed') await turns(1);
  const { seq } = run.snapshot;
  answer!({ skip: 'too late' });
  await turns();
  assert.is(run.snapshot.seq, seq);
  await run.cancel();
  await end();
});

test.run();
