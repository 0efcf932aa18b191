// alone
// timeout: 400000
// weight: 4
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openShell, selectNode, settled, tell } from './openShell.js';
import { openEvents, shopLog } from './shopLog.js';

const test = suite('<dag-viewer>');
endsBrowser(test);

const query = `?events=${openEvents}`;
const hash = (page: Page): Promise<string> => page.evaluate(() => decodeURIComponent(location.hash));
const foot = (page: Page): Promise<string> => page.getByRole('group', { name: 'Where this stands' }).innerText();

browserTest(test, 'the foot tells the truth: seq, connection, what is missing, what is done', async ({ page }) => {
  await openShell(page, query);
  const told = await foot(page);
  for (const part of ['connected', `#${openEvents} of ${openEvents}`, 'lag 12 ms', 'missing 0', '12 of 17 nodes done'])
    assert.ok(told.includes(part), `${part} in ${told}`);
  await tell(page, { type: 'connection', state: 'retrying', text: 'no answer.' });
  assert.match(
    await page.getByRole('alert').innerText(),
    /connection is lost \(no answer\)\. What.*goes on by itself.*server/,
  );
  assert.match(await foot(page), /connection lost, trying again/);
  assert.ok(await page.getByText('running when last heard').isVisible());
  const pause = page.getByRole('button', { name: 'Pause run' });
  assert.ok(await pause.isDisabled());
  await page.getByText('The connection is lost; commands can be given once the server answers again.').waitFor();
  await tell(page, { type: 'connection', state: 'live', lagMs: 3 });
  assert.ok(await pause.isEnabled());
  assert.is(await page.getByRole('alert').count(), 0);
  await tell(page, { type: 'events', events: shopLog.slice(openEvents) });
  assert.ok(await page.getByText('✕ failed').first().isVisible());
  assert.match(await foot(page), new RegExp(`#${shopLog.length} of ${shopLog.length}`));
  const end = page.getByRole('button', { name: 'End', exact: true });
  assert.is(await end.getAttribute('aria-pressed'), 'true');
  assert.is(await page.getByRole('button', { name: 'Live' }).count(), 0);
});

browserTest(test, 'any display of the element keeps its layout', async ({ page }) => {
  await openShell(page, query);
  for (const display of ['block', 'flex', 'grid', 'inline-block']) {
    const [width, height, bottom] = await page.evaluate(async (display) => {
      const { viewer } = window.controls;
      viewer.style.cssText = `display:${display};width:1100px;height:600px`;
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const top = viewer.getBoundingClientRect().top;
      const graph = viewer.panes.graph.getBoundingClientRect();
      const end = viewer.shadowRoot!.querySelector('.end')!.getBoundingClientRect();
      return [graph.width, graph.height, end.bottom - top];
    }, display);
    assert.ok(width! > 600 && height! > 160, `${display}: ${width} × ${height}`);
    assert.ok(Math.abs(bottom! - 600) <= 1, `${display}: ends at ${bottom}`);
  }
});

browserTest(test, 'a view that is null is none, and another one can be set after it', async ({ page }) => {
  await openShell(page, query);
  await page.evaluate(() => {
    window.controls.viewer.view = null as never;
  });
  assert.ok(await page.evaluate(() => window.controls.viewer.view === undefined));
  await page.waitForFunction(
    () => window.controls.viewer.panes.graph.shadowRoot!.querySelectorAll('.item').length === 0,
  );
  await page.evaluate(() => {
    window.controls.viewer.view = window.controls.view;
  });
  await selectNode(page, 'charge');
});

browserTest(test, 'a report that can not be made is told in its sentence', async ({ page }) => {
  await openShell(page, query);
  await page.evaluate(() => {
    window.controls.viewer.reportFor = () => Promise.reject(new RangeError('The log is too long for a report.'));
    window.controls.viewer.save('HTML report');
  });
  await page.getByText('HTML report: The log is too long for a report.').waitFor();
});

browserTest(test, 'the way back to the list of runs is there where there is a list', async ({ page }) => {
  await openShell(page, query);
  const back = page.getByRole('button', { name: 'All runs' });
  assert.is(await back.count(), 0);
  await page.evaluate(() => {
    const { viewer, opened } = window.controls;
    viewer.addEventListener('all-runs', () => opened.push('all'));
    viewer.hasList = true;
  });
  await back.click();
  assert.equal(await page.evaluate(() => window.controls.opened), ['all']);
});

