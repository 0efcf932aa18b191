import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  Cache,
  DagError,
  DagExecutor,
  action,
  addNode,
  fromDaggerAction,
  type ExecutionEvent,
  type Graph,
  type Hook,
  type NodeAction,
  type NodeSpec,
  type SupervisorHookV2,
} from '../../lib/index.js';
import { VirtualTime } from '../../lib/testing/index.js';
import { ends, ofType, sleep, within } from '../faults/play.js';
import { fail } from '../support/executor.js';

// Code that comes from the original: its actions, its two ways to run a DAG, its cache.
const test = suite('original: actions, modes and cache');

/** Its example actions, which leave their results in the cache under the node's id. */
const examples: readonly NodeAction[] = [
  fromDaggerAction('add_numbers', async (_, { id, inputs }, cache) =>
    cache.insertValue(id, 'sum', (inputs['num1'] as number) + (inputs['num2'] as number)),
  ),
  fromDaggerAction('square_number', async (_, { id, inputs }, cache) =>
    cache.insertValue(id, 'squared_result', (inputs['input'] as number) ** 2),
  ),
  fromDaggerAction('triple_number_and_add_string', async (_, { id, inputs }, cache) => {
    cache.insertValue(id, 'tripled_result', (inputs['input'] as number) * 3);
    cache.insertValue(id, 'test_string', 'example_string');
    return { success: true };
  }),
];

const executorOf = (actions: readonly NodeAction[], hooks: readonly Hook[] = [], config = {}): DagExecutor =>
  new DagExecutor({ registry: new ActionRegistry().register(...actions), hooks, config });

/** A loaded DAG, and a cache that holds its inputs. */
const loaded = (name: string, nodes: readonly NodeSpec[], actions = examples): DagExecutor => {
  const executor = executorOf(actions);
  assert.is(executor.load({ name, nodes })._tag, 'Right');
  return executor;
};

const from = ($ref: string): { readonly $ref: string } => ({ $ref });
const twoNumbers = { num1: from('inputs.num1'), num2: from('inputs.num2') };
const valuesOf = (cache: Cache): unknown => JSON.parse(JSON.stringify(cache));

test('its pipeline runs to the values that it had there', async () => {
  const cache = Cache.fromJSON({ inputs: { num1: { value: 10 }, num2: { value: 20 } } });
  const report = await loaded('infolder', [
    { id: 'node1', action: 'add_numbers', inputs: twoNumbers },
    { id: 'node2', action: 'square_number', deps: ['node1'], inputs: { input: from('node1.sum') } },
    {
      id: 'node3',
      action: 'triple_number_and_add_string',
      deps: ['node2'],
      inputs: { input: from('node2.squared_result') },
    },
  ]).executeStaticDag('infolder', cache);
  assert.ok(report.overallSuccess, report.error);
  assert.equal(valuesOf(cache), {
    inputs: { num1: { value: 10 }, num2: { value: 20 } },
    node1: { sum: { value: 30 } },
    node2: { squared_result: { value: 900 } },
    node3: { tripled_result: { value: 2_700 }, test_string: { value: 'example_string' } },
  });
});

test('its parallel demo runs to the values that it had there, each node once', async () => {
  const cache = Cache.fromJSON({ inputs: { num1: { value: 10 }, num2: { value: 20 } } });
  const report = await loaded('parallel_demo', [
    { id: 'node1', action: 'add_numbers', inputs: twoNumbers },
    { id: 'node2a', action: 'square_number', inputs: { input: from('node1.sum') } },
    { id: 'node2b', action: 'triple_number_and_add_string', inputs: { input: from('node1.sum') } },
    {
      id: 'node3',
      action: 'add_numbers',
      inputs: { num1: from('node2a.squared_result'), num2: from('node2b.tripled_result') },
    },
  ]).executeStaticDag('parallel_demo', cache);
  assert.is(ends(report), 'node1 succeeded, node2a succeeded, node2b succeeded, node3 succeeded');
  assert.equal(
    report.nodeOutcomes.map(({ attempts }) => attempts),
    [1, 1, 1, 1],
  );
  assert.equal(
    { ...report.outputs },
    {
      node1: { sum: 30 },
      node2a: { squared_result: 900 },
      node2b: { tripled_result: 90, test_string: 'example_string' },
      node3: { sum: 990 },
    },
  );
  assert.is(cache.getInput('node3', 'sum'), 990);
});

test('what an action gives as outputs comes before what it has put into the cache', async () => {
  const both = fromDaggerAction('both', async (_, { id }, cache) => {
    cache.insertValue(id, 'put', 1);
    return { outputs: { given: 2 } };
  });
  const cache = new Cache();
  const report = await loaded('d', [{ id: 'a', action: 'both' }], [both]).executeStaticDag('d', cache);
  assert.equal(report.outputs['a'], { given: 2 });
  assert.equal(valuesOf(cache), { a: { put: { value: 1 }, given: { value: 2 } } });
});

