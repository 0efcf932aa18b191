import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import type { ExecutionEvent } from '../../../lib/index.js';
import { temporaryFolder } from '../../support/command.js';
import { reportOf } from '../app/builtPage.js';

/** Opens the whole page on a log: as a report, which is the page with the log inside. `hash` says where it begins. */
export const openReport = async (page: Page, events: readonly ExecutionEvent[], hash = ''): Promise<void> => {
  const file = join(temporaryFolder('report'), 'report.html');
  writeFileSync(file, await reportOf(events));
  await page.goto(pathToFileURL(file).href + hash);
  await drawn(page, events.length);
};

/** Waits until the page knows so many events and has drawn its graph. */
export const drawn = async (page: Page, events: number): Promise<void> => {
  await page.waitForFunction((events) => {
    const viewer = document.querySelector('dag-viewer');
    const stage = viewer?.shadowRoot?.querySelector('dag-graph')?.shadowRoot?.querySelector('[data-painter]');
    return (viewer?.view?.log.size ?? 0) >= events && stage != null;
  }, events);
  await painted(page);
};

/** Waits until what was asked for is painted. */
export const painted = (page: Page): Promise<void> =>
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