browserTest(test, 'the address follows what is shown and keeps the token', async ({ page }) => {
  await openShell(page, `${query}#token=s3cret`);
  await selectNode(page, 'charge');
  await page.evaluate(() => window.controls.view.seek(21));
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.waitForFunction(() => location.hash.includes('seq='));
  await page.waitForFunction(() => location.hash.includes('view='));
  assert.is(await hash(page), '#token=s3cret&run=run-7f3&seq=21&node=charge&view=log,graph,inspector');
  await page.evaluate(() => window.controls.view.live());
  await page.waitForFunction(() => !location.hash.includes('seq='));
  assert.match(await hash(page), /^#token=s3cret&run=run-7f3&node=charge/);
});

browserTest(
  test,
  'an address leads to its moment, node and view, at the start and when it is changed',
  async ({ page }) => {
    await openShell(page, `${query}#run=run-7f3&seq=9&node=price&view=log,inspector`);
    const shown = (): Promise<unknown> =>
      page.evaluate(() => {
        const { view } = window.controls;
        return [view.seq, view.isLive, view.selected === undefined ? undefined : view.idOf(view.selected)];
      });
    assert.equal(await shown(), [9, false, 'price']);
    assert.ok(await page.getByRole('region', { name: 'Log' }).isVisible());
    await page.evaluate(() => (location.hash = '#run=run-7f3&node=load&view=timeline'));
    await page.waitForFunction(() => window.controls.view.isLive);
    assert.equal(await shown(), [openEvents, true, 'load']);
    assert.ok(await page.getByRole('region', { name: 'Timeline' }).isVisible());
    await page.evaluate(() => (location.hash = '#run=another&seq=3&node=clean'));
    await settled(page);
    assert.equal(await shown(), [openEvents, true, 'load'], 'what is said of another run is not for this one');
    await page.evaluate(() => (location.hash = '#node=%3Cimg%20src=x%3E&view=__proto__,constructor&seq=-4'));
    await page.waitForFunction(() => window.controls.view.selected === undefined);
    assert.equal(await shown(), [openEvents, true, undefined]);
  },
);

browserTest(test, 'an address waits for what the run has not come to yet', async ({ page }) => {
  await openShell(page, `?events=5#run=run-7f3&seq=20`);
  assert.is(await page.evaluate(() => window.controls.view.seq), 5);
  await tell(page, { type: 'events', events: shopLog.slice(5, openEvents) });
  assert.is(await page.evaluate(() => window.controls.view.seq), 20);
});

browserTest(test, 'a node is added by a form that tells what is wrong first', async ({ page }) => {
  await openShell(page, query);
  await page.getByRole('button', { name: 'More tools' }).click();
  await page.getByRole('button', { name: 'Add node' }).click();
  const form = page.getByRole('dialog', { name: 'Add a node' });
  const submit = form.getByRole('button', { name: 'Add node' });
  assert.ok(await submit.isDisabled());
  await form.getByLabel('Id', { exact: true }).fill('report');
  await form.getByLabel('Action').fill('print');
  await form.getByLabel('Depends on').fill('report');
  await form.getByText('A cycle: “report” would wait for itself.').waitFor();
  await form.getByLabel('Depends on').fill('char');
  assert.ok(
    (
      await form.locator('datalist option').evaluateAll((all) => all.map((o) => (o as HTMLOptionElement).value))
    ).includes('charge'),
  );
  await form.getByLabel('Depends on').fill('charge');
  await page.keyboard.press('Enter');
  await form.getByLabel('Inputs, as JSON').fill('{"rows": {"$ref": "load.rows"}}');
  await form.getByText('It waits for charge, load.').waitFor();
  await page.evaluate(() => (window.controls.answer = { refused: 'The action is not registered.' }));
  await submit.click();
  await form.getByText('The action is not registered.').waitFor();
  await page.evaluate(() => (window.controls.answer = { seq: 40 }));
  await submit.click();
  await page.getByText('Add node: done with #40.').waitFor();
  assert.not(await form.isVisible());
  assert.equal(await page.evaluate(() => window.controls.asked.at(-1)), {
    type: 'AddNode',
    spec: { id: 'report', action: 'print', deps: ['charge'], inputs: { rows: { $ref: 'load.rows' } } },
  });
});

browserTest(test, 'a run is forked from the moment that is shown, which leads to the new run', async ({ page }) => {
  await openShell(page, query);
  await page.evaluate(() => window.controls.view.seek(14));
  await selectNode(page, 'clean');
  await page.getByRole('button', { name: 'Re-run' }).click();
  await page.getByRole('button', { name: 'Run from here' }).click();
  await page.getByRole('button', { name: 'Open that run' }).click();
  assert.equal(await page.evaluate(() => window.controls.asked), [
    { type: 'EmitEvent', name: 'fork', payload: { seq: 14, again: ['clean'] } },
  ]);
});

browserTest(test, 'the run is saved in each form, under a name that is safe', async ({ page }) => {
  await openShell(page, query);
  const save = async (form: string): Promise<readonly [string, string]> => {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: form }).click(),
    ]);
    return [download.suggestedFilename(), await readFile((await download.path())!, 'utf8')];
  };
  const [name, log] = await save('Log, one event a line');
  assert.is(name, 'shop-orders-run-7f3.ndjson');
  const events = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number; type: string });
  assert.is(events.length, openEvents);
  assert.ok(events.every(({ seq, type }, i) => seq === i + 1 && type === shopLog[i]!.type));
  assert.match((await save('Graphviz DOT'))[1], /^digraph/);
  assert.match((await save('Mermaid'))[1], /^flowchart LR/);
  assert.match((await save('SVG picture'))[1], /<svg/);
  assert.ok(Array.isArray((JSON.parse((await save('Chrome trace'))[1]) as { traceEvents: unknown }).traceEvents));
  assert.match((await save('PNG picture'))[0], /\.png$/);
  await page.evaluate(() => (window.controls.viewer.reportFor = async () => '<!doctype html>all of it'));
  assert.equal(await save('HTML report'), ['shop-orders-run-7f3.html', '<!doctype html>all of it']);
});

