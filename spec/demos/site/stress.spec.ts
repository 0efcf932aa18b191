// alone
// timeout: 180000
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest } from '../../support/browser.js';
import { Site } from './Site.js';

const test = suite('demos/site/stress');
const site = new Site(test);

interface Counted {
  readonly status: string;
  readonly size: number;
  readonly succeeded: number;
}

/** How many nodes there are and have succeeded, as the view of the engine's events has it. */
const counted = (page: Page): Promise<Counted> =>
  page.evaluate(() => {
    const { view } = document.querySelector('dag-graph') as unknown as {
      view: { status: string; size: number; snapshot: { counts: { succeeded: number } } };
    };
    return { status: view.status, size: view.size, succeeded: view.snapshot.counts.succeeded };
  });

const until = async (page: Page, holds: (now: Counted) => boolean): Promise<Counted> => {
  for (;;) {
    const now = await counted(page);
    if (holds(now)) return now;
    await page.waitForTimeout(200);
  }
};

const number = async (page: Page, id: string): Promise<number> =>
  Number(((await page.textContent(`#${id}`)) ?? '').replaceAll(',', ''));

browserTest(test, '10,000 nodes run while frames go on', async ({ page }) => {
  await site.open(page, 'stress/index.html');
  assert.match((await page.textContent('#stage')) ?? '', /Press Start/);
  await page.locator('#slots').focus();
  await page.keyboard.press('End');
  await page.click('#start');
  assert.not.match((await page.textContent('#stage')) ?? '', /Press Start/);
  await until(page, ({ succeeded }) => succeeded > 3_000);
  await page.waitForFunction(() => document.getElementById('nodes')?.textContent !== '0');
  assert.ok((await number(page, 'fps')) >= 5, `${await number(page, 'fps')} frames/s`);
  assert.ok((await number(page, 'snapshots')) > 0);
  const end = await until(page, ({ status }) => status === 'succeeded');
  assert.equal(end, { status: 'succeeded', size: 10_000, succeeded: 10_000 });
  await page.waitForFunction(() => document.getElementById('done')?.textContent === '10,000 of 10,000');
});

browserTest(test, 'a run is paused, goes on, is slowed by the slider and is stopped', async ({ page }) => {
  await site.open(page, 'stress/index.html');
  await page.click('#start');
  await until(page, ({ succeeded }) => succeeded > 200);
  await page.click('#pause');
  await page.waitForTimeout(300);
  const { succeeded } = await counted(page);
  await page.waitForTimeout(400);
  assert.is((await counted(page)).succeeded, succeeded);
  await page.click('#pause');
  await until(page, (now) => now.succeeded > succeeded);
  await page.locator('#slots').focus();
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.getElementById('running')?.textContent === '1');
  await page.click('#stop');
  const end = await until(page, ({ status }) => status === 'cancelled');
  assert.ok(end.succeeded < 10_000);
});

browserTest(test, 'a map-reduce is folded: far fewer boxes than nodes', async ({ page }) => {
  await site.open(page, 'stress/index.html');
  await page.check('input[value=map-reduce]');
  await page.locator('#slots').focus();
  await page.keyboard.press('End');
  await page.click('#start');
  const end = await until(page, ({ status }) => status === 'succeeded');
  assert.is(end.size, 10 * 1_003 + 1);
  const boxes = await page.evaluate(
    () =>
      (document.querySelector('dag-graph') as unknown as { view: { drawing: { count: number } } }).view.drawing.count,
  );
  assert.ok(boxes < 100, `${boxes} boxes`);
});

browserTest(test, '100,000 nodes run to their end', async ({ page }) => {
  await site.open(page, 'stress/index.html');
  await page.check('input[value="100000"]');
  await page.locator('#slots').focus();
  await page.keyboard.press('End');
  await page.click('#start');
  await page.waitForFunction(() => Number(document.getElementById('events')?.textContent?.replaceAll(',', '')) > 1_000);
  const end = await until(page, ({ status }) => status === 'succeeded');
  assert.equal(end, { status: 'succeeded', size: 100_000, succeeded: 100_000 });
});

test.run();
