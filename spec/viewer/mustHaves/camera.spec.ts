// alone
// timeout: 240000
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../../lib/index.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openShell, settled, tell } from '../shell/openShell.js';
import { openEvents } from '../shell/shopLog.js';
import { until } from './until.js';

const test = suite('must have: the camera never moves by itself');
endsBrowser(test);

/** A thousand events more: nodes are added, run, report progress, fail, are tried again and end. */
const thousand = (): readonly ExecutionEvent[] => {
  const events: ExecutionEvent[] = [];
  const at = Date.now();
  const push = (body: Record<string, unknown>): void => {
    events.push({ seq: openEvents + events.length + 1, at, ...body } as unknown as ExecutionEvent);
  };
  for (let i = 0; events.length < 1_000; i++) {
    const nodeId = `more-${i}`;
    const error = { name: 'Error', message: 'no' };
    push({ type: 'NodeAdded', node: { id: nodeId, action: `late-${i % 12}`, deps: [`check-${i % 8}`], tryCount: 3 } });
    push({ type: 'NodeStarted', nodeId, attempt: 1 });
    for (let done = 0; done < 5; done++) push({ type: 'NodeProgressed', nodeId, attempt: 1, value: done / 5 });
    push({ type: 'NodeRetryScheduled', nodeId, attempt: 1, delayMs: 1, error });
    push({ type: 'NodeStarted', nodeId, attempt: 2 });
    if (i % 3 === 0) push({ type: 'NodeFailed', nodeId, attempt: 2, error });
    else push({ type: 'NodeSucceeded', nodeId, attempt: 2, output: i, durationMs: 1, cached: false });
  }
  return events;
};

/** Where the cards of the first nodes lie on the page: what a camera does to all of them. */
const places = (page: Page): Promise<Readonly<Record<string, readonly number[]>>> =>
  page.evaluate(() => {
    const items = [...window.controls.viewer.panes.graph.shadowRoot!.querySelectorAll('.item')];
    return Object.fromEntries(
      items.flatMap((item) => {
        const label = item.querySelector('.label')?.textContent ?? '';
        const { x, y, width, height } = item.querySelector('.box')!.getBoundingClientRect();
        return label === '' || label.startsWith('more-') ? [] : [[label, [x, y, width, height].map(Math.round)]];
      }),
    ) as Record<string, number[]>;
  });

/** Whether nothing glides any more: the places are the same twice. */
const rested = (page: Page): Promise<Readonly<Record<string, readonly number[]>>> =>
  until(
    async () => {
      const before = await places(page);
      await page.waitForTimeout(150);
      return { before, after: await places(page) };
    },
    ({ before, after }) => assert.equal(after, before),
  ).then(({ after }) => after);

browserTest(
  test,
  'once it is panned and zoomed, a thousand events, steps in time and selections leave it where it is',
  async ({ page }) => {
    await openShell(page, `?events=${openEvents}`);
    const stage = (await page.locator('dag-graph').boundingBox())!;
    const middle = { x: stage.x + stage.width / 2, y: stage.y + stage.height / 2 };
    const fitted = await rested(page);
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x + 90, middle.y - 30, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -40);
    await page.keyboard.up('Control');
    const before = await rested(page);
    assert.is.not(JSON.stringify(before), JSON.stringify(fitted), 'the user moves it');
    assert.ok(Object.keys(before).length >= 4, 'some nodes are in sight');

    const events = thousand();
    assert.ok(events.length >= 1_000);
    // As a page hears them: some at a time. Where they bring half as many nodes as there are, all is laid out anew.
    for (let from = 0; from < events.length; from += 40)
      await tell(page, { type: 'events', events: events.slice(from, from + 40) });
    const after = await rested(page);
    for (const [label, place] of Object.entries(before)) assert.equal(after[label], place, label);

    await page.keyboard.press('[');
    await page.evaluate(() => window.controls.view.seek(9));
    await page.keyboard.press('l');
    await page.evaluate(() => window.controls.view.select(window.controls.view.indexOf('mail')));
    await tell(page, { type: 'connection', state: 'retrying', text: 'lost' });
    await tell(page, { type: 'connection', state: 'live', lagMs: 1 });
    await settled(page);
    const still = await rested(page);
    for (const [label, place] of Object.entries(before)) assert.equal(still[label], place, label);
  },
);

browserTest(test, 'following what runs is asked for, and ends when it is let go', async ({ page }) => {
  await openShell(page, `?events=${openEvents}`);
  const follow = page.getByRole('button', { name: 'Follow what runs', includeHidden: true });
  const tools = page.getByRole('button', { name: 'More tools' });
  assert.is(await follow.getAttribute('aria-pressed'), 'false');
  const stage = (await page.locator('dag-graph').boundingBox())!;
  const away = async (): Promise<void> => {
    await page.mouse.move(stage.x + stage.width / 2, stage.y + stage.height - 60);
    for (let i = 0; i < 4; i++) await page.mouse.wheel(0, 600);
    await settled(page);
  };
  const runs = (): Promise<readonly (readonly number[])[]> =>
    page.evaluate(() =>
      [...window.controls.viewer.panes.graph.shadowRoot!.querySelectorAll('.item.look-3 .box')].map((box) => {
        const { x, y } = box.getBoundingClientRect();
        return [x, y];
      }),
    );
  await away();
  const more = thousand().slice(0, 3);
  await tell(page, { type: 'events', events: more.slice(0, 2) });
  assert.is((await runs()).length, 0, 'what runs is out of sight');
  await tools.click();
  await follow.click();
  await tell(page, { type: 'events', events: more.slice(2) });
  await until(
    () => runs(),
    (seen) => assert.ok(seen.length > 0, 'what runs is in sight'),
  );
  await tools.click();
  await follow.click();
  await until(
    () => follow.getAttribute('aria-pressed'),
    (pressed) => assert.is(pressed, 'false'),
  );
  await away();
  await tell(page, { type: 'events', events: thousand().slice(3, 10) });
  assert.is((await runs()).length, 0, 'it stays away');
});

test.run();
