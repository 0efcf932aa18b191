import * as t from 'io-ts';
import { NEVER, Observable, from, of, range, throwError } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  action,
  cancelRun,
  pauseBranch,
  setConcurrency,
  type Execute,
  type Json,
  type NodeContext,
} from '../../lib/index.js';
import { fail } from '../support/executor.js';
import { bomb, ends, ofType, play, playOut, sleep, tidy, turns } from './play.js';

// What actions may do that no action should. Each case: the node ends, its sibling and the process are well.
const test = suite('faults: actions');

const boom = fail('boom') as () => never;
const thrown = (error: unknown) => (): never => {
  throw error;
};
const circular = (): Error => {
  const error: Error & { cause?: unknown; data?: unknown } = new Error('cyclic');
  error.cause = error;
  error.data = { error };
  return error;
};

/** Runs `bad` beside `good`, and gives what became of it. */
const outcomeOf = async (execute: Execute<any, any>, spec: object = {}, config: object = {}) => {
  const { report, events, run } = await playOut(
    [{ id: 'bad', action: 'bad', ...spec }, 'after: bad', 'good', 'end: good'],
    {
      actions: { bad: execute },
      config: { graceMs: 20, ...config },
    },
  );
  const [bad, after, good, end] = report.nodeOutcomes;
  assert.equal([good!.status, end!.status], ['succeeded', 'succeeded'], 'the sibling was hurt');
  assert.is(after!.status, bad!.status === 'succeeded' ? 'succeeded' : 'skipped');
  return {
    report,
    events,
    run,
    status: bad!.status,
    output: report.outputs['bad'],
    error: bad!.finalError?.cause ?? bad!.finalError,
  };
};

// ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const errors: Readonly<Record<string, readonly [make: () => unknown, message: RegExp]>> = {
  undefined: [() => undefined, /undefined/],
  null: [() => null, /null/],
  'a symbol': [() => Symbol('sign'), /sign/],
  'a bigint': [() => 10n, /10/],
  'a text': [() => 'just text', /just text/],
  'an empty text': [() => '', /^$/],
  'a function': [() => boom, /./],
  'an error that causes itself': [circular, /cyclic/],
  'an object': [() => ({ code: 42 }), /42/],
  'an error without a prototype': [() => Object.assign(Object.create(null), { message: 'bare' }), /bare/],
  'an error whose message throws': [() => Object.defineProperty(new Error('x'), 'message', { get: boom }), /./],
  'a proxy that throws': [() => bomb(), /./],
  'an error with a huge message': [() => new Error('x'.repeat(1_000_000)), /^x+$/],
  'a long chain of causes': [
    () => Array.from({ length: 1_000 }).reduce<Error>((cause) => new Error('link', { cause }), new Error('last')),
    /link/,
  ],
};
const ways: Readonly<Record<string, (error: () => unknown) => Execute<any, any>>> = {
  thrown: (error) => () => thrown(error())(),
  rejected: (error) => async () => thrown(error())(),
  'rejected by a thenable': (error) => () => ({ then: (_: unknown, no: (e: unknown) => void) => no(error()) }) as never,
  'sent by an Observable': (error) => () => throwError(error),
  'thrown by an iterable': (error) =>
    async function* () {
      yield 1;
      thrown(error())();
    },
  'left in a task': (error) => () => async () => ({ _tag: 'Left', left: error() }) as never,
};

for (const [what, [make, message]] of Object.entries(errors))
  for (const [way, execute] of Object.entries(ways))
    test(`${what}, ${way}, is the node's error`, () =>
      tidy(async () => {
        const { status, error, events } = await outcomeOf(execute(make));
        assert.is(status, 'failed');
        assert.match(error!.message, message);
        assert.ok(JSON.stringify(ofType(events, 'NodeFailed')[0]).length < 200_000);
      }));

// ── outputs ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const loop: Record<string, unknown> = {};
loop['loop'] = loop;
const sparse = [1, , 3];

