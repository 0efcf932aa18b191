// weight: 6
// timeout: 180000
import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { inTerminal, isAsBefore, terminalSuite } from './inTerminal.js';
import { held } from './shop.js';

const holding = { 'p.yaml': held['held.yaml'], 'a.mjs': held['hold.mjs'] };

const view = terminalSuite('rxdag run in a terminal');

view('shows a bar, counts, and what runs, with a time that grows; then only how it ended', async () => {
  const { screen, go, ended } = await inTerminal(holding);
  const text = await screen.until(/● hold {2}\d+ ms$/m);
  assert.match(text, /^held ░{40} 0\/2 {4}0 % {2}\d+ ms$/m);
  assert.match(text, /^1 running \(of 3\) · 1 pending$/m);
  const seconds = await screen.until(/● hold {2}1\.\d s$/m);
  assert.match(seconds, /^held ░+ .* 1\.\d s$/m);
  assert.is((await screen.state()).isCursorVisible, false);
  go();
  const end = await ended(0);
  assert.match(end, /^✔ held succeeded in \d+\.\d s: 2 succeeded\n {2}= next: next\n=0$/m);
  assert.not.match(end, /●|░|running/);
  assert.match(end, /^old\n\$ \.\/r/m);
  await isAsBefore(screen);
});

const busy = {
  'p.yaml': `
name: busy
nodes:
  - { id: hold, action: hold }
  - { id: tell, action: tell }
  - { id: break, action: break }
  - { id: again, action: break, try_count: 2, retry: { Linear: { delay_secs: 90 } } }
  - { id: later, action: hold, dependencies: [hold] }
`,
  'a.mjs': `${held['hold.mjs']}
export const tell = (context) => { context.progress('3 of 7 pages'); return hold(context); };
const broken = () => { throw new Error('the disk is full'); };
export { broken as break };`,
  'hooks.mjs': `export default {
  name: 'planner',
  onNodeFailed: (_, { nodeId }) => nodeId !== 'break' ? undefined : [
    ...Array.from({ length: 50 }, (_, i) => ({ type: 'AddNode', spec: { id: 'x' + i, action: 'hold', deps: ['hold'] } })),
    { type: 'PauseBranch', branchId: 'later', reason: 'to be looked at' },
  ],
};`,
};

view('shows what failed and why, what is tried again, what is paused, and what hooks did', async () => {
  const { screen } = await inTerminal(busy, { line: './r --hooks hooks.mjs' });
  const text = await screen.until((text) => text.includes('»') && text.includes('3 of 7') && text.includes('↻'));
  assert.match(text, /^busy █+░+ 1\/55 {4}1 %/m);
  assert.match(text, /^2 running \(of 3\) · 1 retrying · 51 pending · 1 failed$/m);
  assert.match(text, /^● tell {2}\d.*m?s {2}3 of 7 pages$/m);
  assert.match(text, /^↻ again is tried again in 1 min \d+ s: the disk is full \(\S+:\d+:\d+\)$/m);
  assert.match(text, /^‖ branch later is paused: to be looked at$/m);
  assert.match(text, /^✖ break: the disk is full \(\S+:\d+:\d+\)$/m);
  assert.match(text, /^» planner added 50 nodes: x0, x1, x2, …\n» planner paused branch later: to be looked at$/m);
});

const sizes = [
  [80, 24],
  [40, 10],
  [20, 5],
  [10, 3],
  [5, 2],
  [5, 1],
  [1, 1],
] as const;

/** Narrower, wider, shorter, higher, all at once. */
const changes = [
  [40, 24],
  [23, 24],
  [100, 24],
  [80, 12],
  [60, 30],
  [9, 30],
  [80, 24],
] as const;

const many = {
  'p.yaml': `
name: m
nodes:
${Array.from({ length: 60 }, (_, i) => `  - { id: "${i} ${'node of a very long name '.repeat(8)}", action: hold }`).join('\n')}
${Array.from({ length: 9 }, (_, i) => `  - { id: broken ${i}, action: break, priority: 1 }`).join('\n')}
`,
  'a.mjs': busy['a.mjs'],
};

