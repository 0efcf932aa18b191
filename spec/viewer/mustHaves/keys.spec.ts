// alone
// timeout: 300000
// weight: 3
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openShell, settled } from '../shell/openShell.js';
import { openEvents } from '../shell/shopLog.js';
import { until, untilIs } from './until.js';

const test = suite('must have: all of it by keys');
endsBrowser(test);

const query = `?events=${openEvents}`;

/** All that keys change, as the page shows it. */
const stateOf = (page: Page) =>
  page.evaluate(() => {
    const { view, viewer, asked } = window.controls;
    const graph = viewer.panes.graph.shadowRoot!;
    let focus = document.activeElement;
    const path: string[] = [];
    while (focus !== null) {
      path.push(focus.localName);
      if (focus.shadowRoot?.activeElement == null) break;
      focus = focus.shadowRoot.activeElement;
    }
    const chosen = [...graph.querySelectorAll('.item')].find(
      (item) => view.selected !== undefined && item.querySelector('.label')?.textContent === view.idOf(view.selected),
    );
    const box = chosen?.querySelector('.box');
    const place = box?.getBoundingClientRect();
    const stage = graph.querySelector('.stage')!.getBoundingClientRect();
    return {
      seq: view.seq,
      isLive: view.isLive,
      isPlaying: view.playing !== undefined,
      selected: view.selected === undefined ? undefined : view.idOf(view.selected),
      highlight: view.highlightKind,
      hidesDone: view.hidesDone,
      focus: path,
      role: focus?.getAttribute('role') ?? undefined,
      panes: [...viewer.shadowRoot!.querySelectorAll('.tab[aria-pressed=true]')].map(({ textContent }) => textContent),
      dialog: viewer.shadowRoot!.querySelector('dialog[open]')?.getAttribute('aria-label') ?? undefined,
      asked: asked.map(({ type }) => type),
      scale: place === undefined ? 0 : place.width / Number(box!.getAttribute('width')),
      x: place === undefined ? 0 : place.x + place.width / 2,
      y: place === undefined ? 0 : place.y + place.height / 2,
      middle: [stage.x + stage.width / 2, stage.y + stage.height / 2] as const,
    };
  });
type State = Awaited<ReturnType<typeof stateOf>>;

/** Puts the page back: live, nothing but one node selected, nothing open, all in sight, the focus nowhere. */
const reset = async (page: Page, id: string): Promise<void> => {
  await page.evaluate((id) => {
    const { view, viewer, asked } = window.controls;
    for (const dialog of viewer.shadowRoot!.querySelectorAll('dialog')) dialog.close();
    let focus = document.activeElement;
    while (focus?.shadowRoot?.activeElement != null) focus = focus.shadowRoot.activeElement;
    (focus as HTMLElement | null)?.blur();
    view.stop();
    view.live();
    view.clearHighlight();
    view.setHidesDone(false);
    view.setFilter('');
    view.select(view.indexOf(id));
    viewer.panes.apply('graph,timeline,inspector');
    viewer.panes.graph.fit();
    asked.length = 0;
  }, id);
  await settled(page);
};

interface Row {
  /** The node that is selected before. */
  readonly from?: string;
  readonly before?: (page: Page) => Promise<unknown>;
  readonly holds: (after: State, before: State) => void;
}

const inPane =
  (element: string, name: string, role?: string): Row['holds'] =>
  ({ focus, panes, role: found }) => {
    assert.ok(focus.includes(element), focus.join(' '));
    assert.ok(panes.includes(name), panes.join());
    if (role !== undefined) assert.is(found, role);
  };
const goesTo =
  (id: string): Row['holds'] =>
  ({ selected }) =>
    assert.is(selected, id);
const opens =
  (name: string): Row['holds'] =>
  ({ dialog }) =>
    assert.is(dialog, name);
const filtered = async (page: Page): Promise<void> => {
  await page.evaluate(() => window.controls.view.setFilter('check-'));
  await settled(page);
};
const press =
  (...keys: string[]) =>
  async (page: Page): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
    await settled(page);
  };
const closer: Row['holds'] = (after, before) => assert.ok(after.scale > before.scale * 1.1, `${after.scale}`);

