import * as t from 'io-ts';
import { interval, map, of, take, throwError } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as TE from '#fp-ts/TaskEither';
import { action } from '../../../lib/define/action.js';
import { ActionRegistry } from '../../../lib/define/ActionRegistry.js';
import type { NodeAction, NodeContext } from '../../../lib/define/NodeAction.js';
import type { Json } from '../../../lib/model/Json.js';
import type { JobOutcome } from '../../../lib/remote/envelope/bodies.js';
import type { RemoteJob } from '../../../lib/run/RemoteEngine.js';
import { runJob, type RunJobOptions } from '../../../lib/remote/worker/runJob.js';
import { jobOf } from './jobOf.js';

const test = suite('runJob');

const DateFromText = new t.Type<Date, string, unknown>(
  'Date',
  (u): u is Date => u instanceof Date,
  (u, context) => (typeof u === 'string' ? t.success(new Date(u)) : t.failure(u, context)),
  (date) => date.toISOString(),
);

const run = (
  execute: NodeAction['execute'],
  fields: Partial<RemoteJob> = {},
  options: Partial<RunJobOptions> = {},
): Promise<JobOutcome> =>
  runJob(jobOf('do', fields), { registry: new ActionRegistry().register(action('do', execute)), ...options }).ended;

const output = async (execute: NodeAction['execute']): Promise<Json | undefined> => {
  const outcome = await run(execute);
  return outcome.type === 'succeeded' ? outcome.output : undefined;
};

const failed = async (outcome: Promise<JobOutcome>): Promise<{ readonly text: string; readonly isFinal: boolean }> => {
  const it = await outcome;
  if (it.type !== 'failed') throw new Error(`it ended as ${it.type}`);
  return { text: `${it.error.name}: ${it.error.message}`, isFinal: it.isFinal };
};

test('reads whatever an action gives', async () => {
  assert.is(await output(() => 1), 1);
  assert.is(await output(async () => 'later'), 'later');
  assert.is(await output(() => of(1, 2, 3)), 3);
  assert.is(await output(() => TE.right(4)), 4);
  const counted = output(async function* () {
    yield 5;
    yield 6;
  });
  assert.is(await counted, 6);
});

test('an error of the action is an outcome, final only where trying again would not help', async () => {
  const thrown = run(() => {
    throw new TypeError('no');
  });
  assert.equal(await failed(thrown), { text: 'TypeError: no', isFinal: false });
  assert.equal(await failed(run(() => throwError(() => 'text'))), { text: 'Error: text', isFinal: false });
  assert.equal(await failed(run(() => TE.left(new Error('left')))), { text: 'Error: left', isFinal: false });
  const unfit = await failed(run(() => new Map([[1, 2n]])));
  assert.ok(unfit.isFinal, unfit.text);
});

test('decodes inputs and encodes outputs by the codecs of the action', async () => {
  const registry = new ActionRegistry().register(
    action({
      name: 'next',
      input: t.type({ day: DateFromText }),
      output: DateFromText,
      execute: ({ inputs }: NodeContext<{ readonly day: Date }>) => new Date(inputs.day.getTime() + 86_400_000),
    }),
  );
  const day = '2026-01-01T00:00:00.000Z';
  const good = await runJob(jobOf('next', { inputs: { day } }), { registry }).ended;
  assert.equal(good, { type: 'succeeded', output: '2026-01-02T00:00:00.000Z' });
  const bad = await failed(runJob(jobOf('next', { inputs: { day: 7 } }), { registry }).ended);
  assert.ok(bad.isFinal);
  assert.match(bad.text, /The inputs do not fit action "next": day: expected Date, got 7/);
});

