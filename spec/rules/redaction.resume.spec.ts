import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DagError, addNode, memoryStore, provideInput, ref, skipNode, type NodeSpec } from '../../lib/index.js';
import { doomed, resume, type Resumed } from '../support/crash.js';
import { Lab, specs, type Nodes, type Plot } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = suite('Redaction and resume');

const SECRET = 'hunter2';
const config = { redact: ['*token*', 'password'], maxParallelNodes: 9 };
const inputs = { login: { token: SECRET, user: 'me' }, day: 1 };

/** Plays a run up to the first event of this kind, lets its process die there, and another one go on. */
const crashAt = async (
  nodes: Nodes,
  plot: Plot,
  isLast: (event: { readonly type: string; readonly nodeId?: string }) => boolean,
  resumed: Plot & { readonly options?: Parameters<typeof resume>[2] } = {},
  act?: (run: ReturnType<typeof doomed>['trial']) => Promise<unknown>,
): Promise<Resumed> => {
  const full = { inputs, ...plot, config: { ...config, ...plot.config } };
  const { trial, store, after } = doomed(nodes, full);
  await trial.pass(1);
  await act?.(trial);
  await trial.pass(1_000);
  const last = store.appends.findIndex((events) => events.some((event) => isLast(event)));
  assert.is.not(last, -1, 'it never came so far');
  const { options, ...rest } = resumed;
  return resume(await after(last + 1), { ...full, ...rest }, { inputs: full.inputs, ...options });
};

const started = (id: string) => (event: { readonly type: string; readonly nodeId?: string }) =>
  event.type === 'NodeStarted' && event.nodeId === id;

const startsIn = (events: readonly { readonly type: string; readonly nodeId?: string }[]): readonly string[] =>
  events.filter(({ type }) => type === 'NodeStarted').map(({ nodeId }) => nodeId!);

const wrong = async (going: Promise<unknown>, message: RegExp): Promise<void> => {
  let told: unknown;
  await going.catch((error: unknown) => (told = error));
  assert.instance(told, DagError);
  assert.match((told as DagError).message, message);
};

const secretly = () => ({ token: SECRET, n: 1 });

test('inputs that are redacted must be given again, and only those', async () => {
  const at = (given: Plot['inputs']) =>
    crashAt([node('a', { inputs: { t: ref('inputs.login.token') } })], {}, started('a'), {
      options: { inputs: given! },
      does: { a: ({ inputs: { t } }) => t },
    });
  await wrong(at({}), /^Run "r" has redacted inputs; give "login" again, by options\.inputs or --input NAME=VALUE\.$/);
  await wrong(at({ ...inputs, day: 2 }), /^The input "day" is not what run "r" began with; fork it/);
  await wrong(at({ login: { token: SECRET, user: 'you' } }), /The input "login" is not what/);
  await wrong(at({ ...inputs, other: 1 }), /The input "other" is not what/);
  const { report } = await (await at({ login: inputs.login })).end();
  assert.is(report.outputs['a'], SECRET);
});

test('a refused resume leaves the run as it is, for another one', async () => {
  const { store, after, trial } = doomed(['a'], { inputs, config });
  await trial.end();
  const left = await after(store.appends.length - 1);
  const executor = new Lab(false).executor({ executor: { store: left.store } });
  await wrong(executor.resume('r', { takeOver: true }), /redacted inputs/);
  await (await resume(left, {}, { inputs })).end();
});

test('without redaction the same inputs may be given, no others', async () => {
  const at = (given: Plot['inputs']) =>
    crashAt(['a'], { config: { redact: [] } }, started('a'), { options: { inputs: given! } });
  await (await at({ day: 1 })).end();
  await wrong(at({ day: 2 }), /"day" is not what/);
});

test('without a redacted value a run with `redact` goes on like any other', async () => {
  const { events } = await (
    await crashAt(['a', 'b: a'], { inputs: { day: 1 } }, started('b'), { options: { inputs: {} } })
  ).end();
  assert.equal(startsIn(events), ['a', 'b', 'b']);
});

