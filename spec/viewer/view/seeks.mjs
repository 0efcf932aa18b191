// How long it takes to show another moment of a run: the view alone, and the whole page up to its next frame.
// usage: node --import tsx spec/viewer/view/seeks.mjs [nodes ...]      (default 10000 and 500000: 20,000 and 1,000,000 events)
// Milliseconds of the main thread's own time are the ones to trust on a machine that does other things as well.
import { ms, share, spent, withPages } from '../shell/measure.mjs';

const sizes = process.argv.slice(2).map(Number);
const MOMENTS = 200;

await withPages(async (open) => {
  for (const size of sizes.length > 0 ? sizes : [10_000, 500_000]) await measure(await open(), size);
});

async function measure({ page, client }, nodes) {
  const events = await page.evaluate((nodes) => bench.makeLong({ nodes }), nodes);
  await page.evaluate(() => bench.show());
  await page.waitForFunction((events) => bench.view.log.size === events, events);
  // Time enough to be made ready in.
  await page.waitForTimeout(2_000 + events / 200);
  console.log(`${nodes} nodes, ${events} events, ${await page.evaluate(() => bench.view.drawing.count)} items`);
  await tell('first seek, the view alone', { kind: 'seek', count: 1 });
  for (const isWhole of [false, true]) {
    const what = isWhole ? 'up to the frame' : 'the view alone';
    await tell(`seek anywhere, ${what}`, { kind: 'seek', isWhole });
    await tell(`step +1, ${what}`, { kind: 'on', isWhole });
    await tell(`step -1, ${what}`, { kind: 'back', isWhole });
  }
  await page.close();

  async function tell(name, { kind, isWhole = false, count = MOMENTS }) {
    const before = await spent(client);
    const times = await page.evaluate(moments, { kind, isWhole, count });
    const main = ((await spent(client)).ms - before.ms) / count;
    console.log(
      `  ${name.padEnd(32)} median ${ms(share(times, 0.5)).padStart(7)}  p95 ${ms(share(times, 0.95)).padStart(7)}  ${ms(main)} of the main thread each`,
    );
  }
}

/** In the page: goes to moments, one after the other. */
async function moments({ kind, isWhole, count }) {
  const { view } = bench;
  const times = [];
  let state = count + kind.length;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    const begun = performance.now();
    if (kind === 'seek') view.seek(1 + Math.floor((state / 0x7fffffff) * view.log.size));
    else view.step(kind === 'on' ? 1 : -1);
    if (isWhole) await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - begun);
    if (!isWhole && i % 10 === 9) await new Promise((done) => setTimeout(done));
  }
  return times;
}
