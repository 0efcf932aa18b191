// weight: 4
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Program, build, main, project, rxdag, type Ended } from '../support/cli.js';
import { command } from '../support/command.js';
import { held, shop } from './shop.js';

const two = 'name: two\nnodes: [{ id: a, action: a }, { id: b, action: b, dependencies: [a] }]';
/** Runs a pipeline of two nodes, one after the other, with these actions and hooks. */
const runOf = (actions: string, hooks = '', ...options: readonly string[]): Promise<Ended> => {
  const cwd = project({ 'two.yaml': two, 'two.mjs': actions, 'hooks.mjs': hooks });
  const more = hooks === '' ? [] : ['--hooks', 'hooks.mjs'];
  return rxdag(['run', 'two.yaml', '--actions', 'two.mjs', ...more, ...options], { cwd });
};
const fine = 'export const a = () => 1; export const b = () => 2;';

const codes = suite('exit codes of rxdag run');

codes('0 is a success, 1 a failed run, 2 a wrong use', async () => {
  assert.is((await runOf(fine)).code, 0);
  assert.is((await runOf('export const a = () => { throw new Error("no"); }; export const b = () => 2;')).code, 1);
  assert.is((await runOf(fine, '', '--input', 'nothing')).code, 2);
});

codes('3 is a run that waits for input, and how to give it is told', async () => {
  const question = 'inputs: [{ name: question, value: Shall it be published? }, { name: default, value: maybe }]';
  const cwd = project({ 'ask.yaml': `name: ask\nnodes: [{ id: publish, action: human.input, ${question} }]` });
  const { code, err } = await rxdag(['run', 'ask.yaml'], { cwd });
  assert.is(code, 3);
  assert.match(err, 'The run waits for a person, and none can be asked here:');
  assert.match(err, 'publish: Shall it be published? ["maybe"]');
  assert.match(err, '--answer publish=VALUE');
});

codes('3 is a run that was paused for a failure', async () => {
  const cwd = project({
    'pause.yaml':
      'name: p\nconfig: { on_failure: Pause }\nnodes: [{ id: a, action: a }, { id: b, action: b, dependencies: [a] }]',
    'a.mjs': 'export const a = () => { throw new Error("no"); }; export const b = () => 2;',
  });
  const { code, err } = await rxdag(['run', 'pause.yaml', '--actions', 'a.mjs'], { cwd });
  assert.is(code, 3);
  assert.match(err, 'The run is paused');
});

codes('3 is a run with a branch that a hook paused and nobody resumed', async () => {
  const hook = `export default { name: 'guard', onNodeComplete: (_, { nodeId }) => nodeId === 'a' ? { type: 'PauseBranch', branchId: 'b', reason: '3 rows look wrong' } : undefined };`;
  for (const mode of ['--json', '--quiet']) {
    const { code, err } = await runOf(fine, hook, mode);
    assert.is(code, 3);
    assert.match(err, 'Branch b is paused: 3 rows look wrong');
  }
});

codes('a run that will go on by itself does not wait for a person', async () => {
  const cwd = project({
    'retry.yaml': `
name: r
nodes:
  - { id: a, action: a, try_count: 2, retry: { Linear: { delay_secs: 0.8 } } }
  - { id: b, action: b }`,
    'until.mjs': `export default {
  name: 'until',
  onStart: () => ({ type: 'PauseBranch', branchId: 'b' }),
  onNodeComplete: (_, { nodeId }) => nodeId === 'a' ? { type: 'ResumeBranch', branchId: 'b' } : undefined,
};`,
    'hold.yaml': 'name: h\nnodes: [{ id: b, action: b }]',
    'wait.yaml': `
name: w
config: { human_wait: 0.8, human_timeout_action: Autopilot }
nodes: [{ id: c, action: human.input, inputs: [{ name: default, value: seven }] }]`,
    'a.mjs': `export const a = ({ attempt }) => { if (attempt < 2) throw new Error('not yet'); }; export const b = () => 2;`,
    'hooks.mjs': `
const later = new Promise((later) => setTimeout(later, 800, { type: 'ResumeBranch', branchId: 'b' }));
export default { name: 'guard', onStart: (ctx) => { ctx.track(later).subscribe(); return [{ type: 'PauseBranch', branchId: 'b' }]; }, onEvent: (_, { type }) => type === 'BranchPaused' ? later : undefined };`,
  });
  const all = await Promise.all([
    rxdag(['run', 'retry.yaml', '--actions', 'a.mjs', '--hooks', 'until.mjs'], { cwd }),
    rxdag(['run', 'hold.yaml', '--actions', 'a.mjs', '--hooks', 'hooks.mjs'], { cwd }),
    rxdag(['run', 'wait.yaml'], { cwd }),
  ]);
  for (const { code, err } of all) assert.is(code, 0, err);
  assert.match(all[2].out, '= c: seven');
});

