// The figures that the viewer is held to, in headless Chromium, one line each; ends with 1 where one is missed.
// usage: node --import tsx spec/viewer/mustHaves/figures.mjs [number ...]      numbers are those of the table in lib/viewer/README.md
// Frames while nodes change are counted by ../graph/frames.mjs, graphs of a million nodes by ../shell/huge.mjs.
import { chromium } from 'playwright-core';
import { ActionRegistry, DagExecutor, action } from '../../../lib/index.ts';
import { startServer } from '../../../lib/server/index.ts';
import { servedPage } from '../app/builtPage.ts';
import { barePage, bundled, chromiumPath, openPage } from '../../support/browser.ts';

const wanted = new Set(process.argv.slice(2).map(Number));
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: [
    '--no-sandbox',
    '--disable-dev-shm-usage',
    '--disable-gpu',
    '--enable-precise-memory-info',
    '--js-flags=--max-old-space-size=4000',
  ],
});
const files = {
  'index.html': barePage,
  'main.js': await bundled('spec/viewer/mustHaves/figuresPage.ts', { minify: true }),
  'worker.js': await bundled('lib/viewer/app/main.ts', { minify: true }),
  'page.css': 'html,body,main{height:100%;margin:0}',
};

const CLICKS = 15;
const sorted = (times) => times.toSorted((a, b) => a - b);
const at = (times, share) => sorted(times)[Math.min(times.length - 1, Math.floor(times.length * share))];
const tell = (number, what, value, unit, limit, isAtLeast = false) => {
  const isMet = isAtLeast ? value >= limit : value <= limit;
  if (!isMet) process.exitCode = 1;
  console.log(
    `${isMet ? 'met   ' : 'MISSED'} ${String(number).padStart(2)}  ${what}: ${value.toFixed(value < 10 ? 1 : 0)} ${unit} (${isAtLeast ? 'at least' : 'at most'} ${limit})`,
  );
};

/** A page that shows a run of so many nodes with so many values of progress each, once it is drawn. */
const open = async (nodes, progress = 0, open = 0) => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('pageerror', (error) => console.error(error.stack));
  await openPage(page, files, { csp: '' });
  await page.waitForFunction(() => 'figures' in globalThis);
  const count = await page.evaluate(
    ([nodes, progress, open]) => figures.show(nodes, progress, open),
    [nodes, progress, open],
  );
  await page.waitForFunction(
    (count) =>
      figures.view.log.size === count &&
      figures.viewer.panes.graph.shadowRoot.querySelector('.stage').dataset.painter !== undefined,
    count,
    { timeout: 300_000, polling: 200 },
  );
  await page.waitForTimeout(1_500);
  return page;
};