/** What each line of the sheet of keys does. */
const rows: Readonly<Record<string, Row>> = {
  'Go to the graph': { holds: inPane('dag-graph', 'Graph', 'application') },
  'Go to the list': { holds: inPane('dag-graph', 'List', 'treegrid') },
  'Go to the timeline': { holds: inPane('dag-timeline', 'Timeline') },
  'Go to the log': { holds: inPane('dag-log', 'Log', 'grid') },
  'Go to the inspector': { holds: inPane('dag-inspector', 'Inspector') },
  'Hide or show what is done': { holds: ({ hidesDone }) => assert.ok(hidesDone) },
  'Critical path': { holds: ({ highlight }) => assert.is(highlight, 'critical') },
  Filter: { holds: ({ focus }) => assert.is(focus.at(-1), 'input') },
  'Next match': { from: 'check-1', before: filtered, holds: goesTo('check-2') },
  'Previous match': { from: 'check-1', before: filtered, holds: goesTo('check-0') },
  'Next row': { from: 'load', holds: goesTo('clean') },
  'Previous row': { from: 'clean', holds: goesTo('load') },
  'Nearest node to the left': { from: 'clean', holds: goesTo('load') },
  'Nearest node to the right': { from: 'price', holds: ({ x }, before) => assert.ok(x > before.x) },
  'Nearest node above': { from: 'check-3', holds: ({ y, x }, before) => assert.ok(y < before.y && x === before.x) },
  'Nearest node below': { from: 'check-3', holds: ({ y, x }, before) => assert.ok(y > before.y && x === before.x) },
  'Highlight all that it depends on': { holds: ({ highlight }) => assert.is(highlight, 'upstream') },
  'Highlight all that depend on it': { holds: ({ highlight }) => assert.is(highlight, 'downstream') },
  'Fit the graph': {
    before: press('+', '+', '+'),
    holds: ({ scale }, before) => assert.ok(scale < before.scale / 1.5, `${scale}`),
  },
  'Centre the selected node': {
    from: 'load',
    holds: ({ x, y, middle }) => assert.ok(Math.hypot(x - middle[0], y - middle[1]) < 4, `${x} ${y} ${middle.join()}`),
  },
  'Zoom in': { from: 'stock', holds: closer },
  'Zoom out': { from: 'stock', holds: (after, before) => assert.ok(after.scale < before.scale / 1.1) },
  'Zoom to full size': { from: 'stock', holds: ({ scale }) => assert.ok(Math.abs(scale - 1) < 0.02, `${scale}`) },
  'Back out: highlight, selection, filter': { holds: goesTo(undefined as never) },
  'One event back': { holds: ({ seq }) => assert.is(seq, openEvents - 1) },
  'One event on': { before: press('[', '[', '['), holds: ({ seq }) => assert.is(seq, openEvents - 2) },
  'Live: the newest state': { before: press('['), holds: ({ isLive }) => assert.ok(isLive) },
  'To the start': { holds: ({ seq }) => assert.is(seq, 0) },
  'Play or stop': { before: press('{'), holds: ({ isPlaying }) => assert.ok(isPlaying) },
  'Pause or resume the run': { holds: ({ asked }) => assert.equal(asked, ['PauseRun']) },
  'Add a node': { holds: opens('Add a node') },
  'All keys': { holds: opens('Keys') },
  'All commands and nodes': { holds: opens('Commands') },
};

/** What the graph does itself when the focus is in it. */
const graphsOwn = /^(Nearest|Highlight|Fit|Centre|Zoom)/;

/** Keys as the sheet draws them, as a keyboard is pressed. */
const pressed: Readonly<Record<string, string>> = {
  '↑': 'ArrowUp',
  '↓': 'ArrowDown',
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
  Esc: 'Escape',
};

