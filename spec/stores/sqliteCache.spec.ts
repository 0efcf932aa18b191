// timeout: 120000
// weight: 4
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  Cache,
  DagExecutor,
  action,
  type DagExecutionReport,
  type Json,
  type NodeSpec,
} from '../../lib/index.js';
import { SCHEMA_VERSION } from '../../lib/stores/sqlite/schema.js';
import { openDatabase } from '../../lib/stores/sqlite/openDatabase.js';
import { SqliteCache, sqliteStore, type SqliteCacheOptions } from '../../lib/stores/sqlite/index.js';
import { dist } from '../simulation/built.js';
import { build } from '../support/cli.js';
import { command, temporaryFolder } from '../support/command.js';

const newFile = (): string => join(temporaryFolder('sqliteCache'), 'runs.db');

const open: SqliteCache[] = [];
const cacheIn = (file: string, options?: SqliteCacheOptions): SqliteCache => {
  const sqlite = new SqliteCache(file, options);
  open.push(sqlite);
  return sqlite;
};

type Answer<A> =
  | { readonly _tag: 'Left'; readonly left: { readonly type: string } }
  | { readonly _tag: 'Right'; readonly right: A };

const right = async <A>(task: () => Promise<Answer<A>>): Promise<A> => {
  const answer = await task();
  if (answer._tag === 'Left') throw new Error(`it was refused: ${JSON.stringify(answer.left)}`);
  return answer.right;
};
const fault = async (task: () => Promise<Answer<unknown>>): Promise<string> => {
  const answer = await task();
  return answer._tag === 'Left' ? answer.left.type : 'none';
};

/** Looks into the file, or changes it, behind the cache's back. */
const sql = <Row>(file: string, text: string, ...values: readonly (string | number | null)[]): readonly Row[] => {
  const database = openDatabase(file);
  try {
    database.exec('PRAGMA busy_timeout = 2000');
    const statement = database.prepare(text);
    if (/^(?:SELECT|PRAGMA)/.test(text)) return statement.all(...values) as readonly Row[];
    statement.run(...values);
    return [];
  } finally {
    database.close();
  }
};
const count = (file: string, table: string): number =>
  sql<{ readonly n: number }>(file, `SELECT count(*) AS n FROM ${table}`)[0]!.n;

/** Takes the lock of whoever writes, until it is called. */
const lock = (file: string): (() => void) => {
  const database = openDatabase(file);
  database.exec('PRAGMA busy_timeout = 2000; BEGIN IMMEDIATE');
  return () => {
    database.exec('ROLLBACK');
    database.close();
  };
};

const filled = (values: Readonly<Record<string, Readonly<Record<string, Json>>>>): Cache => {
  const cache = new Cache();
  for (const [namespace, entries] of Object.entries(values))
    for (const [key, value] of Object.entries(entries)) cache.insertValue(namespace, key, value);
  return cache;
};

const results = suite('results in a file');

const runWith = async (
  sqlite: SqliteCache,
  { version = '1', inputs = { a: 1, b: 2 } as Record<string, Json>, cache = 'always' as NodeSpec['cache'] } = {},
): Promise<DagExecutionReport & { readonly isServed: boolean }> => {
  let calls = 0;
  const registry = new ActionRegistry().register(
    action({
      name: 'add',
      version,
      execute: ({ inputs: given }: { inputs: Record<string, number> }) => (calls++, given['a']! + given['b']!),
    }),
  );
  const report = await new DagExecutor({ registry, results: sqlite }).start({
    name: 'g',
    nodes: [{ id: 'n', action: 'add', inputs, ...(cache && { cache }) }],
  }).report;
  return { ...report, isServed: calls === 0 };
};

results('serve a node of a later run by action, version and inputs, whatever their order', async () => {
  const file = newFile();
  const first = cacheIn(file);
  assert.not.ok((await runWith(first)).isServed);
  await first.close();
  const second = cacheIn(file);
  const served = await runWith(second, { inputs: { b: 2, a: 1 } });
  assert.ok(served.isServed && served.nodeOutcomes[0]!.cached);
  assert.is(served.outputs['n'], 3);
  assert.not.ok((await runWith(second, { version: '2' })).isServed);
  assert.not.ok((await runWith(second, { inputs: { a: 1, b: 3 } })).isServed);
  assert.not.ok((await runWith(second, { cache: 'never' })).isServed);
});