/** The counts in the first line of the view, or what a narrow one has left of them. */
const head = /\b9\/69|^9\/6?…|^9…/m;
const headsIn = (lines: readonly string[]): number => lines.filter((line) => head.test(line)).length;

for (const [columns, rows] of sizes)
  view(`takes no more than a screen of ${columns} columns and ${rows} rows, and stays in its place`, async () => {
    const isTiny = rows < 5; // a shell has no room in it
    const size = isTiny ? {} : { columns, rows };
    const { screen } = await inTerminal(many, { ...size, line: './r -p 60' });
    await screen.until(head);
    if (isTiny) await screen.resize(columns, rows);
    await sleep(300);
    const { scrolled } = await screen.state();
    const before = (await screen.all()).split('\n');
    await sleep(450);
    const after = (await screen.all()).split('\n');
    assert.is((await screen.state()).scrolled, scrolled, 'nothing scrolls');
    const from = after.findIndex((line) => head.test(line));
    assert.equal(after.slice(0, from), before.slice(0, from), 'what stood there before still stands there');
    assert.is(headsIn(await screen.lines()), rows > 1 ? 1 : 0, after.join('\n'));
    assert.ok(columns === 1 || after.join('').includes('old'));
    if (rows > 3) assert.match(after.join('\n'), /\n… and [\d,]+ more\n/);
  });

view(
  'is drawn anew where the terminal gets narrower, wider, shorter or higher, and leaves nothing behind',
  async () => {
    const { screen, go, ended } = await inTerminal(many, { line: './r -p 60' });
    await screen.until(head);
    for (const [columns, rows] of changes) {
      await screen.resize(columns, rows);
      const isDrawn = (text: string): boolean => {
        const lines = text.trimEnd().split('\n');
        const view = lines.slice(lines.findIndex((line) => head.test(line)));
        const fits = view.length === rows - 1 && view.some((line) => line.length === columns);
        const once = ['60 r', '… and', '● 0 ', '✖ br'].map(
          (begin) => view.filter((line) => line.startsWith(begin)).length,
        );
        return fits && headsIn(lines) === 1 && once.join() === `1,1,1,${Math.min(6, Math.floor((rows - 3) / 3))}`;
      };
      await screen.until(isDrawn);
      await sleep(250);
      await screen.until(isDrawn);
    }
    assert.match(await screen.all(), /^old$/m);
    go();
    await ended(1);
  },
);

view('leaves nothing behind above it either, where it is small', async () => {
  // Enough above it, so that none of it leaves the screen when its lines are broken in two.
  const { screen } = await inTerminal(busy, { rows: 45, line: 'seq 30; ./r --hooks hooks.mjs' });
  const isAll = (text: string): boolean => ['●', '↻', '‖', '✖', '»'].every((sign) => text.includes(`\n${sign}`));
  await screen.until(isAll);
  for (const columns of [40, 23, 100, 33, 80]) {
    await screen.resize(columns, 45);
    await sleep(250);
    const all = await screen.all();
    assert.ok(isAll(all), all);
    for (const once of [/1\/55/g, /^2 running/gm, /^● hold/gm, /^↻ /gm, /^✖ /gm, /^old$/gm])
      assert.is(all.match(once)?.length, 1, `${columns} columns\n${all}`);
  }
});

view.run();

const plain = terminalSuite('a terminal that wants less');

