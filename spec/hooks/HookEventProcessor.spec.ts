import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  HookAdapter,
  HookEventProcessor,
  HookProcessor,
  addNode,
  answerWith,
  emitEvent,
  onNode,
  toHookEvent,
  type HookEvent,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';

const test = labSuite('HookEventProcessor');

const seen = (into: (HookEvent | undefined)[]): SupervisorHookV2 => ({
  name: 'seen',
  onEvent: (ctx, event) => void into.push(toHookEvent(event, ctx.snapshot())),
});

test('gives the commands of all its hooks, as one operator', async (lab) => {
  const processor = new HookEventProcessor(
    [
      {
        name: 'x',
        onNodeComplete: (_, { nodeId }) => (nodeId === 'a' ? addNode({ id: 'b', action: 'work' }) : undefined),
      },
      answerWith(
        onNode((id, { type }) => id === 'b' && type === 'NodeSucceeded'),
        () => emitEvent('b is done', null),
      ),
      new HookAdapter({ onNodeComplete: async (executor) => executor.updateMetrics({ seen: 1 }) }),
      { name: 'end', onComplete: (_, success) => (success ? emitEvent('well', null) : undefined) },
    ],
    'processor',
  );
  const { report, log } = await lab.finish(['a'], { hooks: [processor.process] });
  assert.is(report.outputs['b'], 'b');
  assert.is(report.metrics.custom['seen'], 1);
  assert.equal(
    log.ofType('CustomEmitted').map(({ name, by }) => `${by} ${name}`),
    ['processor b is done', 'processor well'],
  );
  assert.is(log.ofType('NodeAdded')[0]?.cause, log.ofType('NodeSucceeded')[0]?.seq);
});

test('the run waits for later answers', async (lab) => {
  const processor = new HookEventProcessor([
    { name: 'slow', onNodeComplete: () => lab.after(70, emitEvent('late', null)) },
  ]);
  const { report, log } = await lab.finish(['a'], { hooks: [processor.process] });
  assert.is(log.ofType('CustomEmitted').length, 1);
  assert.is(report.durationMs, 70);
});

test('tells of a hook that throws, and goes on', async (lab) => {
  const bad: SupervisorHookV2 = {
    name: 'bad',
    onNodeComplete: () => {
      throw new Error('broken');
    },
  };
  const good: SupervisorHookV2 = { name: 'good', onNodeComplete: () => emitEvent('fine', null) };
  const processor = new HookEventProcessor([bad, good], 'processor');
  const { report, log } = await lab.finish(['a', 'b: a'], { hooks: [processor.process] });
  assert.ok(report.success);
  assert.equal(
    log.ofType('CustomEmitted').map(({ name, payload }) => [name, payload]),
    [
      ['fine', null],
      ['HookFailed', { hook: 'processor', error: { name: 'Error', message: '"bad": broken' } }],
      ['fine', null],
      ['HookFailed', { hook: 'processor', error: { name: 'Error', message: '"bad": broken' } }],
    ],
  );
});

test('refuses a gate', () => {
  assert.throws(
    () => new HookEventProcessor([{ name: 'gate', beforeNodeStart: () => 'proceed' }]),
    /Hook "gate" is a gate, which an operator can't be/,
  );
  assert.is(HookProcessor, HookEventProcessor);
});

test('toHookEvent tells of starts, completions and failures, and of nothing else', async (lab) => {
  const events: (HookEvent | undefined)[] = [];
  const { events: log } = await lab.finish(
    ['a', 'x', 'skipped: x', 'given', { id: 'retried', action: 'work', tryCount: 2, retry: { type: 'Immediate' } }],
    {
      does: {
        x: fail('broken'),
        retried: ({ attempt }) => {
          if (attempt === 1) throw new Error('once');
        },
      },
      hooks: [seen(events), { name: 'skip', onStart: () => ({ type: 'SkipNode', nodeId: 'given', output: 1 }) }],
      config: { maxParallelNodes: 1 },
    },
  );
  assert.is(events.length, log.length);
  const told = events.filter((event) => event !== undefined);
  assert.equal(
    told.map((event) => `${event.type} ${event.node.id}${'success' in event ? ` ${event.success}` : ''}`).toSorted(),
    [
      'NodeCompleted a true',
      'NodeCompleted given true',
      'NodeCompleted retried true',
      'NodeCompleted skipped false',
      'NodeFailed x',
      'NodeStarting a',
      'NodeStarting retried',
      'NodeStarting retried',
      'NodeStarting x',
    ],
  );
  const failed = told.find((event) => event.type === 'NodeFailed');
  assert.is(failed?.error.message, 'broken');
  assert.is(failed?.node.status, 'failed');
});

test('toHookEvent shows a cancelled node as completed without success', async (lab) => {
  const events: (HookEvent | undefined)[] = [];
  const trial = lab.start(['a'], { does: { a: 1_000 }, hooks: [seen(events)] });
  await trial.pass(10);
  await trial.grant({ type: 'CancelRun' });
  await trial.end();
  assert.equal(
    events.flatMap((event) => (event === undefined ? [] : [event.type])),
    ['NodeStarting', 'NodeCompleted'],
  );
});

test.run();

const names = suite('HookEventProcessor names');

names('its operator bears its name', () => {
  assert.is(new HookEventProcessor([]).process.hookName, 'HookEventProcessor');
  assert.is(new HookEventProcessor([], 'mine').process.hookName, 'mine');
});

names.run();
