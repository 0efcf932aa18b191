// Takes pictures of the demo site, 1280 x 800, in the middle of what each page does.
// usage: node --import tsx spec/pictures/site.ts FOLDER
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { serveSite } from '../demos/site/serveSite.js';
import { closeBrowser, openBrowser } from '../support/browser.js';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node --import tsx spec/pictures/site.ts FOLDER');

const number = (page: Page, id: string, least: number): Promise<unknown> =>
  page.waitForFunction(
    ([id, least]) =>
      Number.parseFloat(document.getElementById(String(id))?.textContent?.replaceAll(',', '') ?? '') >= Number(least),
    [id, least],
    { timeout: 120_000 },
  );

/** Brings each page to where it has something to show. */
const scenes: ReadonlyMap<string, (page: Page) => Promise<unknown>> = new Map([
  [
    'hooks',
    async (page: Page) => {
      await page.click('#apply');
      await page.click('#start');
      await page.waitForSelector('#answer:not([hidden])');
      await page.locator('aside.panel').evaluate((panel) => panel.scrollTo(0, 60));
    },
  ],
  [
    'timetravel',
    async (page: Page) => {
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#seq')?.value !== '');
      await page.fill('#seq', '70');
      await page.click('#fork button');
      await page.waitForSelector('#pair .side >> nth=1');
    },
  ],
  [
    'traces',
    async (page: Page) => {
      await page.fill('#slots', '12');
      await number(page, 'done', 110);
      await page.click('#play');
    },
  ],
  [
    'stress',
    async (page: Page) => {
      await page.check('input[value="100000"]');
      await page.fill('#slots', '0');
      await page.click('#start');
      await page.waitForFunction(
        () => {
          const note = document.querySelector('dag-graph')?.shadowRoot?.querySelector('.note');
          return note?.textContent === '' && document.getElementById('events')?.textContent !== '–';
        },
        undefined,
        { timeout: 120_000 },
      );
      await page.fill('#slots', '11');
      await number(page, 'done', 40_000);
    },
  ],
]);

await mkdir(folder, { recursive: true });
const site = await serveSite();
try {
  const browser = await openBrowser();
  for (const [name, play] of scenes) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${site.url}${name}/index.html`);
    await page.waitForTimeout(500);
    await play(page);
    await page.evaluate(() => document.querySelectorAll('main *').forEach((element) => element.scrollTo(0, 0)));
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await page.close();
  }
} finally {
  await closeBrowser();
  await site.close();
}
