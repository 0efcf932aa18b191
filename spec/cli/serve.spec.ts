// timeout: 180000
// weight: 4
import { copyFileSync, existsSync, readdirSync, readlinkSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Following } from '../server/Following.js';
import { Program, build } from '../support/cli.js';
import { folderOf } from './folderOf.js';
import { inTerminal, terminalSuite } from './inTerminal.js';
import { held, shop } from './shop.js';

const test = suite('serve');

const asking = {
  'asking.yaml': `
name: asking
nodes:
  - id: name
    action: human.input
    inputs: [{ name: question, value: 'Name?' }]
`,
};

const ADDRESS = /http:\/\/127\.0\.0\.1:(\d+)\/#token=([\w-]+)(?:&run=(\S+))?/;

/** What an address that was printed says. */
const addressIn = (text: string): { readonly port: number; readonly token: string; readonly runId: string } => {
  const [, port, token = '', runId = ''] = ADDRESS.exec(text) ?? [];
  assert.ok(port !== undefined, text);
  return { port: Number(port), token, runId };
};

const follow = (text: string, runId = addressIn(text).runId): Following => {
  const { port, token } = addressIn(text);
  return new Following({ port, tokens: { full: token, reader: '' } }, runId);
};

const serve = async (cwd: string, ...more: readonly string[]): Promise<Program> => {
  await build();
  const program = new Program(['serve', '--db', 'runs.db', ...more], { cwd, timeoutMs: 90_000 });
  await program.says(/Ctrl-C ends/);
  return program;
};

/** Where a link leads, unless it is gone. */
const linkOf = (path: string): readonly string[] => {
  try {
    return [readlinkSync(path)];
  } catch {
    return [];
  }
};

