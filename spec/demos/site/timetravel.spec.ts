// alone
// timeout: 120000
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest } from '../../support/browser.js';
import { Site, shownBy, until } from './Site.js';

const test = suite('demos/site/timetravel');
const site = new Site(test);

browserTest(test, 'a finished run is shown: failures, retries, added nodes', async ({ page }) => {
  await site.open(page, 'timetravel/index.html', 'dag-viewer');
  const { status, nodes, events } = await until(page, ({ events }) => events.at(-1)?.type === 'RunSettled');
  assert.is(status, 'failed');
  assert.is(Object.keys(nodes).length, 53);
  assert.equal([nodes['read-03']!.status, nodes['read-03']!.attempt], ['succeeded', 2]);
  assert.equal([nodes['read-07']!.status, nodes['read-07']!.attempt], ['failed', 3]);
  assert.is(nodes['check-07']!.status, 'skipped');
  assert.is(nodes['report']!.status, 'succeeded');
  const added = events.flatMap((event) => (event.type === 'NodeAdded' ? [`${event.by} ${event.node.id}`] : []));
  assert.equal(
    added.sort(),
    ['confirm', 'look'].flatMap((what) => ['10', '11', '12'].map((n) => `investigate ${what}-${n}`)),
  );
});

browserTest(
  test,
  'the run is forked where the scrubber stands, with another input, and both are compared',
  async ({ page }) => {
    await site.open(page, 'timetravel/index.html', 'dag-viewer');
    await until(page, ({ events }) => events.at(-1)?.type === 'RunSettled');
    await page.evaluate(() => {
      (document.querySelector('dag-viewer') as unknown as { view: { seek(seq: number): void } }).view.seek(80);
    });
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#seq')?.value === '80');
    const slider = page.locator('#threshold');
    const box = (await slider.boundingBox())!;
    await page.mouse.click(box.x + box.width * 0.3, box.y + box.height / 2);
    const threshold = Number(await slider.inputValue());
    assert.ok(threshold > 40 && threshold < 65, `${threshold}`);
    await page.click('#fork button');
    await page.waitForSelector('#pair .side >> nth=1');

    const b = await until(page, ({ events }) => events.length > 0, { selector: '[data-run=fork-1] dag-graph' });
    const started = b.events[0]!;
    assert.ok(started.type === 'RunStarted');
    assert.equal(started.inputs, { threshold });
    assert.equal([started.forkedFrom?.runId, started.forkedFrom?.seq], ['first', 80]);
    const suspicious = (shown: typeof b): number =>
      Object.values(shown.nodes).filter(({ output }) => JSON.stringify(output)?.includes('"isSuspicious":true')).length;
    const a = await shownBy(page, '[data-run=first] dag-graph');
    const last = await page.evaluate(() => {
      const { view } = document.querySelector('[data-run=fork-1] dag-graph') as unknown as {
        view: { live(): void };
      };
      return view.live();
    });
    assert.is(last, undefined);
    const end = await until(page, ({ status }) => status === 'failed', { selector: '[data-run=fork-1] dag-graph' });
    assert.ok(suspicious(end) > suspicious(a), 'more is suspicious under the lower threshold');

    assert.is(await page.textContent('#first'), 'event 1');
    assert.match((await page.textContent('#event-b')) ?? '', new RegExp(`RunStarted .*"threshold":${threshold}`));
    const rows = await page.locator('#nodes tr').allTextContents();
    assert.ok(
      rows.some((row) => /^look-\d\dnot theresucceeded/.test(row)),
      rows.join('\n'),
    );
    assert.ok(
      rows.some((row) => /^check-\d\dplausiblesuspicious/.test(row)),
      rows.join('\n'),
    );
  },
);

browserTest(test, 'of two forks the one that was asked for last is shown', async ({ page }) => {
  await site.open(page, 'timetravel/index.html', 'dag-viewer');
  await until(page, ({ events }) => events.at(-1)?.type === 'RunSettled');
  await page.evaluate(() => {
    const form = document.querySelector<HTMLFormElement>('#fork')!;
    const seq = document.querySelector<HTMLInputElement>('#seq')!;
    for (const at of ['30', '60', '90']) {
      seq.value = at;
      form.requestSubmit();
    }
  });
  await page.waitForSelector('#pair [data-run=fork-3] dag-graph');
  await page.getByText('fork-3: event 90 of the first run').waitFor();
  await page.waitForTimeout(500);
  assert.equal(
    await page.locator('#pair [data-run]').evaluateAll((sides) => sides.map((side) => side.getAttribute('data-run'))),
    ['first', 'fork-3'],
  );
  assert.match((await page.textContent('#told')) ?? '', /^fork-3: event 90/);
});

