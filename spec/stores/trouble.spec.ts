// timeout: 60000
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ActionRegistry, DagExecutor, action, type DagRun, type ExecutionEvent } from '../../lib/index.js';
import { Fault } from '../../lib/stores/Fault.js';
import { faultOf } from '../../lib/stores/sqlite/faultOf.js';
import { openDatabase } from '../../lib/stores/sqlite/openDatabase.js';
import { SqliteCache, sqliteStore, type SqliteStore } from '../../lib/stores/sqlite/index.js';
import { checkLog } from '../../lib/testing/index.js';
import { temporaryFolder } from '../support/command.js';
import { noReadOnly, readOnly } from '../support/readOnly.js';
import { skip } from '../support/skip.js';

const BLOCKED_MS_MAX = 50;

/** Watches for how long the event loop stands still at most. */
const lagWatch = (): { stop(): number } => {
  let last = performance.now();
  let worst = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - 5);
    last = now;
  }, 5);
  return {
    stop: () => {
      clearInterval(timer);
      return worst;
    },
  };
};

const until = async (what: () => boolean): Promise<void> => {
  for (const end = Date.now() + 20_000; !what(); await sleep(10))
    if (Date.now() > end) throw new Error(`It did not come to pass: ${String(what)}`);
};

const registry = new ActionRegistry().register(
  action('work', async ({ nodeId }) => {
    await sleep(2);
    return { nodeId, filler: 'x'.repeat(2_000) };
  }),
);
const begin = (store: SqliteStore, count: number): DagRun =>
  new DagExecutor({ registry, store, config: { maxParallelNodes: 2 } }).start(
    { name: 'g', nodes: Array.from({ length: count }, (_, i) => ({ id: `n${i}`, action: 'work' })) },
    { runId: 'r' },
  );

const ended = async (run: DagRun, store: SqliteStore, shown: readonly ExecutionEvent[], why: RegExp): Promise<void> => {
  const report = await run.report;
  assert.ok(report.success, report.error);
  const events: ExecutionEvent[] = [];
  for await (const event of store.read('r')) events.push(event);
  assert.equal(events, shown, 'what was shown is what is kept');
  assert.equal(
    checkLog(events).map(({ message }) => message),
    [],
  );
  const told = events.flatMap((event) =>
    event.type === 'CustomEmitted' && event.name === 'store.unavailable'
      ? [event.payload as { message: string; durationMs: number }]
      : [],
  );
  assert.is(told.length, 1);
  assert.match(told[0]!.message, why);
  assert.ok(told[0]!.durationMs >= 100);
};

const isRoot = process.geteuid?.() === 0;
const test = suite('a store in trouble');

/** Plays a run whose file is locked for a while; gives for how long the event loop stood still at most meanwhile. */
const lockedOut = async (durability: 'process' | 'power'): Promise<number> => {
  const file = join(temporaryFolder('locked'), 'runs.db');
  const store = sqliteStore(file, { durability });
  const run = begin(store, 30);
  const shown: ExecutionEvent[] = [];
  run.event$.subscribe((event) => shown.push(event));
  await until(() => run.snapshot.counts.succeeded > 3);
  const other = openDatabase(file);
  other.exec('PRAGMA busy_timeout = 1000');
  other.exec('BEGIN IMMEDIATE');
  const lag = lagWatch();
  await until(() => run.storeFault !== undefined);
  const { seq } = run.snapshot;
  assert.match(run.storeFault!.message, 'locked');
  await sleep(700);
  const worst = lag.stop();
  assert.is(run.snapshot.seq, seq, 'nothing is shown that is not kept');
  other.exec('ROLLBACK');
  other.close();
  await ended(run, store, shown, /locked/);
  assert.is(run.storeFault, undefined);
  await store.close();
  return worst;
};

for (const durability of ['process', 'power'] as const)
  test(`a file that is locked holds the run up, and nothing else; durable to the ${durability}`, async () => {
    // What stands still because others have the processor does not do so each time.
    let worst = Infinity;
    for (let i = 0; i < 4 && worst > BLOCKED_MS_MAX; i++) worst = Math.min(worst, await lockedOut(durability));
    assert.ok(worst <= BLOCKED_MS_MAX, `the event loop stood still for ${worst.toFixed(0)} ms, each time`);
  });

