// alone
// timeout: 90000
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest } from '../../support/browser.js';
import { Site, shownBy, until } from './Site.js';

const test = suite('demos/site/typeahead');
const site = new Site(test);

/** The card of a search, by its number. */
const card = (n: number): string => `article[aria-label^="Search ${n}:"]`;

browserTest(test, 'each keystroke is a run, and a newer one cancels the older', async ({ page }) => {
  await site.open(page, 'typeahead/index.html');
  await page.waitForSelector('#q:enabled');
  await page.locator('#q').pressSequentially('alien', { delay: 40 });
  await page.waitForSelector(`${card(5)}[data-outcome=finished]`);
  const last = await until(page, ({ status }) => status === 'succeeded', { selector: `${card(5)} dag-graph` });
  assert.equal(
    Object.entries(last.nodes).map(([id, { status }]) => `${id} ${status}`),
    ['titles succeeded', 'people succeeded', 'merge succeeded', 'rank succeeded', 'top succeeded'],
  );
  for (const n of [1, 2, 3, 4]) {
    await page.waitForSelector(`${card(n)}[data-outcome=cancelled]`);
    const { status, nodes } = await until(page, ({ status }) => status === 'cancelled', {
      selector: `${card(n)} dag-graph`,
    });
    assert.is(status, 'cancelled');
    assert.is(nodes['top']!.status, 'cancelled');
  }
  const [started] = (await shownBy(page, `${card(5)} dag-graph`)).events;
  assert.ok(started?.type === 'RunStarted' && started.inputs['q'] === 'alien');
  assert.match((await page.locator('#hits li').first().textContent()) ?? '', /^Aliens?/);
  assert.is(await page.textContent('#total'), '5');
  assert.is(await page.textContent('#cancelled'), '4');
  assert.is(await page.textContent('#late'), '0');
});

browserTest(test, 'usual typing cancels, unless searches are made fast', async ({ page }) => {
  await site.open(page, 'typeahead/index.html');
  await page.waitForSelector('#q:enabled');
  await page.locator('#q').pressSequentially('bond', { delay: 150 });
  await page.waitForSelector(`${card(4)}[data-outcome=finished]`);
  assert.is(await page.textContent('#cancelled'), '3');
  await page.fill('#takes', '100');
  assert.is(await page.textContent('#takes-value'), '100 ms');
  await page.locator('#q').pressSequentially('s!', { delay: 700 });
  await page.waitForSelector(`${card(6)}[data-outcome=finished]`);
  assert.is(await page.textContent('#cancelled'), '3');
});

browserTest(test, 'who pauses gets results in between, and only so many cards stay', async ({ page }) => {
  await site.open(page, 'typeahead/index.html');
  await page.waitForSelector('#q:enabled');
  await page.click('#type');
  await page.waitForSelector('#type:enabled');
  await page.waitForSelector(`${card(8)}[data-outcome=finished]`);
  await page.waitForSelector('#hits li:has-text("Woody Allen")');
  await page.locator('#q').fill('');
  await page.locator('#q').pressSequentially('hitchcock', { delay: 5 });
  await page.waitForSelector(`${card(17)}[data-outcome=finished]`);
  assert.is(await page.locator('article').count(), 12);
  await page.waitForSelector('#hits li:has-text("Alfred Hitchcock")');
});

browserTest(test, 'what is typed is text, and what nothing matches says so', async ({ page }) => {
  await site.open(page, 'typeahead/index.html');
  await page.waitForSelector('#q:enabled');
  await page.fill('#q', '<img src=x onerror=alert(1)>qqq');
  await page
    .getByRole('heading', { name: 'Found nothing for “<img src=x onerror=alert(1)>qqq”', exact: true })
    .waitFor();
  assert.is(await page.locator('main img').count(), 0);
});

browserTest(test, 'an empty field has found nothing, whatever was still being looked for', async ({ page }) => {
  await site.open(page, 'typeahead/index.html');
  await page.waitForSelector('#q:enabled');
  const hint = page.getByText('each search is drawn here');
  assert.ok(await hint.isVisible());
  await page.fill('#q', 'alien');
  assert.ok(await hint.isHidden());
  await page.waitForSelector('#hits li');
  await page.fill('#q', '');
  await page.getByRole('heading', { name: 'Found', exact: true }).waitFor();
  assert.is(await page.locator('#hits li').count(), 0);

  await page.fill('#q', 'bond');
  await page.fill('#q', ' ');
  await page.waitForSelector(`${card(2)}[data-outcome=cancelled]`);
  await page.waitForTimeout(700);
  assert.equal([await page.textContent('#found'), await page.textContent('#total')], ['', '2']);
});

test.run();
