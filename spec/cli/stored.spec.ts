// timeout: 120000
// weight: 5
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ExecutionEvent } from '../../lib/index.js';
import { project, rxdag, type Ended } from '../support/cli.js';
import { folderOf, type Folder } from './folderOf.js';

/** Two pipelines: one fails until there is a file `stock`, the other waits for a person. */
const files = {
  'shop.yaml': `
name: shop
nodes:
  - id: fetch
    action: fetch
    inputs: [{ name: n, reference: inputs.n }]
  - { id: order, action: order, dependencies: [fetch] }
  - { id: pack, action: done }
  - { id: ship, action: done, dependencies: [order, pack] }
`,
  'ask.yaml': `
name: ask
nodes:
  - { id: sign, action: human.input, inputs: [{ name: question, value: 'Ship it?' }] }
  - { id: ship, action: done, dependencies: [sign] }
`,
  'actions.mjs': `
import { appendFileSync, existsSync } from 'node:fs';
const called = ({ nodeId }) => appendFileSync('calls', nodeId + '\\n');
export const fetch = (ctx) => { called(ctx); return ctx.inputs.n; };
export const order = (ctx) => { called(ctx); if (!existsSync('stock')) throw new Error('out of stock'); return 'ordered'; };
export const done = (ctx) => { called(ctx); return 'done'; };
`,
};

/** A folder with a database that has the run `r1` of the shop, which failed; now there is stock. */
const shop = async (): Promise<Pick<Folder, 'rx' | 'calls'>> => {
  const { cwd, rx, calls } = folderOf(files);
  const { code, err } = await rx('run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=1', '--run-id', 'r1', '-q');
  assert.is(code, 1, err);
  assert.equal(calls(), ['fetch', 'order', 'pack']);
  writeFileSync(join(cwd, 'stock'), '');
  return { rx, calls };
};

const test = suite('stored runs');

test('are listed, and shown as they are and as they were', async () => {
  const { rx } = await shop();
  assert.match((await rx('runs')).out, /^run +pipeline +status +.*\nr1 +shop +failed +\S+Z +.* 11 events\n$/);
  assert.is((await rx('runs', '--status', 'succeeded', '--json')).out, '');
  const [listed] = (await rx('runs', '--json')).out.trimEnd().split('\n');
  const { runId, status, seq } = JSON.parse(listed!) as Record<string, unknown>;
  assert.equal({ runId, status, seq }, { runId: 'r1', status: 'failed', seq: 11 });
  const shown = (await rx('show', 'r1')).out;
  assert.match(shown, /^shop, run r1: failed at event 11; 2 succeeded, 1 failed, 1 skipped\n/);
  assert.match(shown, /^failed +order +.* out of stock$/m);
  const replayed = JSON.parse((await rx('replay', 'r1', '--at', '2')).out) as Record<string, unknown>;
  assert.equal([replayed['seq'], replayed['status']], [2, 'running']);
  const beyond = await rx('replay', 'r1', '--at', '12');
  assert.equal([beyond.code, beyond.err], [2, 'Run "r1" has 11 events; there is no event 12.\n']);
});

test('that failed are run again from what failed, and told apart', async () => {
  const { rx, calls } = await shop();
  const rerun = await rx('rerun', 'r1', '--failed', '--run-id', 'r2');
  assert.is(rerun.code, 0, rerun.err);
  assert.equal(calls(), ['order', 'ship'], 'what had succeeded is not called again');
  const { out } = await rx('diff', 'r1', 'r2');
  assert.match(out, /^ {2}order\n {4}r1: failed: out of stock\n {4}r2: succeeded: ordered$/m);
  assert.not.match(out, 'pack');
  assert.is((await rx('rerun', 'r1')).err, 'What is to run again? Give --failed, or --from NODE.\n');
});

