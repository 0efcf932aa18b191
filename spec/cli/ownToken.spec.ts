// timeout: 120000
// weight: 3
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isFullToken, tokensFrom } from '../../lib/server/index.js';
import { Following } from '../server/Following.js';
import { build, Program } from '../support/cli.js';
import { folderOf } from './folderOf.js';
import { held, shop } from './shop.js';

const TOKEN = `own-${'k'.repeat(40)}`;
const env = { RXDAG_TOKEN: TOKEN };

const serve = async (cwd: string, ...more: readonly string[]): Promise<Program> => {
  await build();
  const program = new Program(['serve', '--db', 'runs.db', ...more], { cwd, env, timeoutMs: 90_000 });
  await program.says(/Ctrl-C ends/);
  return program;
};

const test = suite('a token of the environment');

test('opens a server that was started anew: who follows a run goes on where it was', async () => {
  const { cwd } = folderOf(held);
  await build();
  const args = ['run', 'held.yaml', '-a', 'hold.mjs', '--db', 'runs.db', '--run-id', 'going'];
  const writer = new Program(args, { cwd, timeoutMs: 60_000 });
  await writer.says('running    hold');
  const first = await serve(cwd);
  const [, port] = /:(\d+)\//.exec(first.out)!;
  const { reader } = tokensFrom(TOKEN);
  const addresses = `http://127.0.0.1:${port}/#token=${TOKEN}\nhttp://127.0.0.1:${port}/#token=${reader}   only to look\n`;
  assert.is(first.out, addresses);
  const following = new Following({ port: Number(port), tokens: { full: TOKEN, reader } }, 'going');
  await following.until((it) => it.events.some(({ type }) => type === 'NodeStarted'));
  first.kill('SIGTERM');
  await first.ended;
  await following.until((it) => it.of('connection').at(-1)?.state === 'retrying');
  writeFileSync(join(cwd, 'go'), '');
  assert.is((await writer.ended).code, 0);
  const second = await serve(cwd, '--port', port!);
  assert.is(second.out, addresses);
  await following.done;
  assert.is(following.events.at(-1)?.type, 'RunSettled');
  assert.equal(
    following.events.map(({ seq }) => seq),
    following.events.map((_, i) => i + 1),
  );
  assert.is(following.of('connection').at(-1)!.text, undefined);
  second.kill('SIGTERM');
  await second.ended;
});

test('opens the page of a run, too', async () => {
  const { cwd } = folderOf(held);
  writeFileSync(join(cwd, 'go'), '');
  await build();
  const args = ['run', 'held.yaml', '-a', 'hold.mjs', '--run-id', 'shown', '--viewer', '-q'];
  const { code, err } = await new Program(args, { cwd, env }).ended;
  assert.is(code, 0);
  assert.match(err, new RegExp(`#token=${TOKEN}&run=shown\n`));
});

test('that could be guessed is refused, and nothing begins', async () => {
  const { cwd } = folderOf(shop);
  await build();
  for (const token of [
    '',
    'k'.repeat(31),
    `${'k'.repeat(40)} `,
    `${'k'.repeat(40)}\n`,
    'ü'.repeat(40),
    'k'.repeat(201),
    `r-${TOKEN}`,
  ]) {
    assert.not.ok(isFullToken(token));
    const args = ['run', 'shop.yaml', '-a', 'actions.mjs', '-i', 'n=1', '--viewer', '--db', 'runs.db'];
    const { code, out, err } = await new Program(args, { cwd, env: { RXDAG_TOKEN: token } }).ended;
    assert.equal([code, out], [2, '']);
    assert.match(err, /^RXDAG_TOKEN has to have 32 to 200 characters, .*`openssl rand -hex 32` makes one\.\n$/);
  }
  const { out } = await new Program(['runs', '--db', 'runs.db'], { cwd }).ended;
  assert.not.match(out, 'shop');
});

test("a reader's token follows from the full one, each time the same, and another for another", () => {
  const { full, reader } = tokensFrom(TOKEN);
  assert.is(full, TOKEN);
  assert.match(reader, /^r-[\w-]{43}$/);
  assert.is(tokensFrom(TOKEN).reader, reader);
  assert.is.not(tokensFrom(`${TOKEN}x`).reader, reader);
});

test.run();
