// Shows runs of very many nodes in the whole viewer: how soon it can be used, and for how long it ever stands still.
// usage: node --import tsx spec/viewer/shell/huge.mjs [nodes] [kind ...]      (default 1000000, all kinds of hugeLog.ts)
import { chromium } from 'playwright-core';
import { bundled, chromiumPath, barePage, openPage } from '../../support/browser.ts';
import { hugeKinds } from './hugeLog.ts';

const [size = 1_000_000, ...wanted] = process.argv.slice(2).map((word) => (/^\d+$/.test(word) ? Number(word) : word));
const profile = process.env['PROFILE'];

const files = {
  'index.html': barePage,
  'main.js': await bundled('spec/viewer/shell/hugePage.ts', { minify: profile === undefined }),
  'worker.js': await bundled('lib/viewer/app/main.ts', { minify: true }),
  'page.css': 'html,body{height:100%;margin:0}',
};
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: [
    '--no-sandbox',
    '--disable-dev-shm-usage',
    '--disable-gpu',
    '--enable-precise-memory-info',
    `--js-flags=--max-old-space-size=4000 ${process.env['JSFLAGS'] ?? ''}`,
  ],
});
try {
  for (const kind of wanted.length > 0 ? wanted : hugeKinds) await measure(kind);
} finally {
  await browser.close();
}

async function measure(kind) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('pageerror', (error) => console.error(error.stack));
  await openPage(page, files);
  await page.waitForFunction(() => 'bench' in globalThis);
  await page.evaluate(([kind, size]) => bench.make(kind, size, false), [kind, size]);
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    const of = (key) => metrics.find(({ name }) => name === key).value;
    return { ms: of('TaskDuration') * 1_000, heap: of('JSHeapUsedSize') / 1e6 };
  };
  if (profile !== undefined) {
    await client.send('Profiler.enable');
    await client.send('Profiler.setSamplingInterval', { interval: 1000 });
    await client.send('Profiler.start');
  }
  const tasks = await tracing(client);
  const before = await busy();
  await page.evaluate(() => {
    bench.watch();
    bench.show();
  });
  await page.waitForFunction(
    () => {
      const root = bench.viewer.panes.graph.shadowRoot;
      return bench.view.size > 0 && root.querySelector('.stage').dataset.painter !== undefined;
    },
    undefined,
    { timeout: 120_000, polling: 20 },
  );
  const shown = await page.evaluate(() => performance.now() - bench.begun);
  const after = await busy();
  const stall = await page.evaluate(() => [bench.longest, bench.longestAt]);
  const longest = await tasks();
  console.log(`${kind}: longest tasks ${longest.slice(0, 6).map(ms).join(', ')}`);
  console.log(
    `${kind}: drawn after ${ms(shown)} (main thread ${ms(after.ms - before.ms)}, longest stall ${ms(stall[0])} at ${ms(stall[1])}), heap ${Math.round(after.heap)} MB`,
  );
  const notice = await page.evaluate(() => bench.viewer.panes.graph.shadowRoot.querySelector('.notice').textContent);
  console.log(`  items ${await page.evaluate(() => bench.view.drawing.count)}, notice: ${notice}`);
  if (profile !== undefined) {
    const { profile: made } = await client.send('Profiler.stop');
    tellProfile(made);
  }
  await page.close();
}

/** Begins to note the tasks of the main thread; the function gives what each took of its time, the longest first. */
async function tracing(client) {
  const events = [];
  client.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value)
      if (event.name === 'thread_name' || (event.name.endsWith('RunTask') && event.tdur > 20_000)) events.push(event);
  });
  await client.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] },
  });
  return async () => {
    const done = new Promise((resolve) => client.once('Tracing.tracingComplete', resolve));
    await client.send('Tracing.end');
    await done;
    const mains = new Set(
      events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(threadOf),
    );
    return events
      .filter((event) => event.name !== 'thread_name' && mains.has(threadOf(event)))
      .map(({ tdur }) => tdur / 1_000)
      .sort((a, b) => b - a);
  };
}

function threadOf({ pid, tid }) {
  return `${pid} ${tid}`;
}

function ms(time) {
  return `${Math.round(time)} ms`;
}

function tellProfile({ nodes, samples, timeDeltas }) {
  const own = new Map(nodes.map((node) => [node.id, 0]));
  samples.forEach((id, i) => own.set(id, own.get(id) + timeDeltas[i] / 1000));
  const byName = new Map();
  for (const { id, callFrame } of nodes) {
    const name = `${callFrame.functionName || '(anonymous)'} ${callFrame.lineNumber}`;
    byName.set(name, (byName.get(name) ?? 0) + own.get(id));
  }
  for (const [name, time] of [...byName].sort(([, a], [, b]) => b - a).slice(0, 25))
    console.log(`    ${ms(time)} ${name}`);
}
