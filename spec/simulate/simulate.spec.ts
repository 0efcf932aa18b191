import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DagError, compile, simulate, type Plan, type SimulateOptions } from '../../lib/index.js';
import { checkLog, random } from '../../lib/testing/index.js';
import { build } from '../support/cli.js';
import { root } from '../support/command.js';
import { node } from '../support/logOf.js';
import { planIn, planOf, randomPlan } from '../support/plans.js';

const test = suite('simulate');

/** When each node started, in seconds. */
const starts = (plan: Plan, options: SimulateOptions): Record<string, number> => {
  const times: Record<string, number> = {};
  for (const event of simulate(plan, options).events)
    if (event.type === 'NodeStarted') times[event.nodeId] = event.at / 1_000;
  return times;
};

/** One long chain, defined after much that may wait. */
const chain = planIn({ x: 2, y: 2, z: 2, a: 1, 'b: a': 2, 'c: b': 3 });

test('runs a plan in the executor, with actions that take their estimates', () => {
  const { makespanMs, lowerBoundMs, ratio, simpleBoundMs, utilisation, nodes, slots, events } = simulate(chain, {
    slots: 2,
  });
  assert.equal(
    { makespanMs, lowerBoundMs, ratio, simpleBoundMs, utilisation, nodes, slots },
    { makespanMs: 6_000, lowerBoundMs: 6_000, ratio: 1, simpleBoundMs: 6_000, utilisation: 1, nodes: 6, slots: 2 },
  );
  assert.equal(checkLog(events), []);
  assert.is(events.at(-1)!.type, 'RunSettled');
});

test('starts nodes of the critical path first, or whatever is ready first', () => {
  assert.equal(starts(chain, { slots: 2 }), { a: 0, x: 0, b: 1, y: 2, c: 3, z: 4 });
  assert.equal(starts(chain, { slots: 2, order: 'fifo' }), { x: 0, y: 0, z: 2, a: 2, b: 3, c: 5 });
  assert.is(simulate(chain, { slots: 2, order: 'fifo' }).ratio, 8 / 6);
});

test('first come, first served is by the moment of being ready, not by definition', () => {
  const plan = planIn({ a: 1, 'last: a': 1, b: 2, 'next: b': 1, c: 5 });
  assert.equal(starts(plan, { slots: 1, order: 'fifo' }), { a: 0, b: 1, c: 3, last: 8, next: 9 });
});

test('takes the slots that the plan asks for, 3 where it does not', () => {
  const nodes = Array.from({ length: 6 }, (_, i) => node(`n${i}`, { estimateMs: 10 }));
  const slots = (config: object): number => simulate(planOf(nodes, config)).slots;
  assert.equal(
    [{}, { maxParallelNodes: 5 }, { enableParallelExecution: false, maxParallelNodes: 5 }].map(slots),
    [3, 5, 1],
  );
});

test('a wrong use is told in a sentence', () => {
  const refuses = (plan: unknown, options: object, message: string): void =>
    assert.throws(
      () => simulate(plan as Plan, options),
      (error: unknown) => {
        assert.instance(error, DagError);
        assert.is((error as DagError).message, message);
        return true;
      },
    );
  for (const slots of [0, -1, 1.5, Number.NaN])
    refuses(chain, { slots }, `slots is ${slots}; give a whole number from 1.`);
  refuses(chain, { order: 'lifo' }, `order is "lifo"; give 'criticalPath' or 'fifo'.`);
  refuses(chain, { slot: 2 }, `The simulation's options have no key "slot"; did you mean "slots"?`);
  const graph = { name: 'g', nodes: [] };
  for (const [given, what] of [
    [undefined, 'undefined'],
    [null, 'null'],
    ['pipeline.yaml', '"pipeline.yaml"'],
    [graph, 'an object'],
  ] as const)
    refuses(given, {}, `The plan to simulate is ${what}; compile(graph, registry) makes a plan.`);
  const either = compile(graph, { has: () => true, list: () => [] });
  refuses(either, {}, 'The plan to simulate is an Either; give what its `right` holds.');
  const estimates = { _tag: 'Right', right: { nodes: new Map(), actions: new Map() } };
  refuses(
    chain,
    { estimates },
    'The estimates are an object without maps of nodes and actions; learnEstimates gives an Either of such.',
  );
});

