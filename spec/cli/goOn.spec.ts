// timeout: 120000
// weight: 4
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ActionRegistry, DagExecutor, action } from '../../lib/index.js';
import { sqliteStore } from '../../lib/stores/sqlite/index.js';
import { Program, build } from '../support/cli.js';
import { folderOf } from './folderOf.js';
import { held } from './shop.js';

const files = {
  'list.yaml': `
name: list
nodes:
  - { id: list, action: list }
  - { id: each, action: each, for_each: list, inputs: [{ name: n, reference: inputs.number }] }
  - { id: sum, action: done, dependencies: [each] }
`,
  'kept.yaml': `
name: kept
nodes:
  - { id: first, action: done, cache: always, inputs: [{ name: n, value: 1 }] }
  - { id: second, action: done, cache: always, dependencies: [first], inputs: [{ name: n, value: 2 }] }
  - { id: third, action: done, cache: always, inputs: [{ name: n, value: 3 }] }
`,
  'ask.yaml': `
name: ask
nodes:
  - { id: sign, action: human.input }
  - { id: ship, action: done, dependencies: [sign] }
`,
  'actions.mjs': `
import { appendFileSync, existsSync } from 'node:fs';
const called = ({ nodeId }) => appendFileSync('calls', nodeId + '\\n');
export const list = (ctx) => { called(ctx); return [1, 2, 3]; };
export const each = (ctx) => { called(ctx); if (ctx.item === 2 && !existsSync('mended')) throw new Error('no'); return ctx.item; };
export const done = (ctx) => { called(ctx); return 'done'; };
`,
};

const test = suite('going on with a stored run');

test('of a list only the items that failed run again, unless the whole is named', async () => {
  const { cwd, rx, calls } = folderOf(files);
  assert.is((await rx('run', 'list.yaml', '-a', 'actions.mjs', '-i', 'number=1', '--run-id', 'r', '-q')).code, 1);
  writeFileSync(join(cwd, 'mended'), '');
  calls();
  assert.is((await rx('rerun', 'r', '--failed', '-q', '--run-id', 'mended')).code, 0);
  assert.equal(calls(), ['each[1]', 'sum']);
  await rx('fork', 'mended', '--again', 'each[0]', '-q');
  assert.equal(calls(), ['each[0]', 'sum']);
  await rx('rerun', 'mended', '--from', 'each', '-q');
  assert.equal(calls(), ['each[0]', 'each[1]', 'each[2]', 'sum']);
});

test('what is named runs again, with what depends on it, whatever results are kept', async () => {
  const { rx, calls } = folderOf(files);
  assert.is((await rx('run', 'kept.yaml', '-a', 'actions.mjs', '--run-id', 'r', '-q')).code, 0);
  calls();
  for (const again of [['rerun', '--from'] as const, ['fork', '--again'] as const]) {
    assert.is((await rx(again[0], 'r', again[1], 'first', '-q')).code, 0);
    assert.equal(calls(), ['first', 'second']);
  }
});

test('an input that no node refers to is told', async () => {
  const { rx } = folderOf(files);
  const run = await rx('run', 'list.yaml', '-a', 'actions.mjs', '-i', 'number=1', '-i', 'nmber=2', '--run-id', 'r');
  const warning = 'warning: No node refers to the input "nmber"; did you mean "number"?';
  assert.is(run.err, `${warning}\n`);
  const { err } = await rx('fork', 'r', '-i', 'nmber=2', '-i', 'number=1', '--run-id', 'f');
  assert.is(err, `${warning}\nRun f goes on from event 18 of r.\n`);
  assert.is((await rx('fork', 'r', '-i', 'nmber=2', '-q')).err.includes('warning'), false);
});

test('a fork counts its time from when it was made', async () => {
  const { cwd, rx } = folderOf(files);
  appendFileSync(join(cwd, 'actions.mjs'), `export const slow = () => new Promise((end) => setTimeout(end, 2_000));`);
  writeFileSync(
    join(cwd, 'slow.yaml'),
    'name: slow\nnodes: [{ id: s, action: slow }, { id: d, action: done, dependencies: [s] }]',
  );
  assert.is((await rx('run', 'slow.yaml', '-a', 'actions.mjs', '--run-id', 'r', '-q')).code, 0);
  const forked = await rx('rerun', 'r', '--from', 'd', '--run-id', 'f');
  assert.match(forked.out, /^ +0\.\d+ s {2}running {4}d$/m);
  assert.match(forked.out, /slow succeeded in (?:\d+ ms|1\.\d s):/);
  assert.match((await rx('runs')).out, /^f .* (?:\d+ ms|1\.\d s) +\d+ events$/m);
});