test('are forked with other inputs; only what rests on them is called', async () => {
  const { rx, calls } = await shop();
  assert.is((await rx('rerun', 'r1', '--failed', '--run-id', 'r2', '-q')).code, 0);
  calls();
  const forked = await rx('fork', 'r2', '--input', 'n=5', '--run-id', 'r3', '-q');
  assert.equal(forked, { code: 0, out: '', err: '' });
  assert.equal(calls(), ['fetch', 'order', 'ship']);
  assert.match((await rx('show', 'r3')).out, /^succeeded +fetch .* 5$/m);
  assert.is((await rx('rerun', 'r3', '--from', 'pack', '-q')).code, 0);
  assert.equal(calls(), ['pack', 'ship']);
});

test('that wait for a person are answered later', async () => {
  const { rx, calls } = await shop();
  const waiting = await rx('run', 'ask.yaml', '-a', 'actions.mjs', '--run-id', 'q1');
  assert.is(waiting.code, 3);
  assert.match(waiting.err, /answer it with rxdag answer q1 sign VALUE --db runs\.db/);
  const resumed = await rx('resume', 'q1');
  assert.is(resumed.code, 3, 'it still waits');
  assert.is((await rx('answer', 'q1', 'sing', 'yes')).code, 2);
  const answered = await rx('answer', 'q1', 'sign', 'yes');
  assert.is(answered.code, 0, answered.err);
  assert.equal(calls(), ['ship']);
  assert.match((await rx('show', 'q1')).out, /^succeeded +sign .* yes$/m);
});

test('are exported, held against the rules, and removed', async () => {
  const { rx } = await shop();
  assert.is((await rx('rerun', 'r1', '--failed', '--run-id', 'r2', '-q')).code, 0);
  const lines = (await rx('export', 'r1')).out.trimEnd().split('\n');
  assert.is(lines.length, 11);
  for (const line of lines) assert.is(ExecutionEvent.decode(JSON.parse(line))._tag, 'Right', line);
  const { traceEvents } = JSON.parse((await rx('export', 'r1', '--format', 'chrome-trace')).out) as {
    traceEvents: readonly { readonly ph: string; readonly name: string }[];
  };
  const spans = traceEvents.filter(({ ph }) => ph === 'X').map(({ name }) => name);
  assert.equal(spans.toSorted(), ['fetch', 'order', 'pack']);
  assert.is((await rx('verify')).out, 'r1: sound, 11 events\nr2: sound, 13 events\n');
  assert.match((await rx('prune', '--keep', '1', '--dry-run')).out, /^r1\n$/);
  assert.match((await rx('runs')).out, /^r1 /m);
  assert.match((await rx('prune', '--keep', '1')).out, /^r1\n$/);
  assert.not.match((await rx('runs')).out, /^r1 /m);
  assert.match((await rx('runs')).out, /^r2 /m);
});

/** Nodes that may be served from what earlier runs came to: one small result, one large one. */
const cached = {
  'cached.yaml': `
name: cached
nodes:
  - { id: small, action: small, cache: always, inputs: [{ name: n, reference: inputs.n }] }
  - { id: large, action: large, cache: { ttl: 3600 } }
  - { id: never, action: small, dependencies: [small], inputs: [{ name: n, value: 1 }] }
`,
  'actions.mjs': `
import { appendFileSync } from 'node:fs';
const called = ({ nodeId }) => appendFileSync('calls', nodeId + '\\n');
export const small = (ctx) => { called(ctx); return ctx.inputs.n; };
export const large = (ctx) => { called(ctx); return 'x'.repeat(100000); };
`,
};

