import * as assert from 'uvu/assert';
import {
  DagError,
  EngineError,
  addNode,
  cancelBranch,
  emitEvent,
  fairSlots,
  memoryStore,
  pauseRun,
  resumeRun,
  type DagExecutor,
  type Hook,
  type RunOptions,
  type Slots,
} from '../../lib/index.js';
import { random } from '../../lib/testing/index.js';
import { Lab, Trial, fail, labSuite, realExecutor, specs, type Nodes, type Plot } from '../support/executor.js';
import { node } from '../support/logOf.js';
import { heldStore } from '../support/heldStore.js';

const test = labSuite('Shared slots');

const wide = (count: number, prefix = 'n'): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const config = { maxParallelNodes: 1_000 };

/** Several runs of one executor. */
class Fleet {
  readonly trials: Trial[] = [];
  readonly lab: Lab;
  readonly executor: DagExecutor;

  constructor(lab: Lab, slots: Slots, plot: Plot = {}) {
    this.lab = lab;
    this.executor = lab.executor({ ...plot, executor: { config, ...plot.executor, slots } });
  }

  start(nodes: Nodes, options: RunOptions = {}): Trial {
    const run = this.executor.start({ name: `r${this.trials.length}`, nodes: specs(nodes) }, options);
    const trial = new Trial(this.lab, run);
    this.trials.push(trial);
    return trial;
  }

  /** How many slots each run holds. */
  get held(): readonly number[] {
    return this.trials.map(held);
  }

  async end(): Promise<void> {
    for (const trial of this.trials) await trial.end();
  }

  /** Over all logs, by time and order of publication: how many nodes ran at most at once. */
  get peak(): number {
    return peakOf(this.trials);
  }
}

const held = ({ run }: Trial): number => run.snapshot.counts.running + run.snapshot.counts.starting;

