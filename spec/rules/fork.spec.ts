import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fold } from '../../lib/state/reduce.js';
import {
  action,
  initialSnapshot,
  memoryResultCache,
  memoryStore,
  pauseRun,
  reduce,
  resumeRun,
  retryNode,
  type DagExecutionReport,
  type EventStore,
  type Execute,
  type ExecutionEvent,
  type NodeSpec,
} from '../../lib/index.js';
import { defaultConfig } from '../../lib/model/DagConfig.js';
import { forkedLog } from '../../lib/run/forkedLog.js';
import { checkLog, describeEvent, random } from '../../lib/testing/index.js';
import { planFor } from '../simulation/randomPlan.js';
import { play } from '../simulation/simulate.js';
import { node } from '../support/logOf.js';
import { Lab, type Nodes, type Plot } from '../support/executor.js';

const DAY_MS = 86_400_000;

const logIn = async (store: EventStore, runId: string): Promise<readonly ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  for await (const event of store.read(runId)) events.push(event);
  return events;
};

const test = suite('Fork');

test('the time between a run and its fork counts for neither', async () => {
  const lab = new Lab(false);
  const store = memoryStore();
  let isMended = false;
  const plot = {
    does: {
      a: 100,
      b: () => {
        if (!isMended) throw new Error('no');
        return lab.last(20, 'b');
      },
      ask: () => 'asked',
    },
    executor: { store, config: { timeoutMs: 1_000 } },
    runId: 'r',
  };
  await lab.finish(['a', 'b: a'], plot);
  const before = await logIn(store, 'r');
  await lab.pass(DAY_MS);
  isMended = true;
  const executor = lab.executor(plot);
  const begun = lab.time.now();
  const run = await executor.fork('r', { atSeq: before.length, runId: 'r2', again: ['b'] });
  const report = await lab.time.until(run);
  assert.ok(report.success, report.error);
  assert.is(report.startedAt, begun - 100);
  assert.is(report.durationMs, 120);
  const [a, b] = report.nodeOutcomes;
  assert.equal([a!.startedAt, a!.endedAt, a!.durationMs], [begun - 100, begun, 100]);
  assert.equal([b!.startedAt, b!.endedAt], [begun, begun + 20]);
  const events = await logIn(store, 'r2');
  assert.equal(brokenRules(events), []);
  assert.equal(await logIn(store, 'r'), before, 'the other run is as it was');
});

test('a run that is out of time goes on in a fork, with as long again, also after a crash', async () => {
  const lab = new Lab(false);
  const store = memoryStore();
  const plot = { does: { a: 600, b: 600, c: 600 }, executor: { store, config: { timeoutMs: 1_000 } }, runId: 'r' };
  const { report } = await lab.finish(['a', 'b: a', 'c: b'], plot);
  assert.match(report.error!, /^DAG timeout exceeded after 1000 ms/);
  const executor = lab.executor(plot);
  const fork = await executor.fork('r', { atSeq: (await logIn(store, 'r')).length, runId: 'r2' });
  const again = await lab.time.until(fork);
  assert.match(again.error!, /^DAG timeout exceeded/);
  assert.is(again.nodeOutcomes[1]!.status, 'succeeded');

  // Its process dies: what the fork began with counts no more than before.
  const last = await executor.fork('r2', { atSeq: (await logIn(store, 'r2')).length, runId: 'r3' });
  await lab.pass(500);
  const left = memoryStore();
  await left.acquire('r3', { id: 'dead', startedAt: 0 })();
  await left.append('r3', 1, 0, await logIn(store, 'r3'), {})();
  void last.cancel();
  const resumed = await lab
    .executor({ ...plot, executor: { ...plot.executor, store: left } })
    .resume('r3', { takeOver: true });
  assert.ok((await lab.time.until(resumed)).success);
});

test('a wait has as long left in a fork as it had', async () => {
  const lab = new Lab(false);
  const store = memoryStore();
  const ask = { id: 'ask', action: 'human.input', inputs: { default: 'nobody' } };
  const plot = {
    executor: { store, config: { humanWaitMs: 5_000, humanTimeoutAction: 'Autopilot' as const } },
    runId: 'r',
  };
  const trial = await lab.finish([ask], plot);
  const waiting = trial.events.find(({ type }) => type === 'NodeWaiting')!;
  await lab.pass(DAY_MS);
  const begun = lab.time.now();
  const run = await lab.executor(plot).fork('r', { atSeq: waiting.seq, runId: 'r2' });
  const report = await lab.time.until(run);
  assert.is(report.endedAt, begun + 5_000);
  assert.is(report.outputs['ask'], 'nobody');
});