browserTest(test, 'both runs move together, by keyboard alone', async ({ page }) => {
  await site.open(page, 'timetravel/index.html', 'dag-viewer');
  await until(page, ({ events }) => events.at(-1)?.type === 'RunSettled');
  await page.locator('#seq').focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('60');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#compared:not([hidden])');
  const seqs = (): Promise<readonly number[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('#pair dag-graph')].map(
        (graph) => (graph as unknown as { view: { seq: number } }).view.seq,
      ),
    );
  await page.locator('#then').focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => !(document.querySelector('#pair')?.hasAttribute('hidden') ?? true));
  const at = Number(((await page.textContent('#then')) ?? '').replace('event ', ''));
  assert.ok(at > 1);
  assert.equal(await seqs(), [at, at]);
  await page.locator('#nodes button').first().focus();
  await page.keyboard.press('Enter');
  const selected = await page.evaluate(() =>
    [...document.querySelectorAll('#pair dag-graph')].map((graph) => {
      const { view } = graph as unknown as { view: { selected?: number; idOf(index: number): string } };
      return view.selected === undefined ? undefined : view.idOf(view.selected);
    }),
  );
  assert.equal(new Set(selected).size, 1);
  assert.is(selected[0], await page.locator('#nodes button').first().textContent());
  await page.locator('#one').focus();
  await page.keyboard.press('Space');
  assert.ok(await page.isVisible('dag-viewer'));
});

browserTest(
  test,
  'a fork is wholly in sight at its end, and moves with the first run from there',
  async ({ page }) => {
    await site.open(page, 'timetravel/index.html', 'dag-viewer');
    await until(page, ({ events }) => events.at(-1)?.type === 'RunSettled');
    await page.fill('#seq', '70');
    await page.fill('#threshold', '40');
    await page.click('#fork button');
    await page.waitForSelector('#pair .side >> nth=1');
    await page.waitForTimeout(1_000);
    const fork = page.locator('[data-run=fork-1] dag-graph');
    const picture = await fork.screenshot();
    await fork.evaluate((graph) => (graph as unknown as { fit(): void }).fit());
    await page.waitForTimeout(300);
    assert.ok(picture.equals(await fork.screenshot()), 'it is fitted already');
    const [headA, headB] = [173, 248];
    const seqsAfter = (side: number, seq: number | undefined): Promise<readonly number[]> =>
      page.evaluate(
        ([side, seq]) => {
          const views = [...document.querySelectorAll('#pair dag-graph')].map(
            (graph) => (graph as unknown as { view: { seq: number; seek(seq: number): void } }).view,
          );
          if (seq !== undefined) views[side!]!.seek(seq);
          return views.map(({ seq }) => seq);
        },
        [side, seq],
      );
    assert.equal(await seqsAfter(0, undefined), [headA, headB]);
    assert.equal(await seqsAfter(0, 30), [30, 30]);
    assert.equal(await seqsAfter(1, 70), [70, 70]);
    assert.equal(await seqsAfter(0, headA), [headA, headB]);
    const [midA, midB] = await seqsAfter(1, 200);
    assert.is(midB, 200);
    assert.ok(midA! > 130 && midA! < headA, `${midA}`);
    assert.equal(await seqsAfter(1, headB), [headA, headB]);
    const ends = await page
      .locator('#nodes tr')
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
    assert.ok(ends.length > 0);
    assert.equal(
      ends.filter(([, first, fork]) => first === fork),
      [],
      'what was only tried once more has not ended differently',
    );
  },
  { viewport: { width: 1280, height: 800 } },
);

browserTest(test, 'a fork that cannot be is told in a sentence', async ({ page }) => {
  await site.open(page, 'timetravel/index.html', 'dag-viewer');
  await until(page, ({ events }) => events.at(-1)?.type === 'RunSettled');
  await page.evaluate(() => document.querySelector<HTMLInputElement>('#seq')!.removeAttribute('max'));
  await page.fill('#seq', '9999');
  await page.click('#fork button');
  await page.waitForFunction(() => (document.getElementById('told')?.textContent ?? '').includes('9999'));
});

test.run();
