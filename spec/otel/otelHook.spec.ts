import { ROOT_CONTEXT, SpanStatusCode, context, trace, type Meter, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import * as E from '#fp-ts/Either';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  action,
  addNode,
  cancelBranch,
  memoryStore,
  retryNode,
  skipNode,
  type EventStore,
  type NodeContext,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { otelHook, type OtelOptions } from '../../lib/otel/index.js';
import { doomed, resume } from '../support/crash.js';
import { fail, labSuite, realExecutor, type Lab, type Nodes, type Plot, type Trial } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { Telemetry } from './telemetry.js';

const test = labSuite('otelHook');

/** Lets a run with the hook go to its end; every span that was begun has ended then. */
const tell = async (lab: Lab, nodes: Nodes, plot: Plot = {}, options: OtelOptions = {}) => {
  const telemetry = new Telemetry();
  const hooks = [otelHook({ tracer: telemetry.tracer, meter: telemetry.meter, ...options }), ...(plot.hooks ?? [])];
  const trial = await lab.finish(nodes, { runId: 'r', ...plot, hooks });
  assert.is(telemetry.begun, telemetry.ended, 'spans are left open');
  assert.is(trial.log.ofType('HookFailed').length, 0);
  return Object.assign(trial, { telemetry });
};

test('makes a span for the run and one below it for each node, at the times of their events', async (lab) => {
  const { telemetry } = await tell(lab, ['a', 'b: a', 'c: a'], { does: { a: 100, b: 50, c: 30 } });
  assert.equal(telemetry.lines(), [
    'run test > a 0..100 succeeded',
    'run test > c 100..130 succeeded',
    'run test > b 100..150 succeeded',
    'run test 0..150 succeeded',
  ]);
  const { traceId } = telemetry.span('run test').spanContext();
  assert.ok(telemetry.spans.every((span) => span.spanContext().traceId === traceId));
  assert.ok(telemetry.spans.every(({ status }) => status.code === SpanStatusCode.UNSET));
});

test('says what a node is, and what it depended on', async (lab) => {
  const { telemetry } = await tell(lab, ['a', 'b', node('c', { deps: ['a', 'b'], branch: 'left', pool: 'p' })], {
    config: { pools: { p: 1 } },
  });
  assert.equal(telemetry.span('c').attributes, {
    'rxdag.dag.name': 'test',
    'rxdag.run.id': 'r',
    'rxdag.node.id': 'c',
    'rxdag.action.name': 'work',
    'rxdag.branch.id': 'left',
    'rxdag.pool.name': 'p',
    'rxdag.node.attempts': 1,
    'rxdag.node.status': 'succeeded',
  });
  assert.equal(telemetry.linksOf('c'), ['a', 'b']);
  assert.equal(telemetry.linksOf('a'), []);
  assert.equal(telemetry.span('run test').attributes, {
    'rxdag.dag.name': 'test',
    'rxdag.run.id': 'r',
    'rxdag.run.status': 'succeeded',
  });
});

test('a failure is the exception and the status of its span, and of the run', async (lab) => {
  const { telemetry } = await tell(lab, ['a', 'b: a'], { does: { a: fail('out of luck') } });
  assert.equal(telemetry.lines(), [
    'run test > a 0..0 failed (out of luck)',
    'run test 0..0 failed (' + telemetry.span('run test').status.message + ')',
  ]);
  const { attributes, events } = telemetry.span('a');
  assert.is(attributes['error.type'], 'Error');
  assert.equal(
    events.map(({ name, attributes }) => [name, attributes!['exception.type'], attributes!['exception.message']]),
    [['exception', 'Error', 'out of luck']],
  );
  assert.match(String(events[0]!.attributes!['exception.stacktrace']), 'out of luck');
});

test('a retry is an event of the one span that a node has', async (lab) => {
  const retry = { type: 'Linear', delayMs: 500 } as const;
  const { telemetry } = await tell(lab, [node('a', { tryCount: 3, retry })], {
    does: { a: ({ attempt }) => (attempt < 3 ? fail(`no ${attempt}`)({} as never) : 1) },
  });
  assert.equal(telemetry.lines(), ['run test > a 0..1000 succeeded', 'run test 0..1000 succeeded']);
  const { events, attributes } = telemetry.span('a');
  assert.equal(
    events.map(({ name, attributes, time }) => [
      name,
      attributes!['rxdag.node.attempt'],
      attributes!['rxdag.node.retry.delay'],
      attributes!['exception.message'],
      time[0],
      time[1],
    ]),
    [
      ['rxdag.node.retry', 1, 0.5, 'no 1', 1_000, 0],
      ['rxdag.node.retry', 2, 0.5, 'no 2', 1_000, 500_000_000],
    ],
  );
  assert.is(attributes['rxdag.node.attempts'], 3);
});

test('progress is told only if it is asked for', async (lab) => {
  const does: Plot['does'] = {
    a: async ({ progress }: NodeContext) => {
      progress({ step: 1 });
      progress('x'.repeat(5_000));
      await lab.after(1);
    },
  };
  assert.is((await tell(lab, ['a'], { runId: 'r1', does })).telemetry.span('a').events.length, 0);
  const told = (await tell(lab, ['a'], { runId: 'r2', does }, { progress: true })).telemetry.span('a').events;
  assert.equal(
    told.map(({ name, attributes }) => [name, String(attributes!['rxdag.node.progress']).slice(0, 10)]),
    [
      ['rxdag.node.progress', '{"step":1}'],
      ['rxdag.node.progress', '"xxxxxxxxx'],
    ],
  );
  assert.is(String(told[1]!.attributes!['rxdag.node.progress']).length, 1_024);
});

test('items of a fan-out and nodes of a sub-DAG stand below the node that they come from', async (lab) => {
  const sub = { name: 'sub', nodes: [{ id: 'x', action: 'work' }] };
  const nodes = [
    node('each', { forEach: { $ref: 'inputs.list' } }),
    node('inner', { action: 'dag', inputs: { dag: 'sub' }, deps: ['each'] }),
    'last: inner',
  ];
  const { telemetry } = await tell(lab, nodes, { library: [sub], inputs: { list: [1, 2] }, does: { '*': 10 } });
  assert.equal(telemetry.lines(), [
    'each > each[] 0..10 succeeded',
    'each > each[] 0..10 succeeded',
    'run test > each 0..10 succeeded',
    'inner > inner/x 10..20 succeeded',
    'run test > inner 10..20 succeeded',
    'run test > last 20..30 succeeded',
    'run test 0..30 succeeded',
  ]);
  assert.equal(telemetry.linksOf('last'), ['inner']);
});

test('failed items, failure actions and what is skipped because of them', async (lab) => {
  const nodes = [node('each', { forEach: { $ref: 'inputs.list' }, failureAction: 'mend' }), 'after: each'];
  const { telemetry } = await tell(lab, nodes, {
    actions: [action('mend', () => lab.after(50))],
    inputs: { list: [1, 2] },
    does: { 'each[0]': 10, 'each[1]': fail('bad item') },
  });
  const lines = telemetry.lines();
  assert.ok(lines.includes('each > each[] 0..0 failed (bad item)'), lines.join('\n'));
  assert.ok(lines.includes('each > each[] 0..10 succeeded'));
  assert.ok(lines.some((line) => /^run test > each 0\.\.\d+ failed/.test(line)));
  assert.ok(lines.some((line) => line.includes('.failure ')));
  assert.ok(!lines.some((line) => line.includes('after')));
});

test('what never started has no span, unless a gate failed it', async (lab) => {
  const gate: SupervisorHookV2 = {
    name: 'gate',
    beforeNodeStart: (_, { id }) => (id === 'a' ? { skip: 'not today' } : id === 'b' ? { fail: 'refused' } : undefined),
  };
  const nodes = ['a', 'b', 'c: a', node('d', { when: { $ref: 'inputs.no' } }), 'e'];
  const { telemetry } = await tell(lab, nodes, { inputs: { no: false }, hooks: [gate] });
  assert.equal(
    telemetry.spans.map(({ name }) => name),
    ['b', 'e', 'run test'],
  );
  assert.equal(telemetry.lines()[0], 'run test > b 0..0 failed (refused)');
});

test('a person who is waited for is a span, too; a node that is skipped while it waits ends it', async (lab) => {
  const telemetry = new Telemetry();
  const trial = lab.start([node('ask', { action: 'human.input', inputs: { question: '?' } }), 'b: ask'], {
    hooks: [otelHook({ tracer: telemetry.tracer, meter: telemetry.meter })],
  });
  await trial.pass(700);
  await trial.grant(skipNode('ask', 'nobody is there', 1));
  await trial.end();
  assert.equal(telemetry.lines(), [
    'run test > ask 0..700 skipped',
    'run test > b 700..700 succeeded',
    'run test 0..700 succeeded',
  ]);
  assert.is(telemetry.span('ask').attributes['rxdag.reason'], 'nobody is there');
});

test('a cancelled run ends its spans, an abandoned node as such', async (lab) => {
  const telemetry = new Telemetry();
  const trial = lab.start(['a', 'deaf', 'late: a'], {
    does: { a: ({ signal }: NodeContext) => lab.after(500).then(() => signal.throwIfAborted()), deaf: 60_000 },
    actions: [],
    hooks: [otelHook({ tracer: telemetry.tracer, meter: telemetry.meter })],
  });
  await trial.pass(100);
  const report = await trial.cancel('enough');
  assert.is(report.status, 'cancelled');
  assert.is(telemetry.begun, telemetry.ended);
  assert.is(telemetry.span('a').attributes['rxdag.node.status'], 'cancelled');
  assert.is(telemetry.span('a').attributes['rxdag.reason'], 'enough');
  assert.is(telemetry.span('run test').attributes['rxdag.run.status'], 'cancelled');
  assert.is(telemetry.span('run test').status.code, SpanStatusCode.UNSET);
  assert.equal(telemetry.spans.map(({ name }) => name).toSorted(), ['a', 'deaf', 'run test']);
});

test('a cancelled branch, a run that is out of time and one that stops at a failure end their spans', async (lab) => {
  const cancel: SupervisorHookV2 = {
    name: 'c',
    onNodeComplete: (_, { nodeId }) => (nodeId === 'a' ? cancelBranch('b') : []),
  };
  const branch = await tell(lab, ['a', 'b', 'x: b'], { runId: 'r1', does: { a: 10, b: 100 }, hooks: [cancel] });
  assert.match(branch.telemetry.lines().join('\n'), /run test > b 0\.\.\d+ cancelled/);
  const late = await tell(lab, ['a'], { runId: 'r2', does: { a: 9_000 }, config: { timeoutMs: 1_000, graceMs: 10 } });
  assert.match(late.telemetry.span('run test').status.message!, /1,?000|time/);
  const stopped = await tell(lab, ['a', 'b'], {
    runId: 'r3',
    does: { a: fail(), b: 50 },
    config: { onFailure: 'Stop' },
  });
  assert.is(stopped.telemetry.span('run test').status.code, SpanStatusCode.ERROR);
});

test('a node that is retried by command has another span', async (lab) => {
  const telemetry = new Telemetry();
  const each = node('each', { forEach: { $ref: 'inputs.list' } });
  const trial = lab.start([each, 'open'], {
    inputs: { list: [1, 2] },
    does: { open: 1_000, 'each[1]': ({ attempt }) => (attempt === 1 ? fail()({} as never) : 1) },
    hooks: [otelHook({ tracer: telemetry.tracer, meter: telemetry.meter })],
  });
  await trial.pass(100);
  assert.is(trial.status('each'), 'failed');
  await trial.grant(retryNode('each[1]'));
  await trial.end();
  assert.is(telemetry.begun, telemetry.ended);
  const parts = telemetry.lines().filter((line) => line.includes('each'));
  assert.is(parts.filter((line) => line.startsWith('run test > each ')).length, 2, parts.join('\n'));
  assert.match(parts.at(-1)!, 'run test > each 100..100 succeeded');
  assert.is(parts.filter((line) => line.startsWith('each > each[]')).length, 3);
});

test('counts and times by action, in seconds', async (lab) => {
  const nodes = ['a', 'b', node('c', { tryCount: 2, retry: { type: 'Linear', delayMs: 200 } })];
  const { telemetry } = await tell(lab, nodes, {
    config: { maxParallelNodes: 1 },
    does: { a: 100, b: 50, c: ({ attempt }) => (attempt === 1 ? fail()({} as never) : lab.last(300, 1)) },
  });
  assert.equal(await telemetry.numbers(), [
    'rxdag.run.duration {dag.name=test run.status=succeeded} 1: 0.65 s',
    'rxdag.node.wait.duration {action.name=work dag.name=test} 4: 0.25 s', // b 0.1, c 0.15
    'rxdag.node.duration {action.name=work dag.name=test node.status=succeeded} 3: 0.45 s',
    'rxdag.node.duration {action.name=work dag.name=test error.type=Error node.status=failed} 1: 0 s',
    'rxdag.node.retries {action.name=work dag.name=test} 1 {retry}',
    'rxdag.node.active {action.name=work dag.name=test} 0 {node}',
  ]);
  await telemetry.close();
});

test('waiting counts from the last dependency, from being added, and from a retry by command', async (lab) => {
  const waits = async (nodes: Nodes, plot: Plot, then = (_: Trial): Promise<unknown> => Promise.resolve()) => {
    const telemetry = new Telemetry();
    const hooks = [otelHook({ tracer: telemetry.tracer, meter: telemetry.meter })];
    const trial = lab.start(nodes, { ...plot, runId: `r${nodes.length}${runs++}`, hooks });
    await trial.pass(500);
    await then(trial);
    await trial.end();
    const line = (await telemetry.numbers()).find((line) => line.startsWith('rxdag.node.wait'))!;
    await telemetry.close();
    return /\d+: [\d.]+/.exec(line)![0];
  };
  let runs = 0;
  assert.is(await waits(['a', 'b: a', 'c: b'], { does: { '*': 100 } }), '3: 0');
  const busy = { does: { open: 700 }, config: { maxParallelNodes: 1 } };
  const addition = (trial: Trial): Promise<unknown> => trial.grant(addNode({ id: 'x', action: 'work' }));
  assert.is(await waits(['open'], busy, addition), '2: 0.2');
  const does: Plot['does'] = { open: 700, bad: ({ attempt }) => (attempt === 1 ? fail()({} as never) : 1) };
  assert.is(await waits(['open', 'bad', 'z: bad'], { does }, (trial) => trial.grant(retryNode('bad'))), '4: 0');
});

test('nodes that run are counted while they do', async (lab) => {
  const telemetry = new Telemetry();
  const trial = lab.start(['a', 'b', 'c: a'], {
    does: { a: 100, b: 200, c: 50 },
    hooks: [otelHook({ tracer: telemetry.tracer, meter: telemetry.meter })],
  });
  const active = async (): Promise<string | undefined> =>
    /rxdag\.node\.active .* (\d+) \{node\}/.exec((await telemetry.numbers()).join('\n'))?.[1];
  await trial.pass(50);
  assert.is(await active(), '2');
  await trial.pass(70);
  assert.is(await active(), '2');
  await trial.pass(60);
  assert.is(await active(), '1');
  await trial.end();
  assert.is(await active(), '0');
  await telemetry.close();
});

test('a tracer, a meter and an exporter that throw hurt nobody', async (lab) => {
  const no = (): never => {
    throw new Error('no telemetry today');
  };
  const config = { onHookError: 'failRun' } as const;
  const options: readonly OtelOptions[] = [
    { tracer: { startSpan: no, startActiveSpan: no } as Tracer, meter: {} as Meter },
    { tracer: new Proxy({}, { get: no }) as Tracer, meter: new Proxy({}, { get: no }) as Meter },
    {
      tracer: new BasicTracerProvider({
        spanProcessors: [new SimpleSpanProcessor({ export: no, shutdown: () => Promise.resolve() })],
      }).getTracer('bad'),
    },
    {
      tracer: new BasicTracerProvider({
        spanProcessors: [{ onStart: () => undefined, onEnd: no, forceFlush: no, shutdown: no }],
      }).getTracer('worse'),
    },
  ];
  for (const [i, option] of options.entries()) {
    const { report, log } = await lab.finish(['a', 'b: a'], { runId: `r${i}`, hooks: [otelHook(option)], config });
    assert.ok(report.success);
    assert.is(log.ofType('HookFailed').length, 0);
  }
  const telemetry = new Telemetry(); // spans fail, metrics go on
  const hooks = [otelHook({ ...options[0]!, meter: telemetry.meter })];
  await lab.finish(['a'], { runId: 'r', hooks, config });
  assert.match((await telemetry.numbers())[0]!, 'rxdag.run.duration');
  await telemetry.close();
});

for (const method of ['setAttribute', 'setAttributes', 'recordException', 'setStatus', 'addEvent'])
  test(`an SDK that throws in ${method} leaves no span open`, async (lab) => {
    const telemetry = new Telemetry();
    const tracer = {
      startSpan: (...args: Parameters<Tracer['startSpan']>) =>
        Object.assign(telemetry.tracer.startSpan(...args), { [method]: fail('SDK') }),
    } as unknown as Tracer;
    const does = { a: fail('no'), b: () => lab.after(5) };
    const { run } = await lab.finish([node('a', { tryCount: 2 }), 'b', 'c: b'], {
      does,
      hooks: [otelHook({ tracer })],
    });
    assert.is(run.snapshot.status, 'failed');
    const names = telemetry.spans.map(({ name, status }) => [name, status.message]);
    assert.is(names.length, 4);
    assert.not.ok(names.some(([, message]) => message === 'The run was left before its end.'));
  });

test('a run whose span could not be begun at first is not taken for a resumed one', async (lab) => {
  const telemetry = new Telemetry();
  let isFirst = true;
  const tracer = {
    startSpan: (...args: Parameters<Tracer['startSpan']>) => {
      if (!isFirst) return telemetry.tracer.startSpan(...args);
      isFirst = false;
      throw new Error('once');
    },
  } as unknown as Tracer;
  await lab.finish(['a'], { does: { a: 50 }, hooks: [otelHook({ tracer })] });
  assert.equal(telemetry.lines(), ['run test > a 0..50 succeeded', 'run test 0..50 succeeded']);
  assert.is(telemetry.span('run test').attributes['rxdag.run.resumed'], undefined);
});

test.bare('an engine that breaks ends all spans with an error, and counts nobody any more', async (lab) => {
  const telemetry = new Telemetry();
  const store = memoryStore();
  let isFenced = false;
  const fenced: EventStore = {
    ...store,
    append: (...args) =>
      isFenced
        ? () => Promise.resolve(E.left({ type: 'Fenced' as const, message: 'another process has the run' }))
        : store.append(...args),
  };
  const trial = lab.start(['a', node('each', { forEach: { $ref: 'inputs.list' } })], {
    inputs: { list: [1, 2] },
    does: { '*': 100 },
    executor: { store: fenced },
    hooks: [otelHook({ tracer: telemetry.tracer, meter: telemetry.meter })],
  });
  await trial.pass(50);
  isFenced = true;
  const error = await lab.time.until(trial.run.report.catch((error: Error) => error));
  assert.match((error as Error).message, 'another process');
  assert.is(telemetry.begun, 5);
  assert.is(telemetry.ended, 5);
  assert.ok(telemetry.spans.every(({ status }) => status.message === 'The run was left before its end.'));
  assert.match(
    (await telemetry.numbers()).find((line) => line.startsWith('rxdag.node.active'))!,
    / 0 \{node\}$/,
  );
  await telemetry.close();
});

test.bare('a resumed run makes spans of what happens from then on, and none twice', async () => {
  const each = node('each', { forEach: { $ref: 'inputs.list' }, deps: ['a'] });
  const nodes: Nodes = ['a', each, 'z: each'];
  const plot: Plot = { inputs: { list: [1, 2] }, does: { '*': ({ nodeId }) => Promise.resolve(nodeId) } };
  const { trial, store, after } = doomed(nodes, plot);
  await trial.end();
  for (let instant = 1; instant < store.appends.length; instant++) {
    const left = await after(instant);
    const telemetry = new Telemetry();
    const hooks = [otelHook({ tracer: telemetry.tracer, meter: telemetry.meter })];
    const resumed = await resume(left, { ...plot, executor: { hooks } }, { laterMs: 60_000 });
    const { events } = await resumed.end();
    const fresh = events.slice(left.events.length);
    const succeeded = fresh.flatMap((event) => (event.type === 'NodeSucceeded' ? [event.nodeId] : []));
    const hadEnded = left.events.some(({ type }) => type === 'RunSettled');
    assert.is(telemetry.begun, telemetry.ended, `instant ${instant}`);
    if (hadEnded) continue;
    assert.equal(
      telemetry.spans.map(({ attributes }) => attributes['rxdag.node.id']).filter((id) => id !== undefined),
      succeeded,
    );
    const run = telemetry.span('run test');
    assert.is(run.attributes['rxdag.run.resumed'], true);
    assert.is(run.attributes['rxdag.run.id'], 'r');
    for (const { startTime } of telemetry.spans) assert.ok(startTime[0] >= 1_060, `${startTime[0]}`);
    const wait = (await telemetry.numbers()).find((line) => line.startsWith('rxdag.node.wait'));
    if (wait !== undefined) assert.match(wait, /: 0 s$/); // the process was down: nobody waited for a slot
    await telemetry.close();
  }
});

test.run();

const real = suite('otelHook on the real clock');

real('the run stands below the span that is active where it is started', async () => {
  const manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
  try {
    const telemetry = new Telemetry();
    const request = telemetry.tracer.startSpan('request', {}, ROOT_CONTEXT);
    const executor = realExecutor({ hooks: [otelHook({ tracer: telemetry.tracer })] });
    const run = context.with(trace.setSpan(ROOT_CONTEXT, request), () =>
      executor.start({ name: 'g', nodes: [{ id: 'a', action: 'work' }] }),
    );
    await run.report;
    assert.is(telemetry.span('run g').parentSpanContext?.spanId, request.spanContext().spanId);
    await executor.start({ name: 'h', nodes: [{ id: 'a', action: 'work' }] }).report;
    assert.is(telemetry.span('run h').parentSpanContext, undefined);
  } finally {
    context.disable();
  }
});

real('without an SDK it costs nothing but time', async () => {
  const report = await realExecutor({ hooks: [otelHook()] }).start({ name: 'g', nodes: [{ id: 'a', action: 'work' }] })
    .report;
  assert.ok(report.success);
});

real('a run of 10,000 items leaves nothing behind', async () => {
  const telemetry = new Telemetry();
  const executor = realExecutor({ hooks: [otelHook({ tracer: telemetry.tracer, meter: telemetry.meter })] });
  const each = { id: 'each', action: 'work', forEach: { $ref: 'inputs.list' } };
  const list = Array.from({ length: 10_000 }, (_, i) => i);
  await executor.start({ name: 'g', nodes: [each] }, { inputs: { list } }).report;
  assert.is(telemetry.begun, 10_002);
  assert.is(telemetry.ended, 10_002);
  await telemetry.close();
});

real.run();
