// alone
// timeout: 180000
// weight: 6
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { barePage, browserTest, bundled, endsBrowser, openPage } from '../../support/browser.js';
import type { FakeNode } from './FakeView.js';
import type { Bench } from './page.js';

declare const bench: Bench;

const test = suite('DagGraph');
endsBrowser(test);

let script: Promise<string> | undefined;
const open = async (page: Page, csp?: string): Promise<void> => {
  script ??= bundled('spec/viewer/graph/page.ts');
  const files = { 'index.html': barePage, 'main.js': await script, 'page.css': '' };
  await openPage(page, files, csp === undefined ? {} : { csp });
  await page.waitForFunction(() => 'bench' in globalThis);
};
/** Waits until a layout is drawn and nothing moves any more. */
const drawn = async (page: Page): Promise<void> => {
  await page.waitForFunction(() => bench.graph.shadowRoot?.querySelector('[data-painter]') !== null);
  await page.waitForTimeout(350);
};
const show = async (page: Page, nodes: readonly FakeNode[], grouping: 'auto' | 'none' = 'none'): Promise<void> => {
  const asked = JSON.stringify(nodes);
  await page.evaluate(({ asked, grouping }) => bench.show(JSON.parse(asked) as FakeNode[], grouping), {
    asked,
    grouping,
  });
  await drawn(page);
};
const showRandom = async (page: Page, size: number): Promise<void> => {
  await page.evaluate((size) => bench.show(bench.randomNodes(size)), size);
  await drawn(page);
};
/** Where the box of the item with a label lies on the page. */
const placeOf = (page: Page, label: string): Promise<{ readonly x: number; readonly y: number } | undefined> =>
  page.evaluate((label) => {
    const items = [...bench.graph.shadowRoot!.querySelectorAll('.item')];
    const item = items.find((one) => one.querySelector('.label')?.textContent === label);
    const box = item?.querySelector('.box')?.getBoundingClientRect();
    return box && { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
  }, label);
const selected = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => {
    const { view } = bench;
    return view?.selected === undefined ? undefined : view.idOf(view.selected);
  });
const count = (page: Page, selector: string): Promise<number> =>
  page.evaluate((selector) => bench.graph.shadowRoot!.querySelectorAll(selector).length, selector);
/** How many items the drawing has, seen or not. */
const items = (page: Page): Promise<number> => page.evaluate(() => bench.view!.drawing.count);
const painter = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => bench.graph.shadowRoot!.querySelector<HTMLElement>('.stage')!.dataset['painter']);

const diamond: readonly FakeNode[] = [
  { id: 'a', look: 7 },
  { id: 'b', deps: [0], look: 3 },
  { id: 'c', deps: [0], look: 9, attempt: 3 },
  { id: 'd', deps: [1, 2] },
];
const withGroup: readonly FakeNode[] = [
  { id: 'first', look: 7 },
  { id: 'each', deps: [0], look: 4 },
  ...Array.from({ length: 30 }, (_, i) => ({ id: `each[${i}]`, parent: 'each', look: i % 13 })),
  ...Array.from({ length: 25 }, (_, i) => ({ id: `alike-${i}`, action: 'alike', deps: [0], look: 0 })),
];

browserTest(test, 'draws few items as elements with label, state and attempt', async ({ page }) => {
  await open(page);
  await show(page, diamond);
  assert.is(await painter(page), 'elements');
  assert.is(await count(page, '.item'), 4);
  assert.is(await count(page, '.item.look-9'), 1);
  const texts = await page.evaluate(() => bench.graph.shadowRoot!.querySelector('.item.look-9')!.textContent);
  assert.match(texts, /c×3noop/);
  await page.evaluate(() => {
    bench.view!.setLook(3, 2);
    bench.view!.tell({ nodes: [3] });
  });
  await page.waitForTimeout(100);
  assert.is(await count(page, '.item.look-2'), 1);
});

