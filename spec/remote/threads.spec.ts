// timeout: 240000
// weight: 4
import * as t from 'io-ts';
import { readdirSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ActionRegistry, DagExecutor, type DagExecutionReport, type DagRun, type Json } from '../../lib/index.js';
import { ofType, type NodeAction, type NodeSpec, type RunOptions } from '../../lib/index.js';
import { threads, type ThreadAction, type Threads, type ThreadsOptions } from '../../lib/remote/threads/index.js';
import { checkLog } from '../../lib/testing/index.js';
import { command, root } from '../support/command.js';

const DEEDS = new URL('./threads/deeds.ts', import.meta.url);
const open: Threads[] = [];

const test = suite('threads');
// Node's own threads are there before anything is counted.
test.before(async () => {
  await play([deed('thread')]).report;
  await Promise.all(open.splice(0).map(({ close }) => close()));
});
test.after.each(async () => {
  await Promise.all(open.splice(0).map(({ close }) => close()));
});

const pool = (options?: ThreadsOptions): Threads => {
  const made = threads(options);
  open.push(made);
  return made;
};

interface Play extends Partial<ThreadAction>, Omit<ThreadsOptions, 'maxThreads'> {
  readonly maxThreads?: number;
}

/** Runs nodes whose action does, in a thread, what their input `does` says. */
const play = (nodes: readonly Partial<NodeSpec>[], given: Play = {}, options: RunOptions = {}): DagRun => {
  const { maxThreads = 2, idleTimeoutMs, resourceLimits, ...definition } = given;
  const limits = { ...(idleTimeoutMs !== undefined && { idleTimeoutMs }), ...(resourceLimits && { resourceLimits }) };
  const action = pool({ maxThreads, ...limits }).action({ thread: DEEDS, name: 'deed', ...definition });
  return run(action, nodes, options);
};

const run = (action: NodeAction, nodes: readonly Partial<NodeSpec>[], options: RunOptions = {}): DagRun => {
  const executor = new DagExecutor({ registry: new ActionRegistry().register(action) });
  const made = nodes.map((node, i): NodeSpec => ({ id: `n${i}`, action: action.name, ...node }));
  const retryStrategy = { type: 'Immediate' } as const;
  return executor.start({ name: 'g', nodes: made, config: { retryStrategy, maxParallelNodes: 8 } }, options);
};

const deed = (does: string, inputs: Readonly<Record<string, Json>> = {}, more: Partial<NodeSpec> = {}) => ({
  inputs: { does, ...inputs },
  ...more,
});

const failureOf = (report: DagExecutionReport, id = 'n0') =>
  report.nodeOutcomes.find(({ nodeId }) => nodeId === id)!.finalError!.cause!;

test('runs the default function of a module in another thread', async () => {
  const report = await play([deed('add', { a: 2, b: 3 }), deed('thread'), deed('nothing')]).report;
  assert.is(report.outputs['n0'], 5);
  assert.type(report.outputs['n1'], 'number');
  assert.is.not(report.outputs['n1'], 0);
  assert.is(report.outputs['n2'], null);
});

test('the function is told what an action is told', async () => {
  const each = { id: 'each', forEach: { $ref: 'inputs.list' }, inputs: { does: 'whoAmI' } };
  const report = await play([each], {}, { runId: 'r', inputs: { list: ['x', 'y'] } }).report;
  const common = { runId: 'r', dagName: 'g', attempt: 1, inputs: { does: 'whoAmI' } };
  assert.equal(report.outputs['each'], [
    { ...common, nodeId: 'each[0]', idempotencyKey: 'r/each[0]', item: 'x', index: 0 },
    { ...common, nodeId: 'each[1]', idempotencyKey: 'r/each[1]', item: 'y', index: 1 },
  ]);
});

test('an action is called like its module, unless it has a name', () => {
  const { action } = pool();
  assert.is(action({ thread: new URL('file:///a/heavy.work.mjs') }).name, 'heavy.work');
  assert.is(action({ thread: 'file:///a/heavy' }).name, 'heavy');
  assert.is(action({ thread: DEEDS, name: 'x', version: '2' }).version, '2');
});