codes.run();

/** Runs a node that holds until there is a file `go`. */
const hold = async (action = 'hold'): Promise<{ readonly program: Program; readonly go: () => void }> => {
  await build();
  const cwd = project({ ...held, 'held.yaml': held['held.yaml'].replace('action: hold', `action: ${action}`) });
  const program = new Program(['run', 'held.yaml', '--actions', 'hold.mjs'], { cwd });
  await program.says('running    hold');
  return { program, go: () => writeFileSync(join(cwd, 'go'), '') };
};

const interrupted = suite('an interrupted run');

interrupted('ends what runs after the first Ctrl-C, and starts nothing more', async () => {
  const { program, go } = await hold();
  program.kill('SIGINT');
  await program.says('Stopping once 1 running node ended; Ctrl-C again aborts');
  go();
  const { code, out } = await program.ended;
  assert.match(out, /succeeded {2}hold/);
  assert.match(out, /cancelled {2}next/);
  assert.not.match(out, /running {4}next|aborted/);
  assert.match(out, /✖ held cancelled in .*: 1 succeeded · 1 cancelled/);
  assert.is(code, 130);
});

interrupted('is aborted by the second Ctrl-C', async () => {
  const { program } = await hold();
  program.kill('SIGINT');
  await program.says('Stopping');
  program.kill('SIGINT');
  await program.says('Aborting what runs; Ctrl-C again leaves at once');
  const { code, out } = await program.ended;
  assert.match(out, 'aborted\n');
  assert.match(out, /cancelled {2}hold/);
  assert.is(code, 130);
});

interrupted('is left at once with the third, whatever does not end', async () => {
  const { program } = await hold('deaf');
  for (const said of ['Stopping', 'Aborting']) {
    program.kill('SIGINT');
    await program.says(said);
  }
  const before = Date.now();
  program.kill('SIGINT');
  assert.is((await program.ended).code, 130);
  assert.ok(Date.now() - before < 2_500, 'well before the grace time of 5 s');
});

for (const signal of ['SIGTERM', 'SIGHUP'] as const)
  interrupted(`is aborted by ${signal}`, async () => {
    const { program } = await hold();
    program.kill(signal);
    const { code, out } = await program.ended;
    assert.match(out, 'aborted\n');
    assert.match(out, /cancelled {2}hold/);
    assert.is(code, 130);
  });

interrupted('is cancelled at once where nothing runs', async () => {
  await build();
  const cwd = project({
    'idle.yaml': 'name: idle\nconfig: { human_wait: 60 }\nnodes: [{ id: a, action: human.input }]',
  });
  const program = new Program(['run', 'idle.yaml'], { cwd });
  await program.says('waiting    a');
  program.kill('SIGINT');
  const { code, out, err } = await program.ended;
  assert.match(out, 'idle cancelled');
  assert.is(err, '');
  assert.is(code, 130);
});

interrupted('ends where its hooks let it go on all the same', async () => {
  await build();
  const cwd = project({
    ...held,
    'hooks.mjs': `export default { name: 'on', onEvent: (_, { type }) => type === 'RunPaused' ? { type: 'ResumeRun' } : undefined };`,
  });
  const program = new Program(['run', 'held.yaml', '--actions', 'hold.mjs', '--hooks', 'hooks.mjs'], { cwd });
  await program.says('running    hold');
  program.kill('SIGINT');
  const { code, out } = await program.ended;
  assert.match(out, /cancelled {2}hold/);
  assert.is(code, 130);
});