browserTest(test, 'draws many items on canvases, and has elements only for what is seen nearby', async ({ page }) => {
  await open(page);
  await showRandom(page, 2_000);
  assert.is(await painter(page), 'canvas');
  assert.is(await count(page, '.item'), 0);
  const ink = (): Promise<string> =>
    page.evaluate(() => [...bench.graph.shadowRoot!.querySelectorAll('canvas')].at(-1)!.toDataURL());
  const before = await ink();
  assert.ok(before.length > 5_000);
  await page.evaluate(() => {
    const { view } = bench;
    const nodes = Array.from({ length: 500 }, (_, i) => i);
    for (const node of nodes) view!.setLook(node, 9);
    view!.tell({ nodes });
  });
  await page.waitForTimeout(100);
  assert.is.not(await ink(), before);
  await page.evaluate(() => {
    bench.graph.zoom(1e6);
    bench.graph.zoom(0.25);
  });
  await page.waitForTimeout(400);
  assert.is(await painter(page), 'elements');
  const elements = await count(page, '.item');
  assert.ok(elements > 5 && elements < 300, `${elements}`);
});

browserTest(test, 'tells what the marks mean that are drawn from afar, and how many there are', async ({ page }) => {
  await open(page);
  await showRandom(page, 5_000);
  const legend = page.locator('.legend');
  assert.ok(await legend.isVisible());
  const isClear = await page.evaluate(() => {
    const { top } = bench.graph.shadowRoot!.querySelector('.legend')!.getBoundingClientRect();
    const canvas = [...bench.graph.shadowRoot!.querySelectorAll('canvas')].at(-1)!;
    const from = Math.ceil(top - canvas.getBoundingClientRect().top);
    const { data } = canvas.getContext('2d')!.getImageData(0, from, canvas.width, canvas.height - from);
    return data.every((part) => part === 0);
  });
  assert.ok(isClear, 'nothing lies under it when all is fitted');
  const told = async (): Promise<string> => (await legend.innerText()).replaceAll(/\s+/g, ' ');
  const failed = await page.evaluate(() => bench.view!.counts[9]!);
  assert.match(await told(), new RegExp(`\\b${failed} failed\\b`));
  assert.match(await told(), /\b\d,\d{3} pending\b/);
  await page.evaluate(() => {
    const { view } = bench;
    const nodes = view!.nodes.flatMap((_, node) => (view!.looks[node] === 9 ? [node] : []));
    for (const node of nodes) view!.setLook(node, 7);
    view!.tell({ nodes });
  });
  await page.waitForFunction(
    () => !/failed/.test(bench.graph.shadowRoot!.querySelector<HTMLElement>('.legend')!.innerText),
  );
  await page.evaluate(() => bench.graph.zoom(4));
  await legend.waitFor({ state: 'hidden' });
});

browserTest(test, 'tells kinds of nodes by sign and word', async ({ page }) => {
  await open(page);
  await show(page, [
    { id: 'ask', action: 'human.input', look: 4 },
    { id: 'each', action: 'pad', deps: [0], spec: { forEach: { $ref: 'ask' } } },
    { id: 'if', action: 'dag', deps: [1], spec: { when: { $ref: 'ask' } } },
    { id: 'plain', deps: [1] },
  ]);
  const cards = await page.evaluate(() =>
    [...bench.graph.shadowRoot!.querySelectorAll('.item')].map((item) => ({
      signs: item.querySelectorAll('.kind').length,
      text: item.querySelector('.detail')!.textContent,
    })),
  );
  assert.equal(cards, [
    { signs: 1, text: 'human.input' },
    { signs: 1, text: 'pad · for_each' },
    { signs: 2, text: 'dag · when' },
    { signs: 0, text: 'noop' },
  ]);
  const each = (await placeOf(page, 'each'))!;
  await page.mouse.click(each.x, each.y);
  const said = await page.evaluate(() => bench.graph.shadowRoot!.querySelector('[aria-live]')!.textContent);
  assert.match(said, /^each, pending, for_each: once for each item, 1 in/);
  assert.match(await page.locator('.tip').innerText(), /for_each: once for each item/);
});

