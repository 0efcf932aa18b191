// timeout: 60000
// weight: 4
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ActionRegistry, DagExecutor, action, type ExecutionEvent } from '../../lib/index.js';
import { sqliteStore } from '../../lib/stores/sqlite/index.js';
import { Statements } from '../../lib/stores/sqlite/Statements.js';
import { random } from '../../lib/testing/index.js';
import { firstSeed } from '../simulation/seeds.js';
import { temporaryFolder } from '../support/command.js';

const CASES = 2_000;
const TYPED = ['JournalCorrupt', 'ForeignFile', 'NewerFormat', 'StoreUnavailable'];

const folder = temporaryFolder('damage');
const whole = join(folder, 'whole.db');

/** Makes a file with two runs; what lies in its journal is in the file too. */
const make = async (): Promise<readonly ExecutionEvent[]> => {
  const store = sqliteStore(whole);
  const registry = new ActionRegistry().register(
    action('work', ({ nodeId }) => ({ nodeId, filler: nodeId === 'n3' ? 'y'.repeat(80_000) : 'x'.repeat(200) })),
  );
  const nodes = Array.from({ length: 60 }, (_, i) => ({
    id: `n${i}`,
    action: 'work',
    ...(i > 2 ? { deps: [`n${i - 3}`] } : {}),
  }));
  for (const runId of ['first', 'second'])
    await new DagExecutor({ registry, store }).start({ name: 'g', nodes }, { runId }).report;
  const events: ExecutionEvent[] = [];
  for await (const event of store.read('second')) events.push(event);
  await store.close();
  return events;
};

/** What a file gives: the events that can be read, and how that ended. */
const read = async (
  file: string,
): Promise<{ readonly events: readonly ExecutionEvent[]; readonly fault: string | undefined }> => {
  const store = sqliteStore(file);
  const events: ExecutionEvent[] = [];
  try {
    for await (const event of store.read('second')) events.push(event);
    const runs = await store.runs()();
    return { events, fault: runs._tag === 'Left' ? runs.left.type : undefined };
  } catch (error) {
    const { type, stack } = error as Error & { readonly type?: string };
    return { events, fault: type ?? stack };
  } finally {
    await store.close();
  }
};

const test = suite('damaged files');

test(`give a typed error or what is true, in ${CASES} of them`, async () => {
  const seed = firstSeed();
  console.log(`seed ${seed}`);
  const chance = random(seed);
  const events = await make();
  assert.ok(!existsSync(`${whole}-wal`) || statSync(`${whole}-wal`).size === 0);
  const bytes = readFileSync(whole);
  const faults = new Map<string, number>();
  for (let i = 0; i < CASES; i++) {
    const file = join(folder, `case${i % 8}.db`);
    const copy = Buffer.from(bytes);
    const at = chance.int(0, bytes.length - 1);
    const kind = i % 4;
    if (kind === 0) copy[at]! ^= 1 << chance.int(0, 7);
    else if (kind === 1) for (let n = 0; n < 16; n++) copy[chance.int(0, bytes.length - 1)] = chance.int(0, 255);
    else if (kind === 2) copy.fill(0, at);
    writeFileSync(file, kind === 3 ? copy.subarray(0, at) : copy);
    const { events: found, fault } = await read(file);
    const where = `seed ${seed}, case ${i} (kind ${kind} at ${at})`;
    assert.equal(found, events.slice(0, found.length), where);
    if (fault !== undefined) assert.ok(TYPED.includes(fault), `${where}: ${fault}`);
    else if (kind < 3 || found.length > 0) assert.ok(found.length === events.length || found.length === 0, where);
    faults.set(fault ?? 'none', (faults.get(fault ?? 'none') ?? 0) + 1);
  }
  console.log([...faults].map(([type, count]) => `${type} ${count}`).join(', '));
  assert.ok((faults.get('JournalCorrupt') ?? 0) > CASES / 20);
});

test('foreign, newer and empty files', async () => {
  const foreign = join(folder, 'foreign.db');
  writeFileSync(foreign, 'this is a text, and a long one, so that nobody takes it for a database at all. '.repeat(20));
  assert.is((await read(foreign)).fault, 'ForeignFile');
  assert.match(readFileSync(foreign, 'utf8'), /^this is a text/);
  const newer = join(folder, 'newer.db');
  copyFileSync(whole, newer);
  const file = readFileSync(newer);
  file.writeUInt32BE(99, 60); // user_version
  writeFileSync(newer, file);
  assert.is((await read(newer)).fault, 'NewerFormat');
  const empty = join(folder, 'empty.db');
  writeFileSync(empty, '');
  assert.equal(await read(empty), { events: [], fault: undefined });
});

test('a file that is cut off while its journal is there keeps a prefix or says so', async () => {
  const live = join(folder, 'live.db');
  const store = sqliteStore(live);
  const registry = new ActionRegistry().register(action('work', () => 'x'.repeat(500)));
  const nodes = Array.from({ length: 100 }, (_, i) => ({ id: `n${i}`, action: 'work' }));
  await new DagExecutor({ registry, store }).start({ name: 'g', nodes }, { runId: 'second' }).report;
  const events: ExecutionEvent[] = [];
  for await (const event of store.read('second')) events.push(event);
  const size = statSync(`${live}-wal`).size;
  const chance = random(7);
  for (let i = 0; i < 100; i++) {
    const file = join(folder, `cut${i}.db`);
    copyFileSync(live, file);
    copyFileSync(`${live}-wal`, `${file}-wal`);
    truncateSync(`${file}-wal`, chance.int(0, size));
    const { events: found, fault } = await read(file);
    assert.equal(found, events.slice(0, found.length));
    if (fault !== undefined) assert.ok(TYPED.includes(fault), fault);
  }
  await store.close();
});

test('what went wrong first is told, whatever a transaction that has ended says to its end', () => {
  const exec = (sql: string): void => {
    if (sql === 'ROLLBACK') throw new Error('cannot rollback - no transaction is active');
  };
  const statements = new Statements({ exec, prepare: Object, close: () => undefined }, 'runs.db');
  for (const work of ['within', 'reading'] as const)
    assert.throws(
      () =>
        statements[work](() => {
          throw new Error('database disk image is malformed');
        }),
      /malformed/,
    );
});

test.run();
