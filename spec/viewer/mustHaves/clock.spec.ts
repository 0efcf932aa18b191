// alone
// timeout: 240000
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openReport, painted } from './openReport.js';
import { story } from './story.js';
import { until, untilIs } from './until.js';

const test = suite('must have: times as one likes them');
endsBrowser(test);

const events = await story();
const started = events.find((event) => event.type === 'NodeStarted' && event.nodeId === 'broken')!.seq;

/** What was written on canvases since this was asked for last. */
const keepWriting = `{
  const write = CanvasRenderingContext2D.prototype.fillText;
  globalThis.written = [];
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    written.push(text);
    return write.call(this, text, ...place);
  };
}`;

/** Chooses how times are told, in the menu. */
const choose = async (page: Page, clock: string): Promise<void> => {
  await page.getByRole('button', { name: 'More tools' }).click();
  await page.getByLabel('Times').selectOption(clock);
  await page.keyboard.press('Escape');
};

/** The times that all parts of the page tell of one event. */
const times = (page: Page, seq: number) =>
  page.evaluate(async (seq) => {
    const { written } = globalThis as unknown as { readonly written: string[] };
    written.length = 0;
    const { view, panes, scrubber } = document.querySelector('dag-viewer')!;
    view!.seek(seq + 1);
    view!.seek(seq);
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
    const facts = [...panes.inspector.shadowRoot!.querySelectorAll('.facts > dt')];
    const row = [...panes.log.shadowRoot!.querySelectorAll('.pane .row')].find(
      (row) => row.querySelector('.seq')?.textContent === String(seq),
    );
    return {
      log: row?.querySelector('.time')!.textContent,
      scrubber: scrubber.shadowRoot!.querySelector('.time')!.textContent,
      spoken: scrubber.shadowRoot!.querySelector('input')!.getAttribute('aria-valuetext')!.split(', ')[1],
      inspector: facts.find(({ textContent }) => textContent === 'started')?.nextElementSibling!.textContent,
      axis: [...new Set(written)],
    };
  }, seq);

/** All words that are seen on the page, whatever they stand in, and what its canvases say. */
const words = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const { written } = globalThis as unknown as { readonly written: string[] };
    const { view } = document.querySelector('dag-viewer')!;
    if (view!.seq !== 100) view!.seek(100);
    await new Promise((done) => setTimeout(done, 300));
    written.length = 0;
    view!.setClock(view!.clock); // all is painted anew
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
    const found: string[] = [];
    const roots: ParentNode[] = [document.body];
    for (let root = roots.pop(); root !== undefined; root = roots.pop())
      for (const element of root.querySelectorAll('*:not(script, style)')) {
        if (element.shadowRoot !== null) roots.push(element.shadowRoot);
        // What is spoken comes once a second, what is hidden may be of another moment.
        if (element.matches('.sr') || !element.checkVisibility({ visibilityProperty: true })) continue;
        if (element.childElementCount === 0 && element.textContent !== '') found.push(element.textContent);
        for (const name of ['title', 'aria-label', 'aria-valuetext', 'placeholder'])
          if (element.hasAttribute(name)) found.push(element.getAttribute(name)!);
      }
    return [...found, ...new Set(written)];
  });

let told: readonly string[] | undefined;

for (const [zone, locale, local] of [
  ['Asia/Kolkata', 'ar-EG', '08:34:05.020'],
  ['America/St_Johns', 'de-DE', '23:34:05.020'],
] as const)
  browserTest(
    test,
    `relative, local and UTC, in all panes alike (${zone}, ${locale})`,
    async ({ page }) => {
      await page.addInitScript({ content: keepWriting });
      await openReport(page, events, '#view=log,graph,inspector&node=broken');
      for (const [clock, expected] of [
        ['relative', '+20 ms'],
        ['local', local],
        ['utc', '03:04:05.020Z'],
        ['relative', '+20 ms'],
      ] as const) {
        await choose(page, clock);
        await until(
          () => times(page, started),
          ({ axis: _axis, ...told }) =>
            assert.equal(told, { log: expected, scrubber: expected, spoken: expected, inspector: expected }, clock),
        );
      }
      await page.getByRole('group', { name: 'Views' }).getByRole('button', { name: 'Timeline' }).click();
      await painted(page);
      for (const [clock, first, note] of [
        ['relative', '0', '2.11 s'],
        ['local', local.slice(0, 8), '2.11 s, local time'],
        ['utc', '03:04:05', '2.11 s, UTC'],
      ] as const) {
        await choose(page, clock);
        await until(
          () => times(page, started),
          ({ axis }) => {
            assert.ok(axis.includes(note), `${clock}: ${axis.join(' | ')}`);
            assert.ok(
              axis.some((text) => text.startsWith(first)),
              `${clock}: ${axis.join(' | ')}`,
            );
          },
        );
      }
      // In every language the same words and numbers.
      if (told === undefined)
        await until(
          async () => [await words(page), await words(page)],
          ([before, after]) => {
            assert.equal(after, before);
            assert.ok(after!.length > 150, `${after!.length}`);
            told = after;
          },
        );
      else await untilIs(() => words(page), told);
    },
    { timezoneId: zone, locale },
  );

test.run();
