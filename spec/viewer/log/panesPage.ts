import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { barePage, bundled, openPage } from '../../support/browser.js';

let script: Promise<string> | undefined;

/** Opens the page of `panes.ts` and runs what is given there, before anything is shown. */
export const openPanes = async (page: Page, begin: string): Promise<void> => {
  script ??= bundled('spec/viewer/log/panes.ts');
  await openPage(page, { 'index.html': barePage, 'page.css': '', 'main.js': await script });
  await page.waitForFunction(() => 'showLive' in window);
  await page.evaluate(begin);
  await page.evaluate(WHOLE);
  await settled(page);
};

/** Waits until nothing is added to the log any more: a long one is read in slices. */
const WHOLE = `(async () => {
  for (let before = -1; window.view !== undefined && view.log.size !== before;) {
    before = view.log.size;
    await new Promise((later) => setTimeout(later, 80));
  }
})()`;

/** Waits until what was asked for is painted. */
export const settled = async (page: Page): Promise<void> => {
  await page.evaluate(
    'new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))), 60))',
  );
};

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What a checker of accessibility finds wrong in an element, as the rule and the place of each. */
export const violations = async (page: Page, selector: string): Promise<readonly string[]> => {
  await page.evaluate(readFileSync(axe, 'utf8'));
  return page.evaluate(
    `axe.run(${JSON.stringify(selector)}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html)))`,
  );
};
