// What the scripts that measure the viewer have in common.
import { chromium } from 'playwright-core';
import { bundled, chromiumPath, barePage, openPage } from '../../support/browser.ts';

/** Calls back with what opens a page of hugePage.ts, and closes the browser after that. */
export const withPages = async (work, { minify = true } = {}) => {
  const files = {
    'index.html': barePage,
    'main.js': await bundled('spec/viewer/shell/hugePage.ts', { minify }),
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
    await work(async () => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      page.setDefaultTimeout(300_000);
      page.on('pageerror', (error) => console.error(error.stack));
      await openPage(page, files);
      await page.waitForFunction(() => 'bench' in globalThis);
      const client = await page.context().newCDPSession(page);
      await client.send('Performance.enable', { timeDomain: 'threadTicks' });
      return { page, client };
    });
  } finally {
    await browser.close();
  }
};

/** How long the main thread has worked, of its own time, in milliseconds; and how large its heap is, in megabytes. */
export const spent = async (client) => {
  const { metrics } = await client.send('Performance.getMetrics');
  const of = (key) => metrics.find(({ name }) => name === key).value;
  return { ms: of('TaskDuration') * 1_000, heap: Math.round(of('JSHeapUsedSize') / 1e6) };
};

/** Begins to note the tasks of the main thread; the function gives what each took of the thread's own time, the longest first. */
export const longTasks = async (client) => {
  const events = [];
  client.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value)
      if (event.name === 'thread_name' || (event.name === 'RunTask' && event.tdur > 10_000)) events.push(event);
  });
  await client.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] },
  });
  return async () => {
    const done = new Promise((resolve) => client.once('Tracing.tracingComplete', resolve));
    await client.send('Tracing.end');
    await done;
    const thread = ({ pid, tid }) => `${pid} ${tid}`;
    const mains = new Set(
      events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread),
    );
    return events
      .filter((event) => event.name === 'RunTask' && mains.has(thread(event)))
      .map(({ tdur }) => tdur / 1_000)
      .sort((a, b) => b - a);
  };
};

/** The value below which so many of all are, 0 to 1. */
export const share = (values, part) => values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;

export const ms = (time) => (time < 10 ? time.toFixed(1) : String(Math.round(time))) + ' ms';