browserTest(test, 'every key of the sheet does what its line says', async ({ page }) => {
  await openShell(page, query);
  await page.keyboard.press('?');
  const sheet = await page.evaluate(() =>
    [...window.controls.viewer.shadowRoot!.querySelectorAll('dialog.keys .pair')].map((pair) => ({
      name: pair.querySelector('dt')!.textContent,
      ways: [...pair.querySelectorAll('.way')].map((way) =>
        [...way.querySelectorAll('kbd')].map(({ textContent }) => textContent),
      ),
    })),
  );
  assert.equal(sheet.map(({ name }) => name).toSorted(), Object.keys(rows).toSorted());
  for (const { name, ways } of sheet)
    for (const caps of ways)
      for (const isInGraph of graphsOwn.test(name) ? [false, true] : [false]) {
        const { from = 'price', before, holds } = rows[name]!;
        await reset(page, from);
        if (isInGraph) await page.evaluate(() => window.controls.viewer.panes.focus('graph'));
        await before?.(page);
        const was = await stateOf(page);
        const keys = caps.map((cap) => pressed[cap] ?? cap);
        if (keys[0] === 'Ctrl') await page.keyboard.press(`Control+${keys[1]}`);
        else for (const key of keys) await page.keyboard.press(key);
        await until(
          () => stateOf(page),
          (after) => {
            try {
              holds(after, was);
            } catch (complaint) {
              const told = `${name} (${caps.join(' ')}): ${(complaint as Error).message}`;
              throw new Error(told, { cause: complaint });
            }
          },
          8_000,
        );
      }
});

/** What commands without a key do, as it is chosen in the palette. */
const chosen: Readonly<Record<string, () => unknown>> = {
  'Group: branch': () => window.controls.view.grouping === 'branch',
  'Group: prefix': () => window.controls.view.grouping === 'prefix',
  'Group: none': () => window.controls.view.grouping === 'none',
  'Group: auto': () => window.controls.view.grouping === 'auto',
  'Times: local': () => window.controls.view.clock === 'local',
  'Times: utc': () => window.controls.view.clock === 'utc',
  'Times: relative': () => window.controls.view.clock === 'relative',
  'Theme: dark': () => document.documentElement.dataset['theme'] === 'dark',
  'Theme: contrast': () => document.documentElement.dataset['theme'] === 'contrast',
  'Theme: light': () => document.documentElement.dataset['theme'] === 'light',
  'Theme: auto': () => document.documentElement.dataset['theme'] === undefined,
  'Follow what runs': () => window.controls.viewer.panes.graph.followRunning,
  'Playing: skip idle times or not': () =>
    window.controls.viewer.scrubber.shadowRoot!.querySelector('.wide')!.ariaPressed === 'false',
  'Slider: by events or by time': () =>
    window.controls.viewer.scrubber.shadowRoot!.querySelector('input')!.max === '10000',
  'Retry the selected node': () => window.controls.asked.at(-1)?.type === 'RetryNode',
  'Skip the selected node': () => window.controls.asked.at(-1)?.type === 'SkipNode',
  'Cancel the run': () => window.controls.asked.at(-1)?.type === 'CancelRun',
  'Run again from this moment': () =>
    window.controls.viewer.shadowRoot!.querySelector('dialog[open]')?.ariaLabel?.startsWith('Run again') === true,
  'Compare with another run': () =>
    window.controls.viewer.shadowRoot!.querySelector('dialog[open]')?.ariaLabel?.startsWith('Compare') === true,
};

browserTest(test, 'what has no key is chosen in the palette, without a mouse', async ({ page }) => {
  await openShell(page, query);
  await page.evaluate(() => window.controls.view.select(window.controls.view.indexOf('charge')));
  for (const [name, holds] of Object.entries(chosen)) {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(name);
    const first = page.getByRole('dialog', { name: 'Commands' }).getByRole('option').first();
    await untilIs(() => first.locator('.what').innerText(), name);
    await page.keyboard.press('Enter');
    if (name === 'Cancel the run') {
      await untilIs(() => first.locator('.what').innerText(), 'Cancel the run: sure?');
      assert.not.ok(await page.evaluate(() => window.controls.asked.some(({ type }) => type === 'CancelRun')));
      await page.keyboard.press('Enter');
    }
    await page.waitForFunction(holds, undefined, { timeout: 8_000 });
    if (await page.getByRole('dialog').isVisible()) await page.keyboard.press('Escape');
  }
  for (const name of ['Mermaid', 'Chrome trace, for Perfetto', 'PNG picture']) {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(`Save: ${name}`);
    const [saved] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    assert.match(saved.suggestedFilename(), /^shop-orders-run-7f3\./);
  }
});

test.run();
