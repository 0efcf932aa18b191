// Shows runs of very many nodes in the whole viewer: how soon it can be used, and for how long it ever stands still.
// usage: node --import tsx spec/viewer/shell/huge.mjs [nodes] [kind ...]      (default 1000000, all kinds of hugeLog.ts)
// Milliseconds of the main thread's own time are the ones to trust on a machine that does other things as well.
import { hugeKinds } from './hugeLog.ts';
import { longTasks, ms, spent, withPages } from './measure.mjs';

const words = process.argv.slice(2);
const size = Number(words.find((word) => /^\d+$/.test(word)) ?? 1_000_000);
const kinds = words.filter((word) => hugeKinds.includes(word));

await withPages(async (open) => {
  for (const kind of kinds.length > 0 ? kinds : hugeKinds) await measure(await open(), kind);
});

async function measure({ page, client }, kind) {
  await page.evaluate(([kind, size]) => bench.make(kind, size), [kind, size]);
  console.log(`${size} nodes, ${kind}`);
  await stage({ page, client }, 'from the events to the overview', async () => {
    await page.evaluate(() => bench.show());
    await page.waitForFunction(
      () => bench.view.size > 0 && bench.graph().querySelector('.stage').dataset.painter !== undefined,
      undefined,
      { polling: 20 },
    );
    return page.evaluate(() => performance.now() - bench.begun);
  });
  const { boxes, notice } = await page.evaluate(() => ({
    boxes: bench.view.drawing.count,
    notice: bench.graph().querySelector('.notice span').textContent,
  }));
  console.log(`    ${boxes} boxes. "${notice}"`);
  await stage({ page, client }, 'a click on a box', () =>
    page.evaluate(async () => {
      const box = bench.graph().querySelector('.item .box').getBoundingClientRect();
      const [clientX, clientY] = [box.x + box.width / 2, box.y + box.height / 2];
      const begun = performance.now();
      const stage = bench.graph().querySelector('.stage');
      for (const type of ['pointerdown', 'pointerup'])
        stage.dispatchEvent(new PointerEvent(type, { clientX, clientY, pointerId: 1, button: 0, bubbles: true }));
      await bench.painted();
      return performance.now() - begun;
    }),
  );
  await stage({ page, client }, 'a key', () =>
    page.evaluate(async () => {
      const begun = performance.now();
      bench
        .graph()
        .querySelector('.stage')
        .dispatchEvent(new KeyboardEvent('keydown', { key: '+', bubbles: true }));
      await bench.painted();
      return performance.now() - begun;
    }),
  );
  if ((await page.getByRole('button', { name: 'Draw all' }).count()) > 0)
    await stage({ page, client }, 'all drawn, after the button', async () => {
      const begun = await page.evaluate(() => performance.now());
      await page.getByRole('button', { name: 'Draw all' }).click();
      await page.waitForFunction(
        (size) => bench.graph().querySelector('.stage').getAttribute('aria-label').includes(size.toLocaleString('en')),
        size,
      );
      await page.evaluate(() => bench.painted());
      return (await page.evaluate(() => performance.now())) - begun;
    });
  await page.close();
}

async function stage({ page, client }, name, work) {
  await page.evaluate(() => bench.watch());
  const tasks = await longTasks(client);
  const before = await spent(client);
  const took = await work();
  const after = await spent(client);
  const [longest = 0] = await tasks();
  const still = await page.evaluate(() => bench.watch());
  console.log(
    `  ${name.padEnd(32)} ${ms(took).padStart(8)}, ${ms(after.ms - before.ms).padStart(7)} of the main thread, longest task ${ms(longest)} (nobody had a turn for ${ms(still)}), heap ${after.heap} MB`,
  );
}
