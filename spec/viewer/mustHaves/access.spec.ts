// alone
// timeout: 240000
// weight: 3
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openShell, settled, tell } from '../shell/openShell.js';
import { openEvents, shopLog } from '../shell/shopLog.js';
import { openReport } from './openReport.js';
import { story } from './story.js';
import { until } from './until.js';

const test = suite('must have: for everybody');
endsBrowser(test);

const query = `?events=${openEvents}`;

browserTest(test, 'the list mirrors the graph: the same nodes, states, groups and selection', async ({ page }) => {
  await openReport(page, await story(), '#view=list,graph');
  await page.setViewportSize({ width: 1280, height: 1_200 });
  const both = () =>
    page.evaluate(() => {
      const { view, panes } = document.querySelector('dag-viewer')!;
      const root = panes.graph.shadowRoot!;
      const { drawing, groups } = view!;
      const rows = [...root.querySelectorAll('[role=treegrid] [role=row][aria-level]')];
      return {
        // A group that is open has a row of its own above its members.
        drawn: [
          ...Array.from(drawing.node, (node, item) =>
            node >= 0 ? view!.idOf(node) : groups[drawing.group[item]!]!.label,
          ),
          ...[...new Set(drawing.frame)].filter((group) => group >= 0).map((group) => groups[group]!.label),
        ].toSorted(),
        listed: rows.map((row) => row.children[1]!.textContent.replace(/^▸ | ×\d+$/g, '')).toSorted(),
        states: rows.map((row) => row.children[0]!.textContent),
        role: root.querySelector('[role=treegrid]')!.getAttribute('aria-rowcount'),
        selected: rows
          .filter((row) => row.getAttribute('aria-selected') === 'true')
          .map((row) => row.children[1]!.textContent),
      };
    });
  await until(both, ({ drawn, listed, role, states }) => {
    assert.ok(drawn.length > 20);
    assert.equal(listed, drawn);
    assert.is(role, String(drawn.length + 1));
    assert.ok(
      states.every((state) => /^[a-z ]+$/.test(state)),
      states.join(),
    );
  });
  await page.getByRole('button', { name: 'More tools' }).click();
  await page.getByRole('button', { name: 'Fold all groups' }).click();
  await until(both, ({ drawn, listed }) => {
    assert.ok(drawn.length < 22, `${drawn.length}`);
    assert.equal(listed, drawn);
  });
  const ship = page.locator('dag-graph .item', { hasText: 'ship' }).locator('.box');
  await until(
    async () => [await ship.boundingBox(), await page.waitForTimeout(200), await ship.boundingBox()],
    ([before, , after]) => assert.equal(before, after, 'it still moves to its place'),
  );
  await ship.click();
  await until(both, ({ selected }) => assert.equal(selected, ['ship']));
});

browserTest(test, 'however much happens, the page speaks at most once a second', async ({ page }) => {
  await openShell(page, query);
  await page.evaluate(() => {
    const heard: { at: number; text: string }[] = [];
    Object.assign(window, { heard });
    const roots: ParentNode[] = [document];
    for (let root = roots.pop(); root !== undefined; root = roots.pop())
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot !== null) roots.push(element.shadowRoot);
        if (!element.matches('[aria-live], [role=status], [role=alert], [role=log]')) continue;
        new MutationObserver(() => {
          if (element.textContent !== '') heard.push({ at: performance.now(), text: element.textContent });
        }).observe(element, { childList: true, characterData: true, subtree: true });
      }
  });
  const at = Date.now();
  const began = performance.now();
  for (let i = 0; performance.now() - began < 3_500; i++)
    await tell(page, {
      type: 'events',
      events: Array.from({ length: 10 }, (_, k) => {
        const seq = openEvents + 1 + i * 10 + k;
        const nodeId = `n${Math.floor((seq - openEvents - 1) / 3)}`;
        const step = (seq - openEvents - 1) % 3;
        if (step === 0) return { seq, at, type: 'NodeAdded', node: { id: nodeId, action: 'late', deps: ['load'] } };
        if (step === 1) return { seq, at, type: 'NodeStarted', nodeId, attempt: 1 };
        return { seq, at, type: 'NodeFailed', nodeId, attempt: 1, error: { name: 'Error', message: 'no' } };
      }) as never,
    });
  const heard = await page.evaluate(() => (window as unknown as { heard: { at: number; text: string }[] }).heard);
  const told = heard.map(({ at, text }) => `${Math.round(at)} ${text}`).join('\n');
  assert.ok(heard.length >= 2, told);
  for (let i = 1; i < heard.length; i++) assert.ok(heard[i]!.at - heard[i - 1]!.at > 900, told);
});

/** Where the focus is, and whether one sees it there. */
const focused = (page: Page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement != null) element = element.shadowRoot.activeElement;
    if (element === null || element === document.body) return undefined;
    const style = getComputedStyle(element);
    const after = getComputedStyle(element, '::after');
    const ring = style.outlineStyle === 'none' ? 0 : Number.parseFloat(style.outlineWidth);
    const frame = after.content === 'none' ? 0 : Number.parseFloat(after.borderTopWidth);
    const { width, height } = element.getBoundingClientRect();
    return {
      name: `${element.localName} ${element.getAttribute('aria-label') ?? element.getAttribute('name') ?? element.textContent.slice(0, 40)}`,
      isSeen: width > 0 && height > 0,
      isRinged: ring >= 1 || frame >= 2,
    };
  });

