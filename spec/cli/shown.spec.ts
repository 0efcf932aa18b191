// timeout: 120000
// weight: 3
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Program, build } from '../support/cli.js';
import { folderOf } from './folderOf.js';
import { held } from './shop.js';

const files = {
  ...held,
  'ask.yaml': `
name: ask
nodes:
  - { id: sign, action: human.input, inputs: [{ name: question, value: 'Ship it?' }, { name: default, value: 'no' }] }
  - { id: next, action: next, dependencies: [sign] }
`,
  'guarded.yaml': 'name: guarded\nnodes: [{ id: next, action: next, branch: late }]',
  'guard.mjs': `export default { name: 'guard', onStart: () => ({ type: 'PauseBranch', branchId: 'late', reason: 'look first' }) };`,
  'kept.yaml': 'name: kept\nnodes: [{ id: next, action: next, cache: always }]',
};

const test = suite('what became of a run');

test('is told: whether a process has it, none has any more, or a person is waited for', async () => {
  await build();
  const { cwd, rx } = folderOf(files);
  assert.is((await rx('run', 'ask.yaml', '-a', 'hold.mjs', '--run-id', 'asks', '-q')).code, 3);
  assert.is((await rx('run', 'guarded.yaml', '-a', 'hold.mjs', '-k', 'guard.mjs', '--run-id', 'held', '-q')).code, 3);
  const program = new Program(['run', 'held.yaml', '-a', 'hold.mjs', '--db', 'runs.db', '--run-id', 'runs'], { cwd });
  await program.says('running    hold');
  const living = (await rx('runs')).out;
  assert.match(living, /^runs +held +running \(process \d+\) /m);
  const shown = (await rx('show', 'runs')).out;
  assert.match(shown, /^held, run runs: running \(process \d+\) at event \d+;/);
  assert.not.match(shown, 'rxdag');
  program.kill('SIGKILL');
  await program.ended;
  const { out } = await rx('runs');
  assert.match(out, /^asks +ask +waiting /m);
  assert.match(out, /^held +guarded +waiting /m);
  assert.match(out, /^runs +held +interrupted /m);
});

test('is told with what lets it go on', async () => {
  await build();
  const { cwd, rx } = folderOf(files);
  await rx('run', 'ask.yaml', '-a', 'hold.mjs', '--run-id', 'asks', '-q');
  const asks = (await rx('show', 'asks')).out;
  assert.match(asks, /^sign: Ship it\? \["no"\]\n {2}answer it with rxdag answer asks sign VALUE --db runs\.db\n$/m);
  await rx('run', 'guarded.yaml', '-a', 'hold.mjs', '-k', 'guard.mjs', '--run-id', 'held', '-q');
  const guarded = (await rx('show', 'held')).out;
  assert.match(guarded, /^paused +branch late +look first$/m);
  assert.match(guarded, /^Go on with: rxdag resume held --db runs\.db\n$/m);
  const program = new Program(['run', 'held.yaml', '-a', 'hold.mjs', '--db', 'runs.db', '--run-id', 'runs'], { cwd });
  await program.says('running    hold');
  program.kill('SIGKILL');
  await program.ended;
  assert.match((await rx('show', 'runs')).out, /^Go on with: rxdag resume runs --db runs\.db\n$/m);
});

test('names the nodes that were served from the cache', async () => {
  const { rx } = folderOf(files);
  for (const id of ['k1', 'k2']) await rx('run', 'kept.yaml', '-a', 'hold.mjs', '--run-id', id, '-q');
  const shown = (await rx('show', 'k2')).out;
  assert.match(shown, /^succeeded +next +attempt 1 +from the cache +next$/m);
  assert.not.match(shown, 'Go on');
});

test.run();
