// timeout: 240000
// weight: 7
import { filter, merge, mergeMap } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addNode,
  ofType,
  pauseBranch,
  resumeBranch,
  retryNode,
  type DagExecutionReport,
  type Hook,
  type NodeContext,
  type NodeSpec,
} from '../../lib/index.js';
import { random } from '../../lib/testing/index.js';
import { firstSeed } from '../simulation/seeds.js';
import { doomed, resume } from '../support/crash.js';
import type { Plot } from '../support/executor.js';

const GRAPHS = 300;

/** A layered graph with branches, fan-outs and nodes that fail at first. */
const graphOf = (seed: number): readonly NodeSpec[] => {
  const chance = random(seed);
  const size = chance.int(3, 9);
  return Array.from({ length: size }, (_, i): NodeSpec => {
    const deps = Array.from({ length: i }, (_, j) => `n${j}`).filter(() => chance.chance(0.3));
    return {
      id: `n${i}`,
      action: 'work',
      deps,
      ...(chance.chance(0.3) ? { tryCount: 2, retry: { type: 'Linear', delayMs: 3 } as const } : {}),
      ...(chance.chance(0.2) ? { branch: 'side' } : {}),
      ...(chance.chance(0.15) ? { forEach: { $ref: 'inputs.list' } } : {}),
      ...(chance.chance(0.2) ? { onFailure: 'continue' as const } : {}),
    };
  });
};

/** What a node does depends on its id alone, so that it does the same in every life. */
const play = (seed: number): Plot => {
  const dice = (id: string): number => {
    let sum = seed;
    for (const sign of id) sum = (sum * 31 + sign.codePointAt(0)!) % 9_973;
    return sum % 10;
  };
  // An operator and a method hook; neither goes by the order in which things happen.
  const grows: Hook = Object.assign(
    ((event$) =>
      merge(
        event$.pipe(
          ofType('NodeSucceeded'),
          filter(({ nodeId }) => !nodeId.startsWith('more') && dice(`${nodeId}?`) < 3),
          mergeMap(({ nodeId }) => [addNode({ id: `more ${nodeId}`, action: 'work', deps: [nodeId] })]),
        ),
        event$.pipe(
          ofType('RunStarted'),
          filter(({ definition }) => definition.nodes.some(({ branch }) => branch === 'side')),
          mergeMap(() => [pauseBranch('side', 'look first'), resumeBranch('side')]),
        ),
      )) satisfies Hook,
    { hookName: 'grows' },
  );
  const mends: Hook = {
    name: 'mends',
    onNodeFailed: async (ctx, { nodeId }) =>
      dice(nodeId) === 0 && ctx.snapshot().node(nodeId)?.attempt === 1 ? retryNode(nodeId) : undefined,
  };
  return {
    inputs: { list: [1, 2] },
    hooks: [grows, mends],
    config: { maxParallelNodes: 3, maxInterruptions: 100 },
    does: {
      '*': async ({ nodeId, item }: NodeContext) => {
        if (dice(nodeId) === 1) throw new Error('never');
        return { nodeId, ...(item === undefined ? {} : { item }) };
      },
    },
  };
};

const endOf = ({ nodeOutcomes, outputs, success }: DagExecutionReport): unknown => ({
  success,
  outputs: { ...outputs },
  nodes: nodeOutcomes.map(({ nodeId, status }) => `${nodeId} ${status}`).toSorted(),
});

const test = suite('G11 Durable: a crash at every event');

test(`ends as the run that did not crash, in ${GRAPHS} random graphs with hooks`, async () => {
  const seed = firstSeed();
  console.log(`seed ${seed}`);
  let crashes = 0;
  for (let i = 0; i < GRAPHS; i++) {
    const nodes = graphOf(seed + i);
    const { trial, store, after } = doomed(nodes, play(seed + i));
    const expected = endOf(await trial.end());
    for (let instant = 1; instant <= store.appends.length; instant++) {
      const left = await after(instant);
      const plot = play(seed + i);
      const { report } = await (await resume(left, plot, { laterMs: 1, hooks: plot.hooks ?? [] })).end();
      assert.equal(endOf(report), expected, `seed ${seed + i}, after append ${instant} of ${store.appends.length}`);
      crashes++;
    }
  }
  console.log(`${crashes} crashes`);
});

test.run();
