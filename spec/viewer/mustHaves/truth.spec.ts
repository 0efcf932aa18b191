// alone
// timeout: 300000
// weight: 2
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { initialSnapshot, reduce, type ExecutionEvent } from '../../../lib/index.js';
import { sqliteStore } from '../../../lib/stores/sqlite/index.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { temporaryFolder } from '../../support/command.js';
import { servedPage } from '../app/builtPage.js';
import { openShell, tell } from '../shell/openShell.js';
import { openEvents, shopLog } from '../shell/shopLog.js';
import { until } from './until.js';

const test = suite('must have: the foot tells the truth');
endsBrowser(test);

const foot = (page: Page): Promise<string> => page.getByRole('group', { name: 'Where this stands' }).innerText();

/** A port that was free a moment ago. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

browserTest(test, 'seq, lag, connection and what is missing are told as they are', async ({ page }) => {
  await openShell(page, '?events=10');
  const at = Date.now();
  await until(
    () => foot(page),
    (told) => {
      for (const part of ['connected', '#10 of 10', 'lag 12 ms', 'missing 0']) assert.ok(told.includes(part), told);
    },
  );
  const late = shopLog.slice(10, openEvents).map((event) => ({ ...event, at }));
  const looks = await page.evaluate(() => [...window.controls.view.looks]);
  await page.evaluate(
    ({ seq, at, looks }) => {
      const { tell } = window.controls;
      tell({ type: 'state', seq, at, status: 'running', looks: Uint8Array.from(looks) });
      tell({ type: 'connection', state: 'live', lagMs: 340 });
    },
    { seq: openEvents, at, looks },
  );
  const gap = openEvents - 10;
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await until(
    async () => [await foot(page), await page.locator('dag-log .row.gap').innerText()],
    ([told, row]) => {
      for (const part of [`#${openEvents} of ${openEvents}`, 'lag 340 ms', `missing ${gap}`])
        assert.ok(told!.includes(part), told);
      assert.is(row, `${gap} events up to #${openEvents} are not here yet`);
    },
  );
  await tell(page, { type: 'fill', events: late.slice(0, 5) });
  await until(
    () => foot(page),
    (told) => assert.ok(told.includes(`missing ${gap - 5}`), told),
  );
  await tell(page, { type: 'fill', events: late.slice(5) });
  await until(
    async () => [await foot(page), await page.locator('dag-log .row.gap:visible').count()],
    ([told, rows]) => {
      assert.ok(String(told).includes('missing 0'), String(told));
      assert.is(rows, 0, 'the gap is closed in the log, too');
    },
  );
  for (const [state, told] of [
    ['connecting', 'connecting…'],
    ['retrying', 'connection lost, trying again'],
    ['live', 'connected'],
    ['ended', 'connection closed'],
  ] as const) {
    await tell(page, { type: 'connection', state });
    await until(
      () => foot(page),
      (text) => assert.ok(text.includes(told), text),
    );
  }
});

browserTest(
  test,
  'a process that is killed in mid-run and goes on in another one: the page goes with it, no gap, nothing twice',
  async ({ page, complaints }) => {
    const folder = temporaryFolder('killed');
    const file = join(folder, 'runs.db');
    const files = join(folder, 'page.json');
    writeFileSync(
      files,
      JSON.stringify(
        [...(await servedPage())].map(([path, { type, body }]) => [path, { type, body: body.toString() }]),
      ),
    );
    const port = await freePort();
    const [full, reader] = [`f-${randomBytes(24).toString('hex')}`, `r-${randomBytes(24).toString('hex')}`];
    let child: ChildProcess | undefined;
    const begin = (how: 'start' | 'resume'): void => {
      const script = join(import.meta.dirname, 'servedProcess.ts');
      child = spawn(
        process.execPath,
        ['--import', import.meta.resolve('tsx'), script, how, file, String(port), full, reader, files],
        {
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
    };
    const known = () =>
      page.evaluate(() => {
        const view = document.querySelector('dag-viewer')?.view;
        return { size: view?.log.size ?? 0, state: view?.connection.state };
      });
    const kill = async (): Promise<void> => {
      const gone = once(child!, 'exit');
      child!.kill('SIGKILL');
      await gone;
    };
    try {
      begin('start');
      await until(
        () =>
          page.goto(`http://127.0.0.1:${port}/#token=${full}&run=killed`).then(
            () => true,
            () => false,
          ),
        (isThere) => assert.ok(isThere),
        40_000,
      );
      let seen = 0;
      for (const gate of ['gate-1', 'gate-2']) {
        const before = seen;
        await until(known, ({ size }) => assert.ok(size > before + 60, `${size}`), 40_000);
        await kill();
        await until(known, ({ state }) => assert.is(state, 'retrying'), 40_000);
        seen = (await known()).size;
        await page.getByText('running when last heard').waitFor();
        assert.match(await foot(page), /connection lost, trying again/);
        begin('resume');
        writeFileSync(join(folder, gate), '');
      }
      await page.waitForFunction(() => document.querySelector('dag-viewer')!.view!.isOver, undefined, {
        timeout: 60_000,
      });
      const log = await page.evaluate(() => {
        const { log } = document.querySelector('dag-viewer')!.view!;
        return Array.from({ length: log.size }, (_, i) => log.at(i + 1));
      });
      await kill();
      const store = sqliteStore(file);
      const stored: ExecutionEvent[] = [];
      for await (const event of store.read('killed')) stored.push(event);
      await store.close();
      assert.is(log.length, stored.length);
      for (const [i, event] of stored.entries()) assert.equal(log[i], event);
      assert.is(log.filter(({ type }) => type === 'RunRecovered').length, 2, 'it was killed twice');
      assert.ok(log.every(({ seq }, i) => seq === i + 1));
      const state = await page.evaluate(() =>
        JSON.stringify(document.querySelector('dag-viewer')!.view!.snapshot.toJSON()),
      );
      assert.ok(state === JSON.stringify(stored.reduce(reduce, initialSnapshot()).toJSON()), 'the last state');
      assert.match(
        await foot(page),
        new RegExp(`#${stored.length.toLocaleString('en')} of ${stored.length.toLocaleString('en')}\\s+missing 0`),
      );
      complaints.splice(0); // a browser tells of each connection that was refused
    } finally {
      child?.kill('SIGKILL');
    }
  },
);

test.run();