test('success: false is retried, and told in its words', async () => {
  const time = new VirtualTime();
  const refusing = fromDaggerAction('refusing', async (_, { id }, cache) => {
    cache.insertValue(id, 'rows', 1);
    return { success: false, outputs: { rows: 1 } };
  });
  const executor = new DagExecutor({ registry: new ActionRegistry().register(refusing), scheduler: time });
  const run = executor.start({ name: 'd', nodes: [{ id: 'a', action: 'refusing', tryCount: 3 }] });
  const report = await time.until(run);
  const [outcome] = report.nodeOutcomes;
  assert.equal([report.success, report.outputs['a']], [false, undefined]);
  const error = 'Action "refusing" reported success: false';
  assert.is(outcome!.finalError!.message, `Failed after 3 attempts. Last error: ${error}`);
  assert.is(outcome!.retryMessages[0], `Attempt 1 failed: ${error}`);
});

test('executeStaticDag leaves outputs that are no objects under "value"', async () => {
  const cache = new Cache();
  const nodes = ['text', 'list', 'nothing'].map((id) => ({ id, action: id }));
  const outputs = { text: 'x', list: [1], nothing: null };
  const actions = Object.entries(outputs).map(([name, output]) => action(name, () => output));
  await loaded('d', nodes, actions).executeStaticDag('d', cache);
  assert.equal(valuesOf(cache), {
    text: { value: { value: 'x' } },
    list: { value: { value: [1] } },
    nothing: { value: { value: null } },
  });
});

test('executeStaticDag heeds its signal: the action hears of it, and the report says cancelled', async () => {
  let heard: unknown;
  const waiting = fromDaggerAction(
    'waiting',
    ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(void (heard = true)))),
  );
  const controller = new AbortController();
  const cache = new Cache();
  const nodes = [
    { id: 'first', action: 'at once' },
    { id: 'long', action: 'waiting', deps: ['first'] },
    { id: 'never', action: 'at once', deps: ['long'] },
  ];
  const executor = loaded('d', nodes, [waiting, action('at once', () => 1)]);
  const report = executor.executeStaticDag('d', cache, controller.signal);
  await sleep(5);
  assert.is(heard, undefined);
  controller.abort();
  const { status, overallSuccess, ...rest } = await within(5_000, report);
  assert.equal([status, overallSuccess, heard], ['cancelled', false, true]);
  assert.is(rest.nodeOutcomes.map((outcome) => outcome.status).join(), 'succeeded,cancelled,cancelled');
  assert.equal(valuesOf(cache), { first: { value: { value: 1 } } });
});

const rejection = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

test('executeStaticDag tells an unknown DAG in one sentence', async () => {
  const executor = loaded('infolder', []);
  const messages: readonly (readonly [string, string])[] = [
    ['infoldr', 'No DAG named "infoldr" is loaded; did you mean "infolder"?'],
    ['else', 'No DAG named "else" is loaded.'],
  ];
  for (const [name, message] of messages) {
    const error = await rejection(executor.executeStaticDag(name));
    assert.instance(error, DagError);
    assert.equal([(error as DagError).type, (error as DagError).message], ['UnknownDag', message]);
  }
});

const step = action('supervisor_step', ({ nodeId }) => nodeId);
const work = action('work', ({ nodeId }) => nodeId);
const isStep = (id: string): boolean => id.startsWith('s');

/** A hook that keeps all events, and answers ends of nodes. */
const listening = (onNodeComplete?: SupervisorHookV2['onNodeComplete']): [ExecutionEvent[], SupervisorHookV2] => {
  const events: ExecutionEvent[] = [];
  return [
    events,
    { name: 'listening', onEvent: (_, event) => void events.push(event), ...(onNodeComplete && { onNodeComplete }) },
  ];
};

test('executeAgentDag begins as there: one node, by the system, tagged agent', async () => {
  const [events, hook] = listening();
  const cache = Cache.fromJSON({ inputs: { who: { value: 'me' } } });
  const report = await executorOf([step], [hook], { maxAttempts: 5 }).executeAgentDag('Write a poem', cache);
  const [{ definition, inputs, dagName }] = ofType(events, 'RunStarted') as [ExecutionEvent & { type: 'RunStarted' }];
  const { nodes, author, version, signature, tags }: Graph = definition;
  assert.equal([author, version, signature, tags], ['system', '1.0', 'auto-generated', ['agent']]);
  assert.equal(nodes, [
    { id: 'supervisor_start', action: 'supervisor_step', tryCount: 5, inputs: { task: 'Write a poem' } },
  ]);
  assert.equal([dagName, inputs], ['Write a poem', { who: 'me' }]);
  assert.is(ends(report), 'supervisor_start succeeded');
  assert.is(cache.getInput('supervisor_start', 'value'), 'supervisor_start');
});