/** Starts and ends of all runs in the order of their instants; at one instant, ends first. */
const peakOf = (trials: readonly Trial[]): number => {
  const moves: { at: number; by: number }[] = [];
  for (const { events } of trials) {
    const running = new Set<string>();
    const starting = new Set<string>();
    for (const event of events) {
      if (event.type === 'RunPaused')
        // gates that are asked are asked again
        for (const id of starting) {
          running.delete(id);
          moves.push({ at: event.at, by: -1 });
        }
      if (event.type === 'RunPaused') starting.clear();
      if (!('nodeId' in event)) continue;
      starting.delete(event.nodeId);
      if (event.type === 'NodeStarting') starting.add(event.nodeId);
      if ((event.type === 'NodeStarted' || event.type === 'NodeStarting') && !running.has(event.nodeId)) {
        running.add(event.nodeId);
        moves.push({ at: event.at, by: 1 });
      } else if (ENDS.has(event.type) && running.delete(event.nodeId)) moves.push({ at: event.at, by: -1 });
    }
  }
  moves.sort((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  return moves.reduce((peak, { by }) => Math.max(peak, (now += by)), 0);
};
const ENDS = new Set(['NodeSucceeded', 'NodeFailed', 'NodeCancelled', 'NodeRetryScheduled', 'NodeSkipped']);

/** For how long each run has held slots between two instants. */
const servedMs = (trial: Trial, from: number, to: number): number => {
  const since = new Map<string, number>();
  let sum = 0;
  const add = (start: number, end: number): void =>
    void (sum += Math.max(0, Math.min(end, to) - Math.max(start, from)));
  for (const event of trial.events) {
    if (event.type === 'NodeStarted') since.set(event.nodeId, event.at);
    else if ('nodeId' in event && ENDS.has(event.type)) {
      const start = since.get(event.nodeId);
      if (start !== undefined) add(start, event.at);
      since.delete(event.nodeId);
    }
  }
  for (const start of since.values()) add(start, to);
  return sum;
};

test('one run is held to the slots as to its own limit', async (lab) => {
  const fleet = new Fleet(lab, fairSlots(3), { does: { '*': 10 } });
  const trial = fleet.start(wide(9));
  await trial.pass();
  assert.is(held(trial), 3);
  const { durationMs } = await trial.end();
  assert.is(durationMs, 30);
});

test('weights of 1, 2 and 5 get 1, 2 and 5 of 8 slots, and the same shares of 1, 3 or 16', async (lab) => {
  for (const count of lab.store === undefined ? [8, 1, 3, 16] : [8, 16]) {
    const fleet = new Fleet(lab, fairSlots(count), { does: { '*': 10 } });
    const start = lab.time.now();
    for (const weight of [1, 2, 5]) fleet.start(wide(count * 150), { weight });
    await lab.pass(5);
    if (count === 8) assert.equal(fleet.held, [1, 2, 5]);
    await lab.pass(1_995);
    const total = count * 2_000;
    fleet.trials.forEach((trial, i) => {
      const share = servedMs(trial, start, start + 2_000) / total;
      const ideal = [1, 2, 5][i]! / 8;
      assert.ok(Math.abs(share - ideal) < 0.02, `${count} slots: run ${i} has had ${share}, not ${ideal}`);
    });
    for (const { run } of fleet.trials) void run.cancel();
    await fleet.end();
  }
});

test.bare('shares are of time, not of starts', async (lab) => {
  const fleet = new Fleet(lab, fairSlots(4), {
    does: { ...Object.fromEntries(wide(500).map((id) => [id, 40])), '*': 5 },
  });
  const start = lab.time.now();
  fleet.start(wide(500));
  fleet.start(wide(2_000, 'm'));
  await lab.pass(2_000);
  const [slow, quick] = fleet.trials.map((trial) => servedMs(trial, start, start + 2_000)) as [number, number];
  assert.ok(Math.abs(slow / (slow + quick) - 0.5) < 0.04, `${slow} and ${quick} ms`);
  for (const { run } of fleet.trials) void run.cancel();
  await fleet.end();
});

test('what one run does not use is there for the others', async (lab) => {
  const fleet = new Fleet(lab, fairSlots(6), { does: { '*': 10 } });
  fleet.start(wide(60));
  fleet.start(['a', 'b: a', 'c: b'], { weight: 100 });
  fleet.start(wide(60), { config: { maxParallelNodes: 2 } });
  await lab.pass(5);
  assert.equal(fleet.held, [3, 1, 2]);
  await lab.pass(30);
  assert.equal(fleet.held, [4, 0, 2]);
  await fleet.end();
  assert.is(fleet.peak, 6);
});

test.bare('a run that comes late has its share as slots become free', async (lab) => {
  const fleet = new Fleet(lab, fairSlots(4), { does: { '*': 10 } });
  fleet.start(wide(100));
  await lab.pass(15);
  fleet.start(wide(100));
  assert.equal(fleet.held, [4, 0]);
  await lab.pass(6);
  assert.equal(fleet.held, [2, 2]);
  await lab.pass(10);
  assert.equal(fleet.held, [2, 2]);
  fleet.start(wide(100), { weight: 2 });
  await lab.pass(20);
  assert.equal(fleet.held, [1, 1, 2]);
  await fleet.end();
});

test('a run with a weight of 0.01 does not starve, nor does one of many on one slot', async (lab) => {
  const fleet = new Fleet(lab, fairSlots(1), { does: { '*': 1 } });
  fleet.start(wide(1_000));
  fleet.start(['a', 'b', 'c'], { weight: 0.01 });
  await lab.pass(450);
  assert.is(fleet.trials[1]!.status('c'), 'succeeded');
  const many = new Fleet(lab, fairSlots(1), { does: { '*': 1 } });
  for (let i = 0; i < 10; i++) many.start(wide(50));
  await lab.pass(100);
  assert.equal(
    many.trials.map(({ run }) => run.snapshot.counts.succeeded >= 8),
    Array.from({ length: 10 }, () => true),
  );
  await fleet.end();
  await many.end();
});

test('instant nodes take turns as well', async (lab) => {
  const fleet = new Fleet(lab, fairSlots(1));
  const order: number[] = [];
  for (let i = 0; i < 3; i++)
    fleet.start(wide(4)).run.event$.subscribe(({ type }) => void (type === 'NodeStarted' && order.push(i)));
  await fleet.end();
  assert.is(order.length, 12);
  assert.equal(new Set(order.slice(0, 3)), new Set([0, 1, 2]));
});

test('priorities hold within a run', async (lab) => {
  const fleet = new Fleet(lab, fairSlots(1), { does: { '*': 1 } });
  const trial = fleet.start([node('a'), node('b', { priority: 1 }), node('c', { priority: 2 })]);
  await fleet.end();
  assert.equal(trial.log.started, ['c', 'b', 'a']);
});

test('waiting for a person, a retry or items holds no slot', async (lab) => {
  let tries = 0;
  const does = { list: () => [1, 2], r: () => (++tries < 2 ? fail()(undefined as never) : 1), '*': 1 };
  const fleet = new Fleet(lab, fairSlots(1), { does });
  const retry = { type: 'Linear' as const, delayMs: 50 };
  const first = fleet.start([
    node('ask', { action: 'human.input' }),
    node('r', { tryCount: 2, retry }),
    node('list'),
    node('each: list', { forEach: { $ref: 'list' } }),
  ]);
  const other = fleet.start(wide(10));
  await lab.pass(40);
  assert.is(other.run.snapshot.status, 'succeeded');
  assert.is(first.status('each'), 'succeeded');
  assert.is(first.status('r'), 'retrying');
  await lab.pass(20);
  assert.is(first.status('r'), 'succeeded');
  await first.cancel();
  assert.is(fleet.peak, 1);
});

test('a run that is paused takes no more, and comes back', async (lab) => {
  const fleet = new Fleet(lab, fairSlots(2), { does: { '*': 10 } });
  const first = fleet.start(wide(20));
  fleet.start(wide(20));
  await lab.pass(5);
  await first.grant(pauseRun());
  await lab.pass(10);
  assert.equal(fleet.held, [0, 2]);
  await first.grant(resumeRun());
  await lab.pass(10);
  assert.equal(fleet.held, [1, 1]);
  await fleet.end();
  assert.is(fleet.peak, 2);
});

test('a run that is cancelled gives its slots back as its nodes end, at the latest after the grace time', async (lab) => {
  const never = () => new Promise(() => undefined);
  const fleet = new Fleet(lab, fairSlots(2), { does: { x: never, y: never, '*': 10 } });
  const first = fleet.start(['x', 'y', 'z'], { config: { graceMs: 100 } });
  await lab.pass();
  const other = fleet.start(wide(4));
  void first.run.cancel();
  await lab.pass(50);
  assert.equal(fleet.held, [2, 0]);
  await lab.pass(51);
  assert.equal(fleet.held, [0, 2]);
  await first.end();
  await other.end();
});

test('a branch that is cancelled gives its slots back', async (lab) => {
  const fleet = new Fleet(lab, fairSlots(1), { does: { '*': 1_000 } });
  const first = fleet.start(['a', 'b: a']);
  await lab.pass();
  const other = fleet.start(['c']);
  await lab.pass(5);
  await first.grant(cancelBranch('a'));
  await lab.pass(1);
  assert.is(held(other), 1);
  await fleet.end();
});

test('a run whose engine breaks gives its slots back at once', async (lab) => {
  const store = heldStore(true);
  const fleet = new Fleet(lab, fairSlots(1), { does: { '*': 10 }, executor: { store } });
  const broken = fleet.start(['a', 'b: a']);
  await lab.pass();
  const other = fleet.start(['c']);
  await lab.pass(5);
  store.failures.push({ type: 'JournalCorrupt', message: 'it is broken' });
  void broken.run.dispatch(emitEvent('x', 1)); // its node runs on
  await assertRejects(lab.time.until(broken.run.report));
  await lab.pass();
  assert.is(held(other), 1);
  await other.end();
});

test.bare("slots of one's own that throw, at whichever call, break the run and nothing else", async (lab) => {
  let calls = Infinity;
  for (let last = 0; last < calls; last++) {
    calls = 0;
    const settle = (): void => {
      if (calls++ === last) throw new Error('no slots');
    };
    const slots: Slots = { join: () => ({ granted: 9, settle }) };
    const trial = new Fleet(lab, slots, { does: { '*': 10 } }).start(['a', 'b: a']);
    let told: unknown;
    trial.run.event$.subscribe({ error: (error: unknown) => (told = error) });
    const error = await lab.time.until(trial.run.report.catch((error: unknown) => error));
    if (calls <= last) break; // it has not thrown
    assert.instance(error, EngineError);
    assert.match((error as Error).message, 'no slots');
    assert.is(told, error);
    calls = Infinity;
  }
  assert.ok(calls > 5);
});

const assertRejects = async (promise: Promise<unknown>): Promise<void> => {
  let error: unknown;
  await promise.catch((reason: unknown) => (error = reason));
  assert.ok(error instanceof Error);
};

test.bare('a run that is being stored holds none of the slots that it can not use', async (lab) => {
  const store = heldStore();
  const slots = fairSlots(2);
  const slow = new Fleet(lab, slots, { does: { '*': 10 }, executor: { store } });
  const quick = new Fleet(lab, slots, { does: { '*': 10 } });
  const first = slow.start(wide(10));
  await lab.pass(); // its RunStarted is not stored
  const other = quick.start(wide(10));
  await lab.pass(5);
  assert.is(held(other), 2);
  assert.is(first.events.length, 0);
  store.open = true;
  while (store.waiting.length > 0) store.release1();
  await lab.pass(10);
  assert.equal([held(first), held(other)], [1, 1]);
  await first.end();
  await other.end();
  assert.is(peakOf([first, other]), 2);
});

test.bare('a run that waits and is being stored when a slot is free is passed over', async (lab) => {
  const store = heldStore(true);
  const slots = fairSlots(1);
  const slow = new Fleet(lab, slots, { does: { '*': 10 }, executor: { store } });
  const quick = new Fleet(lab, slots, { does: { '*': 10 } });
  const other = quick.start(wide(10));
  await lab.pass(5);
  const first = slow.start(wide(10));
  await lab.pass(1);
  store.open = false;
  void first.run.dispatch(emitEvent('x', 1));
  await lab.pass(30);
  assert.equal([held(first), held(other)], [0, 1]);
  assert.is(other.run.snapshot.counts.succeeded, 3);
  store.open = true;
  store.release1();
  await lab.pass(5);
  assert.equal([held(first), held(other)], [1, 0]);
  await first.end();
  await other.end();
});

test('hooks, gates and nodes that are added keep within the slots', async (lab) => {
  const gate: Hook = { name: 'gate', beforeNodeStart: () => lab.after(2, 'proceed' as const) };
  const grow: Hook = {
    name: 'grow',
    onNodeComplete: (_, { nodeId }) =>
      nodeId.length < 4 ? [addNode(node(`${nodeId}x`)), addNode(node(`${nodeId}y`))] : [],
  };
  const fleet = new Fleet(lab, fairSlots(3), { does: { '*': 5 } });
  fleet.start(wide(4, 'a'), { hooks: [gate, grow] });
  fleet.start(wide(4, 'b'), { hooks: [grow] });
  await fleet.end();
  assert.is(fleet.peak, 3);
});

test.bare('a run that is resumed or forked has its weight', async (lab) => {
  const store = memoryStore();
  const fleet = new Fleet(lab, fairSlots(4), { does: { '*': 10 }, executor: { store } });
  const first = fleet.start(wide(400), { runId: 'first' });
  await lab.pass(25);
  const forked = new Trial(lab, await fleet.executor.fork('first', { atSeq: 1, weight: 3 }));
  await lab.pass(20);
  const start = lab.time.now();
  await lab.pass(400);
  const [one, three] = [first, forked].map((trial) => servedMs(trial, start, start + 400)) as [number, number];
  assert.ok(Math.abs(three / (one + three) - 0.75) < 0.04, `${one} and ${three} ms`);
  const resumed = new Trial(lab, await fleet.executor.resume(forked.run.runId, { takeOver: true, weight: 1 }));
  await assertRejects(lab.time.until(forked.run.report));
  await first.end();
  assert.ok((await lab.time.until(resumed.run)).success);
});

test('what can not be meant is refused in one sentence', () => {
  const tells = (make: () => unknown, message: RegExp): void =>
    assert.throws(
      make,
      (error: unknown) => error instanceof DagError && error.type === 'InvalidOptions' && message.test(error.message),
    );
  for (const count of [0, -1, 1.5, NaN, Infinity, '3' as never])
    tells(() => fairSlots(count), /^The slots are .*; give a whole number from 1\.$/);
  tells(() => realExecutor({ slots: 8 as never }), /^The slots option is 8; give fairSlots\(n\)\.$/);
  for (const weight of [0, -1, NaN, Infinity, '1' as never])
    tells(
      () => realExecutor().start({ name: 'a', nodes: [node('a')] }, { weight }),
      /^weight is .*; give a number above 0\.$/,
    );
  const of = (ms: unknown): object => ({ nodes: new Map([['a', ms]]), actions: new Map() });
  for (const [estimates, message] of [
    [null, /^The estimates are null without maps of nodes and actions; learnEstimates gives an Either of such\.$/],
    [{ nodes: { a: 1 }, actions: {} }, /^The estimates are an object without maps/],
    [of(NaN), /^The estimate of "a" is NaN; give a number from 0\.$/],
    [of('7'), /^The estimate of "a" is "7"; give a number from 0\.$/],
    [of(-1), /is -1; give/],
    [of(Infinity), /is Infinity; give/],
    [{ nodes: new Map(), actions: new Map([['work', -1]]) }, /^The estimate of "work" is -1/],
  ] as const)
    tells(() => realExecutor().start({ name: 'a', nodes: [node('a')] }, { estimates: estimates as never }), message);
});

test('it works on the real clock', async () => {
  const executor = realExecutor({ slots: fairSlots(2) });
  const start = (weight: number) => executor.start({ name: 'a', nodes: specs(wide(200)) }, { weight }).report;
  const reports = await Promise.all([start(1), start(5), start(0.01)]);
  assert.ok(reports.every(({ success }) => success));
});

test('200 random mixes of runs keep within the slots, waste none and all end', async (lab) => {
  const base = Number(process.env['RXDAG_SEED'] ?? Date.now() % 1_000_000);
  for (let seed = base; seed < base + (lab.store === undefined ? 200 : 50); seed++)
    try {
      await mix(new Lab(lab.store !== undefined), seed);
    } catch (error) {
      console.error(`RXDAG_SEED=${seed}`);
      throw error;
    }
});

const mix = async (lab: Lab, seed: number): Promise<void> => {
  const r = random(seed);
  const count = r.int(1, 8);
  const does = {
    '*': ({ nodeId }: { nodeId: string }) => {
      if (r.chance(0.15)) throw new Error('no');
      return r.chance(0.1) ? nodeId : lab.last(r.int(1, 30), nodeId);
    },
  };
  const fleet = new Fleet(lab, fairSlots(count), { does });
  const gate: Hook = {
    name: 'gate',
    beforeNodeStart: () => (r.chance(0.5) ? 'proceed' : lab.after(r.int(0, 3), 'proceed')),
  };
  for (let i = r.int(2, 7); i > 0; i--) {
    const size = r.int(1, 25);
    const nodes = Array.from({ length: size }, (_, k) =>
      node(k > 0 && r.chance(0.5) ? `n${k}: n${r.int(0, k - 1)}` : `n${k}`, {
        tryCount: r.int(1, 3),
        retry: { type: 'Linear', delayMs: r.int(0, 20) },
        onFailure: 'continue',
      } as never),
    );
    const trial = fleet.start(nodes, {
      weight: r.pick([0.01, 0.5, 1, 1, 2, 5]),
      config: { maxParallelNodes: r.int(1, 10), graceMs: 5 },
      hooks: r.chance(0.2) ? [gate] : [],
    });
    if (r.chance(0.2)) void lab.after(r.int(0, 40)).then(() => trial.run.cancel());
    if (r.chance(0.2)) {
      void lab.after(r.int(0, 40)).then(() => trial.run.dispatch(pauseRun()));
      void lab.after(r.int(41, 80)).then(() => trial.run.dispatch(resumeRun()));
    }
    if (r.chance(0.5)) await lab.pass(r.int(0, 15));
    if (lab.store === undefined) assert.ok(fleet.held.reduce((a, b) => a + b, 0) <= count);
  }
  for (let i = 0; i < 40; i++) {
    await lab.pass(5);
    const sum = fleet.held.reduce((a, b) => a + b, 0);
    assert.ok(sum <= count, `${sum} of ${count} slots`);
    const wants = fleet.trials.some(
      ({ run: { snapshot: s } }) =>
        s.status === 'running' && s.counts.ready > 0 && s.counts.running + s.counts.starting < s.maxParallelNodes,
    );
    assert.ok(!wants || sum === count, `${sum} of ${count} slots, and somebody waits`);
  }
  await fleet.end();
  assert.ok(fleet.peak <= count, `${fleet.peak} of ${count} slots`);
};

test.run();
