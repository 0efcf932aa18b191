// timeout: 180000
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sqliteStore } from '../../lib/stores/sqlite/index.js';
import { strangeLog, strangeText } from '../support/strangeLog.js';
import { folderOf } from './folderOf.js';

const test = suite('events of types that are not known, at the command line');

test('are told by whoever reads a stored run, in one sentence, and keep nobody from reading', async () => {
  const { cwd, rx } = folderOf({ 'a.mjs': 'export const work = () => 1;' });
  const store = sqliteStore(join(cwd, 'runs.db'));
  for (const [runId, events] of [
    ['odd', strangeLog()],
    ['plain', strangeLog(false)],
    ['open', strangeLog().slice(0, 5)],
  ] as const) {
    const acquired = await store.acquire(runId, { id: 'spec', startedAt: 0 })();
    assert.ok(acquired._tag === 'Right');
    const own = events.map((event) => (event.type === 'RunStarted' ? { ...event, runId } : event));
    assert.is((await store.append(runId, acquired.right.epoch, 0, own, {})())._tag, 'Right');
    await store.release(runId, acquired.right.epoch)();
  }
  await store.close();

  const told = `The log of run "odd" has ${strangeText}.`;
  for (const [args, out, more = ''] of [
    [['show', 'odd'], /^test, run odd: succeeded at event 10; 2 succeeded\n/],
    [['replay', 'odd', '--at', '10'], /"status":"succeeded"/],
    [['verify', 'odd'], /^odd: sound, 10 events\n$/, ' No rule is known for them.'],
    [['export', 'odd'], /\n\{"seq":3,.*"type":"NodeTeleported","nodeId":"a","to":"mars".*\}\n/],
    [['export', 'odd', '--format', 'chrome-trace'], /"name":"b"/],
    [['export', 'odd', '--format', 'wfformat'], /"name": "work"/],
    [['export', 'odd', '--format', 'html-report'], /"to":\{"planet":"mars"\}/],
  ] as const) {
    const [ended, plain] = await Promise.all([
      rx(...args),
      rx(...args.map((arg) => (arg === 'odd' ? 'plain' : arg === '10' ? '7' : arg))),
    ]);
    assert.equal([ended.code, ended.err], [0, `warning: ${told}${more}\n`], args.join(' '));
    assert.match(ended.out, out);
    assert.equal([plain.code, plain.err], [0, ''], args.join(' '));
  }
  assert.is((await rx('replay', 'odd', '--at', '2')).err, '');

  for (const args of [
    ['resume', 'open', '-a', 'a.mjs'],
    ['fork', 'open', '-a', 'a.mjs'],
  ]) {
    const { code, out, err } = await rx(...args);
    assert.equal(
      [code, out, err],
      [2, '', `The log of run "open" has ${strangeText}. A version that knows them can go on with it.\n`],
    );
  }
});

test.run();
