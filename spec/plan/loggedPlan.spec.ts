import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile, type DagConfig, type Graph, type Plan } from '../../lib/index.js';
import { loggedPlan } from '../../lib/plan/loggedPlan.js';
import { node } from '../support/logOf.js';
import { randomCase } from '../support/randomGraph.js';

const test = suite('loggedPlan');
const anything = { has: () => true, list: () => [] };

const read = (graph: Graph): { readonly plan: Plan; readonly pauses: number } => {
  const steps = loggedPlan(graph);
  for (let pauses = 0; ; pauses++) {
    const step = steps.next();
    if (step.done === true) return { plan: step.value, pauses };
  }
};

const sound = (graph: Graph, config: Partial<DagConfig>): Plan => {
  const compiled = compile(graph, anything, { config });
  if (compiled._tag === 'Left') throw new Error(compiled.left[0]!.message);
  return compiled.right;
};

test('gives the plan that was proved when the run began', () => {
  for (let seed = 1; seed <= 200; seed++) {
    // As a log has it: with all ids, and as JSON.
    const { graph, config } = randomCase(seed);
    const proved = sound(JSON.parse(JSON.stringify(sound(graph, config).graph)) as Graph, config);
    const { plan } = read(proved.graph);
    for (const key of ['name', 'graph', 'nodes', 'depStart', 'deps', 'outStart', 'outs', 'order', 'rank'] as const)
      assert.equal(plan[key], proved[key], `${key} of ${seed}`);
    for (const key of ['indexOf', 'labels', 'bound'] as const)
      assert.equal([...plan[key]], [...proved[key]], `${key} of ${seed}`);
  }
});

test('pauses while it reads many nodes', () => {
  const nodes = Array.from({ length: 50_000 }, (_, i) => node(i === 0 ? 'n0' : `n${i}: n${i - 1}`));
  const { plan, pauses } = read({ name: 'long', nodes });
  assert.is(plan.deps[49_998], 49_998);
  assert.ok(pauses >= 20);
});

test('refuses what can be no plan', () => {
  const refuses = (graph: unknown, why: RegExp): void => {
    assert.throws(
      () => read(graph as Graph),
      (error: unknown) => error instanceof TypeError && why.test(error.message),
    );
  };
  refuses({ nodes: [] }, /no name/);
  refuses({ name: 'x', nodes: 'abc' }, /no list of nodes/);
  refuses({ name: 'x', nodes: [null] }, /node 1 has no id/);
  refuses({ name: 'x', nodes: [{ id: 'a' }] }, /no action/);
  refuses({ name: 'x', nodes: [node('a'), node('a')] }, /same id/);
  refuses({ name: 'x', nodes: [node('a: b')] }, /not there/);
  refuses({ name: 'x', nodes: [node('a: a')] }, /itself/);
});

test('a definition whose nodes wait for each other has no order', () => {
  const { plan } = read({ name: 'x', nodes: [node('a: b'), node('b: a')] });
  assert.equal([...plan.deps], [1, 0]);
  assert.throws(() => plan.order, /wait for each other/);
});

test.run();
