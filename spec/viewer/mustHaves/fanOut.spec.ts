// alone
// timeout: 300000
// weight: 2
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openShell, settled } from '../shell/openShell.js';
import { until } from './until.js';

const test = suite('must have: many nodes as one');
endsBrowser(test);

/** Adds a fan-out of so many items to the run that the page shows: some have ended, some failed, some run. */
const fanOut = (page: Page, items: number): Promise<void> =>
  page.evaluate((items) => {
    const { tell, view } = window.controls;
    const at = Date.now();
    let seq = view.log.size;
    const events: unknown[] = [
      {
        seq: ++seq,
        at,
        type: 'NodeAdded',
        node: { id: 'each', action: 'map', deps: ['load'], forEach: { $ref: 'load.rows' } },
      },
      { seq: ++seq, at, type: 'NodeAdded', node: { id: 'sum', action: 'sum', deps: ['each'] } },
      { seq: ++seq, at, type: 'NodeStarting', nodeId: 'each' },
      { seq: ++seq, at, type: 'NodeWaiting', nodeId: 'each', on: 'items' },
    ];
    for (let i = 0; i < items; i++)
      events.push({
        seq: ++seq,
        at,
        type: 'NodeAdded',
        node: { id: `each[${i}]`, action: 'map', deps: [], parent: 'each', item: i, index: i },
      });
    for (let i = 0; i < 60; i++) {
      const nodeId = `each[${i}]`;
      events.push({ seq: ++seq, at, type: 'NodeStarted', nodeId, attempt: 1 });
      if (i < 40)
        events.push({
          seq: ++seq,
          at,
          type: 'NodeSucceeded',
          nodeId,
          attempt: 1,
          output: i,
          durationMs: 1,
          cached: false,
        });
      else if (i < 45)
        events.push({
          seq: ++seq,
          at,
          type: 'NodeFailed',
          nodeId,
          attempt: 1,
          error: { name: 'Error', message: 'no' },
        });
    }
    for (let from = 0; from < events.length; from += 5_000)
      tell({ type: 'events', events: events.slice(from, from + 5_000) as never });
  }, items);

const drawn = (page: Page) =>
  page.evaluate(() => {
    const { view, viewer } = window.controls;
    const graph = viewer.panes.graph.shadowRoot!;
    const card = [...graph.querySelectorAll('.item')].find(
      (item) => item.querySelector('.label')?.textContent === 'each',
    );
    return {
      size: view.size,
      count: view.drawing.count,
      painter: graph.querySelector<HTMLElement>('.stage')!.dataset['painter'],
      cards: [...graph.querySelectorAll('.item')].length,
      each: card?.textContent ?? '',
      parts: [...(card?.querySelectorAll('.bar') ?? [])].length,
      frames: graph.querySelectorAll('.frame').length,
      notice: graph.querySelector<HTMLElement>('.notice')!.hidden ? '' : graph.querySelector('.notice')!.textContent,
      list: [...graph.querySelectorAll('[role=treegrid] [role=row]')]
        .map(({ textContent }) => textContent)
        .find((row) => row.includes('each')),
    };
  });

const place = (page: Page, label: string): Promise<{ readonly x: number; readonly y: number }> =>
  page.evaluate((label) => {
    const items = [...window.controls.viewer.panes.graph.shadowRoot!.querySelectorAll('.item')];
    const { x, y, width, height } = items
      .find((item) => item.querySelector('.label')?.textContent === label)!
      .querySelector('.box')!
      .getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  }, label);

browserTest(test, 'a fan-out of 100,000 items is one node with counts per state', async ({ page }) => {
  await openShell(page, '?events=7');
  const before = (await drawn(page)).count;
  await fanOut(page, 100_000);
  const items = 100_000;
  await page.evaluate(() => window.controls.view.select(window.controls.view.indexOf('each')));
  await until(
    () => drawn(page),
    ({ size, count, each, parts, list, cards }) => {
      assert.ok(size > items, `${size}`);
      assert.is(count, before + 2, 'each and sum');
      assert.is(cards, count);
      assert.ok(each.includes('100,000'), each);
      assert.ok(parts >= 2, `${parts} parts of its bar`);
      for (const told of ['5 failed', '40 succeeded', '15 running', '99,940 '])
        assert.ok(list?.includes(told), `${told} in ${list}`);
    },
    120_000,
  );
  // It opens where it is asked for; what is too much to draw is told first, with a way back.
  const { x, y } = await place(page, 'each');
  await page.mouse.dblclick(x, y);
  await until(
    () => drawn(page),
    ({ notice }) => assert.match(notice, /100,0\d\d nodes: to draw all of them takes a while\.Group themDraw all/),
    120_000,
  );
  await page.getByRole('button', { name: 'Group them' }).click();
  await until(
    () => drawn(page),
    ({ notice, count }) => {
      assert.match(notice, /100,0\d\d nodes in \d+ boxes/);
      assert.is(count, before + 2);
    },
    120_000,
  );
});

browserTest(test, 'a fan-out opens in place, all its items framed, and folds again', async ({ page }) => {
  await openShell(page, '?events=7');
  await fanOut(page, 120);
  await until(
    () => drawn(page),
    ({ each }) => assert.ok(each.includes('120'), each),
  );
  await settled(page);
  const before = await drawn(page);
  const at = await place(page, 'each');
  await page.mouse.dblclick(at.x, at.y);
  await until(
    () => drawn(page),
    ({ count, frames }) => {
      assert.is(count, before.count + 120);
      assert.is(frames, 1);
    },
  );
  await page.waitForTimeout(400); // until nothing glides any more
  const now = await place(page, 'each');
  assert.ok(Math.hypot(now.x - at.x, now.y - at.y) < 8, 'it stays where it was');
  await page.keyboard.press('Enter');
  await until(
    () => drawn(page),
    ({ count, frames }) => assert.equal([count, frames], [before.count, 0]),
  );
});

test.run();
