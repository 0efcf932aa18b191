import type { Page } from 'playwright-core';
import type { Test } from 'uvu';
import type { ExecutionEvent, NodeState, RunStatus } from '../../../lib/index.js';
import type { RunView } from '../../../lib/viewer/index.js';
import { chromiumPath, closeBrowser } from '../../support/browser.js';
import { serveSite, type Served } from './serveSite.js';

/** What a page's engine says of its run. */
export interface Shown {
  readonly status: RunStatus;
  readonly events: readonly ExecutionEvent[];
  readonly nodes: Readonly<Record<string, Pick<NodeState, 'status' | 'attempt' | 'deps' | 'output' | 'error'>>>;
}

/** The built site, served from a folder that is gone after the suite. */
export class Site {
  #served: Served | undefined;

  constructor(test: Test) {
    if (chromiumPath === undefined) return;
    test.before(async () => {
      this.#served = await serveSite();
    });
    test.after(async () => {
      await closeBrowser();
      await this.#served?.close();
    });
  }

  /** Opens a page and waits until it shows a run, if it is one that does from the start. */
  async open(page: Page, path: string, element?: 'dag-viewer'): Promise<void> {
    await page.goto(`${this.#served!.url}${path}`);
    if (element !== undefined)
      await page.waitForFunction((name) => {
        const shown = document.querySelector(name) as unknown as { readonly view?: RunView } | null;
        return (shown?.view?.head ?? 0) > 0;
      }, element);
  }
}

/** The run that an element shows: its log, and the nodes as they are now. */
export const shownBy = (page: Page, selector = 'dag-viewer'): Promise<Shown> =>
  page.evaluate((found) => {
    const { view } = document.querySelector(found) as unknown as { readonly view: RunView };
    const nodes = Array.from(view.snapshot.nodes(), ({ id, status, attempt, deps, output, error }) => [
      id,
      { status, attempt, deps, output, error },
    ]);
    return {
      status: view.status,
      events: Array.from({ length: view.head }, (_, i) => view.log.at(i + 1)),
      nodes: Object.fromEntries(nodes) as unknown as Shown['nodes'],
    };
  }, selector);

/** Waits until what an element shows has come to something. */
export const until = async (
  page: Page,
  holds: (shown: Shown) => boolean,
  { selector = 'dag-viewer', timeoutMs = 30_000 } = {},
): Promise<Shown> => {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const shown = await shownBy(page, selector);
    if (holds(shown)) return shown;
    if (Date.now() > end)
      throw new Error(
        `It never came: ${holds.toString()}\n${JSON.stringify({ ...shown, events: shown.events.slice(-20) })}`,
      );
    await page.waitForTimeout(50);
  }
};

/** Whether a run has ended. */
export const isOver = ({ status }: Shown): boolean => ['succeeded', 'failed', 'cancelled'].includes(status);