interface Tried {
  readonly events: readonly ExecutionEvent[];
  /** The nodes whose actions were called since this was last asked. */
  readonly calls: () => readonly string[];
  /** Forks the run where it ended, or at an event, lets the fork end, and checks its log. */
  readonly fork: (again: readonly string[], atSeq?: number) => Promise<Forked>;
}

type Forked = DagExecutionReport & { readonly events: readonly ExecutionEvent[] };

/** A run that has ended, to be forked. */
const tried = async (
  nodes: Nodes,
  { does = {}, ...plot }: Omit<Plot, 'does'> & { readonly does?: Readonly<Record<string, Execute<any, any>>> } = {},
): Promise<Tried> => {
  const lab = new Lab(false);
  const store = memoryStore();
  const called: string[] = [];
  const noted: Execute<any, any> = (ctx) => {
    called.push(ctx.nodeId);
    return (does[ctx.nodeId] ?? (() => 'done'))(ctx);
  };
  const whole: Plot = { ...plot, does: { '*': noted }, executor: { ...plot.executor, store }, runId: 'r' };
  const { events } = await lab.finish(nodes, whole);
  const calls = (): readonly string[] => called.splice(0).toSorted();
  let forks = 0;
  return {
    events,
    calls,
    fork: async (again, atSeq = events.length) => {
      calls();
      const runId = `fork-${++forks}`;
      const report = await lab.time.until(await lab.executor(whole).fork('r', { atSeq, runId, again }));
      const log = await logIn(store, runId);
      assert.equal(brokenRules(log), []);
      return { ...report, events: log };
    },
  };
};

const brokenRules = (log: readonly ExecutionEvent[]): readonly string[] => checkLog(log).map(({ message }) => message);

const list: NodeSpec = { id: 'list', action: 'work' };
const each: NodeSpec = { id: 'each', action: 'work', forEach: { $ref: 'list' } };

test('an item that runs again does so alone; all that depends on the whole does, too', async () => {
  let isMended = false;
  const { fork, calls } = await tried([list, each, 'sum: each', 'other: list'], {
    does: {
      list: () => [1, 2, 3],
      'each[1]': () => {
        if (!isMended) throw new Error('no');
        return 'two';
      },
    },
  });
  assert.equal(calls(), ['each[0]', 'each[1]', 'each[2]', 'list', 'other']);
  isMended = true;
  const report = await fork(['each[1]']);
  assert.equal(calls(), ['each[1]', 'sum']);
  assert.equal(report.outputs['each'], ['done', 'two', 'done']);
  await fork(['each']);
  assert.equal(calls(), ['each[0]', 'each[1]', 'each[2]', 'sum'], 'a node that is named runs as a whole');
  await fork(['list', 'each[1]']);
  assert.equal(
    calls(),
    ['each[0]', 'each[1]', 'each[2]', 'list', 'other', 'sum'],
    'so does one that gets another list',
  );
});

test('of a sub-DAG runs again what was named in it, and what depends on that', async () => {
  const inner = { name: 'inner', nodes: [node('a'), node('b: a'), node('c')] };
  const { fork, calls } = await tried([{ id: 'sub', action: 'dag', inputs: { dag: 'inner' } }, 'end: sub'], {
    library: [inner],
  });
  assert.ok((await fork(['sub/a'])).success);
  assert.equal(calls(), ['end', 'sub/a', 'sub/b']);
});

test('items that were tried again in the run are as they had become', async () => {
  const lab = new Lab(false);
  const store = memoryStore();
  let fails = 2;
  const plot: Plot = {
    does: {
      list: () => [1, 2],
      'each[1]': () => {
        if (fails-- > 0) throw new Error('no');
        return 'two';
      },
    },
    executor: {
      store,
      hooks: [
        {
          name: 'again',
          onNodeFailed: (_, { nodeId, attempt }) =>
            nodeId === 'each' && attempt < 3 ? retryNode('each[1]') : undefined,
        },
      ],
    },
    runId: 'r',
  };
  const { events, report } = await lab.finish([list, each, 'sum: each'], plot);
  assert.ok(report.success, report.error);
  const run = await lab.executor(plot).fork('r', { atSeq: events.length, runId: 'f', again: ['each[0]'] });
  assert.ok((await lab.time.until(run)).success);
  const log = await logIn(store, 'f');
  assert.equal(brokenRules(log), []);
  assert.equal(
    log.filter(({ type }) => type === 'NodeStarted').map((event) => ('nodeId' in event ? event.nodeId : '')),
    // The answer to a failure that is no more is none either: what it had tried again runs again.
    ['list', 'each[0]', 'each[1]', 'sum'],
  );
});