test('a node runs again for its redacted output, with the same key, when another is about to read it', async () => {
  const keys: string[] = [];
  const { events, report } = await crashAt(
    ['a', node('b: a', { inputs: { t: ref('a.token') } })],
    { does: { a: (ctx) => (keys.push(ctx.idempotencyKey), secretly()), b: ({ inputs: { t } }) => t === SECRET } },
    started('b'),
  ).then((run) => run.end());
  assert.equal(startsIn(events), ['a', 'b', 'a', 'b']);
  assert.equal(keys, ['r/a', 'r/a']);
  assert.is(report.outputs['b'], true);
  assert.equal(report.outputs['a'], secretly());
  assert.not(JSON.stringify(events).includes(SECRET));
});

test('it does not when nobody needs it, or only what is not redacted', async () => {
  const { events, report } = await crashAt(
    ['a', node('b: a', { inputs: { n: ref('a.n') } }), 'c: a', node('d: a', { when: ref('a.n') })],
    { does: { a: secretly, b: ({ inputs: { n } }) => n } },
    started('b'),
  ).then((run) => run.end());
  assert.is(startsIn(events).filter((id) => id === 'a').length, 1);
  assert.is(report.outputs['b'], 1);
  assert.equal(report.outputs['a'], { token: '[redacted]', n: 1 });
});

test('it does for a condition, a list, a sub-DAG and a node that a hook adds later', async () => {
  const does: Plot['does'] = {
    a: () => ({ token: SECRET, tokens: [SECRET] }),
    'f[0]': ({ item }) => item === SECRET,
    's/x': ({ inputs: { t } }) => t === SECRET,
    more: ({ inputs: { t } }) => t === SECRET,
  };
  const library = [{ name: 'inner', nodes: [node('x', { inputs: { t: ref('inputs.t') } })] }];
  const last: Record<string, NodeSpec | undefined> = {
    w: { id: 'w', action: 'work', deps: ['b'], when: { ...ref('a.token'), equals: '[redacted]', not: true } },
    f: { id: 'f', action: 'work', deps: ['b'], forEach: ref('a.tokens') },
    s: { id: 's', action: 'dag', deps: ['b'], inputs: { dag: 'inner', inputs: { t: ref('a.token') } } },
    more: undefined,
  };
  for (const [id, spec] of Object.entries(last)) {
    const hook = {
      name: 'h',
      onNodeComplete: (_: unknown, { nodeId }: { nodeId: string }) =>
        id === 'more' && nodeId === 'b' ? addNode({ id, action: 'work', inputs: { t: ref('a.token') } }) : undefined,
    };
    const { events, report } = await crashAt(
      ['a', 'b: a', ...(spec === undefined ? [] : [spec])],
      { does, library, executor: { hooks: [hook as never] } },
      started('b'),
    ).then((run) => run.end());
    assert.is(startsIn(events).filter((started_) => started_ === 'a').length, 2, id);
    const expected = { w: 'w', f: [true], s: { x: true }, more: true }[id];
    assert.equal(report.outputs[id], expected, id);
  }
});

test('items and nodes of a sub-DAG get their real values back from what they came from', async () => {
  const does: Plot['does'] = {
    a: () => ({ tokens: [SECRET, { password: SECRET }] }),
    'f[0]': ({ item }) => item === SECRET,
    'f[1]': ({ item }) => (item as { password: string }).password === SECRET,
    's/x': ({ inputs: { t, password } }) => t.password === SECRET && password === SECRET,
  };
  const nodes = [
    'a',
    node('f', { forEach: ref('a.tokens') }),
    { id: 's', action: 'dag', inputs: { dag: 'inner', inputs: { t: ref('a.tokens[1]') } } },
  ];
  const library = [
    { name: 'inner', nodes: [node('x', { inputs: { t: ref('inputs.t'), password: SECRET } })] },
    { name: 'test', nodes: specs(nodes) },
  ];
  for (const id of ['f[0]', 's/x']) {
    const { report, events } = await (await crashAt(nodes, { does, library }, started(id))).end();
    assert.equal(report.outputs['f'], [true, true]);
    assert.equal(report.outputs['s'], { x: true });
    assert.not(JSON.stringify(events).includes(SECRET));
  }
});