test('a wrong use is told in a sentence', () => {
  assert.throws(() => pool({ maxThreads: 0 }), /^maxThreads is 0; give a whole number from [01]\.$/);
  for (const idleTimeoutMs of [-1, 1e12, NaN, '5' as never])
    assert.throws(() => pool({ idleTimeoutMs }), /^idleTimeoutMs is .*; give a whole number from 0 to 2147483647\.$/);
  for (const [limit, wanted, ...wrong] of [
    ['maxOldGenerationSizeMb', 'a number from 4', 3, -1, NaN, '64'],
    ['maxYoungGenerationSizeMb', 'a number from 1', 0, -5, 'x'],
    ['codeRangeSizeMb', 'a number from 1 to 512', 1e9, -1, '1'],
    ['stackSizeMb', 'a number from 1', 0.5, -1, null],
  ] as const)
    for (const value of wrong)
      assert.throws(
        () => pool({ resourceLimits: { [limit]: value } as never }),
        `resourceLimits.${limit} is ${typeof value === 'string' ? `"${value}"` : String(value)}; give ${wanted}.`,
      );
  assert.throws(() => pool({ threads: 2 } as never), /^The options of threads have no key "threads"/);
  assert.throws(() => pool({ resourceLimits: { memory: 2 } as never }), /^The resourceLimits have no key "memory"/);
  assert.throws(
    () => pool().action({ thread: './heavy.js' }),
    `A thread's module is named by its address, new URL('./heavy.js', import.meta.url), not by "./heavy.js".`,
  );
});

test('without piscina one sentence tells what to install', () => {
  const resolver = Module as unknown as { _resolveFilename: (request: string, ...rest: readonly unknown[]) => string };
  const { _resolveFilename: original } = resolver;
  resolver._resolveFilename = (request, ...rest) => original(request === 'piscina' ? 'not-there' : request, ...rest);
  try {
    assert.throws(
      () => threads(),
      'rxdag/threads needs the package piscina, which is not installed beside rxdag: npm install piscina@5.',
    );
  } finally {
    resolver._resolveFilename = original;
  }
});

test('an error of the function keeps its name, message, stack, cause and data', async () => {
  const error = failureOf(await play([deed('throw')]).report);
  assert.is(error.name, 'OddError');
  assert.is(error.message, 'this is odd');
  assert.match(error.stack!, /^OddError: this is odd\n[^]*deeds\.ts/);
  assert.is(error.cause?.name, 'RangeError');
  assert.equal(error.data, { odd: true });
  assert.is(failureOf(await play([deed('throwText')]).report).message, 'a text');
});

test('what cannot be copied is a failed attempt', async () => {
  const report = await play([deed('function'), deed('add', { a: 1, b: 1 })]).report;
  assert.is(failureOf(report).name, 'DataCloneError');
  assert.is(report.outputs['n1'], 2);
});

test('a module that is not there, or has no default function, is told in a sentence and not tried again', async () => {
  for (const [file, sentence] of [
    ['absent.js', /^The module of the action "deed" is not there: \/.*\/threads\/absent\.js\.$/],
    ['noDefault.ts', /^The module of the action "deed" has no default function, .*: \/.*\/noDefault\.ts\.$/],
  ] as const) {
    const thread = new URL(`./threads/${file}`, import.meta.url);
    const report = await play([deed('add', {}, { tryCount: 3 })], { thread }).report;
    assert.match(failureOf(report).message, sentence);
    assert.is(report.nodeOutcomes[0]!.attempts, 1);
  }
  const thread = new URL('./threads/brokenImport.ts', import.meta.url);
  assert.match(failureOf(await play([deed('add')], { thread }).report).message, 'a-package-that-is-not-there');
});

test('an endless loop ends with its timeout, and its thread with it', async () => {
  const before = liveThreads();
  const made = pool({ maxThreads: 1 }).action({ thread: DEEDS, name: 'deed' });
  const begins = run(made, [deed('thread'), deed('loop', {}, { deps: ['n0'], timeoutMs: 700 })]);
  let begun = 0;
  begins.event$.pipe(ofType('NodeProgressed')).subscribe(() => begun++);
  const report = await begins.report;
  assert.is(begun, 1);
  assert.is(failureOf(report, 'n1').name, 'TimeoutError');
  assert.is(failureOf(report, 'n1').message, 'Timeout after 700ms'); // and not: was left to itself
  await endedDownTo(before);
});

test('a timeout is tried again in another thread, while others go on', async () => {
  const report = await play(
    [deed('loop', {}, { timeoutMs: 600, tryCount: 2 }), ...Array.from({ length: 6 }, () => deed('wait', { ms: 100 }))],
    { maxThreads: 1 },
  ).report;
  assert.is(report.nodeOutcomes[0]!.attempts, 2);
  assert.is(report.metrics.nodesSucceeded, 6);
});

