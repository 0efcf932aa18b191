// alone
// timeout: 300000
// weight: 3
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openPanes, settled, violations } from './panesPage.js';

const test = suite('DagLog');

/** The texts of the rows in sight, from top to bottom; cells apart by bars. */
const ROWS = `[...log.shadowRoot.querySelectorAll('.pane .row:not([hidden])')]
  .sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
  .map((row) => [...row.children].slice(1).map((cell) => cell.textContent).join('|'))`;
const COUNT = `log.shadowRoot.querySelector('.count').textContent`;
const GRID = 'dag-log .grid';

const write = (text: string): string =>
  `{ const field = log.shadowRoot.querySelector('input'); field.value = ${JSON.stringify(text)}; field.dispatchEvent(new Event('input')); }`;

browserTest(test, 'shows the end of a log in few rows, and any other place by keys', async ({ page }) => {
  await openPanes(page, 'void showEvents(longLog({ nodes: 2_000 }))');
  const all = (await page.evaluate('view.log.size')) as number;
  const rows = (await page.evaluate(ROWS)) as string[];
  assert.ok(rows.length > 5 && rows.length < 60);
  assert.match(rows.at(-1)!, /\|run settled\|\|The run ended as failed$/);
  assert.is(await page.evaluate(`log.shadowRoot.querySelectorAll('.row').length < 60`), true);
  assert.is(await page.getAttribute(GRID, 'aria-rowcount'), String(all + 1));

  await page.focus(GRID);
  await page.keyboard.press('Home');
  await settled(page);
  assert.match(
    ((await page.evaluate(ROWS)) as string[])[0]!,
    /^1\|\+0 ms\|run started\|\|test: 2000 nodes|^1\|.*2,000 nodes/,
  );
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await settled(page);
  const active = await page.getAttribute(GRID, 'aria-activedescendant');
  assert.is(await page.evaluate(`log.shadowRoot.getElementById(${JSON.stringify(active)}).ariaRowIndex`), '4');
  assert.is(await page.evaluate('view.idOf(view.selected)'), 'clean.part[1]');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate('[view.seq, view.isLive]'), [3, false]);
});

browserTest(test, 'filters, and searches on while the run goes on', async ({ page }) => {
  await openPanes(page, 'window.push = showLive([...longLog({ nodes: 300, progress: 2 })].slice(0, 600))');
  await page.evaluate(write('succeeded load'));
  await settled(page);
  const rows = (await page.evaluate(ROWS)) as string[];
  assert.ok(rows.length > 3 && rows.every((row) => row.includes('|succeeded|load.')));
  const before = (await page.evaluate(COUNT)) as string;
  await page.evaluate(`push({ type: 'events', events: [...longLog({ nodes: 300, progress: 2 })].slice(600, 900) })`);
  await settled(page);
  assert.is.not(await page.evaluate(COUNT), before);
  await page.evaluate(write('no such word'));
  await settled(page);
  assert.equal(await page.evaluate(ROWS), []);
  assert.is(await page.textContent('dag-log .none'), 'No event matches');
});

browserTest(test, 'shows the events of the selected node alone', async ({ page }) => {
  await openPanes(page, 'void showEvents(longLog({ nodes: 100 }))');
  await page.click('dag-log button:has-text("Only this node")');
  await settled(page);
  assert.is(await page.textContent('dag-log .none'), 'No node is selected');
  await page.evaluate('view.select(7)');
  await settled(page);
  const rows = (await page.evaluate(ROWS)) as string[];
  assert.ok(rows.length >= 2 && rows.every((row) => row.includes('|join.part[7]|')));
});

browserTest(test, 'follows the tail until the user scrolls up', async ({ page }) => {
  await openPanes(page, 'window.all = [...longLog({ nodes: 400 })]; window.push = showLive(all.slice(0, 300))');
  const last = `(${ROWS}).at(-1).split('|')[0]`;
  assert.is(await page.evaluate(last), '300');
  await page.evaluate(`push({ type: 'events', events: all.slice(300, 320) })`);
  await settled(page);
  assert.is(await page.evaluate(last), '320');
  await page.hover(GRID);
  await page.mouse.wheel(0, -300);
  await settled(page);
  const place = await page.evaluate(last);
  assert.is.not(place, '320');
  await page.evaluate(`push({ type: 'events', events: all.slice(320, 340) })`);
  await settled(page);
  assert.is(await page.evaluate(last), place);
  assert.is(await page.getAttribute('dag-log button:has-text("Follow")', 'aria-pressed'), 'false');
  await page.click('dag-log button:has-text("Follow")');
  await settled(page);
  assert.is(await page.evaluate(last), '340');
  await page.evaluate('view.seek(50)');
  await settled(page);
  assert.ok(((await page.evaluate(ROWS)) as string[]).some((row) => row.startsWith('50|')));
});

