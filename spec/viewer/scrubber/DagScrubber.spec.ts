// alone
// timeout: 200000
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openShell, settled, tell } from '../shell/openShell.js';
import { openEvents, shopLog } from '../shell/shopLog.js';

const test = suite('<dag-scrubber>');
endsBrowser(test);

browserTest(test, 'a slider over all events says in words where it is', async ({ page }) => {
  await openShell(page, `?events=${openEvents}`);
  const slider = page.getByRole('slider', { name: 'Event that is shown' });
  assert.is(await slider.getAttribute('max'), String(openEvents));
  await slider.focus();
  await page.keyboard.press('Home');
  await settled(page);
  assert.is(await page.evaluate(() => window.controls.view.seq), 0);
  assert.is(await slider.getAttribute('aria-valuetext'), `event 0 of ${openEvents}, before the start`);
  await page.keyboard.press('ArrowRight');
  await settled(page);
  assert.is(await page.evaluate(() => window.controls.view.seq), 1);
  await page.keyboard.press('End');
  await settled(page);
  assert.ok(await page.evaluate(() => window.controls.view.isLive), 'its end is live');
});

browserTest(test, 'dragging goes to another moment at most once a frame', async ({ page }) => {
  await openShell(page, `?events=${openEvents}`);
  const seeks = await page.evaluate(async () => {
    const { view, viewer } = window.controls;
    let count = 0;
    const seek = view.seek.bind(view);
    view.seek = (seq) => {
      count++;
      seek(seq);
    };
    const range = viewer.scrubber.shadowRoot!.querySelector('input')!;
    for (let i = 1; i <= 20; i++) {
      range.value = String(i);
      range.dispatchEvent(new Event('input'));
    }
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return [count, view.seq];
  });
  assert.equal(seeks, [1, 20]);
});

browserTest(
  test,
  'buttons step, play and stop, and go live; the run that goes on does not move what is shown',
  async ({ page }) => {
    await openShell(page, `?events=${openEvents}`);
    const seq = (): Promise<number> => page.evaluate(() => window.controls.view.seq);
    await page.getByRole('button', { name: 'One event back' }).click();
    assert.is(await seq(), openEvents - 1);
    await page.getByRole('button', { name: 'One event on' }).click();
    assert.is(await seq(), openEvents);
    const live = page.getByRole('button', { name: /^(Live|End)$/ });
    await settled(page);
    assert.is(await live.innerText(), 'Live');
    assert.is(await live.getAttribute('aria-pressed'), 'false');
    await tell(page, { type: 'events', events: shopLog.slice(openEvents) });
    assert.is(await seq(), openEvents);
    await live.click();
    await settled(page);
    assert.is(await seq(), shopLog.length);
    assert.is(await live.getAttribute('aria-pressed'), 'true');
    assert.is(await live.innerText(), 'End', 'a run that is over is not live');
    await page.evaluate(() => window.controls.view.seek(1));
    await page.getByLabel('Speed').selectOption('1000');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.waitForFunction((end) => window.controls.view.seq === end, shopLog.length);
    await settled(page);
    assert.ok(await page.getByRole('button', { name: 'Play' }).isVisible(), 'it stops at the end');
    await page.evaluate(() => window.controls.view.seek(1));
    await page.getByLabel('Speed').selectOption('1');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    assert.is(await page.evaluate(() => window.controls.view.playing), undefined);
  },
);

browserTest(test, 'what is shown is told beside the slider, which goes by events or by time', async ({ page }) => {
  await openShell(page, `?events=${openEvents}`);
  await page.evaluate(() => window.controls.view.seek(8));
  await settled(page);
  await page.getByText(`event 8 of ${openEvents}`, { exact: true }).waitFor();
  await page.getByText('+705 ms', { exact: true }).waitFor();
  await page.getByLabel('What the slider goes by').selectOption('by time');
  await settled(page);
  const slider = page.getByRole('slider', { name: 'Moment that is shown' });
  const place = (): Promise<number> => slider.evaluate((range) => (range as HTMLInputElement).valueAsNumber);
  const share = await page.evaluate(() => {
    const { startedAt, endAt, at } = window.controls.view;
    return (at - startedAt) / (endAt - startedAt);
  });
  assert.ok(Math.abs((await place()) / 10_000 - share) < 0.02, `${await place()} for ${share}`);
  const moved = await page.evaluate(async () => {
    const range = window.controls.viewer.scrubber.shadowRoot!.querySelector('input')!;
    const { startedAt, endAt } = window.controls.view;
    range.value = String(Math.round((10_000 * 800) / (endAt - startedAt)));
    const wanted = range.value;
    range.dispatchEvent(new Event('input'));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return { at: window.controls.view.at - startedAt, place: range.value, wanted };
  });
  assert.is(moved.at, 760, 'the last event before it');
  assert.is(moved.place, moved.wanted, 'the slider stays where it was put');
  await slider.focus();
  await page.keyboard.press('End');
  await settled(page);
  assert.ok(await page.evaluate(() => window.controls.view.isLive));
});

browserTest(test, 'playing leaves out times in which nothing happens, and says so', async ({ page }) => {
  await openShell(page, `?events=3`);
  await tell(page, {
    type: 'events',
    events: shopLog.slice(3, 6).map((event, i) => ({ ...event, at: Date.now() + 3_600_000 * (i + 1) })),
  });
  await page.evaluate(() => window.controls.view.seek(3));
  const skip = page.getByRole('button', { name: 'Skip idle' });
  assert.is(await skip.getAttribute('aria-pressed'), 'true');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByText(/^skipped (1:00:0|59:5)\d in which nothing happened$/).waitFor();
  await page.waitForFunction(() => window.controls.view.seq === 6);
  await page.evaluate(() => window.controls.view.seek(3));
  await skip.click();
  await page.getByRole('button', { name: 'Play' }).click();
  await page.waitForTimeout(1_200);
  assert.is(await page.evaluate(() => window.controls.view.seq), 3, 'else it takes as long as it took');
  await page.getByRole('button', { name: 'Stop' }).click();
});

browserTest(test, 'failures and retries are painted where they were', async ({ page }) => {
  await openShell(page, `?events=${openEvents}`);
  const coloured = await page.evaluate(() => {
    const canvas = window.controls.viewer.scrubber.shadowRoot!.querySelector('canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, canvas.height - 1, canvas.width, 1);
    const spans: number[] = [];
    for (let x = 0; x < canvas.width; x++)
      if (data[x * 4 + 3]! > 0 && (x === 0 || data[x * 4 - 1] === 0)) spans.push(x / canvas.width);
    return spans;
  });
  const wrong = shopLog
    .slice(0, openEvents)
    .filter(({ type }) => type === 'NodeFailed' || type === 'NodeRetryScheduled')
    .map(({ seq }) => (seq - 1) / openEvents);
  assert.is(coloured.length, wrong.length);
  coloured.forEach((place, i) => assert.ok(Math.abs(place - wrong[i]!) < 0.01, `${place} for ${wrong[i]}`));
});

test.run();