test('a call that waits for a thread ends at once when it is out of time', async () => {
  const run = play([deed('wait', { ms: 2_000 }), deed('thread', {}, { timeoutMs: 200 })], { maxThreads: 1 });
  const ends: string[] = [];
  run.event$.pipe(ofType('NodeSucceeded', 'NodeFailed')).subscribe(({ nodeId }) => ends.push(nodeId));
  assert.is(failureOf(await run.report, 'n1').message, 'Timeout after 200ms');
  assert.equal(ends, ['n1', 'n0']);
});

test('cancelling ends what runs in threads and what waits for one', async () => {
  const run = play([deed('loop'), deed('forEver'), deed('loop'), deed('loop')]);
  let begun = 0;
  await new Promise<void>((resolve) =>
    run.event$.pipe(ofType('NodeProgressed')).subscribe(() => ++begun === 2 && resolve()),
  );
  const { status, nodeOutcomes } = await run.cancel();
  assert.is(status, 'cancelled');
  assert.equal(
    nodeOutcomes.map(({ status }) => status),
    ['cancelled', 'cancelled', 'cancelled', 'cancelled'],
  );
  for await (const event of run) if (event.type === 'NodeCancelled') assert.is(event.abandoned, false);
});

test('progress arrives in order and before the output; what is no JSON fails the attempt', async () => {
  const run = play([deed('steps', { steps: 500 }), deed('oddProgress')]);
  const log = [];
  for await (const event of run) log.push(event);
  const told = log.flatMap((event) =>
    event.type === 'NodeProgressed' ? [(event.value as { step: number }).step] : [],
  );
  assert.equal(
    told,
    Array.from({ length: 500 }, (_, i) => i + 1),
  );
  assert.is((await run.report).outputs['n0'], 'done');
  assert.match(failureOf(await run.report, 'n1').message, 'NaN');
  assert.equal(checkLog(log), []);
});

test('progress keeps the idle timeout away', async () => {
  const report = await play([deed('wait', { ms: 10_000 }, { idleTimeoutMs: 500 })]).report;
  assert.is(failureOf(report).message, 'Timeout after 500ms without progress');
});

const crashes: readonly (readonly [string, string, RegExp])[] = [
  ['a thread that calls process.exit', 'exit', /exited with code: 7/],
  ['an uncaught error', 'throwLater', /oops/],
  ['an unhandled rejection', 'rejectLater', /nobody waits for this/],
];
for (const [what, does, message] of crashes)
  test(`${what} is a failed attempt, and only that`, async () => {
    const run = play([deed(does, {}, { tryCount: 3 }), deed('wait', { ms: 300 })]);
    const errors: string[] = [];
    run.event$.pipe(ofType('NodeRetryScheduled')).subscribe(({ error }) => errors.push(error.message));
    const { outputs, nodeOutcomes } = await run.report;
    assert.is(errors.length, 2);
    for (const error of errors) {
      assert.match(error, message);
      assert.match(
        error,
        /^The thread of the action "deed" has ended without an answer: .* \(\/.*\/threads\/deeds\.ts\)\.$/,
      );
    }
    assert.is(nodeOutcomes[0]!.attempts, 3);
    if (does === 'exit') assert.is(outputs['n0'], 'alive at attempt 3');
    assert.type(outputs['n1'], 'number');
  });

test('too little memory is a failed attempt', async () => {
  const resourceLimits = { maxOldGenerationSizeMb: 64 };
  const { outputs, nodeOutcomes } = await play([deed('eat', {}, { tryCount: 2 })], { resourceLimits }).report;
  assert.is(outputs['n0'], 'enough');
  assert.match(nodeOutcomes[0]!.retryMessages[0]!, /memory limit/);
});

test('a thread that cannot even begin is one as well', async () => {
  const resourceLimits = { maxOldGenerationSizeMb: 4 };
  const report = await play([deed('thread'), deed('thread'), deed('thread')], { resourceLimits }).report;
  assert.is(report.metrics.nodesFailed, 3);
  for (const id of ['n0', 'n1', 'n2'])
    assert.match(failureOf(report, id).message, /^The thread of the action "deed" .*memory limit.*deeds\.ts\)\.$/);
});

