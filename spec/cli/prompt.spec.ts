// weight: 5
// timeout: 120000
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { inTerminal, isAsBefore, terminalSuite } from './inTerminal.js';
import { held } from './shop.js';

const ask = (id: string, question: string, more = ''): string =>
  `  - { id: ${id}, action: human.input, inputs: [{ name: question, value: "${question}" }${more}] }\n`;
const asking = (...nodes: readonly string[]): Readonly<Record<string, string>> => ({
  'p.yaml': `name: ask\nnodes:\n${nodes.join('')}`,
});
const byDefault = (value: string): string => `, { name: default, value: ${value} }`;

const prompt = terminalSuite('a question at the terminal');

prompt('is asked below the view, and answered with a line', async () => {
  const { screen, ended } = await inTerminal(asking(ask('name', 'What is it called?')));
  const text = await screen.until(/^>$/m);
  assert.match(text, /^ask ░+ 0\/1 .*\n1 waiting\n\? name: What is it called\?\n>$/m);
  const { cursor, isCursorVisible } = await screen.state();
  assert.is(isCursorVisible, true);
  assert.is(cursor[0], 2);
  await screen.type('Fred x');
  await screen.press('BSpace', 'BSpace', 'Home', 'DC', 'B', 'Right', 'Right', 'Left', 'X', 'BSpace', 'C-e', '!');
  await screen.until(/^> Bred!$/m);
  assert.is((await screen.state()).cursor[0], 7);
  await screen.press('Enter');
  assert.match(await ended(0), /^ {2}= name: Bred!$/m);
  await isAsBefore(screen);
});

prompt('takes JSON as such', async () => {
  const { screen, ended } = await inTerminal(asking(ask('list', 'Which?')));
  await screen.until(/^>/m);
  await screen.run('  [1, "x"] ');
  assert.match(await ended(0), /^ {2}= list: \[1,"x"\]$/m);
});

prompt('is asked again, with the reason, where an answer cannot be taken', async () => {
  const { screen, ended } = await inTerminal(asking(ask('name', 'Name?')));
  await screen.until(/^>/m);
  await screen.run('1e999');
  await screen.until(/^\? name: Name\? \(not taken: the value is Infinity, which JSON cannot hold\)\n>$/m);
  await screen.run('3');
  assert.match(await ended(0), /= name: 3/);
});

prompt('is not asked where the pipeline was typed at the terminal', async () => {
  const { screen, ended } = await inTerminal({}, { line: 'sed s/p.yaml/-/ r > s; sh ./s' });
  await screen.run('{ name: typed, nodes: [{ id: q, action: human.input }] }');
  await screen.press('C-d');
  assert.match(await ended(3), /The run waits for a person, and none can be asked here:/);
});

prompt('is asked again where an empty line is no answer', async () => {
  const { screen, ended } = await inTerminal(asking(ask('name', 'Name?')));
  await screen.until(/^>/m);
  await screen.press('Enter', ' ', 'Enter');
  await sleep(250);
  await screen.until(/^\? name: Name\?\n>$/m);
  await screen.run('Ann');
  assert.match(await ended(0), /= name: Ann/);
});

prompt('shows its default, which an empty line takes', async () => {
  const { screen, ended } = await inTerminal(asking(ask('count', 'How many?', byDefault('[3]'))));
  await screen.until(/^\? count: How many\? \[\[3\]\]\n>/m);
  await screen.press('Enter');
  assert.match(await ended(0), /= count: \[3\]/);
});

prompt('comes after another one', async () => {
  const { screen, ended } = await inTerminal(asking(ask('one', 'First?'), ask('two', 'Second?')));
  await screen.until(/\? two waits for input: Second\?\n[^]*\? one: First\?\n>/);
  await screen.type('1');
  await screen.until(/^> 1$/m);
  // What was typed ahead of the second question does not answer it.
  await screen.press('Enter', 'h', 'Enter');
  await screen.until(/^\? two: Second\?\n>$/m);
  await screen.run('2');
  assert.match(await ended(0), /= one: 1\n {2}= two: 2$/m);
});

