import * as assert from 'uvu/assert';
import { addNode, emitEvent, provideInput, setNodeInputs, setPriority, skipNode } from '../../lib/index.js';
import { labSuite, type Lab, type Plot } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('Redaction');

const SECRET = 'hunter2-the-secret';
const config = { redact: ['password', '*token*', 'Exact.Key'], maxParallelNodes: 9 };

const finish = (lab: Lab, nodes: Parameters<Lab['finish']>[0], plot: Plot = {}): ReturnType<Lab['finish']> =>
  lab.finish(nodes, { ...plot, runId: 'r', config: { ...config, ...plot.config } });

/** Fails if the secret stands anywhere in what is published. */
const hidden = async (lab: Lab, trial: Pick<Awaited<ReturnType<typeof finish>>, 'events' | 'log'>): Promise<void> => {
  assert.not(JSON.stringify(trial.events).includes(SECRET), 'it stands in the events');
  assert.not(JSON.stringify(trial.log.snapshots).includes(SECRET), 'it stands in a snapshot');
  for (const snapshot of trial.log.snapshots)
    for (const { output, spec, progress, error } of snapshot.nodes())
      assert.not(JSON.stringify([output, spec, progress, error]).includes(SECRET), 'it stands in a node');
  if (lab.store === undefined) return;
  const { store } = lab;
  const read = async (): Promise<string> => {
    let text = '';
    for await (const event of store.read('r')) text += JSON.stringify(event);
    return text;
  };
  assert.not((await lab.time.until(read())).includes(SECRET), 'it stands in the store');
};

test('masks what a person is asked with, also under another name', async (lab) => {
  const trial = lab.start(
    [
      node('a'),
      {
        id: 'ask',
        action: 'human.input',
        inputs: { question: { $ref: 'inputs.password' }, said: { $ref: 'a' }, token: SECRET, fine: 'seen' },
      },
    ],
    { runId: 'r', config, inputs: { password: SECRET }, does: { a: () => ({ password: SECRET, user: 'me' }) } },
  );
  await trial.pass(1);
  const masked = { question: '[redacted]', said: { password: '[redacted]', user: 'me' }, token: '[redacted]' };
  assert.equal(trial.log.ofType('NodeWaiting')[0]?.inputs, { ...masked, fine: 'seen' });
  await trial.grant(provideInput('ask', 'x'));
  await trial.end();
  await hidden(lab, trial);
});

test("masks the run's inputs, and gives actions the real ones", async (lab) => {
  const trial = await finish(
    lab,
    [node('a', { inputs: { login: { $ref: 'inputs.login' }, list: { $ref: 'inputs.list' } } })],
    {
      inputs: { login: { password: SECRET, user: 'me' }, list: [{ deep: { apiTokenValue: SECRET } }] },
      does: { a: ({ inputs }) => inputs.login.password === SECRET && inputs.list[0].deep.apiTokenValue === SECRET },
    },
  );
  await hidden(lab, trial);
  assert.is(trial.report.outputs['a'], true);
  const { inputs } = trial.log.ofType('RunStarted')[0]!;
  assert.equal(inputs, {
    login: { password: '[redacted]', user: 'me' },
    list: [{ deep: { apiTokenValue: '[redacted]' } }],
  });
});

test('masks inputs that stand in the definition', async (lab) => {
  const trial = await finish(lab, [node('a', { inputs: { PASSWORD: SECRET, plain: 1 } })], {
    does: { a: ({ inputs }) => inputs.PASSWORD === SECRET },
  });
  await hidden(lab, trial);
  assert.is(trial.report.outputs['a'], true);
});

test('masks outputs, which the report and references still have', async (lab) => {
  const trial = await finish(lab, ['a', node('b', { inputs: { t: { $ref: 'a.token' }, all: { $ref: 'a' } } })], {
    does: { a: () => ({ token: SECRET, n: 1 }), b: ({ inputs }) => inputs.t === SECRET && inputs.all.token === SECRET },
  });
  await hidden(lab, trial);
  assert.is(trial.report.outputs['b'], true);
  assert.equal(trial.report.outputs['a'], { token: SECRET, n: 1 });
  assert.equal(trial.run.snapshot.node('a')!.output, { token: '[redacted]', n: 1 });
});

test('masks everything under a matching key, whatever it is', async (lab) => {
  const trial = await finish(lab, ['a'], {
    does: { a: () => ({ password: { old: SECRET, list: [SECRET, 7, true, null] } }) },
  });
  await hidden(lab, trial);
  assert.not(JSON.stringify(trial.events).includes('7,true'));
});

