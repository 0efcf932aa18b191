// timeout: 150000
// weight: 4
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Following } from '../server/Following.js';
import { build, Program } from '../support/cli.js';
import { folderOf } from './folderOf.js';
import { held, shop } from './shop.js';

const asking = {
  'asking.yaml': `
name: asking
nodes:
  - { id: name, action: human.input, inputs: [{ name: question, value: 'Name?' }] }
`,
};

const ADDRESS = /^Watch the run at http:\/\/127\.0\.0\.1:(\d+)\/#token=([\w-]+)&run=(\S+)$/m;

/** Follows the run whose address was printed. */
const follow = (text: string): Following => {
  const [, port, full = '', runId = ''] = ADDRESS.exec(text) ?? [];
  assert.ok(port !== undefined, text);
  return new Following({ port: Number(port), tokens: { full, reader: '' } }, runId);
};

const begin = async (cwd: string, ...args: readonly string[]): Promise<Program> => {
  await build();
  return new Program([...args, '--db', 'runs.db'], { cwd, timeoutMs: 60_000 });
};

const test = suite('a page of a stored run that is gone on with');

test('after a crash it has the whole past, and steers the run', async () => {
  const { cwd } = folderOf(held);
  const crashed = await begin(cwd, 'run', 'held.yaml', '-a', 'hold.mjs', '--run-id', 'going');
  await crashed.says('running    hold');
  crashed.kill('SIGKILL');
  await crashed.ended;
  const program = await begin(cwd, 'resume', 'going', '--viewer', '--json');
  await program.says(ADDRESS);
  const following = follow(program.err);
  await following.until((it) => it.events.some(({ type }) => type === 'RunRecovered'));
  assert.equal(following.of('owner').at(-1), { type: 'owner', where: 'here' });
  assert.ok('seq' in (await following.source.dispatch!({ type: 'SetConcurrency', maxParallelNodes: 2 })));
  writeFileSync(join(cwd, 'go'), '');
  await following.done;
  assert.is((await program.ended).code, 0);
  assert.is(following.events.at(-1)?.type, 'RunSettled');
  assert.equal(
    following.events.map(({ seq }) => seq),
    following.events.map((_, i) => i + 1),
  );
});

test('a run that waits for a person is answered there', async () => {
  const { cwd, rx } = folderOf(asking);
  assert.is((await rx('run', 'asking.yaml', '--run-id', 'asks', '-q')).code, 3);
  const program = await begin(cwd, 'resume', 'asks', '--port', '0');
  await program.says('waits for a person');
  assert.match(program.err, /^The run waits for a person: answer it in the page \(name: Name\?\)$/m);
  const following = follow(program.err);
  await following.until((it) => it.events.length > 0);
  assert.ok('seq' in (await following.source.dispatch!({ type: 'ProvideInput', nodeId: 'name', value: 'Ann' })));
  await following.done;
  assert.is((await program.ended).code, 0);
});

test('forks, reruns and answered runs are shown, too', async () => {
  const { cwd, rx } = folderOf({ ...shop, ...asking });
  await rx('run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=21', '--run-id', 'nightly', '-q');
  await rx('run', 'asking.yaml', '--run-id', 'asks', '-q');
  for (const [args, runId, code] of [
    [['fork', 'nightly', '--again', 'double', '--run-id', 'forked'], 'forked', 1],
    [['rerun', 'nightly', '--failed', '--run-id', 'again'], 'again', 1],
    [['answer', 'asks', 'name', 'Ann'], 'asks', 0],
  ] as const) {
    const { err, code: ended } = await (await begin(cwd, ...args, '--viewer', '-q')).ended;
    assert.is(ended, code, err);
    assert.is(ADDRESS.exec(err)?.[3], runId, err);
  }
});

test('at a port that is in use nothing begins', async () => {
  const { cwd, rx } = folderOf(shop);
  await rx('run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=21', '--run-id', 'nightly', '-q');
  const taken = createServer();
  await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
  const { port } = taken.address() as { port: number };
  try {
    const args = ['fork', 'nightly', '--again', 'double', '--run-id', 'not', '--port', String(port)];
    const { code, err, out } = await (await begin(cwd, ...args)).ended;
    const told = `Port ${port} is in use already; give another --port, or none for one that is free.\n`;
    assert.equal([code, err, out], [2, told, '']);
    assert.not.match((await rx('runs')).out, /^not /m);
  } finally {
    taken.close();
  }
});

test.run();
