// timeout: 120000
// weight: 4
import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Program, build } from '../support/cli.js';
import { folderOf, type Folder } from './folderOf.js';
import { held } from './shop.js';

/** What stands in the journal beside the database, in bytes. */
const journal = ({ cwd }: Folder): number => statSync(join(cwd, 'runs.db-wal'), { throwIfNoEntry: false })?.size ?? 0;

const one = {
  'one.yaml': 'name: one\nnodes: [{ id: a, action: a, cache: always }]',
  'bad.yaml': 'name: bad\nnodes: [{ id: a, action: b }]',
  'a.mjs': `export const a = () => 1; export const b = () => { throw new Error('no'); };`,
};

const closed = suite('a database is closed');

closed('after every command, so that its file holds all', async () => {
  const folder = folderOf(one);
  const { cwd, rx } = folder;
  for (const [code, ...args] of [
    [0, 'run', 'one.yaml', '-a', 'a.mjs', '--run-id', 'r1'],
    [1, 'run', 'bad.yaml', '-a', 'a.mjs', '--run-id', 'r2'],
    [0, 'fork', 'r1', '--again', 'a'],
    [0, 'show', 'r1'],
    [2, 'show', 'r9'],
    [0, 'verify'],
    [0, 'prune', '--older-than', '9'],
  ] as const) {
    const ended = await rx(...args);
    assert.is(ended.code, code, `${args.join(' ')}: ${ended.err}`);
    assert.is(journal(folder), 0, args.join(' '));
  }
  copyFileSync(join(cwd, 'runs.db'), join(cwd, 'copy.db'));
  assert.match((await rx('runs', '--db', 'copy.db')).out, /^r1 [^]*^r2 /m);
});

closed('after Ctrl-C', async () => {
  await build();
  const folder = folderOf(held);
  const { cwd, rx } = folder;
  const program = new Program(['run', 'held.yaml', '-a', 'hold.mjs', '--db', 'runs.db', '--run-id', 'r'], { cwd });
  await program.says('running    hold');
  for (const said of ['Stopping', 'go on with']) {
    program.kill('SIGINT');
    await program.says(said);
  }
  assert.is((await program.ended).code, 130);
  assert.is(journal(folder), 0);
  assert.match((await rx('runs')).out, /^r /m);
});

closed.run();