const coloured = /\u001b\[[\d;]*m/;

plain('gets colours, and none with NO_COLOR', async () => {
  const colours = await inTerminal(holding);
  await colours.screen.until(/● hold/);
  assert.match(await colours.screen.coloured(), coloured);
  const none = await inTerminal(holding, { env: { NO_COLOR: '1' } });
  await none.screen.until(/● hold/);
  assert.not.match(await none.screen.coloured(), coloured);
  none.go();
  await none.ended(0);
  assert.not.match(await none.screen.coloured(), coloured);
});

for (const env of [{ TERM: 'dumb' }, { CI: '1' }] as const)
  plain(`gets a line for each event with ${JSON.stringify(env)}`, async () => {
    const { screen, go, ended } = await inTerminal(holding, { env });
    await screen.until(/^ +\d\.\d{3} s {2}running {4}hold$/m);
    assert.is((await screen.state()).isCursorVisible, true);
    go();
    assert.match(await ended(0), /s {2}succeeded {2}next in/);
  });

plain.run();

const printed = terminalSuite('what actions print while a view is shown');

printed('stands above it, in order, and what has no end of line comes last', async () => {
  const { screen, go, ended } = await inTerminal({
    'p.yaml': 'name: talk\nnodes: [{ id: talk, action: talk }]',
    'a.mjs': `${held['hold.mjs']}
export const talk = async (context) => {
  console.log('one');
  console.error('two');
  process.stdout.write('three, ');
  process.stdout.write(Buffer.from('fo'));
  const umlaut = Buffer.from('ü');
  process.stdout.write(umlaut.subarray(0, 1));
  process.stdout.write(umlaut.subarray(1));
  process.stdout.write('r\\nfive\\n', () => process.stdout.write('six\\nno end'));
  await hold(context);
};`,
  });
  const text = await screen.until((text) => text.includes('six') && text.includes('● talk'));
  assert.match(text, /one\ntwo\nthree, foür\nfive\nsix\ntalk ░+ [^\n]*\n1 running[^\n]*\n● talk/);
  assert.not.match(text, 'no end');
  go();
  assert.match(await ended(0), /six\nno end\n✔ talk succeeded/);
});

printed('goes to a file where standard error does', async () => {
  const { screen, ended } = await inTerminal(
    { 'p.yaml': 'name: p\nnodes: [{ id: a, action: a }]', 'a.mjs': 'export const a = () => console.error("oops");' },
    { line: './r 2> errors' },
  );
  assert.not.match(await ended(0), 'oops');
  await screen.run('cat errors');
  await screen.until(/^oops$/m);
});

printed('leaves nothing of a view behind that fills the screen', async () => {
  const { screen, go, ended } = await inTerminal(
    {
      'p.yaml': many['p.yaml'].replace(/action: hold/, 'action: talk'),
      'a.mjs': `${many['a.mjs']}
export const talk = async (context) => {
  for (let i = 0; i < 9; i++) {
    console.log('said ' + i);
    await new Promise((later) => setTimeout(later, 60));
  }
  await hold(context);
};`,
    },
    { line: './r -p 60' },
  );
  await screen.until((text) => text.includes('said 8') && head.test(text));
  await sleep(150);
  const all = await screen.all();
  assert.is(headsIn(all.split('\n')), 1, all);
  assert.is(all.match(/^● 1 /gm)?.length, 1, all);
  assert.equal(
    all.match(/^said \d$/gm),
    Array.from({ length: 9 }, (_, i) => `said ${i}`),
  );
  go();
  await ended(1);
});

printed('is not lost in a flood, nor is the view', async () => {
  const { screen, go, ended } = await inTerminal({
    'p.yaml': 'name: flood\nnodes: [{ id: flood, action: flood }]',
    'a.mjs': `${held['hold.mjs']}
export const flood = async (context) => {
  for (let i = 0; i < 1500; i++) {
    console.log('line ' + i);
    if (i % 100 === 0) await new Promise((later) => setTimeout(later, 5));
  }
  await hold(context);
};`,
  });
  await screen.until((text) => text.includes('line 1499') && text.includes('● flood'));
  go();
  await ended(0);
  const lines = (await screen.all()).split('\n').filter((line) => /^line \d+$/.test(line));
  assert.equal(
    lines,
    Array.from({ length: 1_500 }, (_, i) => `line ${i}`),
  );
});

printed.run();
