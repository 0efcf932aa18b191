import { throwError } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ref, type ExecutionEvent, type Failure, type HookOperator, type NodeContext } from '../../lib/index.js';
import { MASK } from '../../lib/state/redact.js';
import { Secrets } from '../../lib/state/Secrets.js';
import { doomed, resume } from '../support/crash.js';
import { labSuite, specs, type Lab, type Nodes, type Plot } from '../support/executor.js';
import { node } from '../support/logOf.js';

const test = labSuite('Redaction of failures');

const SECRET = 'hunter2 "the" secret';
const TOKEN = `t${'0123456789'.repeat(10)}`;
const config = { redact: ['password', '*token*'], maxParallelNodes: 9 };
const inputs = { login: { password: SECRET, user: 'me' }, token: TOKEN };

/** Plays a run to its end and fails if a secret is told by its events, its snapshots, its report or its store. */
const play = async (lab: Lab, nodes: Nodes, plot: Plot = {}) => {
  const trial = await lab.finish(nodes, { runId: 'r', inputs, ...plot, config: { ...config, ...plot.config } });
  const { outputs: _, ...told } = trial.report;
  const texts = [trial.events, trial.log.snapshots, told];
  const { store } = lab;
  if (store !== undefined) texts.push(await lab.time.until(logOf(store)));
  for (const text of texts.map((value) => JSON.stringify(value))) {
    assert.not(text.includes('hunter2'), text);
    assert.not(text.includes('01234567890123456789'), text);
  }
  return trial;
};

const logOf = async (store: NonNullable<Lab['store']>): Promise<readonly ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  for await (const event of store.read('r')) events.push(event);
  return events;
};

const errorIn = (events: readonly ExecutionEvent[], id: string): Failure =>
  events.find((event) => event.type === 'NodeFailed' && event.nodeId === id)!['error' as never];

/** A node that gets the run's secrets, and the ways in which it fails. */
const reader = node('a', { inputs: { login: ref('inputs.login'), other: ref('inputs.token') } });
const ways: Record<string, (ctx: NodeContext<any>) => unknown> = {
  'what it was given': ({ inputs: given }) => ({ given }),
  'a list of texts': ({ inputs: { login } }) => [`x${login.password}x`],
  'a text': ({ inputs: { login } }) => `no ${login.password}!`,
  'a message with a stack': ({ inputs: { login } }) => new Error(`login as ${login.password} failed`),
  'a message with JSON': ({ inputs: given }) => new Error(`got ${JSON.stringify(given)}`),
  'a cause': ({ inputs: { login } }) => new Error('x', { cause: { password: login.password } }),
  'a cause of a cause': ({ inputs: { login, other } }) =>
    new Error(`x ${other}`, { cause: new Error(login.password, { cause: new Error(other) }) }),
  'data under another key': ({ inputs: { login } }) =>
    Object.assign(new Error('x'), { data: { url: `?p=${login.password}`, list: [login] } }),
  'a secret that nobody knew': () =>
    Object.assign(new Error('x: hunter2-new', { cause: new Error('hunter2-new') }), {
      data: { password: 'hunter2-new' },
    }),
  'one that the run has in its cache': ({ cache }) => new Error(`x ${cache.getInput<string>('b', 'token')}`),
};

for (const [name, thrown] of Object.entries(ways))
  test(`an action that fails with ${name} tells no secret`, async (lab) => {
    const { events } = await play(lab, ['b', { ...reader, deps: ['b'], tryCount: 2, retry: { type: 'Immediate' } }], {
      does: { b: () => ({ token: 'hunter2-b' }), a: (ctx) => Promise.reject(thrown(ctx)) },
    });
    assert.match(JSON.stringify(errorIn(events, 'a')), /redacted/);
  });

test('a failure says all else that it said', async (lab) => {
  const { events, report } = await play(lab, [reader], {
    does: {
      a: ({ inputs: { login } }) => {
        throw Object.assign(new Error(`${login.password}: no such user, me`), { name: 'LoginError', code: 401 });
      },
    },
  });
  const { name, message, data, stack } = errorIn(events, 'a');
  assert.equal([name, message, data], ['LoginError', `${MASK}: no such user, me`, { code: 401 }]);
  assert.match(stack!, 'redaction.failures.spec.ts');
  assert.match(report.nodeOutcomes[0]!.retryMessages[0]!, `Attempt 1 failed: ${MASK}: no such user`);
});

test('the text of thrown data is that of the masked data, numbers too', async (lab) => {
  const { events } = await play(lab, ['a'], { does: { a: () => Promise.reject({ token: 123_456, n: 1 }) } });
  assert.equal(errorIn(events, 'a').data, { token: MASK, n: 1 });
  assert.is(errorIn(events, 'a').message, `{"token":"${MASK}","n":1}`);
});

test('inputs that do not fit are told without them, however long', async (lab) => {
  const t = await import('io-ts');
  const { action } = await import('../../lib/index.js');
  const strict = action({
    name: 'strict',
    input: t.type({ login: t.type({ password: t.number }), other: t.number }),
    execute: () => 1,
  });
  const { events } = await play(lab, [{ ...reader, action: 'strict' }], { actions: [strict] });
  assert.match(errorIn(events, 'a').message, `login.password: expected number, got "${MASK}"`);
});

