// alone
// timeout: 200000
// weight: 2
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ListedRun } from '../../../lib/viewer/index.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openShell, settled } from './openShell.js';
import { openEvents } from './shopLog.js';

const run = (runId: string, dagName: string, startedAt: number, stand = 'succeeded'): ListedRun => ({
  runId,
  dagName,
  status: 'running',
  stand,
  startedAt,
  seq: 9,
});
const runs = [
  run('run-7f3', 'shop orders', 9),
  run('ship-1', 'release', 8, 'waiting'),
  run('run-6', 'shop orders', 6),
  run('run-8', 'shop orders', 7, 'failed'),
  { ...run('broken', '', 10), damage: 'The log ends in the middle.' },
];

const test = suite('comparing runs');
endsBrowser(test);

const open = async (page: Page, known: readonly ListedRun[] = runs, more = ''): Promise<void> => {
  await openShell(page, `?events=${openEvents}${more}`);
  await page.evaluate((text) => (window.controls.runs = JSON.parse(text) as never), JSON.stringify(known));
  await page.getByRole('button', { name: 'Compare' }).click();
  await settled(page);
};
const ids = (page: Page): Promise<readonly string[]> => page.getByRole('option').locator('.what').allInnerTexts();
const compared = (page: Page): Promise<readonly string[]> => page.evaluate(() => window.controls.compared);

browserTest(
  test,
  'the runs that are known are offered: of the same pipeline first, then the latest',
  async ({ page }) => {
    await open(page);
    assert.equal(await ids(page), ['run-8', 'run-6', 'ship-1']);
    await page.getByRole('option', { name: 'ship-1' }).getByText('waiting for input').waitFor();
    await page.keyboard.type('release');
    assert.equal(await ids(page), ['ship-1']);
    await page.keyboard.type('d');
    await page.getByText('No run has such a name.').waitFor();
  },
);

browserTest(test, 'one is chosen by keys; how each node ended in either run is told', async ({ page }) => {
  await open(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: 'Compare' });
  await form.getByText('They differ from event 7 on, in 123 nodes.').waitFor();
  assert.equal(await compared(page), ['run-6']);
  assert.match(await form.getByText('Event 7 here:').innerText(), /^Event 7 here: check-0: Took 270 ms/);
  const items = form.getByRole('listitem');
  assert.is(await items.count(), 50);
  assert.match(
    (await items.first().innerText()).replaceAll(/\s+/g, ' '),
    'load here: ✓ succeeded {"rows":240} there: ✕ failed in 3 attempts no such table',
  );
  assert.match((await items.nth(1).innerText()).replaceAll(/\s+/g, ' '), 'charge here: not there there: ↷ skipped');
  assert.equal(await items.getByRole('button').allInnerTexts(), ['load', 'charge'], 'what is only there leads nowhere');
  await form.getByRole('button', { name: 'Show 50 more of 72' }).click();
  await form.getByRole('button', { name: 'Show 22 more of 22' }).click();
  assert.is(await items.count(), 122);
  await form.getByText('and 1 more, not told in detail').waitFor();
  await items.getByRole('button', { name: 'charge' }).click();
  assert.not(await form.isVisible());
  assert.is(await page.evaluate(() => window.controls.view.idOf(window.controls.view.selected!)), 'charge');
});

browserTest(test, 'it leads to the event where they part, and to the other run', async ({ page }) => {
  await open(page);
  const form = page.getByRole('dialog', { name: 'Compare' });
  await form.getByRole('option', { name: 'run-8' }).click();
  await form.getByRole('button', { name: 'Go to that event' }).click();
  assert.is(await page.evaluate(() => window.controls.view.seq), 7);
  await page.getByRole('button', { name: 'Compare' }).click();
  assert.equal((await ids(page)).length, 3, 'it begins anew');
  await form.getByRole('option', { name: 'run-8' }).click();
  await form.getByRole('button', { name: 'Open the other run' }).click();
  assert.equal(await page.evaluate(() => window.controls.opened), ['run-8']);
});

browserTest(test, 'where nobody knows which runs there are, an id is typed', async ({ page }) => {
  await open(page, [], '&unlisted');
  await page.getByText('Type its id, then Enter.').waitFor();
  await page.keyboard.type('run-8');
  await page.keyboard.press('Enter');
  await page.getByText('They differ from event 7 on').waitFor();
  assert.equal(await compared(page), ['run-8']);
  await page.keyboard.type('x');
  assert.is(await page.getByText('They differ from event 7 on').count(), 0, 'what is typed on is another run');
});

browserTest(test, 'ten thousand runs are narrowed as one types', async ({ page }) => {
  await open(
    page,
    Array.from({ length: 10_000 }, (_, i) => run(`run-${i}`, 'shop orders', i)),
  );
  await page.getByText('and 9,950 more').waitFor();
  await page.keyboard.type('9876');
  assert.equal(await ids(page), ['run-9876']);
});

test.run();