test('matches keys as globs with * alone, whatever their case', async (lab) => {
  const { run } = await finish(lab, ['a'], {
    does: { a: () => ({ Password: 1, passwords: 2, accessTOKENid: 3, token: 4, 'exact.key': 5, exactXkey: 6 }) },
  });
  assert.equal(run.snapshot.node('a')!.output, {
    Password: '[redacted]',
    passwords: 2,
    accessTOKENid: '[redacted]',
    token: '[redacted]',
    'exact.key': '[redacted]',
    exactXkey: 6,
  });
});

test('lets conditions and fan-outs look at the real values', async (lab) => {
  const trial = await finish(
    lab,
    [
      'a',
      node('yes', { when: { $ref: 'a.token', equals: SECRET } }),
      node('no', { when: { $ref: 'a.token', equals: '[redacted]' } }),
      node('f', { forEach: { $ref: 'a.tokens' } }),
    ],
    {
      does: {
        a: () => ({ token: SECRET, tokens: [SECRET, { password: SECRET }] }),
        'f[0]': ({ item }) => item === SECRET,
        'f[1]': ({ item }) => (item as { password: string }).password === SECRET,
      },
    },
  );
  assert.is(trial.status('yes'), 'succeeded');
  assert.is(trial.status('no'), 'skipped');
  assert.equal(trial.report.outputs['f'], [true, true]);
});

test('hides the items of a fan-out over a masked list', async (lab) => {
  const trial = await finish(lab, ['a', node('f', { forEach: { $ref: 'a.tokens' } })], {
    does: { a: () => ({ tokens: [SECRET, { password: SECRET }] }), '*': () => 1 },
  });
  await hidden(lab, trial);
});

test('masks progress, failures, custom events and refused commands', async (lab) => {
  const trial = lab.start(['a', 'b'], {
    runId: 'r',
    config,
    does: {
      a: ({ progress }) => {
        progress({ token: SECRET });
        throw Object.assign(new Error('no'), { data: { password: SECRET } });
      },
      b: 20,
    },
  });
  await trial.pass(1);
  await trial.grant(emitEvent('x', { token: SECRET }));
  await trial.refuse({ ...setPriority('nobody', 1), token: SECRET } as never);
  await trial.refuse(skipNode('nobody', 'why', { password: SECRET }));
  await hidden(lab, Object.assign(trial, { report: await trial.end() }));
  assert.equal(trial.log.ofType('NodeProgressed')[0]!.value, { token: '[redacted]' });
});

test('masks what is added, set and skipped later; the actions get it', async (lab) => {
  const trial = lab.start(['a', 'w: a', 's: a', node('t', { inputs: { x: { $ref: 's.token' } } })], {
    runId: 'r',
    config,
    does: { a: 20, '*': ({ inputs }) => JSON.stringify(inputs).includes(SECRET) },
  });
  await trial.pass(1);
  await trial.grant(addNode(node('n: a', { inputs: { password: SECRET } })));
  await trial.grant(setNodeInputs('w', { token: SECRET }));
  await trial.grant(skipNode('s', 'known', { token: SECRET }));
  const report = await trial.end();
  await hidden(lab, Object.assign(trial, { report }));
  for (const id of ['n', 'w', 't']) assert.is(report.outputs[id], true, id);
});

test('masks inputs that a gate has rewritten; the action gets them', async (lab) => {
  const trial = await finish(lab, ['a'], {
    does: { a: ({ inputs }) => inputs.token === SECRET },
    hooks: [{ name: 'g', beforeNodeStart: () => ({ inputs: { token: SECRET } }) }],
  });
  await hidden(lab, trial);
  assert.is(trial.report.outputs['a'], true);
});

test('gives the sub-DAG of a node the real inputs', async (lab) => {
  const trial = await finish(lab, [{ id: 's', action: 'dag', inputs: { dag: 'inner', inputs: { token: SECRET } } }], {
    library: [{ name: 'inner', nodes: [node('x', { inputs: { t: { $ref: 'inputs.token' } } })] }],
    does: { 's/x': ({ inputs }) => inputs.t === SECRET },
  });
  await hidden(lab, trial);
  assert.equal(trial.report.outputs['s'], { x: true });
});

test('masks nothing where nothing is to be masked', async (lab) => {
  const { run } = await lab.finish(['a'], { does: { a: () => ({ password: 1 }) } });
  assert.equal(run.snapshot.node('a')!.output, { password: 1 });
});

test.run();