prompt('that was answered before it was asked is not answered', async () => {
  const { screen, go, ended } = await inTerminal({
    'p.yaml': `name: ask\nnodes:\n  - { id: hold, action: hold }\n${ask('late', 'Late?').replace(' }\n', ', dependencies: [hold] }\n')}`,
    'a.mjs': held['hold.mjs'],
  });
  await screen.until(/● hold/);
  await screen.run('early');
  await screen.type('half');
  go();
  await screen.until(/^\? late: Late\?\n>$/m);
  await screen.run('now');
  assert.match(await ended(0), /= late: now/);
});

prompt('takes a long line, and shows where it is being typed', async () => {
  const { screen, ended } = await inTerminal(
    {
      'p.yaml': `name: ask\nnodes:\n${ask('long', 'Long?')}  - { id: measure, action: measure, inputs: [{ name: text, reference: long }] }\n`,
      'a.mjs': 'export const measure = ({ inputs: { text } }) => `${text.length} ${text.endsWith("end-漢字")}`;',
    },
    { columns: 40, rows: 12 },
  );
  await screen.until(/^>/m);
  await screen.type(`${'0123456789'.repeat(100)}end-漢字`);
  await screen.until(/^> …\d+end-漢字$/m);
  const [column] = (await screen.state()).cursor;
  assert.is(column, 39, 'the cursor stands behind what was typed');
  await screen.press('Home');
  await screen.until(/^> 0123456789.*…$/m);
  assert.is((await screen.state()).cursor[0], 2);
  await screen.press('Enter');
  assert.match(await ended(0), /= measure: 1006 true/);
});

prompt('shows what would steer the terminal as text, and puts the cursor behind it', async () => {
  const odd = '\\e]0;stolen\\a\\e[31m\\u202e漢字';
  const { screen, ended } = await inTerminal(asking(ask(`"a${odd}"`, `What${odd}?`)));
  const { title } = await screen.state();
  await screen.until(/^\? a\\u001b\]0;stolen\\u0007\\u001b\[31m\\u202e漢字:\n {2}What\\u001b/m);
  await screen.press('C-v', 'Tab', 'e', '漢');
  await screen.until(/^> \\u0009e漢$/m);
  assert.is((await screen.state()).cursor[0], 2 + 6 + 1 + 2);
  assert.is((await screen.state()).title, title);
  await screen.press('Enter');
  await ended(0);
  assert.is((await screen.state()).title, title);
});

prompt('vanishes when its time runs out', async () => {
  const { screen, ended } = await inTerminal({
    'p.yaml': `name: ask\nconfig: { human_wait: 1.5, human_timeout_action: Autopilot }\nnodes:\n${ask('name', 'Name?', byDefault('nobody'))}`,
  });
  await screen.until(/^>/m);
  await screen.type('too la');
  const end = await ended(0);
  assert.match(end, /= name: nobody/);
  assert.not.match(end, 'too la');
  await isAsBefore(screen);
});

prompt('is asked in a screen that has no room for anything else', async () => {
  const { screen, ended } = await inTerminal(asking(ask('name', 'Name?')));
  await screen.until(/^>/m);
  for (const [columns, rows, shown] of [
    [12, 4, /^0\/1.*\n\? name: Nam…\n> x$/],
    [12, 2, /^\? name: Nam…\n> x$/],
    [12, 1, /^> x$/],
    [2, 1, /^>/],
    [1, 1, /^>/],
  ] as const) {
    await screen.resize(columns, rows);
    await screen.press('x');
    await screen.until((text) => shown.test(text.trimEnd()));
    const { scrolled } = await screen.state();
    await sleep(250);
    assert.is((await screen.state()).scrolled, scrolled);
    await screen.press('BSpace');
  }
  await screen.resize(80, 24);
  await screen.until(/^\? name: Name\?\n>$/m);
  await screen.run('Ann');
  assert.match(await ended(0), /= name: Ann/);
});

prompt('that nobody can be asked ends the command', async () => {
  const { ended } = await inTerminal(asking(ask('name', 'Name?')), { line: './r < /dev/null' });
  assert.match(await ended(3), /name: Name\?\n +answer it with --answer name=VALUE/);
});