browserTest(test, 'the camera never moves by itself', async ({ page }) => {
  await open(page);
  await show(page, diamond);
  await page.mouse.move(300, 500);
  await page.mouse.down();
  await page.mouse.move(340, 530, { steps: 4 });
  await page.mouse.up();
  await page.waitForTimeout(400);
  const places = async (): Promise<unknown> => Promise.all(['a', 'b', 'c', 'd'].map((label) => placeOf(page, label)));
  const before = await places();
  await page.evaluate(async () => {
    for (let i = 0; i < 1_000; i += 1) {
      bench.view!.setLook(i % 4, i % 13);
      bench.view!.tell({ nodes: [i % 4], log: true, moved: true });
      if (i % 100 === 0) {
        bench.view!.add([{ id: `new-${i}`, deps: [i % 4] }]);
        await new Promise(requestAnimationFrame);
      }
    }
  });
  await page.waitForTimeout(500);
  assert.is(await items(page), 14);
  assert.equal(await places(), before);
  await page.evaluate(() => bench.view!.select(3));
  await page.waitForTimeout(100);
  assert.equal(await places(), before);
});

browserTest(test, 'all stays in sight until somebody moves the camera', async ({ page }) => {
  await open(page);
  await show(page, diamond);
  const isWhole = async (): Promise<boolean> => {
    await page.waitForTimeout(500);
    return page.evaluate(() => {
      const { right: width } = bench.graph.getBoundingClientRect();
      const boxes = [...bench.graph.shadowRoot!.querySelectorAll('.item .box')].map((box) =>
        box.getBoundingClientRect(),
      );
      return boxes.length >= 4 && boxes.every(({ left, right }) => left >= 0 && right <= width);
    });
  };
  assert.ok(await isWhole());
  await page.setViewportSize({ width: 360, height: 800 });
  assert.ok(await isWhole(), 'the window is narrower');
  await page.evaluate(() => bench.view!.add([{ id: 'new-1', deps: [3] }]));
  await page.waitForTimeout(300);
  await page.evaluate(() => bench.view!.add([{ id: 'new-2', deps: [4] }]));
  assert.ok(await isWhole(), 'the drawing has grown');
  await page.mouse.move(30, 700);
  await page.mouse.down();
  await page.mouse.move(50, 690, { steps: 3 });
  await page.mouse.up();
  await page.evaluate(() => bench.view!.add([{ id: 'new-3', deps: [5] }]));
  assert.not(await isWhole(), 'once it is moved, it stays');
});

browserTest(test, 'drags, and zooms at the pointer', async ({ page }) => {
  await open(page);
  await show(page, diamond);
  const before = (await placeOf(page, 'b'))!;
  await page.mouse.move(30, 700);
  await page.mouse.down();
  await page.mouse.move(80, 660, { steps: 3 });
  await page.mouse.up();
  await page.waitForTimeout(400);
  const moved = (await placeOf(page, 'b'))!;
  assert.equal([moved.x - before.x, moved.y - before.y], [50, -40]);
  assert.is(await selected(page), undefined);
  await page.mouse.move(moved.x, moved.y);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  await page.waitForTimeout(400);
  const zoomed = (await placeOf(page, 'b'))!;
  assert.ok(Math.abs(zoomed.x - moved.x) < 2 && Math.abs(zoomed.y - moved.y) < 2);
});