browserTest(test, 'panes are resized by keys and by mouse, and keep their sizes', async ({ page }) => {
  await openShell(page, query);
  const bar = page.getByRole('separator', { name: 'Width of the inspector' });
  const width = async (): Promise<number> => (await page.locator('dag-inspector').boundingBox())!.width;
  const before = await width();
  await bar.focus();
  await page.keyboard.press('ArrowLeft');
  assert.is(await bar.getAttribute('aria-valuenow'), '30');
  assert.ok((await width()) > before);
  const box = (await bar.boundingBox())!;
  await page.mouse.move(box.x + 2, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(640, box.y + 100);
  await page.mouse.up();
  assert.ok(Math.abs((await width()) - 640) < 10, `${await width()}`);
  await page.reload();
  await page.waitForFunction(() => window.controls?.view.head > 0);
  assert.ok(Math.abs((await width()) - 640) < 10);
});

browserTest(
  test,
  'at 320 px one pane is shown at a time and nothing is wider than the page',
  async ({ page }) => {
    await openShell(page, query);
    for (const name of ['Graph', 'List', 'Timeline', 'Log', 'Inspector']) {
      await page.getByRole('group', { name: 'Views' }).getByRole('button', { name }).click();
      await settled(page);
      const panes = page.locator('dag-viewer section.pane:visible');
      assert.is(await panes.count(), 1, name);
      assert.ok((await panes.boundingBox())!.width >= 319, name);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320), name);
    }
    await page.getByRole('button', { name: 'More tools' }).click();
    for (const name of ['Commands', 'Compare', 'Hide done'])
      assert.ok(await page.getByRole('button', { name }).isVisible(), name);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    assert.ok(await page.getByRole('button', { name: 'Mermaid' }).isVisible());
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320));
  },
  { viewport: { width: 320, height: 640 } },
);

browserTest(test, 'the tools stand on one line at 1,280 px, whatever is told beside them', async ({ page }) => {
  await openShell(page, `?events=${openEvents}`);
  const lines = (): Promise<number> =>
    page.evaluate(() => {
      const bar = window.controls.viewer.shadowRoot!.querySelector('.bar')!;
      const boxes = [...bar.children].filter(
        (child) => (child as HTMLElement).offsetHeight > 0 && !child.matches('[popover]'),
      );
      const inside = boxes.every((box) => box.getBoundingClientRect().right <= bar.getBoundingClientRect().right);
      return inside && bar.scrollWidth <= bar.clientWidth
        ? new Set(boxes.map((box) => Math.round(box.getBoundingClientRect().top / 12))).size
        : NaN;
    });
  await page.evaluate(() => (window.controls.viewer.hasList = true));
  await settled(page);
  assert.is(await lines(), 1);
  await page.evaluate(() => window.controls.view.seek(12));
  await page.keyboard.press('/');
  await page.keyboard.type('state:succeeded');
  await page.getByText(/\d found/).waitFor();
  assert.is(await lines(), 1);
});

