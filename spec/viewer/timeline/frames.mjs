// Counts frames while a timeline with very many rows is scrolled, zoomed and brushed by a script.
// usage: node --import tsx spec/viewer/timeline/frames.mjs [rows ...]      (default 10000 100000)
// Main-thread milliseconds are the ones to trust on a machine that does other things as well.
import { longTasks, ms, spent, withPages } from '../shell/measure.mjs';

const SECONDS = 3;
const sizes = process.argv.slice(2).map(Number);

await withPages(async (open) => {
  for (const size of sizes.length > 0 ? sizes : [10_000, 100_000]) await measure(await open(), size);
});

async function measure({ page, client }, nodes) {
  const events = await page.evaluate((nodes) => bench.makeLong({ nodes, slots: 50 }), nodes);
  await page.evaluate(() => bench.show());
  await page.waitForFunction((events) => bench.view.log.size === events, events);
  await page.waitForTimeout(3_000 + events / 200);
  const rows = await page.evaluate(
    () => bench.viewer.panes.timeline.shadowRoot.querySelector('.count, [class*=count]')?.textContent,
  );
  console.log(`${nodes} nodes, ${events} events: ${rows}`);
  for (const kind of ['scroll', 'zoom', 'brush', 'scroll, zoomed']) {
    const tasks = await longTasks(client);
    const before = await spent(client);
    const { frames, ms: took } = await page.evaluate(gesturing, { kind, seconds: SECONDS });
    const after = await spent(client);
    const [longest = 0] = await tasks();
    const main = (after.ms - before.ms) / frames;
    console.log(
      `  ${kind.padEnd(14)}  ${((frames * 1_000) / took).toFixed(1)} fps  ${ms(main)} main thread a frame, longest task ${longest < 10 ? 'below 10' : Math.round(longest)} ms`,
    );
  }
  await page.close();
}

/** In the page: one step of a gesture in each frame. */
async function gesturing({ kind, seconds }) {
  const { timeline } = bench.viewer.panes;
  const canvas = timeline.shadowRoot.querySelector('canvas');
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const wheel = (more) =>
    canvas.dispatchEvent(
      new WheelEvent('wheel', {
        clientX: left + width / 2,
        clientY: top + height / 2,
        bubbles: true,
        cancelable: true,
        ...more,
      }),
    );
  const pointer = (type, x) =>
    canvas.dispatchEvent(
      new PointerEvent(type, {
        clientX: left + x,
        clientY: top + 8,
        pointerId: 1,
        button: 0,
        buttons: 1,
        bubbles: true,
        cancelable: true,
      }),
    );
  if (kind === 'scroll, zoomed') for (let i = 0; i < 12; i++) timeline.zoomBy(1.5);
  else timeline.resetZoom();
  const begun = performance.now();
  let frames = 0;
  let now = begun;
  while (now - begun < seconds * 1_000) {
    if (kind.startsWith('scroll')) wheel({ deltaY: frames % 120 < 90 ? 260 : -180 });
    else if (kind === 'zoom') wheel({ deltaY: frames % 80 < 40 ? -30 : 30, ctrlKey: true });
    else {
      const at = frames % 60;
      if (at === 0) timeline.resetZoom();
      pointer(at === 0 ? 'pointerdown' : at === 59 ? 'pointerup' : 'pointermove', 300 + 5 * at);
    }
    now = await new Promise(requestAnimationFrame);
    frames += 1;
  }
  return { frames, ms: now - begun };
}
