import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Cache, DagExecutor, type ExecutorCommand, type Json, type NodeSpec } from '../../lib/index.js';
import { fail } from '../support/executor.js';
import { ofType, play, playOut, registryOf, turns, type Scene } from './play.js';

// Ids that trip up careless code, in every place where an id may stand.
const test = suite('faults: ids');

const sound: readonly (readonly [what: string, id: string])[] = [
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['prototype', 'prototype'],
  ['toString', 'toString'],
  ['hasOwnProperty', 'hasOwnProperty'],
  ['then', 'then'],
  ['toJSON', 'toJSON'],
  ['valueOf', 'valueOf'],
  ['length', 'length'],
  ['0', '0'],
  ['a number', '-1.5e3'],
  ['a dotted path', 'a.b[0].c'],
  ['a file', '../../etc/passwd'],
  ['spaces', '  a  b  '],
  ['a line break', 'a\r\nb\u2028'],
  ['control characters', '\x1b]0;title\x07'],
  ['a bidirectional text', 'abc\u202edcba\u2069'],
  ['emoji', '👩‍👩‍👧‍👦🏳️‍🌈'],
  ['a combining text', 'e\u0301\u0301\u0301'],
  ['markup', '<img src=x onerror=alert(1)>&"\''],
  ['an id of 1,000 characters', 'x'.repeat(1_000)],
  ['an item', 'other[0]'],
  ['a path', 'some/other'],
  ['a failure', 'other.failure'],
];
const malformed: Readonly<Record<string, string>> = {
  'no text': '',
  NUL: 'a\0b',
  'half a surrogate pair': 'a\ud800',
  'the other half': '\udc00a',
  'an id of 1,001 characters': 'x'.repeat(1_001),
  'a million characters': 'x'.repeat(1_000_000),
  inputs: 'inputs',
};

const doing: Scene['actions'] = {
  echo: ({ inputs, nodeId, cache }) => {
    cache.insertValue(nodeId, nodeId, nodeId);
    return { got: inputs.x ?? null, id: nodeId };
  },
  fail: fail(),
};