results('are served for as long as the node allows', async () => {
  const sqlite = cacheIn(newFile());
  const { now } = Date;
  await runWith(sqlite);
  try {
    Date.now = () => now() + 9_000;
    assert.ok((await runWith(sqlite, { cache: { ttlMs: 10_000 } })).isServed);
    Date.now = () => now() + 11_000;
    assert.not.ok((await runWith(sqlite, { cache: { ttlMs: 10_000 } })).isServed);
    assert.ok((await runWith(sqlite, { cache: { ttlMs: 10_000 } })).isServed, 'its newer result is');
  } finally {
    Date.now = now;
  }
});

results('are found by long keys, and hold any JSON', async () => {
  const sqlite = cacheIn(newFile());
  const long = 'k'.repeat(1_000_000);
  const output = { '': null, list: [1, 'a\u0000b', '\ud800', ''], __proto__: 1, deep: { x: { y: true } } };
  await right(sqlite.set(`${long}1`, output, 5));
  await right(sqlite.set(`${long}2`, '', 6.5));
  assert.equal(await right(sqlite.get(`${long}1`)), { output, at: 5 });
  assert.equal(await right(sqlite.get(`${long}2`)), { output: '', at: 6.5 });
  assert.is(await right(sqlite.get(long)), undefined);
  await right(sqlite.set(`${long}2`, null, 7));
  assert.equal(await right(sqlite.get(`${long}2`)), { output: null, at: 7 });
});

const big = (letter: string): Json => ({ text: letter.repeat(100_000) });

for (const [what, damage] of [
  ['an output', `UPDATE results SET body = '{"text":"y"}' WHERE content IS NULL`],
  ['an output that is no text', `UPDATE results SET body = X'ff00' WHERE content IS NULL`],
  ['the time', `UPDATE results SET at = at + 1`],
  ['an output that another result has', `UPDATE results SET body = (SELECT body FROM results WHERE at = 3), at = at`],
  ['which content it has', `UPDATE results SET content = (SELECT content FROM results WHERE at = 4)`],
  ['a content', `UPDATE contents SET body = '{"text":"y"}'`],
  ['a content that is gone', `DELETE FROM contents`],
] as const)
  results(`are not found where ${what} is damaged, and are mended by the next`, async () => {
    const file = newFile();
    const sqlite = cacheIn(file);
    const outputs = { small: 'x', large: big('x'), other: 'z', otherLarge: big('z') };
    const set = async (): Promise<void> => {
      let at = 1;
      for (const [key, output] of Object.entries(outputs)) await right(sqlite.set(key, output, at++));
    };
    const found = async (): Promise<number> => {
      let hits = 0;
      for (const [key, output] of Object.entries(outputs)) {
        const answer = await sqlite.get(key)();
        if (answer._tag === 'Left' || answer.right === undefined) continue;
        assert.equal(answer.right.output, output, `a wrong value of ${key}`);
        hits++;
      }
      return hits;
    };
    await set();
    assert.is(await found(), 4);
    sql(file, damage);
    assert.ok((await found()) < 4);
    await set();
    assert.is(await found(), 4);
  });

results('of a file that is locked are read, not written; nobody waits long, and nodes run', async () => {
  const file = newFile();
  const sqlite = cacheIn(file);
  await right(sqlite.set('known', 1, 1));
  const unlock = lock(file);
  try {
    const started = performance.now();
    assert.is(await fault(sqlite.set('new', 1, 1)), 'StoreUnavailable');
    for (let i = 0; i < 500; i++) {
      await fault(sqlite.set(`n${i}`, 1, 1));
      assert.is((await right(sqlite.get('known')))?.output, 1);
    }
    const took = performance.now() - started;
    assert.ok(took < 1_000, `it took ${took.toFixed(0)} ms; to wait each time would take twenty seconds`);
    assert.is((await runWith(sqlite)).outputs['n'], 3);
  } finally {
    unlock();
  }
  await sleep(150);
  await right(sqlite.set('new', 1, 1));
});

