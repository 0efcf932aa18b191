import { of, timer } from 'rxjs';
import { map } from 'rxjs/operators';
import * as assert from 'uvu/assert';
import {
  HookAdapter,
  addNode,
  answerWith,
  compositeHook,
  emitEvent,
  metricsHook,
  onNode,
  pauseRun,
  retryFailed,
  type Gate,
  type Hook,
  type HookOperator,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { fail, labSuite } from '../support/executor.js';

const test = labSuite('compositeHook');

const said = (log: { ofType(type: 'CustomEmitted'): readonly { readonly name: string; readonly by?: string }[] }) =>
  log.ofType('CustomEmitted').map(({ name, by }) => `${by} ${name}`);
/** Says its name when node a has succeeded. */
const says = (name: string): SupervisorHookV2 => ({
  name,
  onNodeComplete: (_, { nodeId }) => (nodeId === 'a' ? emitEvent(name, null) : undefined),
});

test('hooks of every form act under one name, in the order given', async (lab) => {
  const seen: string[] = [];
  const hooks: readonly Hook[] = [
    answerWith(
      onNode((id, { type }) => id === 'a' && type === 'NodeSucceeded'),
      () => emitEvent('operator', null),
    ),
    says('methods'),
    new HookAdapter({
      name: 'old',
      onNodeComplete: async (executor, node) => {
        if (node.id === 'a') await executor.addNode('test', 'c', 'work', ['a']);
      },
    }),
    {
      name: 'all',
      onStart: () => void seen.push('start'),
      onNodeStart: (_, { nodeId }) => void seen.push(`started ${nodeId}`),
      onNodeFailed: (_, { nodeId }) => void seen.push(`failed ${nodeId}`),
      onComplete: (_, success) => void seen.push(`complete ${success}`),
    },
    compositeHook('inner', says('nested')),
  ];
  const { report, log } = await lab.finish(['a', 'b: a'], {
    does: { b: fail() },
    hooks: [compositeHook('team', ...hooks)],
    config: { maxParallelNodes: 1 },
  });
  assert.equal(said(log), ['team operator', 'team methods', 'team nested']);
  assert.is(report.outputs['c'], 'c');
  assert.equal(
    seen,
    ['start', 'started a', 'started c', 'started b', 'failed b', 'complete false'].toSorted(
      (x, y) => seen.indexOf(x) - seen.indexOf(y),
    ),
  );
  assert.is(seen.length, 6);
  assert.equal(report.hookFailures, []);
});

test('what parts answer at once is applied before anything new starts', async (lab) => {
  const add: HookOperator = answerWith(
    onNode((id, { type }) => id === 'a' && type === 'NodeSucceeded'),
    () => addNode({ id: 'first', action: 'work', priority: 9 }),
  );
  const { log } = await lab.finish(['a', 'b: a'], {
    hooks: [compositeHook('team', says('x'), add)],
    config: { maxParallelNodes: 1 },
  });
  assert.equal(log.started, ['a', 'first', 'b']);
});

test('a later answer of a part holds back the dependants of its node', async (lab) => {
  const slow: SupervisorHookV2 = {
    name: 'slow',
    onNodeComplete: (_, { nodeId }) =>
      nodeId === 'a' ? timer(100, lab.time).pipe(map(() => emitEvent('late', null))) : undefined,
  };
  const { log, report } = await lab.finish(['a', 'b: a'], { hooks: [compositeHook('team', slow, says('at once'))] });
  assert.equal(said(log), ['team at once', 'team late']);
  assert.is(log.ofType('NodeStarted')[1]!.at - report.startedAt, 100);
  const succeeded = log.ofType('NodeSucceeded')[0]!.seq;
  assert.equal(
    log.ofType('CustomEmitted').map(({ cause }) => cause),
    [succeeded, succeeded],
  );
});

test('holds nothing back if all parts only observe', async (lab) => {
  const watch: SupervisorHookV2 = { name: 'watch', observe: true, onNodeComplete: () => lab.after(100, undefined) };
  const { log, report } = await lab.finish(['a', 'b: a'], { hooks: [compositeHook('team', watch, watch)] });
  assert.is(log.ofType('NodeStarted')[1]!.at, report.startedAt);
});

test('gates are asked in order: rewritten inputs pass on, the first refusal wins', async (lab) => {
  const asked: string[] = [];
  const gate = (name: string, answer: (id: string) => Gate): SupervisorHookV2 => ({
    name,
    beforeNodeStart: (_, node) => {
      asked.push(`${name} ${node.id} ${JSON.stringify(node.spec.inputs ?? {})}`);
      return name === 'late' ? timer(10, lab.time).pipe(map(() => answer(node.id))) : answer(node.id);
    },
  });
  const { report } = await lab.finish(['a', 'b'], {
    does: { '*': ({ inputs }) => inputs },
    hooks: [
      compositeHook(
        'team',
        gate('early', () => ({ inputs: { n: 1 } })),
        gate('late', (id) => (id === 'b' ? { skip: 'not b', output: 'skipped' } : undefined)),
        gate('last', () => ({ inputs: { n: 2, $ref: 'no reference' } })),
      ),
    ],
    config: { maxParallelNodes: 1 },
  });
  assert.equal(asked, ['early a {}', 'late a {"n":1}', 'last a {"n":1}', 'early b {}', 'late b {"n":1}']);
  assert.equal(report.outputs['a'], { n: 2, $ref: 'no reference' });
  assert.is(report.outputs['b'], 'skipped');
});

test('without a gate among its parts it is none', async (lab) => {
  assert.is(compositeHook('team', says('x')).beforeNodeStart, undefined);
  const { log } = await lab.finish(['a'], { hooks: [compositeHook('team')] });
  assert.equal(log.ofType('NodeStarting'), []);
});

test('ready-made hooks work inside', async (lab) => {
  const { report } = await lab.finish(['a'], {
    does: {
      a: ({ attempt }) => {
        if (attempt < 3) throw new Error('no');
        return attempt;
      },
    },
    hooks: [compositeHook('care', retryFailed(3, { delayMs: 10, scheduler: lab.time }), metricsHook({ every: 1 }))],
  });
  assert.is(report.outputs['a'], 3);
  assert.equal([report.metrics.custom['work.failed'], report.metrics.custom['work.succeeded']], [2, 1]);
});

test('a stream of commands from a part is taken as it comes', async (lab) => {
  const { report } = await lab.finish(['a', 'b: a'], {
    hooks: [
      compositeHook('team', {
        name: 'stream',
        onNodeComplete: (_, { nodeId }) =>
          nodeId === 'a' ? of(pauseRun('a moment'), { type: 'ResumeRun' } as const) : undefined,
      }),
    ],
  });
  assert.ok(report.success);
});

test.run();