prompt('ends with Ctrl-D, and the command as well once nothing else goes on', async () => {
  const { screen, go, ended } = await inTerminal({
    'p.yaml': `name: ask\nnodes:\n${ask('name', 'Name?')}  - { id: hold, action: hold }\n`,
    'a.mjs': held['hold.mjs'],
  });
  await screen.until(/^>/m);
  await screen.type('x');
  await screen.press('Left', 'C-d', 'C-d');
  const text = await screen.until((text) => !/^>/m.test(text));
  assert.match(text, /^\? name waits for input: Name\?$/m);
  await screen.until(/● hold {2}\d\.\d s/);
  go();
  assert.match(await ended(3), /none can be asked here:\n {2}name: Name\?/);
  await isAsBefore(screen);
});

prompt.run();

const paused = terminalSuite('a paused run at the terminal');

const stopped = {
  'p.yaml': `
name: stop
config: { on_failure: Pause }
nodes: [{ id: a, action: break }, { id: b, action: fine }, { id: c, action: fine, dependencies: [b] }]`,
  'a.mjs': `export const fine = () => 'fine'; const broken = () => { throw new Error('no'); }; export { broken as break };`,
};

paused('asks whether to resume or to cancel', async () => {
  const { screen, ended } = await inTerminal(stopped);
  await screen.until(/^\? The run is paused: .*Resume or cancel it\? \(r\/c\)\n>$/m);
  for (const odd of ['', 'x', 'rc', 'resume it']) {
    await screen.run(odd);
    await sleep(150);
    await screen.until(/^\? The run is paused: .*\n>$/m);
  }
  await screen.run('r');
  assert.match(await ended(1), /✖ stop failed .*2 succeeded · 1 failed/);
});

paused('can be cancelled', async () => {
  const { screen, ended } = await inTerminal(stopped);
  await screen.until(/^\? The run is paused/m);
  await screen.run(' Cancel ');
  assert.match(await ended(1), /✖ stop cancelled/);
});

const branched = {
  'p.yaml': 'name: b\nnodes: [{ id: a, action: fine }, { id: b, action: fine, dependencies: [a] }]',
  'a.mjs': `export const fine = () => 'fine';`,
  'h.mjs': `export default { name: 'guard', onNodeComplete: (_, { nodeId }) => nodeId === 'a' ? { type: 'PauseBranch', branchId: 'b', reason: 'look' } : undefined };`,
};

paused('asks the same for a branch', async () => {
  const { screen, ended } = await inTerminal(branched, { line: './r --hooks h.mjs' });
  await screen.until(/^\? Branch b is paused: look\. Resume or cancel it\? \(r\/c\)\n>$/m);
  await screen.run('r');
  assert.match(await ended(0), /= b: fine/);
  const other = await inTerminal(branched, { line: './r --hooks h.mjs' });
  await other.screen.until(/^\? Branch b is paused/m);
  await other.screen.run('c');
  await other.ended(1);
});

paused('is not asked about while it will go on by itself', async () => {
  const { screen, ended } = await inTerminal(
    {
      ...branched,
      'h.mjs': `${branched['h.mjs'].replace('export default', 'const guard =')}
const goOn = { name: 'on', onEvent: (_, { type }) => type === 'BranchPaused' ? new Promise((later) => setTimeout(later, 1200, { type: 'ResumeBranch', branchId: 'b' })) : undefined };
export const hooks = [guard, goOn];`,
    },
    { line: './r --hooks h.mjs' },
  );
  await screen.until(/branch b is paused: look/);
  for (let i = 0; i < 5; i++) {
    assert.not.match(await screen.text(), /^\? Branch/m);
    await sleep(150);
  }
  await ended(0);
});

paused('is not asked about for a moment either', async () => {
  const goOn = `
const goOn = { name: 'on', onEvent: (ctx, { type }) => {
  if (type === 'BranchPaused') setTimeout(() => void ctx.dispatch({ type: 'ResumeBranch', branchId: 'b' }), 250);
} };
export const hooks = [guard, goOn];`;
  const { screen, ended } = await inTerminal(
    { ...branched, 'h.mjs': branched['h.mjs'].replace('export default', 'const guard =') + goOn },
    { line: 'script -qefc "./r --hooks h.mjs" shown' },
  );
  await ended(0);
  await screen.run('clear; grep -c "paused: look" shown; grep -c "Resume or cancel" shown');
  await screen.until(/^[1-9]\d*\n0\n\$/m);
});

paused.run();