browserTest(test, 'keys walk along edges and do what they say', async ({ page }) => {
  await open(page);
  await show(page, diamond);
  await page.keyboard.press('Tab');
  for (const [key, expected] of [
    ['Home', 'a'],
    ['ArrowRight', 'b'],
    ['ArrowDown', 'c'],
    ['ArrowRight', 'd'],
    ['ArrowLeft', 'c'],
    ['End', 'd'],
  ] as const) {
    await page.keyboard.press(key);
    if (key === 'ArrowRight' && expected === 'b') assert.ok(['b', 'c'].includes((await selected(page))!));
    else if (key !== 'ArrowDown' && key !== 'ArrowLeft') assert.is(await selected(page), expected);
  }
  await page.keyboard.press('u');
  assert.equal(await page.evaluate(() => [...bench.view!.highlight!]), [1, 1, 1, 1]);
  const wide = (await placeOf(page, 'd'))!.x - (await placeOf(page, 'a'))!.x;
  await page.keyboard.press('+');
  await page.waitForTimeout(400);
  assert.ok((await placeOf(page, 'd'))!.x - (await placeOf(page, 'a'))!.x > wide);
  await page.keyboard.press('c');
  await page.waitForTimeout(400);
  assert.ok(Math.abs((await placeOf(page, 'd'))!.x - 640) < 3);
});

browserTest(test, 'a click selects, and a double click opens a group', async ({ page }) => {
  await open(page);
  await show(page, withGroup, 'auto');
  assert.is(await count(page, '.item'), 3);
  const place = (await placeOf(page, 'each'))!;
  await page.mouse.click(place.x, place.y);
  assert.is(await selected(page), 'each');
  await page.mouse.dblclick(place.x, place.y);
  await page.waitForTimeout(500);
  assert.is(await items(page), 33);
  assert.is(await count(page, '.frame'), 1);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(500);
  assert.is(await items(page), 3);
  // A group that is no node can be chosen and opened all the same.
  const alike = (await placeOf(page, 'alike × 25'))!;
  await page.mouse.click(alike.x, alike.y);
  assert.is(await selected(page), undefined);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(500);
  assert.is(await items(page), 27);
});

browserTest(test, 'what was in the middle stays there when a group opens', async ({ page }) => {
  await open(page);
  await show(page, withGroup, 'auto');
  const before = (await placeOf(page, 'each'))!;
  await page.mouse.click(before.x, before.y);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(500);
  const after = (await placeOf(page, 'each'))!;
  // The box of a folded group is smaller by what is seen of those behind it.
  assert.ok(Math.abs(after.x - before.x) <= 4 && Math.abs(after.y - before.y) <= 4, JSON.stringify([before, after]));
});

browserTest(test, 'the list mirrors the graph with few rows', async ({ page }) => {
  await open(page);
  await showRandom(page, 5_000);
  const list = page.locator('[role=treegrid]');
  assert.is(await list.getAttribute('aria-rowcount'), '5001');
  await list.focus();
  await page.keyboard.press('End');
  assert.match((await selected(page)) ?? '', /-4999$/);
  const active = await list.getAttribute('aria-activedescendant');
  const row = page.locator(`#${active}`);
  assert.is(await row.getAttribute('aria-rowindex'), '5001');
  assert.is(await row.getAttribute('aria-selected'), 'true');
  assert.match(await row.innerText(), /pending/);
  assert.ok((await count(page, '[role=row]')) <= 61);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  assert.match((await selected(page)) ?? '', /-1$/);
  await page.evaluate(() => bench.view!.select(2_500));
  await page.waitForTimeout(100);
  assert.match(await page.locator('[role=row][aria-selected=true]').innerText(), /-2500/);
});

browserTest(test, 'the list opens and folds groups', async ({ page }) => {
  await open(page);
  await show(page, withGroup, 'auto');
  const list = page.locator('[role=treegrid]');
  await list.focus();
  await page.keyboard.press('ArrowDown');
  assert.is(await page.locator('[aria-selected=true]').getAttribute('aria-rowindex'), '2', 'the first row first');
  await page.keyboard.press('ArrowDown');
  assert.is(await page.locator('[aria-selected=true]').getAttribute('aria-expanded'), 'false');
  await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(400);
  assert.is(await list.getAttribute('aria-rowcount'), String(1 + 34));
  assert.is(await page.locator('[aria-selected=true]').getAttribute('aria-level'), '2');
  await page.keyboard.press('Escape');
  assert.is(
    await page.evaluate(() => bench.graph.shadowRoot!.activeElement?.role),
    'application',
    'back to the drawing',
  );
  assert.ok(await page.evaluate(() => bench.view!.selected !== undefined), 'with what was selected');
});

