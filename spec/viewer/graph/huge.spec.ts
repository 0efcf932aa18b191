// alone
// timeout: 120000
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { barePage, browserTest, bundled, endsBrowser, openPage } from '../../support/browser.js';
import type { Bench } from './page.js';

declare const bench: Bench;

const test = suite('DagGraph of very many nodes');
endsBrowser(test);

let script: Promise<string> | undefined;
/** Opens the page with a worker of this text. */
const open = async (page: Page, worker: string): Promise<void> => {
  const main = await (script ??= bundled('spec/viewer/graph/page.ts'));
  await openPage(page, { 'index.html': barePage, 'main.js': main, 'worker.js': worker, 'page.css': '' });
  await page.waitForFunction(() => 'bench' in globalThis);
  await page.evaluate(() => bench.useWorker('/worker.js'));
};
const NODES = 100_001;
const text = (page: Page, words: string) => page.getByText(words).waitFor({ timeout: 60_000 });
const press = (page: Page, name: string) => page.getByRole('button', { name }).click();
const painted = (page: Page, kind: 'canvas' | 'elements') =>
  page.locator(`[data-painter=${kind}]`).waitFor({ state: 'attached', timeout: 60_000 });

browserTest(
  test,
  'shows groups first, draws all when it is asked to, and stops when it is told so',
  async ({ page }) => {
    // A worker that never answers.
    await open(page, 'addEventListener("message", () => undefined);');
    await page.evaluate((size) => {
      bench.show(
        Array.from({ length: size }, (_, i) => ({ id: `n${i}` })),
        'auto',
      );
    }, NODES);
    await text(page, '100,001 nodes in 1 box.');
    await painted(page, 'elements');
    await press(page, 'Draw all');
    await text(page, 'Drawing 100,001 nodes');
    await text(page, '1 s');
    assert.is(await page.evaluate(() => bench.workers), 1);
    await press(page, 'Cancel');
    await text(page, '100,001 nodes in 1 box.');
    await page.waitForFunction(() => bench.graph.shadowRoot!.querySelectorAll('.item').length === 1);
    assert.is(await page.evaluate(() => bench.view!.grouping), 'auto');
    await press(page, 'Hide');
    assert.is(await page.getByText('100,001 nodes').isVisible(), false);
  },
);

browserTest(test, 'draws very many pixel by pixel, what has failed above all', async ({ page }) => {
  await open(page, await bundled('lib/layout/layoutWorker.ts'));
  await page.evaluate((size) => {
    bench.show(Array.from({ length: size }, (_, i) => ({ id: `n${i}`, look: i === 5_000 ? 9 : 7 })));
  }, NODES);
  await press(page, 'Draw all');
  await painted(page, 'canvas');
  await page.waitForFunction(() => bench.graph.shadowRoot!.querySelector<HTMLElement>('.notice')!.hidden);
  const colours = await page.evaluate(() => {
    const canvas = bench.graph.shadowRoot!.querySelectorAll('canvas')[1]!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const found: Record<string, number> = {};
    for (let at = 0; at < data.length; at += 4) {
      const colour = data.subarray(at, at + 4).join(' ');
      if (data[at + 3]! > 0) found[colour] = (found[colour] ?? 0) + 1;
    }
    return Object.values(found).sort((a, b) => a - b);
  });
  // All of its mark, which is as long as an item; and the others'.
  assert.is(colours.length, 2);
  assert.ok(colours[0]! >= 4 && colours[0]! <= 12, `${colours[0]}`);
  assert.ok(colours[1]! > 100_000, `${colours[1]}`);
});

test.run();