test('executeAgentDag goes on while its supervisor asks for more, and ends when it does not', async () => {
  const plans = [['search', 'read'], ['write'], []];
  let round = 0;
  const supervisor = action('supervisor_step', () => ({ next: plans[round++] ?? [] }));
  const [, planner] = listening((_, { nodeId, output }) => {
    const { next } = Object(output) as { readonly next?: readonly string[] };
    if (next === undefined || next.length === 0) return [];
    return [
      ...next.map((id) => addNode({ id, action: 'work', deps: [nodeId] })),
      addNode({ id: `supervisor_${round}`, action: 'supervisor_step', deps: next }),
    ];
  });
  const report = await within(5_000, executorOf([supervisor, work], [planner]).executeAgentDag('poem'));
  assert.ok(report.success, report.error);
  assert.equal(
    report.nodeOutcomes.map(({ nodeId }) => nodeId),
    ['supervisor_start', 'search', 'read', 'supervisor_1', 'write', 'supervisor_2'],
  );
  assert.is(round, 3);
});

test('executeAgentDag tries its first step as often as config.maxAttempts says', async () => {
  const time = new VirtualTime();
  const attempts: number[] = [];
  const registry = new ActionRegistry().register(
    action('supervisor_step', ({ attempt }) => {
      attempts.push(attempt);
      return fail()({} as never);
    }),
  );
  const executor = new DagExecutor({ registry, scheduler: time, config: { maxAttempts: 4 } });
  const report = await time.until(executor.executeAgentDag('poem'));
  assert.equal(attempts, [1, 2, 3, 4]);
  assert.not(report.success);
});

test('executeAgentDag heeds its signal', async () => {
  const { status } = await executorOf([step]).executeAgentDag('poem', undefined, AbortSignal.abort());
  assert.is(status, 'cancelled');
});

test('any number of ordinary nodes is one iteration of an agent', async () => {
  const ordinary = Array.from({ length: 200 }, (_, i) => addNode({ id: `w${i}`, action: 'work' }));
  const [, hook] = listening((_, { nodeId }) => (nodeId === 'supervisor_start' ? ordinary : undefined));
  const report = await executorOf([step, work], [hook], { maxIterations: 1 }).executeAgentDag('poem');
  assert.ok(report.success, report.error);
  assert.is(report.nodeOutcomes.length, 201);
});

test('an agent that never has enough is stopped after 50 steps, what it asked for is done', async () => {
  let n = 0;
  const [, hook] = listening((_, { nodeId }) => {
    if (!isStep(nodeId)) return undefined;
    n++;
    return [addNode({ id: `w${n}`, action: 'work' }), addNode({ id: `s${n}`, action: 'supervisor_step' })];
  });
  const report = await within(10_000, executorOf([step, work], [hook]).executeAgentDag('poem'));
  const count = (isIt: (id: string) => boolean, status: string): number =>
    report.nodeOutcomes.filter((outcome) => isIt(outcome.nodeId) && outcome.status === status).length;
  assert.equal([count(isStep, 'succeeded'), count(isStep, 'failed')], [50, 1]);
  assert.is(
    count((id) => !isStep(id), 'succeeded'),
    50,
  );
  assert.match(report.error!, 'Maximum iterations (50) reached');
});

test("a cache goes through a run and back in the original's JSON", async () => {
  const before =
    '{"inputs":{"num1":{"value":1},"num2":{"value":2}},"global:d":{"log":{"value":"old"},"list":{"value":[1]}}}';
  const cache = Cache.fromJSON(JSON.parse(before));
  assert.is(JSON.stringify(cache), before);
  const noting = fromDaggerAction('noting', async ({ dagName }, { id, inputs }, given) => {
    for (const key of ['log', 'list', 'fresh']) given.appendGlobalValue(dagName, key, inputs['n']);
    return { outputs: { n: given.getInput(id, 'nothing') ?? null } };
  });
  const executor = loaded('d', [{ id: 'a', action: 'noting', inputs: { n: from('inputs.num2') } }], [noting]);
  assert.ok((await executor.executeStaticDag('d', cache)).success);
  const after =
    '{"inputs":{"num1":{"value":1},"num2":{"value":2}},' +
    '"global:d":{"log":{"value":["old",2]},"list":{"value":[1,2]},"fresh":{"value":[2]}},"a":{"n":{"value":null}}}';
  assert.is(JSON.stringify(cache), after);
  assert.is(JSON.stringify(Cache.fromJSON(JSON.parse(after))), after);
});

test.run();