results('of a file that cannot be opened are none; nothing throws', async () => {
  const sqlite = cacheIn(join(temporaryFolder('sqliteCache'), 'nowhere', 'runs.db'));
  assert.is(await fault(sqlite.get('a')), 'StoreUnavailable');
  assert.is(await fault(sqlite.set('a', 1, 1)), 'StoreUnavailable');
  assert.is((await runWith(sqlite)).outputs['n'], 3);
  const foreign = cacheIn(join(import.meta.dirname, 'cached.mjs'));
  assert.is(await fault(foreign.get('a')), 'ForeignFile');
  assert.throws(() => new SqliteCache(':memory:', { maxResults: 0 }), /maxResults is 0/);
});

results('of several processes that write at once are whole', async () => {
  const file = newFile();
  await build();
  const [a, b] = await Promise.all(
    ['a', 'b'].map((name) =>
      command(process.execPath, [join(import.meta.dirname, 'cached.mjs'), dist, file, 'fill', name, '1000']),
    ),
  );
  const sqlite = cacheIn(file);
  for (const [name, { code, text }] of [
    ['a', a!],
    ['b', b!],
  ] as const) {
    assert.is(code, 0, text);
    const { set, found } = JSON.parse(text) as { readonly set: number; readonly found: number };
    assert.ok(set > 100, `${name} could set ${set} of 1,000`); // a cache gives up where a file is busy for long
    assert.is(found, set, 'what was set is found');
    let kept = 0;
    for (let i = 0; i < 1_000; i++) {
      const hit = await right(sqlite.get(`${name}-${i}`));
      if (hit === undefined) continue;
      assert.equal(hit.output, { name, i });
      kept++;
    }
    assert.is(kept, set);
  }
});

results('over the limit are dropped, those first that were not used for longest', async () => {
  const file = newFile();
  const sqlite = cacheIn(file, { maxResults: 3 });
  const has = async (...keys: readonly string[]): Promise<readonly string[]> => {
    const rows = sql<{ readonly at: number }>(file, 'SELECT at FROM results ORDER BY at').map(({ at }) => at);
    return keys.filter((key) => rows.includes(key.charCodeAt(0)));
  };
  for (const key of ['a', 'b', 'c']) await right(sqlite.set(key, key, key.charCodeAt(0)));
  await right(sqlite.get('a'));
  await right(sqlite.set('d', 'd', 'd'.charCodeAt(0)));
  assert.equal(await has('a', 'b', 'c', 'd'), ['a', 'c', 'd']);
  await right(sqlite.set('c', 'c', 'c'.charCodeAt(0)));
  await right(sqlite.set('e', 'e', 'e'.charCodeAt(0)));
  assert.equal(await has('a', 'b', 'c', 'd', 'e'), ['c', 'd', 'e']);
});

results('over the limit are dropped some at a time, so that no call takes long', async () => {
  const file = newFile();
  const full = cacheIn(file);
  for (let i = 0; i < 5_000; i++) await right(full.set(`old${i}`, i, i));
  const sqlite = cacheIn(file, { maxResults: 1_000 });
  let worst = 0;
  for (let i = 0; i < 2_000; i++) {
    const before = i % 100 === 0 ? count(file, 'results') : 0;
    await right(sqlite.set(`new${i}`, i, i));
    if (i % 100 === 0) worst = Math.max(worst, before - count(file, 'results'));
  }
  const left = count(file, 'results');
  assert.ok(left >= 1_000 && left <= 1_000 + 1_000 / 16, `${left} are left`);
  assert.ok(worst <= 4 * (1_000 / 16), `${worst} were dropped by one call`);
});

results('that are large are kept once, with those in logs and saved caches', async () => {
  const file = newFile();
  const store = sqliteStore(file);
  const sqlite = cacheIn(file);
  const registry = new ActionRegistry().register(action('big', () => big('x')));
  await new DagExecutor({ registry, store, results: sqlite }).start({
    name: 'g',
    nodes: ['m', 'n'].map((id) => ({ id, action: 'big', cache: 'always', inputs: { id } })),
  }).report;
  await right(sqlite.save('o', filled({ n: { value: big('x') } })));
  await store.close();
  assert.is(count(file, 'results'), 2);
  assert.is(count(file, 'contents'), 1);
  const { size } = sql<{ readonly size: number | null }>(file, 'SELECT sum(length(body)) AS size FROM artifacts')[0]!;
  assert.ok((size ?? 0) < 1_000);
  assert.equal((await right(sqlite.load('o')))?.getInput('n', 'value'), big('x'));
});

