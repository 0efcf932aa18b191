// timeout: 120000
// weight: 4
import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Program, build, rxdag, type Ended } from '../support/cli.js';
import { openDatabase } from '../../lib/stores/sqlite/openDatabase.js';
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

/** A folder with three runs, of which something was done to the database of. */
const damaged = async (...statements: readonly string[]): Promise<Folder> => {
  const folder = folderOf(one);
  for (const id of ['r1', 'r2', 'r3'])
    assert.is((await folder.rx('run', 'one.yaml', '-a', 'a.mjs', '--run-id', id, '-q')).code, 0);
  const database = openDatabase(join(folder.cwd, 'runs.db'));
  for (const statement of statements) database.exec(statement);
  database.close();
  return folder;
};

const verify = suite('rxdag verify');

verify('tells of each damaged run in a line and goes on', async () => {
  const { rx } = await damaged(
    `UPDATE log SET body = replace(body, 'one', 'two') WHERE place < 2 * 8589934592`,
    `UPDATE runs SET status = 'failed' WHERE run_id = 'r2'`,
  );
  const { code, out, err } = await rx('verify');
  assert.is(code, 1);
  assert.match(out, /^r3: sound, \d+ events\n$/);
  assert.match(
    err,
    /^r1: The log of run "r1" is damaged at event 1\.\nr2: The file \S+runs\.db is damaged in what it says of run "r2"\.\n$/,
  );
  assert.is((await rx('verify', 'r3')).code, 0);
  assert.equal(await rx('verify', 'r4'), {
    code: 2,
    out: '',
    err: 'There is no run "r4" in this database; did you mean "r1"?\n',
  });
  assert.match((await rx('runs')).out, /^r2 +damaged$/m);
  assert.is((await rx('show', 'r3')).code, 0);
  const more = await rx('run', 'one.yaml', '-a', 'a.mjs', '--run-id', 'r4', '-q');
  assert.is(more.code, 0);
  assert.match(more.err, /^warning: .*damaged.* So nothing is learnt of how long nodes take\.$/m);
});

verify.run();

const list = suite('rxdag runs');

list('says of each run whose log is damaged that it is, and lists the others', async () => {
  const { cwd, rx } = folderOf({
    ...one,
    ...held,
    'big.yaml': 'name: big\nnodes: [{ id: a, action: big }, { id: sign, action: human.input, dependencies: [a] }]',
    'big.mjs': `export const big = () => 'x'.repeat(100_000);`,
  });
  for (const id of ['r1', 'r2', 'r3', 'r4'])
    assert.is((await rx('run', 'big.yaml', '-a', 'big.mjs', '--run-id', id, '--input', `n=${id}`, '-q')).code, 3);
  assert.is((await rx('run', 'one.yaml', '-a', 'a.mjs', '--run-id', 'r5')).code, 0);
  const database = openDatabase(join(cwd, 'runs.db'));
  database.exec(`UPDATE log SET body = replace(body, 'big', 'bag') WHERE place < 2 * 8589934592`);
  database.exec(`DELETE FROM log WHERE place BETWEEN 2 * 8589934592 + 2 AND 3 * 8589934592`);
  database.exec('DROP TABLE frames');
  const { code, out } = await rx('runs');
  assert.match(
    out,
    /^r1 +big +damaged .*\nr2 +big +damaged .*\nr3 +big +waiting .*\nr4 +big +waiting .*\nr5 +one +succeeded /m,
  );
  assert.is(code, 0);
  for (const statement of [`UPDATE contents SET body = 'junk'`, 'DELETE FROM contents']) {
    database.exec(statement);
    assert.match((await rx('runs')).out, /^r3 +big +damaged .*\nr4 +big +damaged .*\nr5 +one +succeeded /m);
  }
  database.close();
});

list.run();

const prune = suite('rxdag prune');

prune('removes runs that came to no end only if asked, and none that a living process has', async () => {
  await build();
  const { cwd, rx } = folderOf({ ...held, 'ask.yaml': 'name: ask\nnodes: [{ id: sign, action: human.input }]' });
  assert.is((await rx('run', 'ask.yaml', '--run-id', 'waits', '-q')).code, 3);
  const program = new Program(['run', 'held.yaml', '-a', 'hold.mjs', '--db', 'runs.db', '--run-id', 'lives'], { cwd });
  await program.says('running    hold');
  assert.equal(await rx('prune', '--older-than', '0'), { code: 0, out: '', err: '0 runs removed\n' });
  const young = await rx('prune', '--older-than', '0.5', '--unfinished');
  assert.equal(young, { code: 0, out: '', err: '0 runs removed\n1 run of living processes kept\n' });
  const pruned = await rx('prune', '--older-than', '0', '--unfinished');
  assert.equal(pruned, { code: 0, out: 'waits\n', err: '1 run removed\n1 run of living processes kept\n' });
  program.kill('SIGKILL');
  await program.ended;
  assert.is((await rx('prune', '--keep', '0', '--unfinished')).out, 'lives\n');
});

prune.run();

const named = suite('--db');

named('is told where it is missing, a folder, or in none', async () => {
  const { rx } = folderOf(one);
  assert.is((await rx('runs', '--db', '.')).err, 'The database . is a folder; name a file in it.\n');
  const within = await rx('run', 'one.yaml', '-a', 'a.mjs', '--db', 'no/runs.db');
  assert.equal([within.code, within.err], [2, 'There is no folder no for the database no/runs.db; make it first.\n']);
  const without = (...args: readonly string[]): Promise<Ended> => rxdag(args, { env: { RXDAG_DB: undefined } });
  assert.match((await without('runs')).err, /^error: required option '--db <file>' not specified$/m);
  assert.match((await without('runs', '--bogus')).err, /^error: unknown option '--bogus'$/m);
  assert.match(
    (await without('replay', 'r', '--at', '0')).err,
    /argument '0' is invalid\. Events are numbered from 1\.$/m,
  );
});

named.run();