const measures = {
  async 1() {
    const page = await open(10_000);
    await page.evaluate(() => figures.view.setGrouping('none'));
    await page.waitForFunction(
      () => figures.viewer.panes.graph.shadowRoot.querySelector('.stage').ariaLabel.includes(' 10,000 '),
      undefined,
      { timeout: 120_000 },
    );
    const client = await page.context().newCDPSession(page);
    await client.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busy = async () => {
      const { metrics } = await client.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration').value * 1_000;
    };
    const answers = async (click) => {
      await page.evaluate(() => (figures.answers.length = 0));
      const before = await busy();
      for (let i = 0; i < CLICKS; i++) {
        await click(i);
        await page.waitForTimeout(80);
      }
      const main = ((await busy()) - before) / CLICKS;
      return { main, times: await page.evaluate(() => figures.answers) };
    };
    const list = page.locator('dag-graph [role=treegrid]');
    const canvas = await page.locator('dag-timeline canvas').boundingBox();
    const found = {
      timeline: await answers((i) => page.mouse.click(canvas.x + 400, canvas.y + 60 + 22 * (i % 6))),
    };
    // In the graph at full size, where cards can be clicked.
    await page.evaluate(() => figures.view.select(5_000));
    for (const key of ['g', 'g', 'c', '0', 'c']) await page.keyboard.press(key);
    await page.waitForFunction(
      () => figures.viewer.panes.graph.shadowRoot.querySelectorAll('.item .box').length > 5,
      undefined,
      { timeout: 60_000 },
    );
    await page.waitForTimeout(800);
    const cards = await page.evaluate(() =>
      [...figures.viewer.panes.graph.shadowRoot.querySelectorAll('.item .box')]
        .map((box) => box.getBoundingClientRect())
        .filter(({ x, y }) => x > 20 && x < 700 && y > 100 && y < 400)
        .map(({ x, y, width, height }) => [x + width / 2, y + height / 2]),
    );
    found.graph = await answers((i) => page.mouse.click(...cards[i % cards.length]));
    await page.keyboard.press('g');
    await page.keyboard.press('n');
    await page.waitForTimeout(300);
    const rows = await list.boundingBox();
    found.list = await answers((i) => page.mouse.click(rows.x + 200, rows.y + 40 + 28 * (i % 8)));
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.waitForTimeout(300);
    const log = await page.locator('dag-log .pane').boundingBox();
    found.log = await answers((i) => page.mouse.click(log.x + 300, log.y + 12 + 24 * (i % 6)));
    for (const [name, { main, times }] of Object.entries(found)) {
      const what = `a click in the ${name} to the frame that shows it everywhere, 10,000 nodes`;
      tell(1, `${what}, median`, at(times, 0.5), 'ms', 50);
      tell(1, `${what}, of the main thread`, main, 'ms', 50);
    }
    await page.close();
  },
  async 3() {
    const page = await open(14_000, 70);
    const { size, first, seeks, frames } = await page.evaluate(async () => {
      const { view, painted } = figures;
      const seeks = [];
      const frames = [];
      let seq = 7;
      // The first look at the past reads it once.
      const opened = performance.now();
      view.seek(view.log.size - 1);
      const first = performance.now() - opened;
      for (let i = 0; i < 200; i++) {
        seq = (seq * 48_271) % 2_147_483_647;
        const began = performance.now();
        view.seek(1 + (seq % view.log.size));
        seeks.push(performance.now() - began);
        if (i % 5 > 0) continue;
        await painted();
        frames.push(performance.now() - began);
      }
      return { size: view.log.size, first, seeks, frames };
    });
    tell(3, `a seek in ${size.toLocaleString('en')} events, 95 of 100`, at(seeks, 0.95), 'ms', 16);
    tell(3, 'the same to the frame that shows it, median', at(frames, 0.5), 'ms', 100);
    tell(3, 'the first look at the past, once', first, 'ms', 5_000);
    await page.close();
  },
  async 5() {
    const registry = new ActionRegistry().register(action('hold', () => new Promise(() => undefined)));
    const executor = new DagExecutor({ registry });
    const run = executor.start({ name: 'asked', nodes: [{ id: 'a', action: 'hold' }] }, { runId: 'asked' });
    const server = await startServer({ runs: [run], executor, page: await servedPage() });
    const page = await browser.newPage();
    await page.goto(server.url('asked'));
    await page.waitForFunction(() => document.querySelector('dag-viewer')?.view?.size === 1);
    const times = await page.evaluate(async () => {
      const { view } = document.querySelector('dag-viewer');
      const times = [];
      for (let i = 0; i < 20; i++) {
        const began = performance.now();
        await view.ask({ type: i % 2 === 0 ? 'PauseRun' : 'ResumeRun' });
        times.push(performance.now() - began);
      }
      return times;
    });
    tell(5, 'a command to its answer, over HTTP on this machine, 95 of 100', at(times, 0.95), 'ms', 100);
    await page.close();
    await server.close();
    void run.cancel();
  },
  async 6() {
    const page = await open(10_000, 0, 2_000);
    const times = await page.evaluate(async () => {
      const times = [];
      for (let i = 0; i < 9; i++) {
        figures.next();
        await new Promise((done) => setTimeout(done, 600));
        figures.next();
        await figures.painted();
        const { view } = figures;
        const size = view.log.size;
        await new Promise((done) => setTimeout(done, 520));
        figures.next();
        const began = performance.now();
        void view.critical;
        if (view.log.size > size) times.push(performance.now() - began);
      }
      return times;
    });
    tell(6, 'the critical path found anew, 10,000 nodes, median', at(times, 0.5), 'ms', 5);
    await page.close();
  },
  async 8() {
    const page = await open(100_000);
    const times = await page.evaluate(() =>
      ['load', 'state:failed', 'action:clean dur>200ms', '/part\\[\\d*7\\]/', '-load branch:join'].flatMap((text) => {
        const began = performance.now();
        figures.view.setFilter(text);
        return [performance.now() - began];
      }),
    );
    tell(8, 'a filter over 100,000 nodes, the slowest of five', Math.max(...times), 'ms', 100);
    await page.evaluate(() => figures.view.setFilter(''));
    await page.waitForTimeout(500);
    const box = await page.locator('dag-timeline canvas').boundingBox();
    await page.mouse.move(box.x + 400, box.y + 120);
    const { frames, ms } = await page.evaluate(async () => {
      const canvas = figures.viewer.panes.timeline.shadowRoot.querySelector('canvas');
      const began = performance.now();
      let frames = 0;
      for (; performance.now() - began < 3_000; frames++) {
        canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: 180, bubbles: true, cancelable: true }));
        await new Promise(requestAnimationFrame);
      }
      return { frames, ms: performance.now() - began };
    });
    tell(9, 'frames a second while 100,000 rows of the timeline are scrolled', (frames * 1_000) / ms, 'fps', 55, true);
    await page.close();
  },
  async 10() {
    const page = await open(14_000, 70);
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.waitForTimeout(1_000);
    const client = await page.context().newCDPSession(page);
    await client.send('Performance.enable');
    await client.send('HeapProfiler.collectGarbage');
    const { metrics } = await client.send('Performance.getMetrics');
    const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize').value / 1e6;
    const { size, buffers } = await page.evaluate(async () => ({
      size: figures.view.log.size,
      buffers: (performance.memory?.usedJSHeapSize ?? 0) / 1e6,
    }));
    tell(
      10,
      `the page with a log of ${size.toLocaleString('en')} rows (${buffers.toFixed(0)} MB as the page counts)`,
      heap,
      'MB',
      150,
    );
    await page.close();
  },
};

try {
  for (const [number, measure] of Object.entries(measures))
    if (wanted.size === 0 || wanted.has(Number(number))) await measure();
} finally {
  await browser.close();
}