const refused: Readonly<Record<string, () => unknown>> = {
  'a proxy that throws': () => bomb(),
  'a getter that throws': () => ({ get a() { return boom(); } }), // prettier-ignore
  'a toJSON that throws': () => ({ toJSON: boom }),
  'a toJSON that gives itself': () => {
    const self = { toJSON: () => self };
    return self;
  },
  'a Map': () => new Map([[1, 2]]),
  'a Set inside': () => ({ a: [new Set()] }),
  'a bigint': () => 10n,
  'a symbol': () => Symbol('s'),
  'a circular value': () => loop,
  NaN: () => NaN,
  'Infinity inside': () => ({ a: [Infinity] }),
  'a function inside': () => ({ a: boom }),
  'a typed array': () => new Uint8Array(4),
  'a generator': () => (function* () { yield 1; })(), // prettier-ignore
};
for (const [what, make] of Object.entries(refused))
  for (const way of ['returned', 'resolved', 'emitted', 'progressed'])
    test(`${what}, ${way}, fails the node`, () =>
      tidy(async () => {
        const execute: Execute<any, any> = ({ progress }) =>
          way === 'returned'
            ? make()
            : way === 'resolved'
              ? new Promise((resolve) => resolve(make() as never))
              : way === 'emitted'
                ? from([make(), 1])
                : progress(make() as Json);
        const { status, error, report } = await outcomeOf(execute, {
          tryCount: way === 'progressed' ? 1 : 3,
          retry: { type: 'Immediate' },
        });
        assert.is(status, 'failed');
        assert.ok(error!.message.length < 1_000);
        // What throws while it is copied may do better the next time; what JSON can't hold will not.
        if (!what.includes('throws')) assert.is(report.nodeOutcomes[0]!.attempts, 1);
      }));