browserTest(test, 'Tab reaches everything that can be pressed, and shows where it is', async ({ page }) => {
  await openShell(page, query);
  await page.evaluate(() => window.controls.view.select(window.controls.view.indexOf('charge')));
  await settled(page);
  const wanted = await page.evaluate(() => {
    const names: string[] = [];
    const roots: ParentNode[] = [document];
    for (let root = roots.pop(); root !== undefined; root = roots.pop())
      for (const element of root.querySelectorAll<HTMLElement>('*')) {
        if (element.shadowRoot !== null) roots.push(element.shadowRoot);
        if (!element.matches('button, select, input, textarea, summary, a[href], [tabindex="0"]')) continue;
        if (!element.checkVisibility({ visibilityProperty: true }) || element.matches(':disabled, [tabindex="-1"]'))
          continue;
        names.push(
          `${element.localName} ${element.getAttribute('aria-label') ?? element.getAttribute('name') ?? element.textContent.slice(0, 40)}`,
        );
      }
    return names;
  });
  assert.ok(wanted.length > 40, `${wanted.length}`);
  const reached: string[] = [];
  const bare: string[] = [];
  for (let i = 0; i < wanted.length + 10; i++) {
    await page.keyboard.press('Tab');
    const found = await focused(page);
    if (found === undefined) break;
    reached.push(found.name);
    if (!found.isSeen || !found.isRinged) bare.push(found.name);
  }
  assert.equal([...new Set(bare)], [], 'without a ring');
  assert.equal(
    [...new Set(wanted)].filter((name) => !reached.includes(name)),
    [],
    'never reached',
  );
});

browserTest(
  test,
  'at 200 % nothing is lost: every tool and pane is there and in reach',
  async ({ page }) => {
    await openShell(page, query);
    const cut = (): Promise<readonly string[]> =>
      page.evaluate(() => {
        const found: string[] = [];
        const roots: ParentNode[] = [document];
        for (let root = roots.pop(); root !== undefined; root = roots.pop())
          for (const element of root.querySelectorAll<HTMLElement>('*')) {
            if (element.shadowRoot !== null) roots.push(element.shadowRoot);
            if (!element.matches('button, select, input')) continue;
            if (!element.checkVisibility({ visibilityProperty: true })) continue;
            const { left, right, top, bottom } = element.getBoundingClientRect();
            let scrolls = false;
            for (let parent: Element | null = element; parent !== null;) {
              const { overflowY } = getComputedStyle(parent);
              scrolls ||= overflowY === 'auto' || overflowY === 'scroll';
              parent = parent.parentElement ?? (parent.getRootNode() as ShadowRoot).host ?? null;
            }
            const isOut = left < -1 || right > innerWidth + 1 || (!scrolls && (top < -1 || bottom > innerHeight + 1));
            if (isOut)
              found.push(
                `${element.getAttribute('aria-label') ?? element.textContent} ${[left, top, right, bottom].map(Math.round).join(' ')}`,
              );
          }
        return found;
      });
    for (const name of ['Graph', 'List', 'Timeline', 'Log', 'Inspector']) {
      await page.getByRole('group', { name: 'Views' }).getByRole('button', { name }).click();
      await settled(page);
      const pane = (await page.locator('dag-viewer section.pane:visible').boundingBox())!;
      assert.ok(pane.width >= 600 && pane.height >= 120, `${name}: ${pane.width} × ${pane.height}`);
      assert.equal(await cut(), [], name);
    }
    await page.getByRole('button', { name: 'More tools' }).click();
    await settled(page);
    for (const name of [
      'Add node',
      'Re-run',
      'Compare',
      'Save',
      'Commands',
      'Keys',
      'Hide done',
      'Critical path',
      'Fit',
      'Follow what runs',
    ])
      assert.ok(await page.getByRole('button', { name, exact: true }).first().isVisible(), name);
    assert.equal(await cut(), [], 'with all tools');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  },
  { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
);

for (const reducedMotion of ['no-preference', 'reduce'] as const)
  browserTest(
    test,
    reducedMotion === 'reduce' ? 'who wants no motion sees none' : 'what runs moves, for those who do not mind',
    async ({ page }) => {
      await openShell(page, query);
      const moving = await page.evaluate(() => {
        let count = document.getAnimations().length;
        const roots: ParentNode[] = [document];
        for (let root = roots.pop(); root !== undefined; root = roots.pop())
          for (const { shadowRoot } of root.querySelectorAll('*'))
            if (shadowRoot !== null) {
              roots.push(shadowRoot);
              count += shadowRoot.getAnimations().length;
            }
        return count;
      });
      assert.is(moving > 0, reducedMotion !== 'reduce', `${moving} animations`);
      // Nor does anything glide to a new place.
      await tell(page, {
        type: 'events',
        events: [
          { seq: openEvents + 1, at: Date.now(), type: 'NodeAdded', node: { id: 'new', action: 'x', deps: ['load'] } },
        ],
      });
      const seen = () =>
        page.evaluate(() =>
          [...window.controls.viewer.panes.graph.shadowRoot!.querySelectorAll('.item')].map((item) =>
            item.getAttribute('opacity'),
          ),
        );
      if (reducedMotion === 'reduce')
        await until(seen, (shares) => {
          assert.ok(shares.every((share) => share === '1'));
          assert.ok(shares.length > 10);
        });
    },
    { reducedMotion },
  );

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

browserTest(test, 'axe finds nothing in a report, list and log open', async ({ page }) => {
  await openReport(page, shopLog, '#view=list,graph,log,inspector&node=charge');
  await page.evaluate(await readFile(axePath, 'utf8'));
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
  assert.equal(found, []);
});

test.run();