results('that nobody used, and contents that nobody refers to, are pruned', async () => {
  const file = newFile();
  const store = sqliteStore(file);
  const sqlite = cacheIn(file);
  const registry = new ActionRegistry().register(action('big', ({ nodeId }) => big(nodeId)));
  for (const runId of ['r', 's'])
    await new DagExecutor({ registry, store }).start({ name: 'g', nodes: [{ id: runId, action: 'big' }] }, { runId })
      .report;
  await right(sqlite.set('old', big('o'), 1));
  await right(sqlite.save('o', filled({ n: { value: big('a') } })));
  sql(file, 'UPDATE results SET used_at = used_at - 60000');
  await right(sqlite.set('new', big('n'), 1));
  assert.is(count(file, 'contents'), 5);
  assert.equal(await right(sqlite.prune()), { results: 0, contents: 0 });
  assert.equal(await right(sqlite.prune({ unusedForMs: 30_000, dryRun: true })), { results: 1, contents: 0 });
  assert.is(count(file, 'results'), 2);
  assert.equal(await right(sqlite.prune({ unusedForMs: 30_000 })), { results: 1, contents: 1 });
  await right(store.remove('r'));
  await right(sqlite.remove('o'));
  assert.equal(await right(sqlite.prune({ dryRun: true })), { results: 0, contents: 2 });
  assert.equal(await right(sqlite.prune()), { results: 0, contents: 2 });
  assert.is(count(file, 'contents'), 2);
  assert.equal((await right(sqlite.get('new')))?.output, big('n'));
  for await (const event of store.read('s')) if (event.type === 'NodeSucceeded') assert.equal(event.output, big('s'));
  await store.close();
});

results('are in a file of the first version once it was opened; its runs are as they were', async () => {
  const file = newFile();
  const database = openDatabase(file);
  database.exec(`
    CREATE TABLE runs (
      id INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE, dag_name TEXT NOT NULL, status TEXT NOT NULL,
      started_at REAL NOT NULL, ended_at REAL, seq INTEGER NOT NULL, epoch INTEGER NOT NULL,
      owner TEXT, owner_pid INTEGER, owner_started_at REAL, answered TEXT NOT NULL, sum INTEGER NOT NULL
    );
    CREATE TABLE log (place INTEGER PRIMARY KEY, count INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL);
    CREATE TABLE contents (hash TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    PRAGMA application_id = 1381516359; PRAGMA user_version = 1`);
  const donor = newFile();
  const store = sqliteStore(donor);
  await new DagExecutor({ registry: new ActionRegistry().register(action('one', () => 1)), store }).start(
    { name: 'g', nodes: [{ id: 'n', action: 'one' }] },
    { runId: 'r' },
  ).report;
  await store.close();
  database.prepare('ATTACH ? AS donor').run(donor);
  database.exec('INSERT INTO runs SELECT * FROM donor.runs; INSERT INTO log SELECT * FROM donor.log');
  database.close();
  const sqlite = cacheIn(file);
  await right(sqlite.set('k', 1, 1));
  assert.is((await right(sqlite.get('k')))?.output, 1);
  assert.is(sql<{ readonly user_version: number }>(file, 'PRAGMA user_version')[0]!.user_version, SCHEMA_VERSION);
  const again = sqliteStore(file);
  const types: string[] = [];
  for await (const { type } of again.read('r')) types.push(type);
  assert.equal([types[0], types.at(-1)], ['RunStarted', 'RunSettled']);
  await again.close();
});

results.after.each(async () => {
  for (const sqlite of open.splice(0)) await sqlite.close();
});
results.run();

const caches = suite('caches in a file');

/** From now on every row of artifacts that is written is told. */
const watchWrites = (file: string): (() => readonly string[]) => {
  const database = openDatabase(file);
  database.exec(`
    CREATE TABLE writes (id INTEGER PRIMARY KEY, what TEXT);
    CREATE TRIGGER i AFTER INSERT ON artifacts BEGIN INSERT INTO writes (what) VALUES ('insert ' || new.namespace || new.key); END;
    CREATE TRIGGER u AFTER UPDATE ON artifacts BEGIN INSERT INTO writes (what) VALUES ('update ' || new.namespace || new.key); END;
    CREATE TRIGGER d AFTER DELETE ON artifacts BEGIN INSERT INTO writes (what) VALUES ('delete ' || old.namespace || old.key); END`);
  database.close();
  return () => {
    const writes = sql<{ readonly what: string }>(file, 'SELECT what FROM writes ORDER BY id').map(({ what }) => what);
    sql(file, 'DELETE FROM writes');
    return writes;
  };
};

