// timeout: 240000
// weight: 5
import { filter, map, take } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addNode,
  memoryStore,
  ofType,
  ref,
  type DagExecutionReport,
  type EventStore,
  type ExecutionEvent,
  type Graph,
  type Hook,
  type NodeContext,
  type NodeSpec,
} from '../../lib/index.js';
import { keyTest, mask } from '../../lib/state/redact.js';
import { random } from '../../lib/testing/index.js';
import { firstSeed } from '../simulation/seeds.js';
import { doomed, resume } from '../support/crash.js';
import type { Plot } from '../support/executor.js';

const SECRET = 'hunter2';
const GRAPHS = 100;

const diceOf = (text: string): number => {
  let sum = 7;
  for (const sign of text) sum = (sum * 31 + sign.codePointAt(0)!) % 99_991;
  return sum;
};

/** What an action makes of its secrets; a masked one must never get that far. */
const digest = (value: unknown): string => {
  const text = JSON.stringify(value);
  assert.not(text.includes('[redacted]'), `an action got ${text}`);
  return `#${diceOf(text)}`;
};

const inner: Graph = {
  name: 'inner',
  nodes: [
    { id: 'x', action: 'work', inputs: { t: ref('inputs.token'), password: `${SECRET}-inner` } },
    { id: 'y', action: 'work', inputs: { all: ref('x') } },
  ],
};

/** A graph in which secrets go all ways: references, conditions, lists, sub-DAGs, values in the definition. */
const graphOf = (seed: number): readonly NodeSpec[] => {
  const chance = random(seed);
  const ids = Array.from({ length: chance.int(3, 8) }, (_, i) => `n${i}`);
  return ids.map((id, i): NodeSpec => {
    const one = (): string => `n${chance.int(0, i - 1)}`;
    const inputs: Record<string, NonNullable<NodeSpec['inputs']>[string]> = {};
    if (chance.chance(0.4)) inputs['mine'] = ref('inputs.login');
    if (chance.chance(0.3)) inputs['password'] = `${SECRET}-${id}`;
    if (i > 0 && chance.chance(0.8)) inputs['got'] = ref(`${one()}${chance.pick(['.token', '', '.n'])}`);
    const rest = {
      ...(chance.chance(0.3) ? { onFailure: 'continue' as const } : {}),
      ...(chance.chance(0.2) ? { failureAction: 'work' } : {}),
    };
    switch (i === 0 ? 9 : chance.int(0, 9)) {
      case 0:
        return { id, action: 'dag', inputs: { dag: 'inner', inputs: { token: ref(`${one()}.token`) } }, ...rest };
      case 1:
        return { id, action: 'work', inputs, forEach: ref(`${one()}.${chance.pick(['tokens', 'plain'])}`), ...rest };
      case 2: // met by the real value alone
        return {
          id,
          action: 'work',
          inputs,
          when: { ...ref(`${one()}.token`), equals: '[redacted]', not: true },
          ...rest,
        };
      case 3:
        return { id, action: 'work', inputs, tryCount: 2, retry: { type: 'Linear', delayMs: 3 }, ...rest };
      default:
        return { id, action: 'work', inputs, ...rest };
    }
  });
};

/** What a node does depends on its id and what it gets alone, so that it does the same in every life. */
const play = (seed: number, nodes: readonly NodeSpec[]): Plot => {
  const grows: Hook = Object.assign(
    ((event$) =>
      event$.pipe(
        ofType('NodeSucceeded'),
        filter(({ nodeId }) => nodeId === 'n1'),
        take(1),
        map(() => addNode({ id: 'more', action: 'work', inputs: { got: ref('n0.token') } })),
      )) satisfies Hook,
    { hookName: 'grows' },
  );
  return {
    inputs: { login: { token: SECRET, user: 'me' }, list: [1, 2] },
    hooks: [grows],
    config: { maxParallelNodes: 3, maxInterruptions: 100, redact: ['password', '*token*'] },
    library: [inner, { name: 'test', nodes }],
    does: {
      '*': async ({ nodeId, inputs, item }: NodeContext) => {
        const seen = digest([inputs, item ?? null]);
        if (diceOf(`${seed} ${nodeId}`) % 12 === 0) throw new Error('never');
        return {
          token: `${SECRET}-${nodeId}`,
          tokens: [`${SECRET}-1`, { password: `${SECRET}-2` }],
          plain: [{ id: 1, token: `${SECRET}-3` }, 2],
          n: nodeId,
          seen,
        };
      },
    },
  };
};

const test = suite('G11 Durable: a crash at every event of a run with redacted values');

const endOf = ({ nodeOutcomes, outputs, success }: DagExecutionReport): unknown => ({
  success,
  outputs: mask({ ...outputs }, keyTest(['password', '*token*'])!),
  nodes: nodeOutcomes.map(({ nodeId, status }) => `${nodeId} ${status}`).toSorted(),
});

/** A store that notes after how many events it may be left. */
const noting = (store: EventStore, ends: number[]): EventStore => ({
  ...store,
  append: (runId, epoch, expected, events, answered) => {
    ends.push(expected + events.length);
    return store.append(runId, epoch, expected, events, answered);
  },
});

const storeOf = async (events: readonly ExecutionEvent[]): Promise<EventStore> => {
  const store = memoryStore();
  await store.acquire('r', { id: 'dead', startedAt: 0 })();
  await store.append('r', 1, 0, events, {})();
  return store;
};

test(`ends as the run that did not crash, and the log tells no secret, in ${GRAPHS} random graphs`, async () => {
  const seed = firstSeed();
  console.log(`seed ${seed}`);
  let crashes = 0;
  let restored = 0;
  for (let i = 0; i < GRAPHS; i++) {
    const nodes = graphOf(seed + i);
    const { trial, store, after } = doomed(nodes, play(seed + i, nodes));
    const expected = endOf(await trial.end());
    const again = async (left: { store: EventStore; events: readonly ExecutionEvent[] }, where: string) => {
      const plot = play(seed + i, nodes);
      const options = { laterMs: 1, hooks: plot.hooks ?? [], inputs: plot.inputs! };
      const { report, events } = await (await resume(left, plot, options)).end();
      assert.equal(endOf(report), expected, `seed ${seed + i}, ${where}`);
      assert.not(JSON.stringify(events).includes(SECRET), `seed ${seed + i}, ${where}: a secret is in the log`);
      crashes++;
      return events;
    };
    for (let instant = 1; instant <= store.appends.length; instant++) {
      const left = await after(instant);
      const ends: number[] = [];
      const events = await again({ ...left, store: noting(left.store, ends) }, `after append ${instant}`);
      if (events.slice(left.events.length).some(({ type }) => type === 'NodeRetried')) restored++;
      // It dies once more, somewhere on its way.
      const end = ends[diceOf(`${seed} ${i} ${instant}`) % Math.max(1, ends.length)];
      if (end === undefined) continue;
      const kept = events.slice(0, end);
      await again({ store: await storeOf(kept), events: kept }, `after append ${instant} and event ${end}`);
    }
  }
  console.log(`${crashes} crashes, ${restored} times nodes ran again for their outputs`);
  assert.ok(restored > 0);
});

test.run();