browserTest(test, 'says how the run goes at most once a second', async ({ page }) => {
  await open(page);
  await show(page, diamond);
  const heard = await page.evaluate(async () => {
    const region = [...bench.graph.shadowRoot!.querySelectorAll('[aria-live=polite]')].at(-1)!;
    const texts: string[] = [];
    new MutationObserver(() => texts.push(region.textContent)).observe(region, { childList: true, subtree: true });
    for (let i = 0; i < 130; i += 1) {
      bench.view!.setLook(3, i % 13);
      bench.view!.tell({ nodes: [3] });
      await new Promise((go) => setTimeout(go, 16));
    }
    return texts;
  });
  assert.ok(heard.length >= 1 && heard.length <= 4, heard.join('\n'));
  assert.match(heard.at(-1)!, /^\d of 4 done/);
});

browserTest(test, 'hostile ids are texts and nothing else', async ({ page }) => {
  await open(page);
  const ids = [
    '<img src=x onerror=alert(1)>',
    '__proto__',
    'constructor',
    '"><script>alert(1)</script>',
    'a\u202eb\u0000',
    ']]></svg><svg onload=alert(1)>',
    'x'.repeat(1_000),
  ];
  await show(
    page,
    ids.map((id, i) => ({ id, action: id, deps: i === 0 ? [] : [i - 1], look: i })),
  );
  await page.evaluate(() => bench.graph.toggleAttribute('list-open', true));
  await page.waitForTimeout(300);
  const place = (await placeOf(page, '__proto__'))!;
  await page.mouse.move(place.x, place.y);
  await page.mouse.click(place.x, place.y);
  await page.waitForTimeout(100);
  assert.is(await selected(page), '__proto__');
  assert.is(await count(page, 'img, script, b b'), 0);
  const svg = await page.evaluate(() => bench.graph.toSvg());
  assert.not.match(svg, /<img|<script|onload=alert\(1\)>|\u0000|\u202e/);
  assert.match(svg, /&lt;img/);
});

browserTest(test, 'saves the whole drawing as pictures', async ({ page }) => {
  await open(page, '');
  await page.evaluate(() => bench.show([...bench.randomNodes(3_000), { id: '<&>"\'', deps: [0] }]));
  await drawn(page);
  const found = await page.evaluate(async () => {
    const document = new DOMParser().parseFromString(bench.graph.toSvg(), 'image/svg+xml');
    const image = await createImageBitmap(await bench.graph.toPng());
    return {
      errors: document.querySelectorAll('parsererror').length,
      items: document.querySelectorAll('svg > g').length,
      width: image.width,
      height: image.height,
    };
  });
  assert.is(found.errors, 0);
  assert.is(found.items, 3_001);
  assert.ok(found.width <= 8_192 && found.height <= 8_192 && found.width > 1_000, JSON.stringify(found));
});

browserTest(test, 'draws nothing too large unasked', async ({ page }) => {
  await open(page);
  await page.evaluate(() => bench.show(Array.from({ length: 100_001 }, (_, i) => ({ id: `n${i}` }))));
  await page.getByText('100,001 nodes').waitFor();
  assert.is(await count(page, '[data-painter]'), 0);
  await page.getByRole('button', { name: 'Group them' }).click();
  await drawn(page);
  assert.is(await count(page, '.item'), 1);
  // How much is folded is told, until that is read.
  await page.getByText('100,001 nodes in 1 box.').waitFor();
  await page.getByRole('button', { name: 'Hide' }).click();
  assert.is(await page.getByText('100,001 nodes').isVisible(), false);
});

