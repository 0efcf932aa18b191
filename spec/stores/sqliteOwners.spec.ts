import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventStore, ExecutionEvent } from '../../lib/index.js';
import { openDatabase } from '../../lib/stores/sqlite/openDatabase.js';
import { SqliteCache, sqliteStore, type SqliteStore } from '../../lib/stores/sqlite/index.js';
import { temporaryFolder } from '../support/command.js';
import { logOf, node, runStarted, started, succeeded } from '../support/logOf.js';

const newFile = (): string => join(temporaryFolder('owners'), 'runs.db');
const open: SqliteStore[] = [];
const storeIn = (file: string): SqliteStore => {
  const store = sqliteStore(file);
  open.push(store);
  return store;
};
const sql = <Row>(file: string, text: string): readonly Row[] => {
  const database = openDatabase(file);
  try {
    if (text.startsWith('SELECT')) return database.prepare(text).all() as readonly Row[];
    database.exec(text);
    return [];
  } finally {
    database.close();
  }
};
const log = (output: unknown = 1): readonly ExecutionEvent[] => {
  const [first, second, third] = logOf(runStarted([node('a')]), started('a'), succeeded('a'));
  return [first!, second!, { ...third!, output } as ExecutionEvent];
};
const acquired = async (store: EventStore, runId: string, startedAt = 1): Promise<number> => {
  const answer = await store.acquire(runId, { id: `owner ${startedAt}`, startedAt })();
  if (answer._tag === 'Left') throw new Error(answer.left.message);
  return answer.right.epoch;
};
const refusal = async (task: ReturnType<EventStore['acquire' | 'remove']>): Promise<string> => {
  const answer = await task();
  return answer._tag === 'Left' ? `${answer.left.type}: ${answer.left.message}` : 'granted';
};
const read = async (store: EventStore, runId: string): Promise<readonly ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  for await (const event of store.read(runId)) events.push(event);
  return events;
};
const message = (work: () => unknown): Promise<string> =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'granted',
      (error: Error) => `${error.name}: ${error.message}`,
    );

const test = suite('owners of runs in a file');

test.after.each(async () => {
  for (const store of open.splice(0)) await store.close();
});

test('a file has one owner for a run, by whatever name it is called', async () => {
  const file = newFile();
  const other = join(temporaryFolder('owners'), 'link.db');
  await acquired(storeIn(file), 'r');
  symlinkSync(file, other);
  const answer = await storeIn(other).acquire('r', { id: 'second', startedAt: 2 })();
  assert.is(answer._tag === 'Left' && answer.left.type, 'OwnedElsewhere');
});

test('a store stays with its file when the process moves to another folder', async () => {
  const file = newFile();
  const elsewhere = join(dirname(file), 'elsewhere');
  mkdirSync(elsewhere);
  const before = process.cwd();
  try {
    process.chdir(dirname(file));
    const store = storeIn(basename(file));
    const cache = new SqliteCache(basename(file));
    process.chdir(elsewhere);
    await acquired(store, 'r');
    await cache.set('k', 1, 1)();
    await cache.close();
    assert.ok(existsSync(file));
    assert.equal(readdirSync(elsewhere), []);
  } finally {
    process.chdir(before);
  }
});

test('an id is never given to another run, so a lock of a removed one hinders nobody', async () => {
  const file = newFile();
  const store = storeIn(file);
  const zombie = storeIn(file);
  const epoch = await acquired(zombie, 'r');
  await zombie.append('r', epoch, 0, log(), {})();
  sql(file, `UPDATE runs SET owner = NULL`); // what a takeover by another program, or a mended file, may leave
  sql(file, 'DELETE FROM log; DELETE FROM runs');
  const fresh = await acquired(store, 'r', 2);
  await store.append('r', fresh, 0, log(2), {})();
  assert.match(await refusal(zombie.append('r', epoch, 3, log(), {})), /^Fenced: /);
  assert.equal(await read(store, 'r'), log(2));
  assert.ok(sql<{ readonly id: number }>(file, 'SELECT id FROM runs')[0]!.id > 1);
});

