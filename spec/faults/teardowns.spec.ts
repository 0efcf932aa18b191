import { EMPTY, NEVER, Observable, finalize, map, mergeMap } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  cancelRun,
  compositeHook,
  emitEvent,
  ofType as only,
  type Gate,
  type Hook,
  type HookContext,
} from '../../lib/index.js';
import { fail } from '../support/executor.js';
import { ends, play, playOut, tidy, turns, type Scene } from './play.js';

// Observables whose teardown throws, whenever it runs. Nothing escapes, and the run goes on to its end.
const test = suite('faults: teardowns');

const boom = fail('teardown failed') as () => never;

/** Gives a value and ends, at once, later or never; its teardown throws. */
const torn = <T>(value: T, when: 'at once' | 'later' | 'errors' | 'never'): Observable<T> =>
  new Observable((subscriber) => {
    const end = (): void => {
      subscriber.next(value);
      if (when === 'errors') subscriber.error(new Error('the stream failed'));
      else subscriber.complete();
    };
    if (when === 'at once') end();
    else if (when !== 'never') setTimeout(end, 5);
    return boom;
  });

/** What only looks like an Observable; its subscription throws. */
const lookalike = (): Observable<never> =>
  ({ lift: () => undefined, subscribe: () => ({ unsubscribe: boom }) }) as never;

/** Plays a to its end, with b after it, and gives the end of each. */
const endsOf = async (scene: Scene, a: object = {}) => {
  const { report } = await playOut([{ id: 'a', action: 'a', ...a }, 'b: a', 'c'], {
    limitMs: 2_000,
    config: { hookTimeoutMs: 20, graceMs: 500 },
    ...scene,
    actions: { a: () => 1, ...scene.actions },
  });
  return { ends: ends(report), report };
};

const fine = 'a succeeded, b succeeded, c succeeded';
const lost = 'a failed, b skipped, c succeeded';

// ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

for (const [what, make] of Object.entries({ 'an Observable': () => torn(1, 'never'), 'a lookalike': lookalike })) {
  for (const limit of ['timeoutMs', 'idleTimeoutMs'])
    test(`an action's teardown after its ${limit}: ${what}`, () =>
      tidy(async () => {
        const { ends: got, report } = await endsOf({ actions: { a: make } }, { [limit]: 10 });
        assert.is(got, lost);
        assert.match(report.nodeOutcomes[0]!.finalError!.message, 'Timeout after 10ms');
      }));

  test(`an action's teardown as its run is cancelled: ${what}`, () =>
    tidy(async () => {
      const { run, end } = play([{ id: 'a', action: 'a' }, 'b: a'], { actions: { a: make }, limitMs: 2_000 });
      await turns();
      assert.is((await run.dispatch(cancelRun('enough')))._tag, 'Right');
      assert.is(ends(await end()), 'a cancelled, b cancelled');
    }));
}

test("an action's teardown when its value can't be taken", () =>
  tidy(async () => {
    const later = new Observable((subscriber) => {
      setTimeout(() => subscriber.next(1n), 5);
      return boom;
    });
    assert.is((await endsOf({ actions: { a: () => later } })).ends, lost);
  }));

test("an action's teardown as its stream ends", () =>
  tidy(async () => {
    for (const when of ['at once', 'later'] as const) {
      const { ends: got, report } = await endsOf({ actions: { a: () => torn(7, when) } });
      assert.is(got, fine);
      assert.is(report.outputs['a'], 7);
    }
    const { ends: got, report } = await endsOf({ actions: { a: () => torn(7, 'errors') } });
    assert.is(got, lost);
    assert.match(report.nodeOutcomes[0]!.finalError!.message, 'the stream failed');
  }));

// ── operators ───────────────────────────────────────────────────────────────────────────────────────────────────────

const operators: Readonly<Record<string, Hook>> = {
  'a stream that never ends': () => torn(emitEvent('x', 1), 'never'),
  'a stream that has ended': () => torn(emitEvent('x', 1), 'later'),
  'a subscription of its own': (event$) => {
    event$.pipe(finalize(boom)).subscribe();
    return NEVER;
  },
};
for (const [what, hook] of Object.entries(operators))
  test(`an operator's teardown: ${what}`, () =>
    tidy(async () => {
      let isOver = false;
      const last: Hook = (event$) => event$.pipe(mergeMap(() => EMPTY), finalize(() => (isOver = true))); // prettier-ignore
      const { ends: got, report } = await endsOf({ hooks: [hook, last] });
      assert.is(got, fine);
      assert.equal(report.hookFailures, []);
      assert.ok(isOver, 'another operator was not ended');
    }));

test("an operator's teardown as it is cut off", () =>
  tidy(async () => {
    const greedy: Hook = (event$) =>
      event$.pipe(
        only('RunStarted'),
        mergeMap(() => Array.from({ length: 9 }, () => emitEvent('x', 1))),
        finalize(boom),
      );
    const { ends: got, report } = await endsOf({ hooks: [greedy], config: { commandBudget: 3 } });
    assert.is(got, fine);
    assert.equal(
      report.hookFailures.map(({ error }) => error.name),
      ['BudgetExceeded'],
    );
  }));

// ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const methods = ['onStart', 'onEvent', 'onNodeStart', 'onNodeComplete', 'onComplete'] as const;
for (const method of methods) {
  test(`an answer's teardown after hookTimeoutMs: ${method}`, () =>
    tidy(async () => {
      const { ends: got, report } = await endsOf({
        hooks: [{ name: 'h', [method]: () => torn(emitEvent('x', 1), 'never') }],
      });
      assert.is(got, fine);
      assert.ok(report.hookFailures.every(({ error }) => error.name === 'TimeoutError'));
      assert.ok(report.hookFailures.length > 0);
    }));

  test(`an answer's teardown as it ends: ${method}`, () =>
    tidy(async () => {
      for (const when of ['at once', 'later'] as const) {
        let asked = false;
        const answer = () => (asked ? undefined : ((asked = true), torn(emitEvent('x', 1), when)));
        const { ends: got, report } = await endsOf({ hooks: [{ name: 'h', [method]: answer }] });
        assert.is(got, fine);
        assert.equal(report.hookFailures, []);
      }
    }));
}

// ── gates ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const gate = (make: () => Observable<Gate>): Hook => ({
  name: 'h',
  beforeNodeStart: (_, { id }) => (id === 'a' ? make() : undefined),
});

test("a gate's teardown as it answers", () =>
  tidy(async () => {
    for (const when of ['at once', 'later'] as const) {
      const { ends: got, report } = await endsOf({ hooks: [gate(() => torn('proceed', when))] });
      assert.is(got, fine);
      assert.equal(report.hookFailures, []);
    }
  }));

test("a gate's teardown after hookTimeoutMs", () =>
  tidy(async () => {
    const { ends: got, report } = await endsOf({ hooks: [gate(() => new Observable(() => boom))] });
    assert.is(got, lost);
    assert.equal(
      report.hookFailures.map(({ error }) => error.name),
      ['TimeoutError'],
    );
  }));

test('a gate that never stops answering is heard once', async () => {
  let given = 0;
  const endless = new Observable<Gate>((subscriber) => {
    for (; !subscriber.closed && given < 100; given++) subscriber.next('proceed');
  });
  assert.is((await endsOf({ hooks: [gate(() => endless)] })).ends, fine);
  assert.is(given, 1);
});

// ── parts of a hook ─────────────────────────────────────────────────────────────────────────────────────────────────

const part = (hook: Hook): Hook => compositeHook('both', hook, { name: 'other', onNodeComplete: () => undefined });

for (const [what, hook] of Object.entries(operators))
  test(`the teardown of a part that is an operator: ${what}`, () =>
    tidy(async () => {
      const { ends: got, report } = await endsOf({ hooks: [part(hook)] });
      assert.is(got, fine);
      assert.equal(report.hookFailures, []);
    }));

for (const when of ['at once', 'later'] as const)
  test(`the teardown of a part's answer and gate that end ${when}`, () =>
    tidy(async () => {
      let asked = false;
      const answer = () => (asked ? undefined : ((asked = true), torn(emitEvent('x', 1), when)));
      for (const hook of [{ name: 'h', onNodeComplete: answer }, gate(() => torn('proceed', when))]) {
        const { ends: got, report } = await endsOf({ hooks: [part(hook)] });
        assert.is(got, fine);
        assert.equal(report.hookFailures, []);
      }
    }));

// ── tracked work ────────────────────────────────────────────────────────────────────────────────────────────────────

const tracking = (track: (ctx: HookContext) => Observable<unknown>): Hook => ({
  name: 'h',
  onStart: (ctx) => void track(ctx).subscribe({ error: () => undefined }),
});
const timedOut: Readonly<Record<string, (ctx: HookContext) => Observable<unknown>>> = {
  "the work's": ({ track }) => track(torn(1, 'never')),
  "its subscriber's": ({ track }) => track(NEVER).pipe(finalize(boom)),
};
for (const [whose, track] of Object.entries(timedOut))
  test(`the teardown of tracked work after its time: ${whose}`, () =>
    tidy(async () => {
      const { ends: got, report } = await endsOf({ hooks: [tracking(track)] });
      assert.is(got, fine);
      assert.equal(
        report.hookFailures.map(({ error }) => error.name),
        ['TimeoutError'],
      );
    }));

test('the teardown of tracked work as it ends', () =>
  tidy(async () => {
    for (const when of ['at once', 'later', 'errors'] as const) {
      const values: unknown[] = [];
      const { ends: got, report } = await endsOf({
        hooks: [tracking(({ track }) => track(torn(1, when)).pipe(map((value) => values.push(value))))],
      });
      assert.is(got, fine);
      assert.equal(report.hookFailures, []);
      assert.equal(values, [1]);
    }
  }));

test.run();
