// alone
// timeout: 240000
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../../lib/index.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { node } from '../../support/logOf.js';
import { drawn } from './openReport.js';
import { serveRun } from './servedRun.js';
import { until, untilIs } from './until.js';

const test = suite('must have: run again from here, and compare');
endsBrowser(test);

const logOn = (page: Page): Promise<readonly ExecutionEvent[]> =>
  page.evaluate(() => {
    const { log } = document.querySelector('dag-viewer')!.view!;
    return Array.from({ length: log.size }, (_, i) => log.at(i + 1));
  });

/** An event without what differs from run to run. */
const telling = (event: ExecutionEvent | undefined): string => {
  const {
    at: _at,
    runId: _runId,
    forkedFrom: _from,
    durationMs: _took,
    ...rest
  } = { ...event } as Record<string, unknown>;
  return JSON.stringify(rest);
};

browserTest(
  test,
  'from the moment that is shown another run begins, and the first event in which both part is told',
  async ({ page, complaints }) => {
    const served = await serveRun(page, [node('a'), node('b: a', { action: 'hold' }), node('c: b'), node('d: a')], {
      runId: 'first',
    });
    try {
      await until(
        () => served.run.snapshot.node('b')?.status,
        (status) => assert.is(status, 'running'),
      );
      served.release('b', new Error('not this time'));
      await served.run.report;
      await page.waitForFunction(() => document.querySelector('dag-viewer')!.view!.isOver);
      const first = await logOn(page);
      const from = first.find((event) => event.type === 'NodeFailed')!.seq - 1;

      await page.evaluate((seq) => document.querySelector('dag-viewer')!.view!.seek(seq), from);
      await page.getByRole('button', { name: 'Re-run' }).click();
      const form = page.getByRole('dialog', { name: 'Run again' });
      assert.is(
        await form.getByLabel('From event').inputValue(),
        String(from),
        'it begins with the moment that is shown',
      );
      await form.getByRole('button', { name: 'Run from here' }).click();
      await form.getByRole('button', { name: 'Open that run' }).click();
      await page.waitForFunction(() => {
        const { view } = document.querySelector('dag-viewer')!;
        return view !== undefined && view.runId !== '' && view.runId !== 'first';
      });
      await drawn(page, from);
      const runId = await page.evaluate(() => document.querySelector('dag-viewer')!.view!.runId);
      assert.is.not(runId, 'first');
      assert.match(await page.evaluate(() => location.hash), new RegExp(`run=${runId}`));
      await untilIs(
        () => page.evaluate(() => document.querySelector('dag-viewer')!.view!.snapshot.node('b')?.status),
        'running',
      );
      served.release('b');
      await page.waitForFunction(() => document.querySelector('dag-viewer')!.view!.isOver);
      const second = await logOn(page);
      assert.is(await page.evaluate(() => document.querySelector('dag-viewer')!.view!.status), 'succeeded');
      assert.is(served.run.snapshot.status, 'failed', 'the first one is as it was');

      // Where both part, found by reading both logs.
      let parted = 0;
      while (telling(first[parted]) === telling(second[parted])) parted++;
      await page.getByRole('button', { name: 'Compare' }).click();
      const compare = page.getByRole('dialog', { name: 'Compare' });
      await compare.getByRole('combobox').fill('first');
      await page.keyboard.press('Enter');
      await compare.getByText(`They differ from event ${parted + 1} on`).waitFor();
      const differing = ['b', 'c'];
      await untilIs(() => compare.getByRole('listitem').getByRole('button').allInnerTexts(), differing);
      await compare.getByRole('button', { name: 'Go to that event' }).click();
      await untilIs(() => page.evaluate(() => document.querySelector('dag-viewer')!.view!.seq), parted + 1);
      assert.ok(parted + 1 > 1 && parted <= from, `${parted} of ${from}`);
      complaints.splice(0); // of streams that ended with their run
    } finally {
      await served.close();
    }
  },
);

test.run();
