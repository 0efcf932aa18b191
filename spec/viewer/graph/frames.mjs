// Counts frames while nodes change state, and while a large drawing is panned and zoomed.
// usage: node --import tsx spec/viewer/graph/frames.mjs [nodes ...]      (default 1000 10000 100000)
// Main-thread milliseconds are the ones to trust on a machine that does other things as well.
import { chromium } from 'playwright-core';
import { bundled, chromiumPath, barePage, openPage } from '../../support/browser.ts';

const SECONDS = 3;
const CHANGES = 50;
const sizes = process.argv.slice(2).map(Number);

const script = await bundled('spec/viewer/graph/page.ts', { minify: true });
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--enable-precise-memory-info'],
});
try {
  for (const size of sizes.length > 0 ? sizes : [1_000, 10_000, 100_000]) await measure(size);
} finally {
  await browser.close();
}

async function measure(size) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('pageerror', (error) => console.error(error.stack));
  await openPage(page, { 'index.html': barePage, 'main.js': script, 'page.css': '' });
  const first = await page.evaluate(async (size) => {
    const nodes = bench.randomNodes(size);
    const begun = performance.now();
    bench.show(nodes);
    let longest = 0;
    let last = begun;
    for (;;) {
      const now = await new Promise(requestAnimationFrame);
      longest = Math.max(longest, now - last);
      last = now;
      if (bench.graph.shadowRoot.querySelector('.stage').getAttribute('aria-label') !== null) break;
    }
    await new Promise(requestAnimationFrame);
    return { placed: Math.round(performance.now() - begun), longest: Math.round(longest) };
  }, size);
  console.log(`${size} nodes: drawn after ${first.placed} ms with the layout (longest frame ${first.longest} ms)`);
  await page.waitForTimeout(500);
  await count(page, 'fitted, 50 changes a frame', changing, { changes: CHANGES, seconds: SECONDS });
  await count(page, 'fitted, pan and zoom     ', gesturing, { seconds: SECONDS });
  await page.evaluate(() => {
    bench.graph.fit();
    bench.graph.zoom(1e9);
    bench.graph.zoom(0.25);
  });
  await page.waitForTimeout(500);
  await count(page, '1:1, 50 changes a frame  ', changing, { changes: CHANGES, seconds: SECONDS });
  await count(page, '1:1, pan                 ', gesturing, { seconds: SECONDS, only: 'pan' });
  await page.close();
}

async function count(page, name, action, options) {
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    const of = (key) => metrics.find(({ name }) => name === key).value;
    return { task: of('TaskDuration'), heap: of('JSHeapUsedSize') };
  };
  const before = await read();
  const { frames, ms } = await page.evaluate(action, options);
  const after = await read();
  const fps = (frames * 1_000) / ms;
  const main = ((after.task - before.task) * 1_000) / frames;
  console.log(
    `  ${name}  ${fps.toFixed(1)} fps  ${main.toFixed(1)} ms main thread a frame  ${Math.round(after.heap / 1e6)} MB heap`,
  );
  await client.detach();
}

/** In the page: some nodes get another look in each frame. */
async function changing({ changes, seconds }) {
  const { view } = bench;
  const roll = bench.dice(7);
  const begun = performance.now();
  let frames = 0;
  let now = begun;
  while (now - begun < seconds * 1_000) {
    const nodes = [];
    for (let i = 0; i < changes; i += 1) {
      const node = Math.floor(roll() * view.size);
      view.setLook(node, Math.floor(roll() * 13));
      nodes.push(node);
    }
    view.tell({ nodes, moved: true, log: true });
    now = await new Promise(requestAnimationFrame);
    frames += 1;
  }
  return { frames, ms: now - begun };
}

/** In the page: wheels turn in each frame. */
async function gesturing({ seconds, only }) {
  const stage = bench.graph.shadowRoot.querySelector('.stage');
  const begun = performance.now();
  let frames = 0;
  let now = begun;
  while (now - begun < seconds * 1_000) {
    const isZoom = only === undefined && frames % 4 < 2;
    stage.dispatchEvent(
      new WheelEvent('wheel', {
        deltaX: isZoom ? 0 : 9 * Math.cos(frames / 20),
        deltaY: isZoom ? 14 * Math.sin(frames / 30) : 9 * Math.sin(frames / 20),
        ctrlKey: isZoom,
        clientX: 600,
        clientY: 400,
        cancelable: true,
      }),
    );
    now = await new Promise(requestAnimationFrame);
    frames += 1;
  }
  return { frames, ms: now - begun };
}