test('shows the runs of a database until Ctrl-C', async () => {
  const { cwd, rx } = folderOf(shop);
  await rx('run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=21', '--run-id', 'nightly', '-q');
  const program = await serve(cwd);
  const lines = program.out.split('\n');
  assert.match(lines[0]!, /^http:\/\/127\.0\.0\.1:\d+\/#token=f-[\w-]{43}$/);
  assert.match(lines[1]!, /^http:\/\/127\.0\.0\.1:\d+\/#token=r-[\w-]{43} {3}only to look$/);
  const { port, token } = addressIn(lines[1]!);
  const origin = `http://127.0.0.1:${port}`;
  assert.is((await fetch(origin)).status, 200);
  assert.is((await fetch(`${origin}/api/runs`)).status, 401);
  const answer = await fetch(`${origin}/api/runs`, { headers: { authorization: `Bearer ${token}` } });
  const { runs } = (await answer.json()) as { runs: { runId: string; status: string }[] };
  assert.equal(
    runs.map(({ runId, status }) => [runId, status]),
    [['nightly', 'failed']],
  );
  const following = follow(lines[0]!, 'nightly');
  await following.done;
  assert.is(following.events.at(-1)?.type, 'RunSettled');
  assert.equal(
    following.events.map(({ seq }) => seq),
    following.events.map((_, i) => i + 1),
  );
  program.kill('SIGINT');
  const { code, err } = await program.ended;
  assert.is(code, 0);
  assert.not.match(err, /error|\bat\b.*\.js/i);
});

test('follows a run that another process writes', async () => {
  const { cwd } = folderOf(held);
  await build();
  const args = ['run', 'held.yaml', '-a', 'hold.mjs', '--db', 'runs.db', '--run-id', 'going'];
  const writer = new Program(args, { cwd, timeoutMs: 60_000 });
  await writer.says('running    hold');
  const program = await serve(cwd);
  const following = follow(program.out, 'going');
  await following.until((it) => it.events.some(({ type }) => type === 'NodeStarted'));
  assert.not.ok(following.events.some(({ type }) => type === 'RunSettled'));
  writeFileSync(join(cwd, 'go'), '');
  await following.done;
  assert.is(following.events.at(-1)?.type, 'RunSettled');
  assert.is((await writer.ended).code, 0);
  program.kill('SIGTERM');
  assert.is((await program.ended).code, 0);
});

test('begins a fork with the code that its run remembers', async () => {
  const { cwd, rx } = folderOf(shop);
  await rx('run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=21', '--run-id', 'nightly', '-q');
  const program = await serve(cwd);
  const nightly = follow(program.out, 'nightly');
  await nightly.done;
  const answer = await nightly.source.fork!(nightly.events.length, ['order']);
  assert.ok('runId' in answer, JSON.stringify(answer));
  const fork = follow(program.out, answer.runId);
  await fork.done;
  assert.ok(fork.events.some((event) => event.type === 'RunSettled' && event.status === 'failed'));
  const { differing } = await nightly.source.diff!(answer.runId);
  assert.equal(differing, []);
  program.kill('SIGINT');
  await program.ended;
  assert.match((await rx('runs')).out, answer.runId);
});

test('many forks at once need no more files than one, and are nothing to warn of', async () => {
  const slow = `await new Promise((later) => setTimeout(later, 1_000));\n${shop['actions.mjs']}`;
  const cached = shop['shop.yaml'].replace('action: fetch', 'action: fetch\n    cache: always');
  const { cwd, rx } = folderOf({ 'shop.yaml': cached, 'actions.mjs': slow });
  await rx('run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=21', '--run-id', 'nightly', '-q');
  const program = await serve(cwd);
  const { port, token } = addressIn(program.out);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const url = `http://127.0.0.1:${port}/api/runs/nightly/fork`;
  const forks = Array.from({ length: 40 }, () => fetch(url, { method: 'POST', headers, body: '{"seq":1}' }));
  const runIds: string[] = [];
  for (const answer of await Promise.all(forks)) {
    assert.is(answer.status, 200);
    runIds.push(((await answer.json()) as { runId: string }).runId);
  }
  for (const runId of runIds) await follow(program.out, runId).done;
  if (process.platform === 'linux') {
    const files = readdirSync(`/proc/${program.pid}/fd`).flatMap((fd) => linkOf(`/proc/${program.pid}/fd/${fd}`));
    assert.ok(files.filter((file) => file.endsWith('runs.db')).length < 10, files.join('\n'));
  }
  assert.not.match(program.err, /warning/i);
  program.kill('SIGINT');
  await program.ended;
});

test('begins and lists nothing once its database was removed or replaced', async () => {
  const { cwd, rx } = folderOf(shop);
  await rx('run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=21', '--run-id', 'nightly', '-q');
  const program = await serve(cwd);
  const { port, token } = addressIn(program.out);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const fork = { method: 'POST', headers, body: '{"seq":1}' };
  const refused = async (path: string, how: RequestInit): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/runs${path}`, how);
    assert.is(answer.status, 503);
    const { error } = (await answer.json()) as { error: string };
    assert.match(error, /^The store can't be used: .*removed or replaced\.$/);
  };
  const path = join(cwd, 'runs.db');
  renameSync(path, join(cwd, 'away.db'));
  await refused('', { headers });
  await refused('/nightly/fork', fork);
  copyFileSync(join(cwd, 'away.db'), path);
  await refused('', { headers });
  await refused('/nightly/fork', fork);
  assert.match(program.err, /^warning: The database \S+runs\.db was removed or replaced; .+\.$/m);
  renameSync(join(cwd, 'away.db'), path);
  assert.is((await fetch(`http://127.0.0.1:${port}/api/runs/nightly/fork`, fork)).status, 200);
  program.kill('SIGINT');
  await program.ended;
});

test('lists runs that no process has as rxdag runs does, and says what helps', async () => {
  const { cwd, rx } = folderOf(asking);
  assert.is((await rx('run', 'asking.yaml', '--run-id', 'asks', '-q')).code, 3);
  const program = await serve(cwd);
  const { port, token } = addressIn(program.out);
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`http://127.0.0.1:${port}/api/runs`, { headers });
  const { runs } = (await answer.json()) as { runs: { runId: string; stand: string; status: string }[] };
  assert.equal(
    runs.map(({ runId, status, stand }) => [runId, status, stand]),
    [['asks', 'running', 'waiting']],
  );
  assert.match((await rx('runs')).out, /^asks +asking +waiting /m);
  const asks = follow(program.out, 'asks');
  const told = await asks.source.dispatch!({ type: 'ProvideInput', nodeId: 'name', value: 'Ann' });
  asks.stop();
  assert.match((told as { refused: string }).refused, /`rxdag resume asks --db FILE`.*`rxdag answer asks NODE VALUE/);
  program.kill('SIGINT');
  await program.ended;
});

test('lets nobody change anything with --read-only', async () => {
  const { cwd, rx } = folderOf(shop);
  await rx('run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=21', '--run-id', 'nightly', '-q');
  const program = await serve(cwd, '--read-only');
  assert.match(program.out, /^http:\/\/\S+#token=r-\S+\n$/);
  const { port, token } = addressIn(program.out);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const url = `http://127.0.0.1:${port}/api/runs/nightly/fork`;
  assert.is((await fetch(url, { method: 'POST', headers, body: '{"seq":1}' })).status, 403);
  program.kill('SIGINT');
  await program.ended;
});

test('takes an address of IPv6 as it stands in a URL', async () => {
  const all = Object.values(networkInterfaces()).flatMap((list = []) => list);
  if (!all.some(({ address }) => address === '::1')) return;
  const { cwd, rx } = folderOf(shop);
  await rx('run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=21', '-q');
  const program = await serve(cwd, '--host', '[::1]');
  const [origin] = /http:\/\/\[::1\]:\d+/.exec(program.out) ?? [''];
  assert.is((await fetch(origin)).status, 200);
  assert.not.match(program.err, 'warning');
  program.kill('SIGINT');
  assert.is((await program.ended).code, 0);
});

test('tells what is wrong with its use', async () => {
  const { cwd, rx } = folderOf(shop);
  await rx('run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=21', '--run-id', 'nightly', '-q');
  const taken = createServer();
  await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
  const { port } = taken.address() as { port: number };
  const inUse = `Port ${port} is in use already; give another --port, or none for one that is free.\n`;
  try {
    const { code, err, out } = await rx('serve', '--port', String(port));
    assert.equal([code, err, out], [2, inUse, '']);
    const run = await rx(
      'run',
      'shop.yaml',
      '-a',
      'actions.mjs',
      '-i',
      'n=1',
      '--run-id',
      'not',
      '--port',
      String(port),
    );
    assert.equal([run.code, run.err, run.out], [2, inUse, '']);
    assert.not.match((await rx('runs')).out, /^not /m);
  } finally {
    taken.close();
  }
  const blank = join(cwd, 'blank.db');
  writeFileSync(blank, '');
  for (const [args, told] of [
    [['serve', '--db', ''], /^The name of the database is empty; give --db a file\.$/m],
    [
      ['serve', '--db', 'blank.db'],
      /^The file blank\.db is empty, and no database yet; rxdag run --db makes one of it\.$/m,
    ],
    [['runs', '--db', 'blank.db'], /^The file blank\.db is empty/m],
    [['serve', '--db', 'none.db'], /^There is no database none\.db/],
    [['serve', '--db', 'shop.yaml'], /shop\.yaml/],
    [['serve', '--port', '70000'], /Ports are numbered up to 65535/],
    [['serve', '--port', 'x'], /whole number/],
    [['serve', '--host', ''], /Write an address of this machine, or leave it out\./],
    [['serve', '--host', '192.0.2.1'], /^This machine has no address 192\.0\.2\.1; give another --host\.$/m],
  ] as const) {
    const { code, err } = await rx(...args);
    assert.is(code, 2);
    assert.match(err, told);
  }
  assert.not.ok(existsSync(join(cwd, 'none.db')));
  const run = ['run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=21', '--db', 'blank.db'];
  assert.is((await rx(...run, '--dry-run')).code, 0);
  assert.is(statSync(blank).size, 0);
  assert.is((await rx(...run, '-q')).code, 1);
  assert.is((await rx('runs', '--db', 'blank.db')).code, 0);
});

test('a run is shown while it goes on, and its page goes with it where nobody is at a terminal', async () => {
  const { cwd } = folderOf(held);
  await build();
  const program = new Program(['run', 'held.yaml', '-a', 'hold.mjs', '--viewer', '--json'], { cwd, timeoutMs: 60_000 });
  await program.says(ADDRESS);
  assert.match(program.err, /^Watch the run at http:\S+&run=\S+\n/);
  const following = follow(program.err);
  await following.until((it) => it.events.some(({ type }) => type === 'NodeStarted'));
  assert.ok('seq' in (await following.source.dispatch!({ type: 'SetConcurrency', maxParallelNodes: 2 })));
  assert.match(JSON.stringify(await following.source.fork!(1)), 'refused');
  writeFileSync(join(cwd, 'go'), '');
  await following.done;
  const { code, out } = await program.ended;
  assert.is(code, 0);
  assert.equal(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
    following.events,
  );
});

for (const how of [['--json'], ['--quiet'], []])
  test(`a run that is shown waits to be answered in its page where nobody can be asked ${how.join(' ')}`, async () => {
    const { cwd } = folderOf(asking);
    await build();
    const program = new Program(['run', 'asking.yaml', '--viewer', ...how], { cwd, timeoutMs: 60_000 });
    await program.says('waits for a person');
    assert.match(program.err, /^The run waits for a person: answer it in the page \(name: Name\?\)$/m);
    const following = follow(program.err);
    await sleep(1_000);
    assert.ok('seq' in (await following.source.dispatch!({ type: 'ProvideInput', nodeId: 'name', value: 'Ann' })));
    await following.done;
    const { code, err } = await program.ended;
    assert.is(code, 0);
    assert.is(err.match(/waits for a person/g)?.length, 1);
  });

test('a run that ends at once is shown to whoever came', async () => {
  const { cwd, rx } = folderOf(shop);
  const { code, err } = await rx('run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=21', '--viewer', '-q');
  assert.is(code, 1);
  assert.match(err, ADDRESS);
  assert.ok(existsSync(cwd));
});

test.run();

const terminal = terminalSuite('a page of a run in a terminal');

terminal('stays until Ctrl-C', async () => {
  const { screen, ended } = await inTerminal(
    { 'p.yaml': 'name: short\nnodes: [{ id: only, action: idle }]' },
    { line: './r --viewer', columns: 200 },
  );
  const text = await screen.until(/Its page stays until Ctrl-C/);
  const following = follow(text);
  await following.done;
  assert.is(following.events.at(-1)?.type, 'RunSettled');
  await screen.press('C-c');
  await ended(0);
});

terminal.run();