for (const [what, id] of sound) {
  test(`${what} works as a node, dependency, reference, branch, pool, output and key`, async () => {
    const pools = JSON.parse(`{${JSON.stringify(id)}:1}`) as Record<string, number>;
    const nodes: readonly NodeSpec[] = [
      {
        id,
        action: 'echo',
        branch: id,
        pool: id,
        inputs: JSON.parse(`{"x":{${JSON.stringify(id)}:${JSON.stringify(id)}}}`),
      },
      { id: 'below', action: 'echo', deps: [id], branch: id },
      { id: 'reads', action: 'echo', inputs: { x: { $ref: '', node: id, path: ['got', id] } } },
      { id: 'text', action: 'echo', inputs: { x: { $ref: `${id}.id` } } },
      { id: 'given', action: 'echo', inputs: { x: { $ref: `inputs.${id}` } } },
      { id: 'when', action: 'echo', when: { $ref: '', node: id, path: ['id'], equals: id } },
    ];
    const inputs = JSON.parse(`{${JSON.stringify(id)}:"given"}`) as Record<string, Json>;
    const { report, run } = await playOut(nodes, { name: id, actions: doing, inputs, config: { pools } });
    assert.ok(report.success, report.error);
    const outputs = report.outputs as Record<string, { got: Json; id: string }>;
    assert.ok(Object.hasOwn(outputs, id) && Object.getPrototypeOf(outputs) === null);
    assert.is(outputs[id]!.id, id);
    assert.equal([outputs['reads']!.got, outputs['text']!.got, outputs['given']!.got], [id, id, 'given']);
    assert.equal(run.snapshot.node(id)!.dependents.toSorted(), ['below', 'reads', 'text', 'when']);
    assert.is(run.snapshot.branch(id)!.status, 'completed');
    assert.ok(report.executionTree.edges.some(({ parent, child }) => parent === id && child === 'below'));
    const json = JSON.parse(JSON.stringify(run.snapshot)) as { nodes: { id: string }[] };
    assert.is(json.nodes[0]!.id, id);
    assert.is(
      (run.snapshot.node('constructor') ?? run.snapshot.node('__proto__'))?.id,
      /^(constructor|__proto__)$/.test(id) ? id : undefined,
    );
  });

  test(`${what} works in every command`, async () => {
    const { run, end, events } = play([{ id: 'w', action: 'human.input' }], { actions: doing });
    await turns();
    const commands: readonly ExecutorCommand[] = [
      { type: 'AddNode', spec: { id, action: 'echo', deps: ['w'], branch: id } },
      {
        type: 'AddNodes',
        specs: [
          { id: 'low', action: 'echo', deps: [id] },
          { id: 'lower', action: 'echo', inputs: { x: { $ref: '', node: id, path: ['id'] } } },
        ],
      },
      { type: 'PauseBranch', branchId: id, reason: id },
      { type: 'AddDependency', from: id, to: 'lower' },
      { type: 'SetNodeInputs', nodeId: id, inputs: { x: { $ref: 'w' } } },
      { type: 'SetPriority', nodeId: id, priority: 5 },
      { type: 'ResumeBranch', branchId: id },
      { type: 'UpdateMetrics', metrics: JSON.parse(`{${JSON.stringify(id)}:7}`) },
      { type: 'EmitEvent', name: id, payload: JSON.parse(`{${JSON.stringify(id)}:${JSON.stringify(id)}}`) },
      { type: 'ProvideInput', nodeId: 'w', value: id },
    ];
    for (const command of commands) {
      const answer = await run.dispatch(command);
      assert.ok(answer._tag === 'Right', `${command.type}: ${answer._tag === 'Left' ? answer.left.reason : ''}`);
    }
    for (const type of ['RetryNode', 'RemoveNode', 'SkipNode', 'ProvideInput'] as const) {
      const answer = await run.dispatch({ type, nodeId: id, value: 1 } as ExecutorCommand);
      assert.ok(answer._tag === 'Left', type);
    }
    const report = await end();
    assert.is((report.outputs[id] as { got: Json }).got, id);
    assert.is((report.outputs['lower'] as { got: Json }).got, id);
    assert.ok(Object.hasOwn(report.metrics.custom, id) && report.metrics.custom[id] === 7);
    assert.is(ofType(events, 'CustomEmitted')[0]!.name, id);
    assert.is(Object.getPrototypeOf(report.metrics.custom), Object.prototype);
  });

  test(`${what} works as the parent of items, of a sub-DAG and of a failure action`, async () => {
    const executor = new DagExecutor({ registry: registryOf({ actions: doing }) });
    assert.is(
      executor.load({ name: id, nodes: [{ id, action: 'echo', inputs: { x: { $ref: `inputs.${id}` } } }] })._tag,
      'Right',
    );
    const cache = new Cache();
    const { report } = executor.start(
      {
        name: 'outer',
        nodes: [
          { id, action: 'echo', forEach: { $ref: 'inputs.items' } },
          { id: 'reads', action: 'echo', inputs: { x: { $ref: '', node: id, path: [1, 'id'] } } },
        ],
      },
      { inputs: { items: [1, 2] }, cache },
    );
    const items = await report;
    assert.ok(items.success, items.error);
    assert.equal(
      items.nodeOutcomes.map(({ nodeId }) => nodeId),
      [id, 'reads', `${id}[0]`, `${id}[1]`],
    );
    assert.is((items.outputs['reads'] as { got: Json }).got, `${id}[1]`);
    assert.is(cache.getInput(`${id}[0]`, `${id}[0]`), `${id}[0]`);
    assert.is(Cache.fromJSON(JSON.parse(JSON.stringify(cache))).getInput(`${id}[1]`, 'id'), `${id}[1]`);

    const inputs = JSON.parse(`{${JSON.stringify(id)}:"deep"}`) as Json;
    const sub = await executor.start({ name: 'outer', nodes: [{ id, action: 'dag', inputs: { dag: id, inputs } }] })
      .report;
    assert.ok(sub.success, sub.error);
    const output = sub.outputs[id] as Record<string, { got: Json }>;
    assert.ok(Object.hasOwn(output, id) && output[id]!.got === 'deep');

    const failed = await executor.start({ name: 'outer', nodes: [{ id, action: 'fail', failureAction: 'work' }] })
      .report;
    assert.equal(
      failed.nodeOutcomes.map(({ nodeId, status }) => `${nodeId} ${status}`),
      [`${id} failed`, `${id}.failure succeeded`],
    );
  });
}