test('what was refused before is not told again', async () => {
  const { rx } = folderOf(files);
  await rx('run', 'ask.yaml', '-a', 'actions.mjs', '--run-id', 'r', '-q');
  const refused = await rx('answer', 'r', 'ship', 'yes');
  assert.equal(refused, {
    code: 2,
    out: '',
    err: 'Run "r": Node "ship" is pending; it does not wait for input.\n',
  });
  const { code, out, err } = await rx('answer', 'r', 'sign', 'yes');
  assert.equal([code, err], [0, '']);
  assert.not.match(out, 'refused');
});

test('lines that tell nothing are not written', async () => {
  const { rx } = folderOf(files);
  const run = await rx('run', 'ask.yaml', '-a', 'actions.mjs', '--run-id', 'r');
  assert.not.match(run.out, 'rxdag.modules');
  assert.is((await rx('resume', 'r')).out, '');
  assert.match((await rx('resume', 'r', '--json')).out, /"type":"RunRecovered"/);
});

test('a pipeline that is gone is not one that has changed', async () => {
  const { cwd, rx } = folderOf(files);
  await rx('run', 'ask.yaml', '-a', 'actions.mjs', '--run-id', 'r', '-q');
  appendFileSync(join(cwd, 'ask.yaml'), '# other\n');
  const goesOn = 'the run goes on with the pipeline that it began with.';
  assert.match((await rx('resume', 'r')).err, `/ask.yaml has changed; ${goesOn}\n`);
  renameSync(join(cwd, 'ask.yaml'), join(cwd, 'asked.yaml'));
  assert.match((await rx('resume', 'r')).err, `/ask.yaml is not there any more; ${goesOn}\n`);
  renameSync(join(cwd, 'actions.mjs'), join(cwd, 'acted.mjs'));
  assert.match((await rx('resume', 'r', '-q')).err, /^There is no module .*\/actions\.mjs; --actions takes a path/);
});

test('actions of a program that are not at hand are told in one sentence', async () => {
  const { cwd, rx } = folderOf(files);
  const store = sqliteStore(join(cwd, 'runs.db'));
  const names = ['a', 'b', 'c', 'd', 'e'];
  const registry = new ActionRegistry().register(...names.map((name) => action(name, () => name)));
  const nodes = names.map((name) => ({ id: name, action: name, deps: name === 'a' ? ['ask'] : ['a'] }));
  const graph = { name: 'mine', nodes: [{ id: 'ask', action: 'human.input' }, ...nodes] };
  const run = new DagExecutor({ registry, store }).start(graph, { runId: 'r' });
  while (run.snapshot.counts.waiting === 0) await sleep(10);
  await store.close();
  const resumed = await rx('resume', 'r');
  assert.equal(resumed, {
    code: 2,
    out: '',
    err: 'Run "r" needs the actions "a", "b", "c" and 2 others and remembers no module that exports them; name one with --actions MODULE.\n',
  });
  const { err } = await rx('resume', 'r', '-a', 'actions.mjs');
  assert.match(err, '"c" and 2 others, which actions.mjs does not export; name the module that does with --actions');
});

test('Ctrl-C lets what runs end and tells how to go on; twice leaves at once', async () => {
  await build();
  const { cwd, rx } = folderOf(held);
  const start = async (runId: string): Promise<Program> => {
    const program = new Program(['run', 'held.yaml', '-a', 'hold.mjs', '--db', 'runs.db', '--run-id', runId], { cwd });
    await program.says('running    hold');
    program.kill('SIGINT');
    await program.says('Stopping once 1 running node ended; Ctrl-C again leaves at once');
    return program;
  };
  const twice = await start('twice');
  twice.kill('SIGINT');
  const left = await twice.ended;
  assert.is(left.code, 130);
  assert.match(left.err, /^The run is kept; go on with: rxdag resume twice --db runs\.db\n$/m);
  assert.match((await rx('show', 'twice')).out, /: paused at .*\nrunning +hold/);
  const once = await start('once');
  writeFileSync(join(cwd, 'go'), '');
  const ended = await once.ended;
  assert.is(ended.code, 130);
  assert.match(ended.err, /^The run is kept; go on with: rxdag resume once --db runs\.db\n$/m);
  assert.match((await rx('show', 'once')).out, /: paused at .*\nsucceeded +hold/);
  for (const runId of ['once', 'twice']) assert.is((await rx('resume', runId, '-q')).code, 0);
});

test.run();