interrupted.run();

const closed = suite('output that nobody reads any more');

closed('aborts the run', async () => {
  await build();
  const cwd = project({
    'tick.yaml': 'name: ticks\nnodes: [{ id: tick, action: tick }]',
    'tick.mjs': `
export const tick = async ({ progress, signal }) => {
  for (let i = 0; !signal.aborted; i++) {
    progress(i);
    await new Promise((later) => setTimeout(later, 20));
  }
  console.error('aborted');
};`,
  });
  const program = new Program(['run', 'tick.yaml', '--actions', 'tick.mjs'], { cwd });
  await program.says('tick 3');
  program.closeOutput();
  const { code, err } = await program.ended;
  assert.is(err, 'aborted\n');
  assert.is(code, 130);
});

closed('ends a command without a stack trace', async () => {
  await build();
  const cwd = project({
    ...shop,
    'many.yaml': `name: many\nnodes: [${Array.from({ length: 2_000 }, (_, i) => `{ id: n${i}, action: nap }`).join(', ')}]`,
    'nap.mjs': 'export const nap = () => new Promise((later) => setTimeout(later, 20));',
  });
  for (const args of ['run many.yaml --actions nap.mjs', 'run many.yaml --actions nap.mjs --json', 'graph many.yaml']) {
    const line = `"${process.execPath}" "${main}" ${args} | head -1 | cut -c 1-20; echo "code \${PIPESTATUS[0]}"`;
    const { text } = await command('bash', ['-c', line], { cwd, timeoutMs: 20_000 });
    assert.match(text, /^.{1,20}\ncode (?:130|0)\n$/);
  }
});

closed.run();

const rough = suite('rough actions');

rough('what is thrown where nobody can catch it is told, and ends the run', async () => {
  const forever = 'return new Promise((later) => setTimeout(later, 60_000));';
  for (const thrown of [
    `setTimeout(() => { throw new Error('late\\u001b[31m'); }); ${forever}`,
    `Promise.reject(new Error('late\\u001b[31m')); ${forever}`,
  ]) {
    const { code, out, err } = await runOf(`export const a = () => { ${thrown} }; export const b = () => 2;`);
    assert.match(
      err,
      /^An error outside of any action or hook ended the run:\nError: late\\u001b\[31m\n\s+at .*two\.mjs/,
    );
    assert.not.match(out, 'succeeded');
    assert.is(code, 1);
  }
  for (const odd of ['null', '{ stack: 5 }', 'Object.create(null)', '{ get message() { throw 1; } }']) {
    const { code, err } = await runOf(
      `export const a = () => { setTimeout(() => { throw ${odd}; }); ${forever} }; export const b = () => 2;`,
    );
    assert.match(err, 'An error outside of any action or hook ended the run:');
    assert.is(code, 1);
  }
});

rough('what they leave open does not keep the process alive', async () => {
  const open = `import { createServer } from 'node:net'; export const a = () => { setInterval(() => {}, 1000); createServer().listen(0); process.stdin.resume(); }; export const b = () => 2;`;
  const before = Date.now();
  assert.is((await runOf(open)).code, 0);
  assert.ok(Date.now() - before < 10_000);
});

rough('process.exit is told, and is no success', async () => {
  for (const code of [0, 3]) {
    const ended = await runOf(`export const a = () => process.exit(${code}); export const b = () => 2;`, '', '--json');
    assert.match(ended.err, `ended the process with process.exit(${code}) before the command was done`);
    assert.is(ended.code, 1);
  }
});

rough('process.exitCode of theirs is not ours', async () => {
  assert.is((await runOf(`export const a = () => { process.exitCode = 9; }; export const b = () => 2;`)).code, 0);
});

rough('a hook that breaks does not', async () => {
  const hook = `export default { name: 'h', onNodeComplete: () => { throw new Error('broken'); } };`;
  const { code, out } = await runOf(fine, hook);
  assert.match(out, /failed {5}hook h: broken/);
  assert.match(out, '! hook h failed: broken');
  assert.is(code, 0);
});

rough.run();
