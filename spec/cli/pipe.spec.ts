// weight: 3
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ExecutionEvent } from '../../lib/index.js';
import { checkLog } from '../../lib/testing/index.js';
import { project, rxdag, type Ended } from '../support/cli.js';
import { shop } from './shop.js';

const run = (cwd: string, ...options: readonly string[]): Promise<Ended> =>
  rxdag(['run', 'shop.yaml', '--actions', 'actions.mjs', '--input', 'n=21', ...options], { cwd });

const parsed = (out: string): ExecutionEvent[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => {
      const event = ExecutionEvent.decode(JSON.parse(line));
      assert.is(event._tag, 'Right', line);
      return (event as { right: ExecutionEvent }).right;
    });

/** Without the times, which differ. */
const untimed = (text: string): string =>
  text
    .replaceAll(/\b\d+(?:\.\d+)? m?s\b/g, 'N s')
    .replaceAll(/^ +/gm, '')
    .trimEnd();

const test = suite('rxdag run in a pipe');

test('writes a line for each event, with the state word on it, then how it ended', async () => {
  const { out, err } = await run(project(shop), '--run-id', 'r1');
  assert.is(
    untimed(out),
    `
N s  running    shop: 4 nodes, at most 3 at once, run r1
N s  running    fetch
fetching
N s  running    fetch half
N s  succeeded  fetch in N s: 21
N s  running    order
N s  running    double
N s  failed     order: out of stock (actions.mjs:4:37)
N s  succeeded  double in N s: 42
N s  skipped    ship: "order" failed
N s  quiescent  every node has ended
N s  failed     the run: Node "order" failed: out of stock
✖ shop failed in N s: 2 succeeded · 1 failed · 1 skipped
✖ order: out of stock (actions.mjs:4:37)
- ship was skipped because of order
= double: 42`.trim(),
  );
  assert.is(err, '');
});

test('--json writes each event as a line of JSON, and nothing else, whatever actions print', async () => {
  const actions = `console.log('loading');\n${shop['actions.mjs']}`;
  const { out, err, code } = await run(project({ ...shop, 'actions.mjs': actions }), '--json');
  const events = parsed(out);
  assert.equal(
    events.map(({ seq }) => seq),
    events.map((_, i) => i + 1),
  );
  assert.equal(checkLog(events), []);
  assert.is(events[0]!.type, 'RunStarted');
  assert.is(events.at(-1)!.type, 'RunSettled');
  assert.is(err, 'loading\nfetching\n');
  assert.is(code, 1);
});

test('--quiet writes what went wrong, to standard error', async () => {
  const { out, err, code } = await run(
    project({ ...shop, 'actions.mjs': shop['actions.mjs'].replace(/console.log.*?;/, '') }),
    '--quiet',
  );
  assert.is(out, '');
  assert.match(
    err,
    /✖ shop failed .*\n {2}✖ order: out of stock \(actions.mjs:4:\d+\)\n {2}- ship was skipped because of order\n/,
  );
  assert.is(code, 1);
});

test('--quiet writes nothing of a success', async () => {
  const cwd = project({
    'a.yaml': 'name: a\nodd: 1\nnodes: [{ id: a, action: a }]',
    'a.mjs': 'export const a = () => 1',
  });
  assert.equal(await rxdag(['run', 'a.yaml', '--actions', 'a.mjs', '--quiet', '--input', 'unused=1'], { cwd }), {
    code: 0,
    out: '',
    err: '',
  });
});

test('warnings go to standard error, with their place', async () => {
  const cwd = project({
    'a.yaml': 'name: a\nauthr: me\nnodes: [{ id: a, action: a }]',
    'a.mjs': 'export const a = () => 1',
  });
  const { err, code } = await rxdag(['run', 'a.yaml', '--actions', 'a.mjs', '--input', 'unused=1'], { cwd });
  assert.match(err, /^a\.yaml:2:1: warning: .*"authr".*did you mean "author"/);
  assert.match(err, 'warning: No node refers to the input "unused"');
  assert.is(code, 0);
});

test('--dry-run shows order, levels and the critical path, and runs nothing', async () => {
  const cwd = project({
    ...shop,
    'actions.mjs': `import { writeFileSync } from 'node:fs';
const ran = () => writeFileSync('ran', '');
export { ran as fetch, ran as double, ran as refuse };`,
  });
  const { out, err, code } = await run(cwd, '--dry-run', '--parallel', '2');
  assert.is(
    out,
    `shop: 4 nodes in 3 levels, at most 2 at once. Nothing is run.
* 1  level 0  fetch   fetch
  2  level 1  double  double  after fetch
* 3  level 1  order   refuse  after fetch
* 4  level 2  ship    double  after order
Critical path (*): fetch -> order -> ship
No node has an estimate; counted in nodes the critical path has 3, and 2 at once take at least 3 steps.
`,
  );
  assert.is(err, '');
  assert.is(code, 0);
  assert.not(existsSync(join(cwd, 'ran')));
});