const taken: Readonly<Record<string, readonly [make: () => unknown, output: unknown]>> = {
  nothing: [() => undefined, null],
  holes: [() => sparse, [1, null, 3]],
  'a date': [() => new Date(0), '1970-01-01T00:00:00.000Z'],
  'undefined inside': [() => ({ a: undefined, b: [undefined] }), { a: null, b: [null] }],
  'an own __proto__': [
    () => JSON.parse('{"__proto__":{"admin":true},"constructor":1}'),
    JSON.parse('{"__proto__":{"admin":true},"constructor":1}'),
  ],
  'no prototype': [() => Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  'an instance': [() => new (class Point { x = 1; })(), { x: 1 }], // prettier-ignore
  'minus zero': [() => -0, 0],
  'a text': [() => 'text', 'text'],
  'an odd text': [() => '\0\ud800\u202e', '\0\ud800\u202e'],
  'a proxy': [() => new Proxy({ a: 1 }, {}), { a: 1 }],
};
for (const [what, [make, output]] of Object.entries(taken))
  test(`an output of ${what} is a value as JSON has it`, async () => {
    const result = await outcomeOf(make as never);
    assert.is(result.status, 'succeeded');
    assert.is(JSON.stringify(result.output), JSON.stringify(output));
    if (typeof result.output === 'object' && result.output !== null && !Array.isArray(result.output))
      assert.is((result.output as { admin?: unknown }).admin, undefined, 'the prototype was set');
  });

test('a list of a billion holes is refused', async () => {
  const { status, error } = await outcomeOf(() => Object.assign([], { length: 1e9 }));
  assert.is(status, 'failed');
  assert.match(error!.message, 'values');
});

test('a huge text is an output like any other', async () => {
  const { output, status } = await outcomeOf(() => 'x'.repeat(50_000_000));
  assert.is(status, 'succeeded');
  assert.is((output as string).length, 50_000_000);
});

// ── things that settle badly ────────────────────────────────────────────────────────────────────────────────────────

const never = (): Promise<never> => new Promise(() => undefined);

test('a thenable that settles twice settles once', () =>
  tidy(async () => {
    const twice = (...values: unknown[]) => ({ then: (yes: (v: unknown) => void) => values.forEach(yes) });
    for (const [given, output] of [
      [twice(1, 2), 1],
      [twice(of(1), 2), undefined],
      [{ then: (yes: (v: number) => void, no: (e: unknown) => void) => (yes(1), no(new Error('late'))) }, 1],
    ] as const) {
      const { events, ...result } = await outcomeOf(() => given as never);
      if (output !== undefined) assert.is(result.output, output);
      assert.is(
        events.filter(
          (event) => /^Node(Succeeded|Failed)$/.test(event.type) && 'nodeId' in event && event.nodeId === 'bad',
        ).length,
        1,
      );
    }
  }));

test('a thenable whose then throws, or can not be read, fails the node', () =>
  tidy(async () => {
    const odd = [{ then: boom }, { get then() { return boom(); } }, { then: (yes: (v: number) => void) => (yes(1), boom()) }]; // prettier-ignore
    const results = [];
    for (const given of odd) results.push((await outcomeOf(() => given as never)).status);
    assert.equal(results.slice(0, 2), ['failed', 'failed']);
    assert.is(results[2], 'succeeded', 'it had settled before');
  }));

test('a thenable that resolves with itself ends', () =>
  tidy(async () => {
    const self = { then: (yes: (v: unknown) => void) => yes(self) };
    assert.is((await outcomeOf(() => self as never)).status, 'failed');
  }));

test('functions that are no tasks fail the node', () =>
  tidy(async () => {
    for (const task of [
      () => 42,
      () => undefined,
      boom,
      async () => 42,
      async () => null,
      async () => bomb(),
      () => ({ then: boom }),
    ]) {
      const { status } = await outcomeOf(() => task as never);
      assert.is(status, 'failed');
    }
  }));

test('a rejection after the timeout changes nothing', () =>
  tidy(async () => {
    const late = (): Promise<never> => sleep(60).then(boom);
    const { status, error, events, run } = await outcomeOf(late, { timeoutMs: 10 });
    assert.is(status, 'failed');
    assert.match(error!.message, 'Timeout after 10ms');
    const { length } = events;
    await sleep(60);
    assert.is(events.length, length);
    assert.is(run.snapshot.seq, length);
  }));

test('an action that ignores its signal is given up after the grace time', async () => {
  const { run, end, events } = play(['good', { id: 'bad', action: 'bad' }], {
    actions: { bad: never },
    config: { graceMs: 30 },
  });
  await turns();
  const before = performance.now();
  const report = await run.cancel();
  assert.ok(performance.now() - before >= 28, 'it was not waited for');
  assert.is(ends(report), 'good succeeded, bad cancelled');
  assert.is(ofType(events, 'NodeCancelled')[0]!.abandoned, true);
  await end();
});

test('progress after the end is not heard', async () => {
  let kept: NodeContext | undefined;
  const { events, run } = await outcomeOf((ctx) => void (kept = ctx));
  const { length } = events;
  kept!.progress(1);
  kept!.progress(NaN);
  await turns();
  assert.is(events.length, length);
  assert.is(run.snapshot.seq, length);
  assert.not(kept!.signal.aborted);
});

test('an Observable that never completes is ended by its timeout, at once', async () => {
  let torn = 0;
  const open = new Observable<number>((subscriber) => {
    subscriber.next(1);
    return () => torn++;
  });
  const { status, report } = await outcomeOf(() => open, { timeoutMs: 15 }, { graceMs: 5_000 });
  assert.equal([status, torn], ['failed', 1]);
  assert.ok(report.durationMs < 2_000, 'the grace time was waited for');
  assert.is((await outcomeOf(() => NEVER, { idleTimeoutMs: 15 }, { graceMs: 5_000 })).status, 'failed');
});

test('an Observable of 100,000 values, all at once', async () => {
  const { output, events } = await outcomeOf(() => range(1, 100_000));
  assert.is(output, 100_000);
  assert.is(ofType(events, 'NodeProgressed').length, 100_000);
});

test('an async iterable of 10,000 values', async () => {
  const { output, events } = await outcomeOf(async function* () {
    for (let i = 1; i <= 10_000; i++) yield i;
  });
  assert.is(output, 10_000);
  assert.is(ofType(events, 'NodeProgressed').length, 10_000);
});

test('an Observable that errors or throws at once fails its node', () =>
  tidy(async () => {
    const sync = new Observable<number>((subscriber) => {
      subscriber.next(1);
      subscriber.error(new Error('at once'));
      subscriber.next(2);
    });
    for (const given of [sync, new Observable<number>(boom)]) {
      const { status, events } = await outcomeOf(() => given);
      assert.is(status, 'failed');
      assert.ok(ofType(events, 'NodeProgressed').length <= 1);
    }
  }));

const iterators: Readonly<Record<string, () => object>> = {
  'whose next throws': () => ({ next: boom }),
  'whose second next throws': () => {
    let n = 0;
    return { next: () => (n++ === 0 ? Promise.resolve({ done: false, value: 1 }) : boom()) };
  },
  'that rejects': () => ({ next: () => Promise.reject(new Error('boom')) }),
  'that rejects with nothing': () => ({ next: () => Promise.reject(undefined) }),
  'that gives no result': () => ({ next: async () => undefined }),
  'whose result throws': () => ({ next: async () => bomb() }),
  'without next': () => ({}),
};
for (const [what, iterator] of Object.entries(iterators))
  test(`an async iterable ${what} fails its node`, () =>
    tidy(async () => {
      const { status } = await outcomeOf(() => ({ [Symbol.asyncIterator]: iterator }) as never);
      assert.is(status, 'failed');
    }));

test('an async iterable whose return hangs, throws or is missing is given up after the grace time', () =>
  tidy(async () => {
    const closings = [
      { return: never },
      { return: boom },
      {},
      { return: () => 42 },
      { return: () => Promise.reject(new Error('x')) },
    ];
    for (const closing of closings) {
      const iterable = { [Symbol.asyncIterator]: () => ({ next: never, ...closing }) };
      const { status, error } = await outcomeOf(() => iterable as never, { timeoutMs: 10 });
      assert.is(status, 'failed');
      assert.match(error!.message, 'Timeout after 10ms');
    }
  }));

test('a signal handler that dispatches commands is answered, each of them', async () => {
  const answers: string[] = [];
  const { run, end, events } = play(['good', 'x: good', { id: 'bad', action: 'bad' }], {
    actions: {
      bad: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            for (const command of [
              setConcurrency(1),
              pauseBranch('x'),
              cancelRun(),
              { type: 'UpdateMetrics', metrics: { n: 1 } } as const,
            ])
              void run
                .dispatch(command)
                .then((answer) => answers.push(answer._tag === 'Right' ? 'granted' : answer.left.type));
            reject(signal.reason as Error);
          });
        }),
    },
  });
  await turns();
  const report = await run.cancel();
  await end();
  await turns();
  assert.is(report.status, 'cancelled');
  assert.equal(answers, ['RunCancelling', 'RunCancelling', 'RunCancelling', 'granted']);
  assert.is(ofType(events, 'RunCancelling').length, 1);
});