for (const where of ['a file', 'memory'])
  caches(`are saved and loaded by owner, in ${where}`, async () => {
    const sqlite = cacheIn(where === 'memory' ? ':memory:' : newFile());
    const cache = filled({ z: { '': 1, 'a\u0000': [null], '\ud800': '' }, '': { k: big('x') }, inputs: { x: 'é' } });
    cache.insertValue('__proto__', '__proto__', { x: 1 });
    cache.appendGlobalValue('dag', 'list', 1);
    assert.is(await right(sqlite.load('g')), undefined);
    assert.is(await right(sqlite.save('g', cache)), 7);
    assert.is(await right(sqlite.save('', new Cache())), 0);
    const loaded = await right(sqlite.load('g'));
    assert.is(JSON.stringify(loaded), JSON.stringify(cache), 'the same values in the same order');
    assert.equal((await right(sqlite.load('')))?.toJSON(), {});
    assert.equal(
      (await right(sqlite.list())).map(({ owner, values }) => [owner, values]),
      [
        ['g', 7],
        ['', 0],
      ],
    );
    await right(sqlite.save('g', filled({ other: { k: 1 } })));
    assert.equal((await right(sqlite.load('g')))?.toJSON(), { other: { k: { value: 1 } } });
    await right(sqlite.remove('g'));
    assert.is(await right(sqlite.load('g')), undefined);
  });

caches('write only what has changed', async () => {
  const file = newFile();
  const sqlite = cacheIn(file);
  const cache = filled({ a: { x: 1, y: 1 }, b: { x: 1 } });
  assert.is(await right(sqlite.saveDelta('g', cache)), 3, 'all of it at first');
  const writes = watchWrites(file);
  assert.is(await right(sqlite.saveDelta('g', cache)), 0);
  assert.equal(writes(), []);
  for (let i = 0; i < 10; i++) cache.insertValue('a', 'x', i);
  cache.insertValue('c', 'x', 1);
  assert.is(await right(sqlite.saveDelta('g', cache)), 2);
  assert.equal(writes(), ['update "a""x"', 'insert "c""x"']);
  cache.clearNode('a');
  cache.appendGlobalValue('d', 'l', 1);
  cache.appendGlobalValue('d', 'l', 2);
  assert.is(await right(sqlite.saveDelta('g', cache)), 3);
  assert.equal(writes(), ['delete "a""x"', 'delete "a""y"', 'insert "global:d""l"']);
  const other = cacheIn(file);
  const loaded = (await right(other.load('g')))!;
  assert.equal(loaded.toJSON(), cache.toJSON());
  loaded.insertValue('b', 'x', 2);
  assert.is(await right(other.saveDelta('g', loaded)), 1, 'a loaded cache is a saved one');
  assert.equal(writes(), ['update "b""x"']);
  assert.equal((await right(sqlite.load('g')))?.toJSON(), loaded.toJSON());
});

caches('are no mixture of what two have saved', async () => {
  const file = newFile();
  const [one, two] = [cacheIn(file), cacheIn(file)];
  const [a, b] = [filled({ a: { x: 1 } }), filled({ b: { x: 1 } })];
  await right(one.save('g', a));
  await right(two.save('g', b));
  a.insertValue('a', 'y', 2);
  assert.is(await right(one.saveDelta('g', a)), 2, 'all of it, as somebody else was there');
  assert.equal((await right(two.load('g')))?.toJSON(), a.toJSON());
});

caches('that could not be saved are by the next delta', async () => {
  const file = newFile();
  const sqlite = cacheIn(file);
  const cache = filled({ a: { x: 1 } });
  await right(sqlite.save('g', cache));
  cache.insertValue('a', 'x', 2);
  const unlock = lock(file);
  try {
    assert.is(await fault(sqlite.saveDelta('g', cache)), 'StoreUnavailable');
    assert.equal((await right(sqlite.load('g')))?.toJSON(), { a: { x: { value: 1 } } });
    cache.insertValue('a', 'y', 3);
  } finally {
    unlock();
  }
  assert.is(await right(sqlite.saveDelta('g', cache)), 2);
  assert.equal((await right(sqlite.load('g')))?.toJSON(), cache.toJSON());
});