test('a wrong estimate is named, not the plan', () => {
  for (const [ms, shown] of [
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-5, '-5'],
    ['3', '"3"'],
  ] as const)
    // prettier-ignore
    assert.throws(
      () => simulate(chain, { estimates: { nodes: new Map([['a', ms as number]]), actions: new Map() } }),
      (error: unknown) =>
        error instanceof DagError && error.message === `The estimate of "a" is ${shown}; give a number from 0.`,
    );
});

test('an action may be called whatever a plan allows', () => {
  const names = [
    '__proto__',
    'constructor',
    'a\tb',
    'a\nb',
    'a\0b',
    'half \ud800',
    '',
    'x'.repeat(2_000),
    'supervisor_step',
  ];
  const nodes = names.map((action, i) => node(`n${i}`, { action, estimateMs: 5 }));
  const { makespanMs, events } = simulate(planOf(nodes), { slots: 3 });
  assert.is(makespanMs, 15);
  const [first] = events;
  assert.equal(first?.type === 'RunStarted' && first.definition.nodes.map(({ action }) => action), names);
});

test('more steps of a supervisor than a run may start are simulated all the same', () => {
  const nodes = Array.from({ length: 60 }, (_, i) => node(`n${i}`, { action: 'supervisor_step', estimateMs: 10 }));
  const { makespanMs, lowerBoundMs } = simulate(planOf(nodes), { slots: 1 });
  assert.equal([makespanMs, lowerBoundMs], [600, 600]);
});

test('a rehearsal that does not succeed is no simulation', () => {
  const get = (): never => {
    throw new Error('forged');
  };
  const forged: Plan = { ...chain, indexOf: { get } as never };
  assert.throws(() => simulate(forged), /The rehearsal of "plan" did not succeed: it is failed\./);
});

test('heeds pools and priorities', () => {
  const nodes = [
    node('a', { estimateMs: 1_000, pool: 'db' }),
    node('b', { estimateMs: 1_000, pool: 'db', priority: 1 }),
    node('c', { estimateMs: 1_000 }),
  ];
  assert.equal(starts(planOf(nodes, { pools: { db: 1 } }), { slots: 3 }), { b: 0, c: 0, a: 1 });
});

test('a person takes time, but no slot', () => {
  const plan = planOf([
    node('ask', { action: 'human.input', estimateMs: 5_000 }),
    node('work', { estimateMs: 4_000 }),
    node('go: ask', { estimateMs: 1_000 }),
  ]);
  const { makespanMs, utilisation, simpleBoundMs } = simulate(plan, { slots: 1 });
  assert.equal([makespanMs, simpleBoundMs], [6_000, 6_000]);
  assert.is(utilisation, 5 / 6);
  assert.is(simulate(planOf([node('ask', { action: 'human.input' })])).makespanMs, 0);
});

test('conditions are met, failures do not happen, references count as dependencies', () => {
  const plan = planOf([
    node('a', { estimateMs: 1_000, timeoutMs: 10, tryCount: 3 }),
    node('b', { estimateMs: 1_000, inputs: { x: { $ref: 'a.x' } } }),
    node('c', { estimateMs: 1_000, when: { $ref: 'b' }, runIf: 'anySucceeded' }),
    node('d', { estimateMs: 1_000, forEach: { $ref: 'inputs.list' } }),
    node('e: d', { estimateMs: 1_000, action: 'dag', inputs: { dag: 'other' } }),
  ]);
  const { makespanMs, events } = simulate(plan, { slots: 2 });
  assert.is(makespanMs, 3_000);
  assert.is(events.filter(({ type }) => type === 'NodeSucceeded').length, 5);
});

test('a node without an estimate takes the mean of the others, 1 s if nothing is known', () => {
  const unknown = planOf([node('a', { estimateMs: 2_000 }), node('b: a', { estimateMs: 4_000 }), node('c: b')]);
  assert.is(simulate(unknown).makespanMs, 9_000);
  assert.is(simulate(planOf([node('a'), node('b: a')])).makespanMs, 2_000);
});

test('estimates that were learnt count where a node has none of its own', () => {
  const plan = planOf([node('a', { estimateMs: 1_000 }), node('b: a'), node('c: b')]);
  const estimates = { nodes: new Map([['b', 20]]), actions: new Map([['work', 3]]) };
  assert.is(simulate(plan, { estimates }).makespanMs, 1_023);
});