test('a thread that dies between two calls hurts nobody', async () => {
  const { action } = pool({ maxThreads: 1 });
  const made = action({ thread: DEEDS, name: 'deed' });
  const first = await run(made, [deed('throwAfterwards')]).report;
  assert.ok(first.success);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok((await run(made, [deed('thread')]).report).success);
});

/** Bytes as numbers in a list, where they are JSON. */
const Bytes = new t.Type<Uint8Array<ArrayBuffer>, readonly number[], unknown>(
  'Bytes',
  (u): u is Uint8Array<ArrayBuffer> => u instanceof Uint8Array,
  (u, context) =>
    Array.isArray(u) ? t.success(Uint8Array.from(u as number[])) : t.failure(u, context, 'expected a list of bytes'),
  (bytes) => [...bytes],
);

test('inputs and outputs are moved where that is asked for', async () => {
  const decoded: Uint8Array[] = [];
  const definition = {
    input: t.type({ does: t.string, bytes: Bytes }),
    output: Bytes,
    transfer: ({ bytes }: { readonly bytes: Uint8Array }) => {
      decoded.push(bytes);
      return [bytes.buffer];
    },
  };
  const report = await play([deed('double', { bytes: [1, 2, 3] }), deed('nothing', { bytes: [1], extra: 1 })], {
    ...(definition as unknown as Partial<ThreadAction>),
  }).report;
  assert.equal(report.outputs['n0'], [2, 4, 6]);
  assert.equal(
    decoded.map(({ byteLength }) => byteLength),
    [0, 0],
  );
  assert.match(failureOf(report, 'n1').message, 'does not fit');
  assert.is(failureOf(await play([deed('transferTwice')]).report).name, 'DataCloneError');
});

test('at most so many threads; 1,000 calls leave none behind', async () => {
  const before = liveThreads();
  const { action, close } = pool({ maxThreads: 2 });
  const made = action({ thread: DEEDS, name: 'deed' });
  const each = { id: 'each', forEach: { $ref: 'inputs.list' }, inputs: { does: 'thread' } };
  const list = Array.from({ length: 1_000 }, (_, i) => i);
  const { outputs } = await run(made, [each], { inputs: { list } }).report;
  assert.is(new Set(outputs['each'] as readonly number[]).size, 2);
  assert.is(liveThreads().ports, before.ports, 'ports of calls are left');
  await close();
  await endedDownTo(before);
});

test('a thread without work ends after the idle time', async () => {
  const before = liveThreads();
  const report = await play([deed('thread')], { idleTimeoutMs: 100 }).report;
  assert.ok(report.success);
  assert.ok(liveThreads().threads > before.threads);
  await endedDownTo(before);
});

test('closing ends what runs and waits, refuses what comes, and can be repeated', async () => {
  const { action, close } = pool({ maxThreads: 1 });
  const made = action({ thread: DEEDS, name: 'deed' });
  const going = run(made, [deed('loop', {}, { tryCount: 2 }), deed('thread')]);
  await new Promise((resolve) => going.event$.pipe(ofType('NodeProgressed')).subscribe(resolve));
  await close();
  const report = await going.report;
  assert.equal(
    ['n0', 'n1'].map((id) => failureOf(report, id).message),
    ['The threads have been closed.', 'The threads have been closed.'],
  );
  assert.is(report.nodeOutcomes[0]!.attempts, 1);
  assert.is(failureOf(await run(made, [deed('thread')]).report).message, 'The threads have been closed.');
  await close();
  await threads().close(); // one that never had a thread
});

test('a process ends though its threads are not closed', async () => {
  const { code, text } = await command(
    process.execPath,
    ['--import', 'tsx', join(root, 'spec/remote/threads/unclosed.ts')],
    { timeoutMs: 30_000 },
  );
  assert.is(text.trim(), '3');
  assert.is(code, 0);
});

interface Live {
  readonly threads: number;
  readonly ports: number;
}

/** Threads of this process as the system counts them, where it does; open ports between threads. */
const liveThreads = (): Live => ({
  threads: process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0,
  ports: process.getActiveResourcesInfo().filter((resource) => resource === 'MessagePort').length,
});

/** The system takes a moment to clear away a thread that has ended. */
const endedDownTo = async (before: Live): Promise<void> => {
  for (let i = 0; i < 100 && JSON.stringify(liveThreads()) !== JSON.stringify(before); i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(liveThreads(), before);
};

test.run();
