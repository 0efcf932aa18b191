import { context, trace, type Span } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { defer, from, mergeMap, of } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ActionRegistry, DagExecutor, action, type Execute } from '../../lib/index.js';
import { nodeContexts } from '../../lib/otel/nodeContexts.js';
import { otelHook, traced } from '../../lib/otel/index.js';
import { Telemetry } from './telemetry.js';

const test = suite('traced');

test.before(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
test.after(() => context.disable());

const soon = <T>(value: T): Promise<T> => new Promise((resolve) => setTimeout(resolve, 1, value));

const idOf = (span: Span | undefined): string => span?.spanContext().spanId ?? 'none';

/** The id of the span that is active. */
const active = (): string => idOf(trace.getActiveSpan());

const run = async (execute: Execute<any, any>, telemetry = new Telemetry()) => {
  const executor = new DagExecutor({
    registry: new ActionRegistry().register(traced(action({ name: 'look', version: '7', execute }))),
    hooks: [otelHook({ tracer: telemetry.tracer, meter: telemetry.meter })],
  });
  const nodes = ['a', 'b', 'c'].map((id) => ({ id, action: 'look' }));
  const { outputs } = await executor.start({ name: 'g', nodes }).report;
  assert.is(nodeContexts.size, 0, 'contexts are left');
  return { outputs, telemetry };
};

const ways: Readonly<Record<string, Execute<any, any>>> = {
  'a value': () => [active()],
  'a Promise': async () => [active(), await soon(1).then(active), active()],
  'an Observable': () => defer(() => from(soon(active()))).pipe(mergeMap((id) => of([id, active()]))),
  'an async iterable': async function* () {
    const first = active();
    await soon(1);
    yield [first];
    yield [first, active()];
  },
  'a TaskEither': () => async () => ({ _tag: 'Right' as const, right: [active(), await soon(1).then(active)] }),
};
for (const [what, execute] of Object.entries(ways))
  test(`an action that gives ${what} has its node's span as the active one`, async () => {
    const { outputs, telemetry } = await run(execute);
    for (const id of ['a', 'b', 'c'])
      assert.equal([...new Set(outputs[id] as readonly string[])], [telemetry.span(id).spanContext().spanId]);
  });

test('spans that an action makes stand below its node', async () => {
  const telemetry = new Telemetry();
  await run(async ({ nodeId }) => {
    await soon(1);
    telemetry.tracer.startSpan(`query ${nodeId}`).end();
  }, telemetry);
  assert.is(telemetry.span('query b').parentSpanContext?.spanId, telemetry.span('b').spanContext().spanId);
});

test('runs and nodes whose ids look the same when they are joined keep their spans apart', async () => {
  const telemetry = new Telemetry();
  const slow = action('slow', async ({ attempt, runId }) => {
    telemetry.tracer.startSpan(`in ${runId} ${attempt}`).end();
    await new Promise((resolve) => setTimeout(resolve, attempt === 1 ? 20 : 5));
    if (attempt === 1) throw new Error('again');
  });
  const executor = new DagExecutor({
    registry: new ActionRegistry().register(traced(slow)),
    hooks: [otelHook({ tracer: telemetry.tracer })],
    config: { retryStrategy: { type: 'Immediate' } },
  });
  const start = (runId: string, id: string) =>
    executor.start({ name: runId, nodes: [{ id, action: 'slow', tryCount: 2 }] }, { runId }).report;
  await Promise.all([start('a', 'b/c'), soon(1).then(() => start('a/b', 'c'))]);
  for (const [runId, id] of [
    ['a', 'b/c'],
    ['a/b', 'c'],
  ] as const)
    // prettier-ignore
    for (const attempt of [1, 2])
      assert.is(
        telemetry.span(`in ${runId} ${attempt}`).parentSpanContext?.spanId,
        telemetry.span(id).spanContext().spanId,
      );
  assert.is(nodeContexts.size, 0);
});

test('an async iterable that is left early is told so, and what is no action of a hooked run works as ever', async () => {
  let isClosed = false;
  const endless = action('endless', async function* () {
    try {
      for (;;) yield await soon(1);
    } finally {
      isClosed = true;
    }
  });
  const executor = new DagExecutor({ registry: new ActionRegistry().register(traced(endless)), hooks: [otelHook()] });
  const going = executor.start({ name: 'g', nodes: [{ id: 'a', action: 'endless', timeoutMs: 50 }] });
  assert.is((await going.report).success, false);
  assert.ok(isClosed);
  const plain = traced(action({ name: 'plain', version: '7', execute: () => active() }));
  assert.is(plain.version, '7');
  const unhooked = new DagExecutor({ registry: new ActionRegistry().register(plain) });
  const report = await unhooked.start({ name: 'g', nodes: [{ id: 'a', action: 'plain' }] }).report;
  assert.is(report.outputs['a'], 'none');
});

test.run();
