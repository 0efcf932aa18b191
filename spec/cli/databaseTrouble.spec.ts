// timeout: 120000
// weight: 3
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatabase } from '../../lib/stores/sqlite/openDatabase.js';
import { Program, build } from '../support/cli.js';
import { noReadOnly, readOnly } from '../support/readOnly.js';
import { skip } from '../support/skip.js';
import { folderOf, type Folder } from './folderOf.js';
import { held } from './shop.js';

const one = {
  'one.yaml': 'name: one\nnodes: [{ id: a, action: a, cache: always }]',
  'a.mjs': `export const a = () => 1;`,
};

const fixed = suite('a database that is read-only');

if (noReadOnly !== undefined) skip(fixed, 'a database that is read-only', noReadOnly);
else
  for (const what of ['runs.db', '.'])
    fixed(`is refused at once by what would write it: ${what}`, async () => {
      const { cwd, rx } = folderOf(one);
      assert.is((await rx('run', 'one.yaml', '-a', 'a.mjs', '--run-id', 'r')).code, 0);
      await readOnly(join(cwd, what), async () => {
        for (const args of [
          ['run', 'one.yaml', '-a', 'a.mjs'],
          ['resume', 'r'],
          ['fork', 'r'],
          ['prune', '--keep', '0'],
        ]) {
          const { code, out, err } = await rx(...args);
          assert.equal([code, out], [2, ''], args[0]);
          assert.match(
            err,
            /^The database runs\.db can't be written: \S+ is read-only; make it writable, or name another database\.\n$/,
          );
        }
      });
      assert.is((await rx('resume', 'r')).code, 0);
    });

if (noReadOnly === undefined)
  fixed('is read where its folder is, or the reason told', async () => {
    await build();
    const ask = 'name: ask\nnodes: [{ id: sign, action: human.input }]';
    const { cwd, rx } = folderOf({ ...one, ...held, 'ask.yaml': ask });
    assert.is((await rx('run', 'one.yaml', '-a', 'a.mjs', '--run-id', 'r')).code, 0);
    assert.is((await rx('run', 'ask.yaml', '--run-id', 'w', '-q')).code, 3);
    const reads = [['runs'], ['show', 'r'], ['show', 'w'], ['verify'], ['export', 'r'], ['prune', '--keep', '0', '-n']];
    const before = await Promise.all(reads.map((args) => rx(...args)));
    await readOnly(cwd, async () => {
      for (const [i, args] of reads.entries()) assert.equal(await rx(...args), before[i], args.join(' '));
    });
    const program = new Program(['run', 'held.yaml', '-a', 'hold.mjs', '--db', 'runs.db', '--run-id', 'h'], { cwd });
    await program.says('running    hold');
    program.kill('SIGKILL');
    await program.ended;
    rmSync(join(cwd, 'runs.db-shm'));
    assert.equal(await readOnly(cwd, () => rx('runs')), {
      code: 2,
      out: '',
      err: `The folder ${cwd} can't be written, and SQLite needs that even to read; copy the database elsewhere, with the -wal beside it if there is one.\n`,
    });
    assert.match((await rx('runs')).out, /^h +held +interrupted /m);
  });

fixed('is not said to keep a run of which it has nothing yet', async () => {
  await build();
  const { cwd, rx } = folderOf(one);
  assert.is((await rx('run', 'one.yaml', '-a', 'a.mjs', '--run-id', 'r')).code, 0);
  const other = openDatabase(join(cwd, 'runs.db'));
  other.exec('BEGIN IMMEDIATE');
  const program = new Program(['run', 'one.yaml', '-a', 'a.mjs', '--db', 'runs.db'], { cwd });
  await program.says('The run waits for it');
  program.kill('SIGINT');
  program.kill('SIGTERM');
  const { code, err } = await program.ended;
  other.close();
  assert.is(code, 130);
  assert.match(err, /^Nothing of the run has been kept\.$/m);
  assert.not.match(err, 'resume');
});

fixed.run();

const lost = suite('a run that its database keeps no longer');

/** A run of which one node holds. */
const holding = async (): Promise<Folder & { readonly program: Program }> => {
  await build();
  const folder = folderOf(held);
  const { cwd } = folder;
  const program = new Program(['run', 'held.yaml', '-a', 'hold.mjs', '--db', 'runs.db', '--run-id', 'r'], { cwd });
  await program.says('running    hold');
  return { ...folder, program };
};

lost('ends with a sentence where another process has taken it over', async () => {
  const { cwd, program } = await holding();
  const other = new Program(['resume', 'r', '--db', 'runs.db', '--take-over'], { cwd });
  await other.says('running    hold');
  program.kill('SIGINT');
  const { code, err } = await program.ended;
  assert.match(
    err,
    /^Stopping.*\nAnother process has taken run "r" over \(process \d+ since \S+Z\); this one stops\.\n$/,
  );
  assert.is(code, 1);
  writeFileSync(join(cwd, 'go'), '');
  assert.is((await other.ended).code, 0);
});

lost('ends with a sentence where the database is damaged meanwhile', async () => {
  const { cwd, program } = await holding();
  const other = openDatabase(join(cwd, 'runs.db'));
  other.exec('DROP TABLE log');
  other.close();
  writeFileSync(join(cwd, 'go'), '');
  const { code, err } = await program.ended;
  assert.match(err, /^The database runs\.db could not keep the run: The file \S+ is damaged: no such table: .*\.\n$/);
  assert.is(code, 1);
});

lost.run();