browserTest(test, 'tells that events are missing', async ({ page }) => {
  await openPanes(
    page,
    `window.push = showLive([...longLog({ nodes: 50 })].slice(0, 40));
     push({ type: 'state', seq: 1_040, at: Date.now(), status: 'running', looks: new Uint8Array(50) })`,
  );
  const gap = await page.textContent('dag-log .row.gap');
  assert.is(gap, '1,000 events up to #1,040 are not here yet');
});

browserTest(
  test,
  'pins rows and copies the selected ones as lines of JSON',
  async ({ page }) => {
    await openPanes(page, 'void showEvents(longLog({ nodes: 100 }))');
    await page.focus(GRID);
    for (const key of ['Home', 'j', 'p', 'Shift+J', 'Shift+ArrowDown', 'Control+c']) await page.keyboard.press(key);
    await settled(page);
    assert.match((await page.textContent('dag-log .pins'))!, /^#2 started load\.part\[0\] Began$/);
    assert.is(await page.textContent('dag-log [role=status]'), 'Copied 3 events');
    await page.evaluate(`document.body.append(document.createElement('textarea'))`);
    assert.is(await page.evaluate(`log.shadowRoot.activeElement.role`), 'grid');
    await page.focus('textarea');
    await page.keyboard.press('Control+v');
    const copied = (await page.inputValue('textarea')).trimEnd().split('\n');
    assert.equal(
      copied.map((line) => (JSON.parse(line) as { seq: number }).seq),
      [2, 3, 4],
    );
    assert.is(await page.evaluate(`log.shadowRoot.querySelectorAll('[aria-selected=true]').length`), 3);
    await page.click('dag-log .pins button[aria-label="Unpin event 2"]');
    assert.is(await page.textContent('dag-log .pins'), '');
  },
  { permissions: ['clipboard-read', 'clipboard-write'] },
);

browserTest(test, 'text of others stays text', async ({ page }) => {
  await openPanes(
    page,
    `void showEvents([...longLog({ nodes: 3 })].slice(0, 1).concat([
       { seq: 2, at: 9e12, type: 'CustomEmitted', name: '<img src=x onerror=alert(1)>\\u202e', payload: '</div><script>alert(1)</script>' },
     ]))`,
  );
  const row = ((await page.evaluate(ROWS)) as string[])[1]!;
  assert.ok(row.endsWith('<img src=x onerror=alert(1)>\\u202e: </div><script>alert(1)</script>'));
  assert.is(await page.evaluate(`log.shadowRoot.querySelector('img, script')`), null);
});

browserTest(test, 'nothing is wrong with it for those who hear it', async ({ page }) => {
  await openPanes(page, 'void showEvents(longLog({ nodes: 60 }))');
  await page.focus(GRID);
  for (const key of ['Home', 'j', 'p']) await page.keyboard.press(key);
  for (const theme of ['light', 'dark', 'contrast']) {
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'; view.seek(5)`);
    await settled(page);
    assert.equal(await violations(page, 'dag-log'), [], theme);
  }
});

browserTest(test, 'any row is in reach of a log that is higher than browsers lay out', async ({ page }) => {
  await openPanes(page, 'void showEvents(longLog({ nodes: 14_000, slots: 50, progress: 25 }))');
  const isOver = (): boolean => (window as unknown as { view: { isOver: boolean } }).view.isOver;
  await page.waitForFunction(isOver, undefined, { timeout: 200_000, polling: 500 });
  await settled(page);
  assert.ok(((await page.evaluate('view.log.size')) as number) * 24 > 8_000_000);
  await page.focus(GRID);
  await page.keyboard.press('Home');
  await page.hover(GRID);
  await page.mouse.wheel(0, 240);
  await settled(page);
  const first = ((await page.evaluate(ROWS)) as string[])[0]!;
  assert.is(first.split('|')[0], '11');
  await page.evaluate(`log.shadowRoot.querySelector('.grid').scrollTop = 1e9`);
  await settled(page);
  assert.match(((await page.evaluate(ROWS)) as string[]).at(-1)!, /run settled/);
});

endsBrowser(test);
test.run();