test('serve nodes that say so from what earlier ones came to', async () => {
  const { rx, calls } = folderOf(cached);
  const run = (...args: readonly string[]): Promise<Ended> =>
    rx('run', 'cached.yaml', '-a', 'actions.mjs', '-i', 'n=1', ...args);
  assert.is((await run('--run-id', 'c1')).code, 0);
  assert.equal(calls(), ['large', 'never', 'small']);
  const second = await run('--run-id', 'c2');
  assert.equal(calls(), ['never']);
  assert.match(second.out, /small .*from the cache/);
  assert.is((await run('--run-id', 'c3', '-i', 'n=2')).code, 0);
  assert.equal(calls(), ['never', 'small']);
  assert.is((await rx('fork', 'c3', '-i', 'n=1', '-q')).code, 0);
  assert.equal(calls(), ['never'], 'a fork is served, too');
  assert.is((await run('--no-cache')).code, 0);
  assert.equal(calls(), ['large', 'never', 'small']);
  assert.match(
    (await rx('prune', '--older-than', '0', '--dry-run')).err,
    /^5 runs and 3 kept results would be removed$/m,
  );
  assert.match((await rx('prune', '--keep', '0')).err, /^5 runs removed$/m);
  assert.is((await run('-q')).code, 0);
  assert.equal(calls(), ['never'], 'results outlive their runs');
  assert.match((await rx('prune', '--older-than', '0')).err, /^1 run and 3 kept results removed$/m);
  assert.is((await run('-q')).code, 0);
  assert.equal(calls(), ['large', 'never', 'small']);
});

test('that are not there are told, and so is what is no database', async () => {
  const { rx } = await shop();
  for (const args of [
    ['show', 'r9'],
    ['resume', 'r9'],
    ['export', 'r9'],
    ['fork', 'r9'],
    ['diff', 'r1', 'r9'],
  ]) {
    const { code, out, err } = await rx(...args);
    assert.equal([code, out], [2, ''], args.join(' '));
    assert.match(err, /^There is no run "r9" in (?:this database|the store)\.\n$/);
  }
  const { code, err } = await rx('runs', '--db', 'none.db');
  assert.equal([code, err], [2, 'There is no database none.db; rxdag run --db makes one.\n']);
  const twice = await rx('run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=1', '--run-id', 'r1');
  assert.match(twice.err, /^There is a run "r1" in this database already; give another --run-id, or resume it\.$/m);
});

test('with redacted values go on when their inputs are given again', async () => {
  const cwd = project({
    'login.yaml': `
name: login
config: { redact: [password, token] }
nodes:
  - { id: sign, action: human.input }
  - id: enter
    action: enter
    dependencies: [sign]
    inputs: [{ name: token, reference: inputs.token }, { name: password, value: hunter2 }]
`,
    'enter.mjs': `export const enter = ({ inputs }) => (inputs.token + inputs.password === 's3cret-hunter2' ? 'in' : 'out');`,
    'inputs.json': '{ "token": "s3cret-" }',
  });
  const rx = (...args: readonly string[]): Promise<Ended> => rxdag(args, { cwd, env: { RXDAG_DB: 'runs.db' } });
  const begun = await rx('run', 'login.yaml', '-a', 'enter.mjs', '-i', 'token=s3cret-', '--run-id', 'r', '-q');
  assert.is(begun.code, 3, begun.err);
  const asked = await rx('answer', 'r', 'sign', 'yes', '-q');
  assert.is(asked.code, 2);
  assert.is(asked.err, 'Run "r" has redacted inputs; give "token" again, by options.inputs or --input NAME=VALUE.\n');
  const resumed = await rx('resume', 'r', '--inputs', 'inputs.json', '-q');
  assert.is(resumed.code, 3, resumed.err);
  const { code, out } = await rx('answer', 'r', 'sign', 'yes', '-i', 'token=s3cret-', '--json');
  assert.is(code, 0);
  assert.match(out, '"output":"in"');
  for (const [command, ...rest] of [
    ['rerun', '--from', 'enter'],
    ['fork', '--again', 'enter'],
  ] as const) {
    const again = await rx(command, 'r', ...rest, '-i', 'token=s3cret-', '--json');
    assert.is(again.code, 0, again.err);
    assert.match(again.out, '"output":"in"');
  }
  assert.not((await rx('export', 'r', '--format', 'json')).out.includes('s3cret'));
  assert.not(readFileSync(join(cwd, 'runs.db')).includes('s3cret'));
});

test.run();
