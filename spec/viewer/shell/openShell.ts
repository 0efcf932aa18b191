import type { Page } from 'playwright-core';
import type { SourceMessage } from '../../../lib/viewer/source/RunSource.js';
import { barePage, bundled, openPage } from '../../support/browser.js';

let script: Promise<string> | undefined;

/** Opens the page of the specs of `<dag-viewer>`; `query` says how many events are known, `reader` that it only reads. */
export const openShell = async (page: Page, query = '', csp?: string): Promise<void> => {
  const main = await (script ??= bundled('spec/viewer/shell/viewerPage.ts'));
  await openPage(
    page,
    { 'index.html': barePage, 'main.js': main, 'page.css': 'html,body{height:100%;margin:0}main{height:100%}' },
    { path: `/${query}`, ...(csp === undefined ? {} : { csp }) },
  );
  await page.waitForFunction(() => window.controls?.view.head > 0);
  await settled(page);
};

/** Waits until what was asked for is painted. */
export const settled = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((done) => {
        setTimeout(
          () =>
            requestAnimationFrame(() =>
              requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
            ),
          60,
        );
      }),
  );

/** Selects a node by its id. */
export const selectNode = async (page: Page, id: string): Promise<void> => {
  await page.evaluate((id) => window.controls.view.select(window.controls.view.indexOf(id)), id);
  await settled(page);
};

/** Tells the page what its source would tell it. */
export const tell = async (page: Page, message: SourceMessage): Promise<void> => {
  await page.evaluate((text) => window.controls.tell(JSON.parse(text) as never), JSON.stringify(message));
  await settled(page);
};
