// alone
// timeout: 300000
// weight: 3
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openShell, selectNode, settled } from './openShell.js';
import { openEvents } from './shopLog.js';

const test = suite('<dag-viewer> by keys');
endsBrowser(test);

const query = `?events=${openEvents}`;

const press = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
  await settled(page);
};

const shown = (page: Page): Promise<{ seq: number; isLive: boolean; selected: string | undefined; asked: unknown[] }> =>
  page.evaluate(() => {
    const { view, asked } = window.controls;
    return {
      seq: view.seq,
      isLive: view.isLive,
      selected: view.selected === undefined ? undefined : view.idOf(view.selected),
      asked,
    };
  });

browserTest(test, 'time: [ and ] step, l goes back to live', async ({ page }) => {
  await openShell(page, query);
  await press(page, '[', '[', '[', ']');
  assert.is((await shown(page)).seq, openEvents - 2);
  assert.not((await shown(page)).isLive);
  await press(page, 'l');
  assert.ok((await shown(page)).isLive);
});

browserTest(test, 'space pauses the run and asks nothing else; on a button it presses that', async ({ page }) => {
  await openShell(page, query);
  await press(page, 'Space');
  assert.equal((await shown(page)).asked, [{ type: 'PauseRun' }]);
  await page.getByRole('button', { name: 'More tools' }).click();
  await page.getByRole('button', { name: 'Hide done' }).focus();
  await press(page, 'Space');
  assert.is((await shown(page)).asked.length, 1);
  assert.ok(await page.evaluate(() => window.controls.view.hidesDone));
});

browserTest(test, 'nothing is asked while the past is shown, and that is said', async ({ page }) => {
  await openShell(page, query);
  await press(page, '[', 'Space');
  assert.equal((await shown(page)).asked, []);
  await page.getByText('The past is shown').first().waitFor();
});

browserTest(test, 'a reader gives no commands', async ({ page }) => {
  await openShell(page, `${query}&reader`);
  await press(page, 'Space', 'a');
  assert.equal((await shown(page)).asked, []);
  assert.is(await page.getByRole('dialog').count(), 0);
  assert.is(await page.getByRole('button', { name: 'Add node' }).count(), 0);
  assert.ok(await page.getByRole('button', { name: 'Cancel run' }).isDisabled());
});

browserTest(test, '/ filters, n and N go from match to match, keys in fields are letters', async ({ page }) => {
  await openShell(page, query);
  await press(page, '/');
  await page.keyboard.type('check-l[?');
  assert.is((await shown(page)).seq, openEvents);
  assert.is(await page.getByRole('dialog').count(), 0);
  await press(page, 'Escape');
  await page.keyboard.type('state:succeeded check');
  await press(page, 'Enter');
  assert.is((await shown(page)).selected, 'check-0');
  assert.ok(await page.getByText('4 found').isVisible());
  await page.getByRole('button', { name: 'Re-run' }).focus();
  await press(page, 'n');
  assert.is((await shown(page)).selected, 'check-1');
  await press(page, 'N', 'N');
  assert.is((await shown(page)).selected, 'check-3');
});

browserTest(test, 'g and a letter go to a pane; there arrows and j, k move', async ({ page }) => {
  await openShell(page, query);
  await selectNode(page, 'clean');
  await press(page, 'g', 'g', 'ArrowRight');
  const right = (await shown(page)).selected;
  assert.ok(right === 'price' || right === 'stock', right);
  await press(page, 'g', 'l');
  assert.ok(await page.getByRole('grid', { name: 'Events' }).isVisible());
  assert.ok(await page.getByRole('region', { name: 'Log' }).isVisible());
  await press(page, 'g', 't');
  assert.not(await page.getByRole('grid', { name: 'Events' }).isVisible());
  await press(page, 'g', 'n');
  assert.ok(await page.getByRole('treegrid').isVisible());
});

browserTest(test, 'arrows and j reach their pane from anywhere', async ({ page }) => {
  await openShell(page, query);
  await selectNode(page, 'clean');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await press(page, 'ArrowLeft');
  assert.is((await shown(page)).selected, 'load');
  await press(page, 'j');
  assert.is((await shown(page)).selected, 'clean');
});

browserTest(test, 'u and d highlight, Esc takes back one thing after the other', async ({ page }) => {
  await openShell(page, query);
  await selectNode(page, 'price');
  const lit = (): Promise<readonly string[] | undefined> =>
    page.evaluate(() => {
      const { view } = window.controls;
      return (
        view.highlight && Array.from({ length: view.size }, (_, i) => view.idOf(i)).filter((_, i) => view.highlight![i])
      );
    });
  await press(page, 'u');
  assert.equal(await lit(), ['load', 'clean', 'price']);
  const critical = page.getByRole('button', { name: 'Critical path', includeHidden: true });
  assert.is(await critical.getAttribute('aria-pressed'), 'false');
  await press(page, 'p');
  assert.is(await critical.getAttribute('aria-pressed'), 'true');
  await press(page, 'd');
  assert.ok((await lit())!.includes('mail'));
  await press(page, 'Escape');
  assert.is(await lit(), undefined);
  assert.is((await shown(page)).selected, 'price');
  await press(page, 'Escape');
  assert.is((await shown(page)).selected, undefined);
});

browserTest(
  test,
  'mod+k finds commands and nodes; ? shows all keys; Esc closes and gives the focus back',
  async ({ page }) => {
    await openShell(page, query);
    const button = page.getByRole('button', { name: 'Re-run' });
    await button.focus();
    await press(page, 'Control+k');
    await page.keyboard.type('charge');
    await press(page, 'Enter');
    assert.is((await shown(page)).selected, 'charge');
    await press(page, 'Control+k');
    await page.keyboard.type('times utc');
    await press(page, 'Enter');
    assert.is(await page.evaluate(() => window.controls.view.clock), 'utc');
    await press(page, '?');
    const sheet = page.getByRole('dialog', { name: 'Keys' });
    assert.ok(await sheet.isVisible());
    await press(page, '[');
    assert.ok((await shown(page)).isLive, 'no key reaches the page below');
    await press(page, 'Escape');
    assert.not(await sheet.isVisible());
    assert.ok(await button.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element));
  },
);

browserTest(test, 'Esc closes an open menu and nothing else', async ({ page }) => {
  await openShell(page, query);
  await selectNode(page, 'price');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  assert.ok(await page.getByRole('button', { name: 'Mermaid' }).isVisible());
  await press(page, 'Escape');
  assert.not(await page.getByRole('button', { name: 'Mermaid' }).isVisible());
  assert.is((await shown(page)).selected, 'price');
});

browserTest(test, 'keys of another part of a page are not ours', async ({ page }) => {
  await openShell(page, query);
  await page.evaluate(() => {
    const button = document.createElement('button');
    document.body.append(button);
    button.focus();
  });
  await press(page, '[');
  assert.ok((await shown(page)).isLive);
});

test.run();