browserTest(test, 'arrows go through the menu, which has all that is seldom done', async ({ page }) => {
  await openShell(page, query);
  const more = page.getByRole('button', { name: 'More tools' });
  await more.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'More tools', expanded: true }).waitFor();
  const focused = (): Promise<string> =>
    page.evaluate(() => window.controls.viewer.shadowRoot!.activeElement!.firstChild!.textContent!);
  await page.keyboard.press('ArrowDown');
  assert.is(await focused(), 'Hide done');
  await page.keyboard.press('ArrowDown');
  assert.is(await focused(), 'Critical path');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  assert.is(await focused(), 'Keys');
  assert.not(await page.evaluate(() => window.controls.view.selected), 'no arrow reaches the graph');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  assert.ok(await page.evaluate(() => window.controls.view.hidesDone));
  await page.getByRole('button', { name: 'More tools', expanded: false }).waitFor();
  assert.is(
    await page.getByRole('button', { name: 'Hide done', includeHidden: true }).getAttribute('aria-pressed'),
    'true',
  );
});

browserTest(test, 'a run that waits for a person says so, and leads there', async ({ page }) => {
  const asks = shopLog.findIndex((event) => event.type === 'NodeWaiting') + 1;
  await openShell(page, `?events=${asks}`);
  const badge = page.getByRole('button', { name: '… input needed' });
  await badge.click();
  assert.is(
    await page.evaluate(() => window.controls.view.idOf(window.controls.view.selected!)),
    (shopLog[asks - 1] as { nodeId: string }).nodeId,
  );
  await page.getByText('▶ running').first().waitFor();
});

browserTest(test, 'it is told which process has the run, and what helps where none has', async ({ page }) => {
  await openShell(page, query);
  const status = (): Promise<string> => page.locator('dag-viewer .name .badge:visible').first().innerText();
  await tell(page, { type: 'owner', where: 'elsewhere', pid: 42, text: 'This run goes on in another process (42).' });
  assert.match(await foot(page), 'held by process 42');
  assert.match(await status(), 'running');
  await page.locator('dag-inspector button:disabled', { hasText: 'Pause run' }).waitFor();
  await page.locator('dag-inspector').getByText('goes on in another process').waitFor();
  await page.keyboard.press('Space');
  assert.equal(await page.evaluate(() => window.controls.asked), []);
  await tell(page, {
    type: 'owner',
    where: 'nowhere',
    text: 'No process goes on with it. `rxdag resume run-7f3 --db FILE` goes on.',
  });
  assert.match(await foot(page), 'no process has this run');
  assert.match(await status(), 'interrupted');
  assert.is(await page.locator('dag-viewer .calm code').innerText(), 'rxdag resume run-7f3 --db FILE');
  assert.not(await page.evaluate(() => window.controls.view.goesOn), 'its clock stands still');
  await tell(page, { type: 'owner', where: 'here' });
  assert.match(await status(), 'running');
  assert.not(await page.locator('dag-viewer .calm').isVisible());
  await page.locator('dag-inspector button:enabled', { hasText: 'Pause run' }).waitFor();
});

browserTest(test, 'a theme that is chosen is kept', async ({ page }) => {
  await openShell(page, query);
  await page.getByRole('button', { name: 'More tools' }).click();
  await page.getByLabel('Theme').selectOption('dark');
  assert.is(await page.evaluate(() => document.documentElement.dataset['theme']), 'dark');
  await page.reload();
  await page.waitForFunction(() => window.controls?.view.head > 0);
  assert.is(await page.evaluate(() => document.documentElement.dataset['theme']), 'dark');
  await page.getByRole('button', { name: 'More tools' }).click();
  assert.is(await page.getByLabel('Theme').inputValue(), 'dark');
  await page.getByLabel('Theme').selectOption('auto');
  assert.is(await page.evaluate(() => document.documentElement.dataset['theme']), undefined);
});

browserTest(
  test,
  'an element that is taken out of the page hears nothing more, and comes back as it was',
  async ({ page }) => {
    await openShell(page, query);
    await page.evaluate(() => {
      const { viewer } = window.controls;
      const parent = viewer.parentElement!;
      viewer.remove();
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '[', bubbles: true }));
      Object.assign(window, { heard: window.controls.view.isLive });
      parent.append(viewer);
    });
    assert.ok(await page.evaluate(() => (window as unknown as { heard: boolean }).heard));
    await settled(page);
    await page.keyboard.press('[');
    await settled(page);
    assert.match(await foot(page), new RegExp(`#${openEvents - 1} of`));
  },
);

browserTest(test, 'a view that was set before the elements were defined is shown', async ({ page }) => {
  await openShell(page, query);
  const told = await page.evaluate(async () => {
    const late = document.createElement('dag-late');
    Object.assign(late, { view: window.controls.view });
    document.body.append(late);
    customElements.define('dag-late', class extends customElements.get('dag-inspector')! {});
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return late.shadowRoot!.querySelector('h2')!.textContent;
  });
  assert.is(told, 'shop orders');
});

test.run();