test('a file that cannot be made yet is waited for', async () => {
  const folder = join(temporaryFolder('late'), 'later');
  const store = sqliteStore(join(folder, 'runs.db'));
  const run = begin(store, 3);
  const shown: ExecutionEvent[] = [];
  run.event$.subscribe((event) => shown.push(event));
  await until(() => run.storeFault !== undefined);
  assert.is(run.snapshot.seq, 0);
  execFileSync('mkdir', [folder]);
  await ended(run, store, shown, /^The file \S+ can't be used at the moment: unable to open database file\.$/);
  await store.close();
});

const mounted = ((): string | undefined => {
  const folder = mkdtempSync(join(tmpdir(), 'rxdag-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder], { stdio: 'ignore' });
    process.once('exit', () => {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    });
    return folder;
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
})();

if (mounted === undefined) skip(test, 'a full disk', 'it takes the right to mount a small one');
else
  test('a full disk holds the run up until there is room again', async () => {
    const filler = join(mounted, 'filler');
    writeFileSync(filler, Buffer.alloc(2_700_000));
    const store = sqliteStore(join(mounted, 'runs.db'));
    const run = begin(store, 60);
    const shown: ExecutionEvent[] = [];
    run.event$.subscribe((event) => shown.push(event));
    await until(() => run.storeFault !== undefined);
    assert.match(run.storeFault!.message, 'full');
    await sleep(300);
    rmSync(filler);
    await ended(run, store, shown, /full/);
    await store.close();
  });

if (noReadOnly !== undefined) skip(test, 'a database alone in a read-only folder', noReadOnly);
else
  test('a database alone in a read-only folder can be read, whether the file itself may be written or not', async () => {
    const file = join(temporaryFolder('alone'), 'runs.db');
    const first = sqliteStore(file);
    assert.ok((await new DagExecutor({ registry, store: first }).start({ name: 'f', nodes: [] }).report).success);
    await first.close();
    for (const mode of [0o644, 0o444]) {
      const folder = temporaryFolder('fixed');
      const copy = join(folder, 'runs.db');
      copyFileSync(file, copy);
      chmodSync(folder, 0o755);
      chmodSync(copy, mode);
      await readOnly(folder, async () => {
        if (isRoot) process.seteuid?.(65_534); // SQLite tells root of it in other words
        try {
          const store = sqliteStore(copy);
          const runs = await store.runs()();
          assert.is(runs._tag === 'Right' ? runs.right[0]!.dagName : runs.left.message, 'f', mode.toString(8));
          await store.close();
        } finally {
          if (isRoot) process.seteuid?.(0);
        }
      });
    }
  });

for (const what of ['folder', 'file'])
  if (noReadOnly !== undefined) skip(test, `a read-only ${what}`, noReadOnly);
  else
    test(`a ${what} that is read-only lets runs be read, and holds a run up until it can be written`, async () => {
      const folder = temporaryFolder('fixed');
      const file = join(folder, 'runs.db');
      const first = sqliteStore(file);
      assert.ok((await new DagExecutor({ registry, store: first }).start({ name: 'f', nodes: [] }).report).success);
      await first.close();
      const store = sqliteStore(file);
      const results = new SqliteCache(file);
      const shown: ExecutionEvent[] = [];
      const run = await readOnly(what === 'folder' ? folder : file, async () => {
        const waiting = begin(store, 3);
        waiting.event$.subscribe((event) => shown.push(event));
        await until(() => waiting.storeFault !== undefined);
        const runs = await store.runs()();
        assert.is(runs._tag === 'Right' && runs.right[0]!.dagName, 'f');
        assert.is((await results.get('k')())._tag, 'Right');
        if (what === 'file') assert.is((await results.set('k', 1, 1)())._tag, 'Left'); // files that are there may be written
        return waiting;
      });
      await ended(run, store, shown, /can't be (?:used|written)/);
      await sleep(150); // results that could not be written are not tried again at once
      assert.is((await results.set('k', 1, 1)())._tag, 'Right');
      await results.close();
      await store.close();
    });

test('codes without a name are understood', () => {
  for (const [code, type] of [
    ['UNKNOWN_SQLITE_ERROR_1544', 'StoreUnavailable'], // SQLITE_READONLY_DIRECTORY, as libsql gives it
    ['UNKNOWN_SQLITE_ERROR_26', 'ForeignFile'],
    ['UNKNOWN_SQLITE_ERROR_779', 'JournalCorrupt'], // SQLITE_CORRUPT_INDEX
  ] as const) {
    const fault = faultOf(Object.assign(new Error('told'), { code }), 'runs.db');
    assert.ok(fault instanceof Fault, code);
    assert.is(fault.type, type, code);
  }
});

test('a clock that is set back changes no order', async () => {
  const file = join(temporaryFolder('clock'), 'runs.db');
  const store = sqliteStore(file);
  const { now } = Date;
  try {
    const run = begin(store, 10);
    await until(() => run.snapshot.counts.succeeded > 2);
    Date.now = () => now() - 3_600_000;
    assert.ok((await run.report).success);
  } finally {
    Date.now = now;
  }
  const events: ExecutionEvent[] = [];
  for await (const event of store.read('r')) events.push(event);
  assert.equal(
    checkLog(events).map(({ message }) => message),
    [],
  );
  await store.close();
});

test.run();
