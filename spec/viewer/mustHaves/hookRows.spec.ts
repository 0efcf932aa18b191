// alone
// timeout: 240000
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openReport, painted } from './openReport.js';
import { story } from './story.js';
import { until } from './until.js';

const test = suite('must have: what hooks did stands in the log');
endsBrowser(test);

const events = await story();

/** The rows of a log that a filter leaves: seq, word, node and sentence. */
const rows = async (page: Page, filter: string): Promise<readonly (readonly string[])[]> => {
  await page.getByRole('searchbox', { name: 'Filter events' }).fill(filter);
  await painted(page);
  return page.evaluate(() =>
    [
      ...document
        .querySelector('dag-viewer')!
        .panes.log.shadowRoot!.querySelectorAll<HTMLElement>('.pane .row:not([hidden])'),
    ]
      .toSorted((a, b) => Number(a.ariaRowIndex) - Number(b.ariaRowIndex))
      .map((row) => ['.seq', '.type span', '.node', '.said'].map((part) => row.querySelector(part)!.textContent)),
  );
};

browserTest(
  test,
  'commands of hooks, their refusals, failures and own events are rows, each with who asked and why',
  async ({ page }) => {
    await openReport(page, events, '#view=log,graph,inspector');
    const byHooks = events.filter(({ by, type }) => by !== undefined && by !== 'user' && type !== 'NodeStarted');
    assert.ok(byHooks.length >= 8);
    for (const { seq, by, cause, type } of byHooks)
      await until(
        () => rows(page, `hook ${by}`),
        (found) => {
          const row = found.find(([no]) => no === String(seq));
          assert.ok(row !== undefined, `#${seq} ${type} of ${by} among ${found.length}`);
          assert.ok(row[3]!.includes(`by hook ${by}`), row[3]);
          if (cause !== undefined) assert.ok(row[3]!.includes(`answer to #${cause}`), row[3]);
        },
      );
    for (const [filter, expected] of [
      [
        'refused',
        [
          /^SkipNode load was refused: Node "load" is succeeded.* — by hook planner, answer to #\d+$/,
          /^AddNode.* was refused: Node "load" exists already.*by hook planner/,
          /^RetryNode load was refused: .* — by the user$/,
        ],
      ],
      ['hook failed', [/^Hook gatekeeper: the hook itself is broken/]],
      ['noticed', [/^noticed: .*broken/, /^noticed: .*hangs/, /^noticed: /, /^noticed: /]],
    ] as const)
      await until(
        () => rows(page, filter),
        (found) => {
          assert.is(found.length, expected.length, filter);
          expected.forEach((pattern, i) => assert.match(found[i]![3]!, pattern));
        },
      );
  },
);

test.run();