test('an action gets what it gets in the process of its executor', async () => {
  let seen: unknown;
  const registry = new ActionRegistry().register(
    action('do', ({ runId, dagName, nodeId, attempt, inputs, item, index, cache, appData, idempotencyKey, signal }) => {
      seen = [runId, dagName, nodeId, attempt, inputs, item, index, cache.toJSON(), appData, idempotencyKey];
      return signal.aborted;
    }),
  );
  const fields = { runId: 'a/b', nodeId: 'n', attempt: 3, inputs: { x: [1] }, item: { of: 'list' }, index: 2 };
  const appData = new Map();
  const outcome = await runJob(jobOf('do', fields), { registry, appData }).ended;
  assert.equal(outcome, { type: 'succeeded', output: false });
  assert.equal(seen, ['a/b', 'd', 'n', 3, { x: [1] }, { of: 'list' }, 2, {}, appData, 'a%2Fb/n']);
});

test('tells progress as it comes, and none after the end', async () => {
  const told: Json[] = [];
  const progress = (value: Json): number => told.push(value);
  let late: (value: Json) => void = () => undefined;
  const outcome = await run(
    (ctx) => {
      late = ctx.progress;
      ctx.progress('begun');
      return interval(1).pipe(
        take(3),
        map((i) => i * 10),
      );
    },
    {},
    { progress },
  );
  assert.equal(outcome, { type: 'succeeded', output: 20 });
  late('too late');
  assert.equal(told, ['begun', 0, 10, 20]);
});

test('what is unknown or not allowed is a final failure in one sentence', async () => {
  const registry = new ActionRegistry().register(
    action('one', () => 1),
    action('two', () => 2),
  );
  const unknown = await failed(runJob(jobOf('three'), { registry }).ended);
  assert.equal(unknown, {
    text: 'Error: The worker has no action "three"; start it with a module that exports it.',
    isFinal: true,
  });
  const allow = new Set(['two']);
  const refused = await failed(runJob(jobOf('one'), { registry, allow }).ended);
  assert.equal(refused, { text: 'Error: The worker is not allowed to run action "one".', isFinal: true });
  assert.equal(await runJob(jobOf('two'), { registry, allow }).ended, { type: 'succeeded', output: 2 });
});

test('timeouts count from the start here, whatever the clock of the coordinator says', async () => {
  for (const skew of [-3_600_000, 0, 3_600_000]) {
    const fields = { timeoutMs: 150, startedAt: Date.now() + skew };
    const slow = new Promise((resolve) => setTimeout(resolve, 30, 'done'));
    assert.equal(await run(() => slow, fields), { type: 'succeeded', output: 'done' });
    const began = Date.now();
    const late = await failed(run(({ signal }) => new Promise((_, no) => (signal.onabort = no)), fields));
    assert.equal(late, { text: 'TimeoutError: Timeout after 150ms', isFinal: false });
    assert.ok(Date.now() - began >= 140 && Date.now() - began < 2_000);
  }
});

test('progress refreshes the idle timeout only', async () => {
  const ticking = interval(20).pipe(take(10));
  assert.equal(await run(() => ticking, { idleTimeoutMs: 150 }), { type: 'succeeded', output: 9 });
  const idle = await failed(run(() => new Promise(() => undefined), { idleTimeoutMs: 30, graceMs: 10 }));
  assert.match(idle.text, /Timeout after 30ms without progress; it did not end within 10ms after that/);
});

test('one that is stopped ends when its action does, or after the grace time', async () => {
  const does = (execute: NodeAction['execute'], fields: Partial<RemoteJob> = {}) =>
    runJob(jobOf('do', fields), { registry: new ActionRegistry().register(action('do', execute)) });
  const heeds = does(({ signal }) => new Promise((yes) => signal.addEventListener('abort', () => yes('ignored'))));
  heeds.stop();
  assert.equal(await heeds.ended, { type: 'stopped', abandoned: false });
  const deaf = does(() => new Promise(() => undefined), { graceMs: 20 });
  deaf.stop();
  deaf.stop();
  assert.equal(await deaf.ended, { type: 'stopped', abandoned: true });
  const over = does(() => 1);
  over.stop();
  assert.equal(await over.ended, { type: 'succeeded', output: 1 });
});

test.run();