for (const [what, damage] of [
  ['a value', `UPDATE artifacts SET body = '2'`],
  ['a value that is gone', `DELETE FROM artifacts WHERE key = '"y"'`],
  ['a name', `UPDATE artifacts SET key = '"z"' WHERE key = '"y"'`],
  ['the number of values', 'UPDATE caches SET count = 1'],
] as const)
  caches(`are told to be damaged in ${what}`, async () => {
    const file = newFile();
    const sqlite = cacheIn(file);
    await right(sqlite.save('g', filled({ a: { x: 1, y: 1 } })));
    sql(file, damage);
    assert.is(await fault(sqlite.load('g')), 'JournalCorrupt');
  });

caches('are whole, the old or the new one, wherever their process is killed', async () => {
  const file = newFile();
  const values = 3_000;
  await build();
  let saved = 0;
  for (let kill = 0; kill < 6; kill++) {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'cached.mjs'), dist, file, 'save', String(values)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let shown = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown = Number(text.trim().split('\n').at(-1));
      setTimeout(() => child.kill('SIGKILL'), kill * 7);
    });
    await new Promise((resolve) => child.on('close', resolve));
    assert.ok(shown > 0);
    const sqlite = cacheIn(file);
    const json = (await right(sqlite.load('doomed')))!.toJSON();
    const numbers = Object.values(json).map(({ value }) => (value!.value as { readonly n: number }).n);
    assert.is(numbers.length, values);
    assert.is(new Set(numbers).size, 1, 'all of one save');
    assert.ok(numbers[0]! >= shown, 'what was told to be saved is');
    saved += shown;
    await sqlite.close();
  }
  assert.ok(saved >= 6);
});

caches('that are kept are saved as they change, and at the end', async () => {
  const file = newFile();
  const sqlite = cacheIn(file);
  const cache = filled({ a: { x: 0 } });
  const saved = async (): Promise<unknown> => (await right(sqlite.load('g')))?.getInput('a', 'x');
  const keeping = sqlite.keep('g', cache, { everyMs: 50 });
  assert.is(await saved(), 0, 'at once');
  const writes = watchWrites(file);
  for (const end = Date.now() + 300; Date.now() < end; await sleep(1)) cache.insertValue('a', 'x', Date.now());
  await sleep(100);
  assert.is(await saved(), cache.getInput('a', 'x'));
  const { length } = writes();
  assert.ok(length >= 2 && length <= 9, `${length} saves in 300 ms`);
  const unlock = lock(file);
  cache.insertValue('a', 'x', 1);
  await sleep(200);
  unlock();
  await sleep(200);
  assert.is(await saved(), 1, 'what could not be written is tried again');
  cache.insertValue('a', 'x', 2);
  keeping.unsubscribe();
  assert.is(await saved(), 2, 'at the end');
  cache.insertValue('a', 'x', 3);
  await sleep(100);
  assert.is(await saved(), 2, 'not after it');
  sqlite.keep('g', cache, { everyMs: 60_000 });
  assert.is(await saved(), 3);
  cache.insertValue('a', 'x', 4);
  await sqlite.close();
  const other = cacheIn(file);
  assert.is((await right(other.load('g')))?.getInput('a', 'x'), 4, 'closing is an end, too');
  assert.is(await fault(sqlite.load('g')), 'StoreUnavailable');
  assert.is(await fault(sqlite.get('k')), 'StoreUnavailable');
});

caches('that are large hold the event loop up only while they are read', async () => {
  const sqlite = cacheIn(newFile());
  const cache = new Cache();
  for (let i = 0; i < 20_000; i++) cache.insertValue(`node${i}`, 'value', { i, filler: 'x'.repeat(200) });
  const done = sqlite.save('g', cache)();
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await done;
  clearInterval(timer);
  assert.ok(turns > 10, `${turns} turns of the event loop while it was written`);
});

caches.after.each(async () => {
  for (const sqlite of open.splice(0)) await sqlite.close();
});
caches.run();