test('--dry-run --json writes the same as one line of JSON', async () => {
  const { out, code } = await run(project(shop), '--dry-run', '--json');
  assert.is(out.trimEnd().includes('\n'), false);
  const { order, levels, criticalPath } = JSON.parse(out) as Readonly<
    Record<string, readonly { readonly id: string }[]>
  >;
  assert.equal(
    order!.map(({ id }) => id),
    ['fetch', 'double', 'order', 'ship'],
  );
  assert.is(levels, 3);
  assert.equal(criticalPath, ['fetch', 'order', 'ship']);
  assert.is(code, 0);
});

test('colours are for terminals, unless they are asked for', async () => {
  const cwd = project(shop);
  const args = ['run', 'shop.yaml', '--actions', 'actions.mjs', '--input', 'n=1'];
  const [plain, forced, refused] = await Promise.all([
    rxdag(args, { cwd, env: { NO_COLOR: undefined } }),
    rxdag(args, { cwd, env: { NO_COLOR: undefined, FORCE_COLOR: '1' } }),
    rxdag(args, { cwd, env: { NO_COLOR: '1', FORCE_COLOR: '1' } }),
  ]);
  assert.not.match(plain.out, '\u001b');
  assert.match(forced.out, '\u001b[31m✖');
  assert.not.match(refused.out, '\u001b');
});

test('nothing in ids, messages, values and inputs steers whoever reads the output', async () => {
  const odd = '\\u001b[31m\\u009b2J\\u0007\\u202ex\\u2028y';
  const cwd = project({
    'odd.yaml': `name: "${odd}"\nnodes: [{ id: "${odd}", action: say, branch: "${odd}" }, { id: bad, action: fail }]`,
    'odd.mjs': `const odd = "${odd}";
export const say = ({ progress }) => { progress(odd); return odd; };
export const fail = () => { throw new Error(odd); };`,
    'hooks.mjs': `export default { name: "${odd}", onNodeComplete: () => { throw new Error("${odd}"); }, onNodeFailed: () => ({ type: "${odd}" }) };`,
  });
  for (const more of [[], ['--json'], ['--quiet'], ['--dry-run']]) {
    const { out, err } = await rxdag(
      ['run', 'odd.yaml', '-a', 'odd.mjs', '-k', 'hooks.mjs', '-i', '\u009b=1', ...more],
      { cwd },
    );
    assert.not.match(out + err, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e]/, more.join());
    assert.match(out + err, '\\u001b[31m');
  }
});

test('the end tells at most ten results and twenty failures', async () => {
  const nodes = Array.from({ length: 15 }, (_, i) => `{ id: g${i}, action: good }`);
  for (let i = 0; i < 25; i++) nodes.push(`{ id: b${i}, action: bad }`);
  const cwd = project({
    'many.yaml': `name: many\nnodes: [${nodes.join(', ')}]`,
    'many.mjs': `export const good = () => 'x'.repeat(2_000);\nexport const bad = () => { throw new Error('no'); };`,
  });
  const { out } = await rxdag(['run', 'many.yaml', '--actions', 'many.mjs'], { cwd });
  assert.match(out, /failed {5}the run: Node "b0" failed: no; Node "b1" failed: no;/);
  const end = out.slice(out.indexOf('✖ many failed'));
  assert.is(end.match(/^ {2}✖ b\d+:/gm)!.length, 20);
  assert.match(end, 'and 5 more failures');
  assert.is(end.match(/^ {2}= g\d+: x+…$/gm)!.length, 10);
  assert.match(end, 'and more results; --json shows them all');
});

test('all of a large output arrives', async () => {
  const nodes = Array.from({ length: 3_000 }, (_, i) => `{ id: node${i}, action: a }`).join(', ');
  const cwd = project({ 'large.json': `{ name: large, nodes: [${nodes}] }` });
  const { out, code } = await rxdag(['graph', 'large.json', '--format', 'json'], { cwd });
  assert.ok(out.length > 300_000, `${out.length}`);
  assert.ok(JSON.parse(out));
  assert.is(code, 0);
});

test.run();
