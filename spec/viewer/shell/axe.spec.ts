// alone
// timeout: 600000
// weight: 4
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openShell, selectNode, settled, tell } from './openShell.js';
import { openEvents } from './shopLog.js';

const test = suite('<dag-viewer> for all');
endsBrowser(test);

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Axe {
  run(options: object): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
    }[];
  }>;
}

/** What axe has to say against the page as it stands. */
const violations = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${JSON.stringify(target)} ${failureSummary ?? ''}`),
    );
  });
};

for (const [name, options] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['contrast', { contrast: 'more', reducedMotion: 'reduce' }],
  ['forced colours', { forcedColors: 'active' }],
  ['narrow', { viewport: { width: 320, height: 700 } }],
] as const)
  browserTest(
    test,
    `axe finds nothing to object to: ${name}`,
    async ({ page }) => {
      await openShell(page, `?events=${openEvents}`, '');
      await page.addScriptTag({ path: axePath });
      const found = new Map<string, string>();
      const check = async (page: Page, when: string): Promise<void> => {
        await settled(page);
        for (const violation of await violations(page)) if (!found.has(violation)) found.set(violation, when);
      };
      await check(page, 'run');
      await page.getByRole('button', { name: 'More tools' }).click();
      await check(page, 'menu');
      await page.keyboard.press('Escape');
      await page.evaluate(() => window.controls.viewer.open('diff'));
      await page.keyboard.type('run-8');
      await check(page, 'compare');
      await page.keyboard.press('Enter');
      await page.getByText('They differ from event 7 on').waitFor();
      await check(page, 'compared');
      await page.keyboard.press('Escape');
      await page.evaluate(() => (document.activeElement?.shadowRoot?.activeElement as HTMLElement | null)?.blur());
      for (const id of ['charge', 'approve', 'pack']) {
        await selectNode(page, id);
        await page.keyboard.press('g');
        await page.keyboard.press(id === 'pack' ? 'i' : 'l');
        await check(page, id);
      }
      await page.keyboard.press('/');
      await page.keyboard.type('state:nonsense');
      await page.waitForTimeout(150);
      await check(page, 'filter');
      await page.keyboard.press('Escape');
      await page.evaluate(() => (document.activeElement?.shadowRoot?.activeElement as HTMLElement | null)?.blur());
      for (const key of ['?', 'Control+k', 'a']) {
        await page.keyboard.press(key);
        await check(page, key);
        await page.keyboard.press('Escape');
      }
      await page.evaluate(() => window.controls.view.seek(9));
      await check(page, 'past');
      const text = 'No process goes on with it. `rxdag resume x --db FILE` goes on.';
      await tell(page, { type: 'owner', where: 'nowhere', text });
      await check(page, 'left');
      assert.equal([...found], []);
    },
    options,
  );

test.run();