test('a file that has had all the runs it has numbers for says so', async () => {
  const file = newFile();
  const store = storeIn(file);
  await acquired(store, 'first');
  sql(file, `UPDATE sqlite_sequence SET seq = ${2 ** 20 - 2} WHERE name = 'runs'`);
  const last = await acquired(store, 'last');
  await store.append('last', last, 0, log(), {})();
  assert.equal(await read(store, 'last'), log());
  assert.is(
    await refusal(store.acquire('one more', { id: 'x', startedAt: 1 })),
    `JournalCorrupt: The file ${file} has had 1048575 runs and can have no more; use a new one.`,
  );
  assert.equal(await read(store, 'last'), log());
});

test('an output that was damaged is whole again once a run brings it anew', async () => {
  const file = newFile();
  const store = storeIn(file);
  const big = 'x'.repeat(100_000);
  for (const runId of ['before', 'after']) {
    const epoch = await acquired(store, runId);
    await store.append(runId, epoch, 0, log(big), {})();
    if (runId === 'before') sql(file, `UPDATE contents SET body = 'y' || substr(body, 2)`);
  }
  for (const runId of ['before', 'after']) assert.equal(await read(store, runId), log(big));
});

test('what is no id is refused, and the process lives', async () => {
  const store = storeIn(newFile());
  const wrong = [{}, true, Symbol('s'), 1n, undefined, () => 1, new Date(0), Number.NaN] as never[];
  for (const value of wrong) {
    const works: readonly (() => unknown)[] = [
      store.acquire(value, { id: 'x', startedAt: 1 }),
      store.acquire('r', { id: 'x', startedAt: value }),
      store.append('r', value, 0, [], {}),
      store.answered(value),
      store.remove(value),
      () => read(store, value),
      ...(value === undefined ? [] : [store.runs({ runId: value })]),
    ];
    for (const [i, work] of works.entries())
      assert.match(await message(work), i === 2 ? /granted|TypeError/ : /TypeError: .* can't be kept/, String(i));
  }
  const cache = new SqliteCache(newFile());
  for (const value of wrong) assert.match(await message(() => cache.set('k', 1, value)), /DagError: .* has to be/);
  assert.is(
    await cache
      .set('k', 1, 1)()
      .then(({ _tag }) => _tag),
    'Right',
  );
  for (const work of [
    () => cache.load(1 as never),
    () => cache.prune({ unusedForMs: Number.NaN }),
    () => cache.prune({ unusedForMs: '7' as never }),
    () => sqliteStore(''),
    () => sqliteStore(7 as never),
    () => sqliteStore('a\0b'),
    () => sqliteStore('x.db', { durability: 'disk' as never }),
    () => new SqliteCache(undefined as never),
  ])
    assert.match(await message(work), /^DagError: .*has to be/);
  await cache.close();
});

test('keys that are no well-formed text are not taken for one another', async () => {
  const cache = new SqliteCache(newFile());
  await cache.set('\ud800', 'first', 1)();
  await cache.set('\ud801', 'second', 1)();
  const found = await cache.get('\ud800')();
  assert.is(found._tag === 'Right' && found.right?.output, 'first');
  await cache.close();
});

test('a store that was closed says so, and opens no file again', async () => {
  const file = newFile();
  const store = sqliteStore(file);
  const epoch = await acquired(store, 'r');
  await store.close();
  for (const task of [store.append('r', epoch, 0, log(), {}), store.remove('r'), store.release('r', epoch)])
    assert.is(await refusal(task), `Fenced: The store ${file} is closed.`);
  assert.match(await message(() => read(store, 'r')), `The store ${file} is closed.`);
  await store.close();
  for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true });
  await store.runs()();
  assert.equal(readdirSync(dirname(file)), ['runs.db']);
});

test.run();