test('of a fan-out whose output is needed the items with redacted outputs run again', async () => {
  const { report, events } = await crashAt(
    ['a', node('f', { forEach: ref('a') }), node('b: f', { inputs: { all: ref('f') } })],
    {
      does: { a: () => [1, 2], 'f[0]': secretly, 'f[1]': () => 2, b: ({ inputs: { all } }) => all[0].token === SECRET },
    },
    started('b'),
  ).then((run) => run.end());
  assert.is(report.outputs['b'], true);
  assert.equal(startsIn(events), ['a', 'f[0]', 'f[1]', 'b', 'f[0]', 'b']);
});

test('values in the definition come back with the DAG that is loaded under its name', async () => {
  const nodes = [node('a', { inputs: { password: SECRET, n: 1 } })];
  const at = (library: Plot['library']) =>
    crashAt(nodes, { does: { a: ({ inputs: given }) => given.password === SECRET } }, started('a'), {
      library: library!,
    });
  await wrong(at([]), /^The definition of run "r" has redacted values; load the DAG "test" first/);
  await wrong(
    at([{ name: 'test', nodes: [node('a', { inputs: { password: SECRET, n: 2 } })] }]),
    /load the DAG "test"/,
  );
  const { report } = await (await at([{ name: 'test', nodes: specs(nodes) }])).end();
  assert.is(report.outputs['a'], true);
});

test('what cannot come back fails the node that reads it, with one sentence', async () => {
  const act = async (trial: { grant(command: unknown): Promise<unknown> }) => {
    await trial.grant(addNode(node('n: g', { inputs: { password: SECRET } })));
    await trial.grant(skipNode('s', 'known', { token: SECRET }));
  };
  const { report } = await crashAt(
    ['g', 's: g', node('r: s', { inputs: { t: ref('s.token') } })],
    { does: { g: 20 } },
    ({ type }) => type === 'NodeSkipped',
    {},
    act as never,
  ).then((run) => run.end());
  const failed = Object.fromEntries(report.nodeOutcomes.map(({ nodeId, finalError }) => [nodeId, finalError?.message]));
  assert.match(failed['n']!, 'Node "n" was given redacted inputs, which are gone with the process that had them.');
  assert.match(
    failed['r']!,
    'Reference "s.token" leads to a redacted value, which is gone with the process that had it.',
  );
});

test('a gate that had rewritten inputs is asked again', async () => {
  const gate = { name: 'g', beforeNodeStart: () => ({ inputs: { token: SECRET } }) };
  const { report } = await crashAt(
    ['a'],
    { does: { a: ({ inputs: given }) => given.token === SECRET }, executor: { hooks: [gate] } },
    started('a'),
  ).then((run) => run.end());
  assert.is(report.outputs['a'], true);
});

test('a person is asked again for an answer that is redacted and needed', async () => {
  const resumed = await crashAt(
    [{ id: 'ask', action: 'human.input' }, node('b: ask', { inputs: { t: ref('ask.token') } })],
    { does: { b: ({ inputs: { t } }) => t } },
    started('b'),
    {},
    (trial) => trial.grant(provideInput('ask', { token: SECRET })),
  );
  await resumed.lab.pass(1);
  assert.is(resumed.run.snapshot.node('ask')!.status, 'waiting');
  await resumed.lab.time.until(resumed.run.dispatch(provideInput('ask', { token: SECRET })), { maxMs: 0 });
  assert.is((await resumed.end()).report.outputs['b'], SECRET);
});

test('a fork takes redacted inputs once more, and keeps none of them', async () => {
  const lab = new Lab(false);
  const store = memoryStore();
  const nodes = ['a', node('b: a', { inputs: { t: ref('a.token'), login: ref('inputs.login') } })];
  const executor = lab.executor({
    executor: { store },
    does: { a: secretly, b: ({ inputs: { t, login } }) => t === SECRET && login.token },
  });
  await lab.time.until(executor.start({ name: 'test', nodes: specs(nodes) }, { runId: 'r', inputs, config }));
  await wrong(executor.fork('r', { atSeq: 3, runId: 'f' }), /give "login" again/);
  const run = await executor.fork('r', {
    atSeq: 7,
    runId: 'f',
    inputs: { login: { token: 'other', user: 'me' } },
    again: ['b'],
  });
  const report = await lab.time.until(run);
  assert.is(report.outputs['b'], 'other');
  let log = '';
  for await (const event of store.read('f')) log += JSON.stringify(event);
  assert.not(/hunter2|"token":"other"/.test(log));
});

test.run();