test('an action that cancels its own run from inside ends cancelled', async () => {
  const { run, end } = play([{ id: 'bad', action: 'bad' }, 'x: bad'], {
    actions: {
      bad: async () => {
        void run.cancel('from inside');
        return 1;
      },
    },
  });
  const report = await end();
  assert.is(report.status, 'cancelled');
  assert.is(report.error, 'from inside');
});

test('codecs that throw, or give garbage, fail the node and nothing else', () =>
  tidy(async () => {
    const odd = (over: object): t.Type<any, any, any> =>
      Object.assign(new t.Type<any>('odd', t.string.is, t.string.validate, t.identity), over);
    const broken = [{ decode: boom }, { decode: () => undefined }, { decode: () => bomb() }, { validate: boom }];
    for (const over of broken) {
      const { report } = await playOut(['good', { id: 'bad', action: 'bad' }], {
        made: [action({ name: 'bad', input: odd(over), execute: () => 1 })],
      });
      assert.is(ends(report), 'good succeeded, bad failed');
    }
    for (const over of [
      { is: boom },
      { is: () => true, encode: boom },
      { is: () => true, encode: () => 1n },
      { is: () => false, decode: boom },
    ]) {
      const { report } = await playOut(['good', { id: 'bad', action: 'bad' }], {
        made: [action({ name: 'bad', output: odd(over), execute: () => 1 })],
      });
      assert.is(ends(report), 'good succeeded, bad failed');
    }
  }));

test.run();
