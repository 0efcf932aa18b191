// alone
// timeout: 240000
// weight: 2
import type { Locator, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { drawn, openReport, painted } from './openReport.js';
import { story } from './story.js';
import { until, untilIs } from './until.js';

const test = suite('must have: one selection, a split to resize, an address for each moment');
endsBrowser(test);

const events = await story();
const HEAD = 52;
const ROW = 22;

/** Which node each part of the page shows as the selected one; the log only while it is shown. */
const chosen = (page: Page) =>
  page.evaluate(() => {
    const { view, panes } = document.querySelector('dag-viewer')!;
    const graph = panes.graph.shadowRoot!;
    const ring = graph.querySelector('.ring')?.getBoundingClientRect();
    const ringed = [...graph.querySelectorAll('.item')].find((item) => {
      const box = item.querySelector('.box')!.getBoundingClientRect();
      return (
        ring !== undefined &&
        ring.width > 0 &&
        Math.hypot(box.x + box.width / 2 - ring.x - ring.width / 2, box.y + box.height / 2 - ring.y - ring.height / 2) <
          2
      );
    });
    const canvas = panes.timeline.shadowRoot!.querySelector('canvas')!;
    const copy = new OffscreenCanvas(1, canvas.height).getContext('2d', { willReadFrequently: true })!;
    copy.drawImage(canvas, -2, 0);
    const { data } = copy.getImageData(0, 0, 1, canvas.height);
    // The ground of a row that is selected differs from that of all others.
    const { scrollTop } = panes.timeline.shadowRoot!.querySelector('.box')!;
    const grounds = new Map<number, string>();
    for (let row = Math.ceil(scrollTop / 22); ; row++) {
      const y = 52 + row * 22 + 10 - Math.round(scrollTop);
      if (y >= canvas.height) break;
      grounds.set(row, data.slice(y * 4, y * 4 + 3).join(' '));
    }
    const rows = panes.timeline.hidden
      ? []
      : [...grounds].flatMap(([row, ground]) =>
          [...grounds.values()].filter((other) => other === ground).length === 1 ? [row] : [],
        );
    const kin = panes.log.hidden ? [] : [...panes.log.shadowRoot!.querySelectorAll('.pane .row.kin:not([hidden])')];
    return {
      view: view!.selected === undefined ? undefined : view!.idOf(view!.selected),
      graph: ringed?.querySelector('.label')?.textContent ?? undefined,
      list: graph.querySelector('[role=row][aria-selected=true]')?.children[1]!.textContent.replace(/ ×\d+$/, ''),
      inspector: panes.inspector.shadowRoot!.querySelector('h2')!.textContent,
      timeline: rows,
      log: [...new Set(kin.map((row) => row.querySelector('.node')!.textContent))],
    };
  });

/** Nodes in the order in which they first began: their rows in the timeline. */
const begun = [
  ...new Set(
    events.flatMap((event) => (/^Node(Started|Waiting)$/.test(event.type) && 'nodeId' in event ? [event.nodeId] : [])),
  ),
];

const allShow = async (page: Page, id: string, lower: 'timeline' | 'log'): Promise<void> => {
  await until(
    () => chosen(page),
    ({ timeline, log, ...rest }) => {
      assert.equal(rest, { view: id, graph: id, list: id, inspector: id });
      if (lower === 'timeline') assert.equal(timeline, [begun.indexOf(id)], `the row of ${id}`);
      else assert.equal(log, [id], 'rows of the log');
    },
  );
};

const card = (page: Page, id: string): Locator =>
  page.locator('dag-graph .item').filter({ has: page.locator(`.label:text-is("${id}")`) });

browserTest(test, 'a click in graph, list, timeline, log or inspector selects in all of them', async ({ page }) => {
  await openReport(page, events, '#view=list,graph,timeline,inspector');
  await card(page, 'hangs').locator('.box').click();
  await allShow(page, 'hangs', 'timeline');

  const canvas = page.locator('dag-timeline canvas');
  await canvas.click({ position: { x: 500, y: HEAD + ROW * 2.5 } });
  await allShow(page, begun[2]!, 'timeline');
  await canvas.click({ position: { x: 60, y: HEAD + ROW * 4.5 } });
  await allShow(page, begun[4]!, 'timeline');

  await page.locator('dag-graph [role=treegrid] [role=row]', { hasText: 'flaky' }).click();
  await allShow(page, 'flaky', 'timeline');

  await page.locator('dag-inspector .links').getByRole('button', { name: 'ask', exact: true }).click();
  await allShow(page, 'ask', 'timeline');

  await page.getByRole('group', { name: 'Views' }).getByRole('button', { name: 'Log' }).click();
  await page.locator('dag-log .pane .row', { hasText: 'afterwards' }).first().click();
  await allShow(page, 'afterwards', 'log');
  await card(page, 'ship').locator('.box').click();
  await allShow(page, 'ship', 'log');

  await page.keyboard.press('Escape');
  await untilIs(async () => (await chosen(page)).view, undefined);
  await untilIs(async () => (await chosen(page)).inspector, 'story');
});

browserTest(test, 'an address opens the page at its run, seq and node, in all panes', async ({ page }) => {
  await openReport(page, events, '#run=story-1&seq=41&node=flaky&view=list,graph,timeline,inspector');
  await allShow(page, 'flaky', 'timeline');
  const told = await page.locator('dag-inspector .body').innerText();
  assert.match(told, /retrying/);
  assert.match(await page.getByRole('group', { name: 'Where this stands' }).innerText(), /#41 of 118/);
  await page.getByText('at #41, in the past').waitFor();
  // Where one goes from there stands in the address, which opens to the same.
  await page.keyboard.press(']');
  await card(page, 'gated').locator('.box').click();
  await page.waitForFunction(() => location.hash.includes('seq=42') && location.hash.includes('node=gated'));
  await page.reload();
  await drawn(page, events.length);
  await until(
    () => chosen(page),
    ({ view, graph, inspector }) => assert.equal([view, graph, inspector], ['gated', 'gated', 'gated']),
  );
  assert.is(await page.evaluate(() => document.querySelector('dag-viewer')!.view!.seq), 42);
});

browserTest(test, 'both bars between panes are moved by mouse and by keys', async ({ page }) => {
  await openReport(page, events);
  const height = async (): Promise<number> => (await page.locator('dag-timeline').boundingBox())!.height;
  const width = async (): Promise<number> => (await page.locator('dag-inspector').boundingBox())!.width;
  for (const [name, size, more, less, move] of [
    ['Width of the inspector', width, 'ArrowLeft', 'ArrowRight', [-120, 0]],
    ['Height of what is below the graph', height, 'ArrowUp', 'ArrowDown', [0, -60]],
  ] as const) {
    const bar = page.getByRole('separator', { name });
    const first = await size();
    await bar.focus();
    await page.keyboard.press(more);
    const wider = await size();
    assert.ok(wider > first, `${name}: ${more}`);
    await page.keyboard.press(less);
    assert.is(await size(), first, less);
    await page.keyboard.press('Home');
    assert.ok((await size()) < first, 'Home');
    await page.keyboard.press('End');
    assert.ok((await size()) > wider, 'End');
    const box = (await bar.boundingBox())!;
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await page.mouse.dblclick(at.x, at.y);
    assert.ok(Math.abs((await size()) - first) < 1, 'a double click sets it back');
    const back = (await bar.boundingBox())!;
    const from = { x: back.x + back.width / 2, y: back.y + back.height / 2 };
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + move[0], from.y + move[1], { steps: 4 });
    await page.mouse.up();
    assert.ok(Math.abs((await size()) - first + move[0] + move[1]) < 3, `dragged: ${await size()} from ${first}`);
  }
  await painted(page);
});

test.run();