for (const [what, id] of Object.entries(malformed))
  test(`${what} is refused as an id, wherever it comes from`, async () => {
    const executor = new DagExecutor({ registry: registryOf({}) });
    const loaded = executor.load({ name: 'test', nodes: [{ id, action: 'work' }] });
    assert.ok(loaded._tag === 'Left' && /Id$/.test(loaded.left[0]!.type));
    assert.ok(loaded.left[0]!.message.length < 500);
    const isLabel = id === 'inputs'; // reserved among nodes alone
    const labelled = executor.load({ name: 'test', nodes: [{ id: 'a', action: 'work', branch: id }] });
    assert.is(labelled._tag, isLabel ? 'Right' : 'Left', 'as a branch');
    const { run, end, events } = play([{ id: 'w', action: 'human.input' }]);
    await turns();
    const before = JSON.stringify([...run.snapshot.nodes()]);
    const commands: readonly object[] = [
      { type: 'AddNode', spec: { id, action: 'work' } },
      {
        type: 'AddNodes',
        specs: [
          { id: 'ok', action: 'work' },
          { id, action: 'work' },
        ],
      },
      { type: 'AddNode', spec: { id: 'ok', action: 'work', deps: [id] } },
      { type: 'AddNode', spec: { id: 'ok', action: 'work', inputs: { x: { $ref: '', node: id } } } },
      { type: 'AddNode', spec: { id: 'ok', action: 'work', pool: id } },
      { type: 'AddNode', spec: { id: 'ok', action: id } },
      ...(isLabel ? [] : [{ type: 'AddNode', spec: { id: 'ok', action: 'work', branch: id } }]),
      { type: 'AddNode', spec: { id: 'ok', action: 'work', parent: id } },
      { type: 'AddDependency', from: id, to: 'w' },
      { type: 'AddDependency', from: 'w', to: id },
      ...['RemoveNode', 'SkipNode', 'RetryNode', 'ProvideInput', 'SetPriority', 'SetNodeInputs'].map((type) => ({
        type,
        nodeId: id,
        ...(type === 'SetPriority'
          ? { priority: 1 }
          : type === 'SetNodeInputs'
            ? { inputs: {} }
            : type === 'ProvideInput'
              ? { value: 1 }
              : {}),
      })),
      ...['PauseBranch', 'ResumeBranch', 'CancelBranch'].map((type) => ({ type, branchId: id })),
      { type: 'ResumeRun', dagName: id },
    ];
    for (const command of commands) {
      const answer = await run.dispatch(command as ExecutorCommand);
      assert.ok(answer._tag === 'Left', `${JSON.stringify(command).slice(0, 200)} is granted`);
    }
    assert.is(JSON.stringify([...run.snapshot.nodes()]), before);
    const refused = ofType(events, 'CommandRefused');
    assert.is(refused.length, commands.length);
    for (const event of refused) {
      assert.ok(Buffer.byteLength(JSON.stringify(event.command)) <= 2_048);
      assert.ok(event.reason.length < 1_000);
    }
    await run.cancel();
    await end();
  });

test.run();