test('a list whose items were being put in where the fork begins is put in as a whole', async () => {
  const { fork, events } = await tried([list, each], { does: { list: () => [1, 2, 3] } });
  for (const { seq, type } of events)
    if (type === 'NodeWaiting' || type === 'NodeAdded')
      assert.equal((await fork([], seq)).outputs['each'], ['done', 'done', 'done'], `at event ${seq}`);
});

test('a node on which more depend than a call takes arguments runs again', () => {
  const wide = Array.from({ length: 150_000 }, (_, i): NodeSpec => ({ id: `n${i}`, action: 'work', deps: ['a'] }));
  const definition = { name: 'wide', nodes: [{ id: 'a', action: 'work' }, ...wide] };
  const begun = { seq: 1, at: 0, type: 'RunStarted', format: 1, runId: 'r', dagName: 'wide', inputs: {} } as const;
  const log = forkedLog([{ ...begun, definition, config: defaultConfig }], {
    runId: 'fork',
    inputs: { x: 1 },
    again: ['a'],
    now: 0,
  });
  assert.is(log.events.length, 1);
});

test('what a failure had called for is gone where the node does not fail again', async () => {
  let isMended = false;
  const { fork, calls } = await tried([{ id: 'a', action: 'work', failureAction: 'tell' }], {
    actions: [action('tell', () => 'told')],
    does: {
      a: () => {
        if (!isMended) throw new Error('no');
        return 'done';
      },
    },
  });
  isMended = true;
  const { success, nodeOutcomes } = await fork(['a']);
  assert.ok(success);
  assert.equal(calls(), ['a']);
  assert.equal(
    nodeOutcomes.map(({ nodeId }) => nodeId),
    ['a'],
  );
});

test('a pause that is left out has no end in the fork', async () => {
  const { fork } = await tried(['a', 'b', 'c: a b'], {
    hooks: [
      {
        name: 'guard',
        onNodeComplete: (_, { nodeId }) => (nodeId === 'a' ? [pauseRun('look'), resumeRun()] : undefined),
      },
    ],
  });
  const { events } = await fork(['a']);
  assert.is(events.filter(({ type }) => type === 'RunPaused').length, 0);
});

test('what was asked to run again is not served from kept results, nor what depends on it', async () => {
  const always = (id: string, more: Partial<NodeSpec> = {}): NodeSpec => {
    return { id, action: 'work', cache: 'always', inputs: { own: id }, ...more };
  };
  const { fork, calls } = await tried(
    [
      always('a'),
      always('b'),
      always('c', { deps: ['a'] }),
      list,
      always('each', { forEach: { $ref: 'list' } }),
      always('d', { deps: ['each'] }),
    ],
    { executor: { results: memoryResultCache() }, does: { list: () => [1, 2] } },
  );
  assert.is(calls().length, 7);
  await fork(['a']);
  assert.equal(calls(), ['a', 'c']);
  await fork(['each[0]']);
  assert.equal(calls(), ['d', 'each[0]']);
  const { events } = await fork(['list']);
  assert.equal(calls(), ['d', 'each[0]', 'each[1]', 'list']);
  assert.equal(events[0]?.type === 'RunStarted' && events[0].forkedFrom?.again, ['list']);
  await fork([], 1);
  assert.equal(calls(), ['list'], 'other forks are served');
});

test('a log of whatever run keeps every rule, whatever is to run again', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const { events } = await play({ ...planFor(seed), hooks: [], commands: [] }, false);
    const r = random(seed);
    const part = events.slice(0, r.chance(0.5) ? events.length : r.int(1, events.length));
    const ids = [...fold(part).nodes()].map(({ id }) => id);
    const again = [r.pick(ids), r.pick(ids)].slice(0, r.int(0, 2));
    const log = forkedLog(part, { runId: 'fork', inputs: {}, again, now: 1e9 }).events;
    assert.equal(
      brokenRules(log),
      [],
      `seed ${seed}, again ${again.join(', ')}:\n${log.map(describeEvent).join('\n')}`,
    );
  }
});

test('a log is folded at once to what it is folded to event by event', async () => {
  const { events } = await new Lab(false).finish(['a', 'b: a', 'c'], {
    does: { c: () => Promise.reject(new Error('no')) },
  });
  assert.is(JSON.stringify(fold(events)), JSON.stringify(events.reduce(reduce, initialSnapshot())));
});

test.run();
