// timeout: 120000
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openShell } from './openShell.js';

const test = suite('FilterBox');
endsBrowser(test);

browserTest(test, 'what is wrong with a filter is told in full, and takes nothing from the field', async ({ page }) => {
  await openShell(page);
  const field = page.getByRole('searchbox', { name: 'Filter nodes' });
  const { width } = (await field.boundingBox())!;
  await field.fill('nosuchkey:1');
  const told = page.getByText('There is no filter nosuchkey:;');
  await told.waitFor();
  assert.ok(await told.evaluate((line) => line.scrollWidth <= line.clientWidth));
  assert.ok((await field.boundingBox())!.width >= width);
  await field.fill('load');
  await page.getByText('1 found').waitFor();
  assert.not(await told.isVisible());
});

browserTest(
  test,
  'a filter leaves rows out of the list, and lets edges of what it leaves out stand back',
  async ({ page }) => {
    await openShell(page);
    await page.keyboard.press('g');
    await page.keyboard.press('n');
    const list = page.locator('dag-graph [role=treegrid]');
    const names = (): Promise<string[]> => list.locator('.rows [role=row] > :nth-child(2)').allTextContents();
    const all = await names();
    const strong = (): Promise<number> =>
      page.locator('dag-graph path.edge:not(.dim, .chosen, .critical)').evaluate((path) => {
        return path.getAttribute('d')?.match(/M/g)?.length ?? 0;
      });
    const edges = await strong();
    assert.ok(all.length > 10 && edges > 10, `${all.length} rows, ${edges} edges`);
    await page.evaluate(() => window.controls.view.setFilter('/^(load|clean)$/'));
    await page.waitForFunction(
      () =>
        document.querySelector('dag-viewer')!.panes.graph.shadowRoot!.querySelectorAll('.rows [role=row]').length === 2,
    );
    assert.equal(await names(), ['load', 'clean']);
    assert.is(await list.getAttribute('aria-rowcount'), '3');
    assert.is(await strong(), 1, 'the edge between both');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    assert.is(await page.evaluate(() => window.controls.view.idOf(window.controls.view.selected!)), 'clean');
    await page.keyboard.press('k');
    assert.is(await page.evaluate(() => window.controls.view.idOf(window.controls.view.selected!)), 'load');
    await page.evaluate(() => window.controls.view.setFilter(''));
    await page.waitForFunction(
      (count) =>
        document.querySelector('dag-viewer')!.panes.graph.shadowRoot!.querySelectorAll('.rows [role=row]').length ===
        count,
      all.length,
    );
    assert.is(await strong(), edges);
  },
);

browserTest(
  test,
  'that what is done is hidden is told beside the field, where it can be shown again',
  async ({ page }) => {
    await openShell(page);
    const told = page.getByRole('button', { name: 'Done hidden' });
    assert.is(await told.count(), 0);
    await page.keyboard.press('h');
    await told.click();
    assert.not.ok(await page.evaluate(() => window.controls.view.hidesDone));
    await told.waitFor({ state: 'hidden' });
  },
);

test.run();