test('learnt estimates order the run', () => {
  const plan = planOf([node('a'), node('b'), node('c')]);
  const estimates = { nodes: new Map(Object.entries({ a: 1_000, b: 2_000, c: 3_000 })), actions: new Map() };
  assert.equal(starts(plan, { slots: 2, estimates }), { c: 0, b: 0, a: 2 });
});

test('runs of many days are not rounded', () => {
  const day = 86_400_000;
  const nodes = Array.from({ length: 100 }, (_, i) =>
    node(i === 0 ? 'n0' : `n${i}: n${i - 1}`, { estimateMs: day + 3 }),
  );
  const { makespanMs, events, ratio } = simulate(planOf(nodes), { slots: 1 });
  assert.is(makespanMs, 100 * (day + 3));
  assert.is(ratio, 1);
  const ends = events.flatMap((event) => (event.type === 'NodeSucceeded' ? [event.at, event.durationMs] : []));
  assert.equal(ends.slice(0, 4), [day + 3, day + 3, 2 * (day + 3), day + 3]);
});

test('a node may take as long as a run may at most', () => {
  const most = 2_147_483_647;
  assert.is(simulate(planOf([node('a', { estimateMs: most })])).makespanMs, most);
  assert.is(simulate(planOf([node('a', { estimateMs: most - 1 }), node('b: a', { estimateMs: 1 })])).makespanMs, most);
});

test('fractions of milliseconds are kept', () => {
  const { makespanMs, ratio } = simulate(planIn({ a: 0.009646, 'b: a': 0.1 + 0.2 }), { slots: 1 });
  assert.equal([makespanMs, ratio], [309.646, 1]);
});

test('rounding takes no bound above the makespan, and no utilisation above 1', () => {
  const chance = random(5);
  for (const longest of [1, 1_000, 1e9, 2_147_483_647])
    for (let seed = 0; seed < 60; seed++) {
      const size = chance.int(1, 60);
      const nodes = Array.from({ length: size }, (_, i) =>
        node(i > 0 && seed % 2 === 0 ? `n${i}: n${i - 1}` : `n${i}`, {
          estimateMs: (chance.int(0, 1e6) / 1e6) * longest,
        }),
      );
      const slots = seed % 3 === 0 ? 1 : chance.int(1, 4);
      const { makespanMs, lowerBoundMs, simpleBoundMs, utilisation } = simulate(planOf(nodes), { slots });
      assert.ok(simpleBoundMs <= lowerBoundMs && lowerBoundMs <= makespanMs, `${longest} ${seed}`);
      assert.ok(utilisation <= 1, `${longest} ${seed}: ${utilisation}`);
      if (seed % 2 === 0 || slots === 1) assert.is(lowerBoundMs, makespanMs, `${longest} ${seed}`);
    }
});

test('a plan without nodes, or without time, has the ratio 1', () => {
  for (const plan of [planIn({}), planIn({ a: 0, 'b: a': 0 })]) {
    const { makespanMs, ratio, utilisation } = simulate(plan);
    assert.equal([makespanMs, ratio, utilisation], [0, 1, 0]);
  }
});

test('is the same every time', () => {
  const plan = randomPlan(11, 200);
  assert.equal(simulate(plan, { slots: 7 }), simulate(plan, { slots: 7 }));
});

test('a node with more dependants than a hook may ask commands for is served in order', () => {
  const leaves = Array.from({ length: 10_500 }, (_, i) => node(`n${i}: root`, { estimateMs: 1 }));
  const plan = planOf([node('root', { estimateMs: 1 }), ...leaves]);
  assert.is(simulate(plan, { slots: 10_500, order: 'fifo' }).makespanMs, 2);
});

test('a thousand nodes are simulated within 50 ms, once warm', async () => {
  await build();
  const built = (await import(pathToFileURL(join(root, 'dist', 'index.js')).href)) as { simulate: typeof simulate };
  const plan = randomPlan(3, 1_000);
  const times = Array.from({ length: 40 }, () => {
    const started = performance.now();
    built.simulate(plan, { slots: 16 });
    return performance.now() - started;
  });
  const best = Math.min(...times);
  assert.ok(best <= 50, `${best} ms`);
});

test.run();