test('a fan-out whose item fails tells no secret', async (lab) => {
  const { events } = await play(lab, [node('f', { forEach: ref('inputs.list') })], {
    inputs: { list: [{ password: 'hunter2-item' }] },
    does: { 'f[0]': ({ item }) => Promise.reject(new Error((item as { password: string }).password)) },
  });
  assert.match(errorIn(events, 'f').message, `"f[0]": ${MASK}`);
});

test('a hook that fails tells none, nor does the run that it ends', async (lab) => {
  const hook: HookOperator = () => throwError(() => new Error(SECRET));
  const { report } = await play(lab, ['a'], { hooks: [hook], config: { onHookError: 'failRun' } });
  assert.match(report.error!, `failed: ${MASK}`);
});

test('a refusal tells none', async (lab) => {
  const trial = lab.start([reader], { runId: 'r', inputs, config, does: { a: 10 } });
  await trial.pass(1);
  await trial.refuse({ type: 'UpdateMetrics', metrics: { password: SECRET } } as never);
  await trial.refuse({ type: 'CancelBranch', branchId: TOKEN });
  const report = await trial.end();
  assert.not(/hunter2|0123456789/.test(JSON.stringify([trial.events, report.refusedCommands])));
});

test('a failure action gets the real error, the log shows the masked one', async (lab) => {
  let got: unknown;
  const { events } = await play(lab, [{ ...reader, failureAction: 'work' }], {
    does: {
      a: ({ inputs: { login } }) =>
        Promise.reject(Object.assign(new Error(`no ${login.password}`), { data: { token: login.password } })),
      'a.failure': ({ inputs: given }) => void (got = given),
    },
  });
  const { error, inputs: given } = got as { error: Failure; inputs: { login: unknown } };
  assert.equal([error.message, error.data], [`no ${SECRET}`, { token: SECRET }]);
  assert.equal(given.login, inputs.login);
  const added = events.find((event) => event.type === 'NodeAdded')!;
  assert.equal((added.node.inputs!['error'] as unknown as { $literal: Failure }).$literal, errorIn(events, 'a'));
});

test("so does the failure action of a fan-out, with its item's error as the cause", async (lab) => {
  let got: Failure | undefined;
  await play(lab, [node('f', { forEach: ref('inputs.list'), failureAction: 'work' })], {
    inputs: { list: [{ token: 'hunter2-item' }] },
    does: {
      'f[0]': ({ item }) => Promise.reject(new Error((item as { token: string }).token)),
      'f.failure': ({ inputs: given }) => void (got = given.error),
    },
  });
  assert.is(got?.cause?.message, 'hunter2-item');
});

test.run();

const crashed = suite('Redaction of failures, after a crash');

crashed('what a resumed run is given again and finds again is hidden in what fails', async () => {
  const nodes: Nodes = [
    'b',
    { ...reader, deps: ['b'] },
    node('c: a', { runIf: 'allDone', inputs: { password: 'hunter2-own' } }),
  ];
  const plot: Plot = {
    inputs,
    config,
    library: [{ name: 'test', nodes: specs(nodes) }],
    does: {
      b: 5,
      a: ({ inputs: { login } }) => Promise.reject(new Error(login.password)),
      c: ({ inputs: { password } }) => Promise.reject(new Error(password)),
    },
  };
  const { trial, store, after } = doomed(nodes, plot);
  await trial.end();
  for (let instant = 1; instant < store.appends.length; instant++) {
    const { events } = await (await resume(await after(instant), plot, { inputs })).end();
    assert.not(JSON.stringify(events).includes('hunter2'), `after append ${instant}`);
  }
});

crashed.run();

const secrets = suite('Secrets');

const hide = (given: readonly string[], text: string): string => {
  const known = new Secrets();
  for (const secret of given) known.add(secret);
  return known.hide(text);
};

secrets('are hidden wherever they stand, the longest first', () => {
  assert.is(hide(['abcd', 'abcdef'], 'abcdefabcd-abcde'), `${MASK}${MASK}-${MASK}e`);
  assert.is(hide(['secret'], 'nothing'), 'nothing');
  assert.is(hide([], ''), '');
});

secrets('are not looked for when they are short', () => {
  assert.is(hide(['abc', ''], 'abc'), 'abc');
});

secrets('are hidden as JSON writes them, and where they were cut', () => {
  assert.is(hide(['a"b\nc'], JSON.stringify({ x: 'a"b\nc' })), `{"x":"${MASK}"}`);
  assert.is(hide([TOKEN], `"${TOKEN.slice(0, 56)}…"`), `"${MASK}…"`);
});

secrets('are found among many of one beginning, in little time', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => `eyJhbGciOiJIUzI1NiJ9.${i}`);
  const known = new Secrets();
  for (const secret of many) known.add(secret);
  const begun = performance.now();
  for (const secret of many) assert.is(known.hide(`x ${secret} y`), `x ${MASK} y`);
  assert.ok(performance.now() - begun < 5_000);
});

secrets.run();