browserTest(test, 'what stands out leaves the rest dim', async ({ page }) => {
  await open(page);
  await show(page, diamond);
  await page.evaluate(() => bench.view!.highlightCritical([0, 2, 3]));
  await page.waitForTimeout(100);
  assert.is(await count(page, '.item.dim'), 1);
  const critical = await page.evaluate(
    () => bench.graph.shadowRoot!.querySelector('.edge.critical')!.getAttribute('d')!.split('M').length - 1,
  );
  assert.is(critical, 2);
  await page.evaluate(() => {
    bench.view!.highlight = undefined;
    bench.view!.matches = Uint8Array.of(0, 1, 0, 0);
    bench.view!.tell({ selection: true, filter: true });
  });
  await page.waitForTimeout(100);
  assert.is(await count(page, '.item.dim'), 3);
});

browserTest(test, 'another run takes the place of the first one, or none does', async ({ page }) => {
  await open(page);
  await showRandom(page, 1_000);
  await page.evaluate(() => bench.view!.select(900));
  await show(page, [{ id: 'alone', look: 7 }]);
  assert.is(await count(page, '.item'), 1);
  assert.is(await count(page, '[role=row]'), 2);
  await page.evaluate(() => {
    bench.graph.view = undefined;
  });
  await page.waitForTimeout(100);
  assert.is(await count(page, '.item'), 0);
  assert.is(await count(page, '[role=row]'), 1);
});

browserTest(test, 'lays out in a worker, and shows the old drawing until that is done', async ({ page }) => {
  await open(page);
  await page.route('http://viewer.test/worker.js', async (route) =>
    route.fulfill({
      body: await bundled('lib/layout/layoutWorker.ts'),
      headers: { 'content-type': 'text/javascript', 'content-security-policy': "default-src 'self'" },
    }),
  );
  await page.evaluate(() => bench.useWorker('/worker.js'));
  await showRandom(page, 400);
  assert.is(await page.evaluate(() => bench.workers), 1);
  const before = await count(page, '.item');
  await page.evaluate(() => bench.graph.arrange());
  assert.is(await page.evaluate(() => bench.graph.shadowRoot!.querySelector('.note')!.textContent), 'Laying out …');
  assert.is(await count(page, '.item'), before);
  await page.waitForFunction(() => bench.graph.shadowRoot!.querySelector('.note')!.textContent === '');
});

for (const colorScheme of ['light', 'dark'] as const)
  browserTest(
    test,
    `has no fault that axe knows of (${colorScheme})`,
    async ({ page }) => {
      await open(page);
      await show(page, withGroup, 'auto');
      await page.evaluate(() => {
        document.body.append(Object.assign(document.createElement('main'), {}));
        document.querySelector('main')!.append(bench.graph);
        bench.graph.listOpen = true;
        bench.view!.select(1);
      });
      await page.waitForTimeout(300);
      await page.evaluate(axe.source);
      const faults = await page.evaluate(async () => {
        const run = (globalThis as unknown as { axe: typeof axe }).axe;
        const { violations } = await run.run(document, { rules: { 'page-has-heading-one': { enabled: false } } });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
      });
      assert.equal(faults, []);
    },
    { colorScheme },
  );

browserTest(
  test,
  'nothing moves for those who want no motion',
  async ({ page }) => {
    await open(page);
    await show(page, diamond);
    const moving = await page.evaluate(() => bench.graph.shadowRoot!.getAnimations().length);
    assert.is(moving, 0);
    const shares = await page.evaluate(async () => {
      bench.view!.add([{ id: 'new', deps: [3] }]);
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      return [...bench.graph.shadowRoot!.querySelectorAll('.item')].map((item) => item.getAttribute('opacity'));
    });
    assert.equal(shares, ['1', '1', '1', '1', '1']);
  },
  { reducedMotion: 'reduce' },
);

browserTest(
  test,
  'works where there is little room',
  async ({ page }) => {
    await open(page);
    await show(page, withGroup, 'auto');
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.is(overflow, 0);
    await page.getByRole('button', { name: 'List' }).click();
    assert.ok((await page.locator('[role=treegrid]').evaluate((list) => list.clientWidth)) >= 318);
    await page.getByRole('button', { name: 'List' }).click();
    assert.is(await page.evaluate(() => bench.graph.listOpen), false);
  },
  { viewport: { width: 320, height: 480 } },
);

test.run();
