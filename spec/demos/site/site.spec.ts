// alone
// timeout: 120000
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest } from '../../support/browser.js';
import { Site } from './Site.js';

const test = suite('demos/site');
const site = new Site(test);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pages = ['hooks', 'timetravel', 'typeahead', 'traces', 'stress'];

/** What axe finds wrong with what is this site's own; elements of the viewer have specs of their own. */
const violations = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(context: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> };
    };
    const found = await axe.run({ exclude: [['dag-viewer'], ['dag-graph'], ['dag-scrubber']] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  });

browserTest(test, 'the first page leads to each demo, and each demo to all others', async ({ page }) => {
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) foreign.push(request.url());
  });
  await site.open(page, 'index.html');
  assert.is(await page.locator('.gallery a').count(), pages.length);
  for (const [i, name] of pages.entries()) {
    await site.open(page, 'index.html');
    await page.locator('.gallery a').nth(i).click();
    await page.waitForURL(new RegExp(`/deep/folder/${name}/index\\.html`));
    assert.is(await page.locator('nav a').count(), pages.length);
    assert.is(await page.getAttribute(`nav a:nth-child(${i + 1})`, 'aria-current'), 'page');
    await page.locator('.brand').click();
    await page.waitForURL(/\/deep\/folder\/index\.html/);
  }
  assert.equal(foreign, []);
});

browserTest(test, 'a theme is chosen in the header and kept', async ({ page }) => {
  await site.open(page, 'index.html');
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.selectOption('#theme', 'light');
  const light = await background();
  await page.selectOption('#theme', 'dark');
  const dark = await background();
  assert.not.equal(dark, light);
  await site.open(page, 'stress/index.html');
  assert.is(await background(), dark);
  assert.is(await page.inputValue('#theme'), 'dark');
});

for (const colorScheme of ['light', 'dark'] as const)
  browserTest(
    test,
    `everybody can use each page, ${colorScheme}`,
    async ({ page }) => {
      for (const name of ['', ...pages.map((name) => `${name}/`)]) {
        await site.open(page, `${name}index.html`);
        await page.waitForTimeout(300);
        await page.evaluate(axe);
        assert.equal(await violations(page), [], name);
      }
    },
    { colorScheme },
  );

browserTest(
  test,
  'nothing is cut off on a narrow screen',
  async ({ page }) => {
    for (const name of ['', ...pages.map((name) => `${name}/`)]) {
      await site.open(page, `${name}index.html`);
      await page.waitForTimeout(200);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 390, `${name}: ${width} px`);
      for (const link of await page.locator('nav a').all()) {
        const box = (await link.boundingBox())!;
        assert.ok(box.x >= 0 && box.x + box.width <= 390, `${name}: ${await link.textContent()}`);
      }
      const size = await page.locator('#theme').evaluate((select) => parseFloat(getComputedStyle(select).fontSize));
      assert.ok(size >= 12, `${name}: the theme is read at ${size} px`);
    }
  },
  { viewport: { width: 390, height: 800 } },
);

browserTest(test, 'the first Tab leads past the header', async ({ page }) => {
  await site.open(page, 'traces/index.html', 'dag-viewer');
  await page.keyboard.press('Tab');
  assert.is(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the demo');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.is(await page.evaluate(() => document.activeElement?.id), 'sample');
});

test.run();
