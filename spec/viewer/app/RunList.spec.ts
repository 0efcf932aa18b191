// alone
// timeout: 200000
// weight: 4
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ActionRegistry, DagExecutor, memoryStore, type EventStore, type RunSummary } from '../../../lib/index.js';
import { startServer, type ViewerServer } from '../../../lib/server/index.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { servedPage } from './builtPage.js';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const now = Date.now();
const ended = (i: number): RunSummary => ({
  runId: `run-${i}`,
  dagName: i % 2 === 0 ? 'nightly import' : 'release',
  status: i % 5 === 0 ? 'failed' : 'succeeded',
  startedAt: now - i * 60_000,
  endedAt: now - i * 60_000 + (i % 7) * 1_000,
  seq: i + 1,
});
const running = (runId: string): RunSummary => ({
  runId,
  dagName: 'release',
  status: 'running',
  startedAt: now,
  seq: 4,
  owner: { id: 'other', pid: 42, startedAt: now },
});

/** A server of runs that a spec may change. */
const serving = async (runs: RunSummary[], use: (server: ViewerServer) => Promise<void>): Promise<void> => {
  const store: EventStore = { ...memoryStore(), runs: () => async () => ({ _tag: 'Right', right: runs.slice() }) };
  const server = await startServer({ store, page: await servedPage() });
  try {
    await use(server);
  } finally {
    await server.close();
  }
};

const ids = (page: Page): Promise<readonly string[]> => page.locator('tbody a').allInnerTexts();
const open = async (page: Page, server: ViewerServer, more = ''): Promise<void> => {
  await page.goto(server.url() + more);
  await page.getByRole('table').waitFor();
};

const test = suite('the list of runs');
endsBrowser(test);

browserTest(test, 'is filtered and sorted; the address remembers it and keeps the token', async ({ page }) => {
  const runs = [...Array.from({ length: 12 }, (_, i) => ended(i)), running('live-1')];
  await serving(runs, async (server) => {
    await open(page, server);
    assert.equal((await ids(page)).slice(0, 3), ['live-1', 'run-0', 'run-1']);
    await page.keyboard.press('/');
    await page.keyboard.type('release run');
    assert.equal(await ids(page), ['run-1', 'run-3', 'run-5', 'run-7', 'run-9', 'run-11']);
    await page.getByText('6 of 13 runs').waitFor();
    await page.getByLabel('Status').selectOption({ label: 'failed (3)' });
    assert.equal(await ids(page), ['run-5']);
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'took' }).press('Enter');
    assert.equal(await ids(page), ['run-5', 'run-10', 'run-0']);
    assert.is(await page.getByRole('columnheader', { name: 'took' }).getAttribute('aria-sort'), 'descending');
    const hash = new URLSearchParams(new URL(page.url()).hash.slice(1));
    assert.equal(
      [...hash],
      [
        ['token', server.tokens.full],
        ['status', 'failed'],
        ['sort', '-took'],
      ],
    );
    await page.reload();
    await page.getByRole('table').waitFor();
    assert.equal(await ids(page), ['run-5', 'run-10', 'run-0']);
    await page.getByLabel('Find runs').fill('nobody');
    await page.getByText('None of 13 runs').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    assert.is((await ids(page)).length, 13);
  });
});

browserTest(test, 'arrows go from run to run; what comes meanwhile takes the focus from nobody', async ({ page }) => {
  const runs = [ended(1), ended(2), ended(3), running('live-1')];
  await serving(runs, async (server) => {
    await open(page, server);
    await page.keyboard.press('/');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement!.textContent!);
    assert.is(await focused(), 'run-1');
    runs[3] = { ...running('live-1'), status: 'succeeded', endedAt: now + 2_000 };
    runs.push({ ...running('live-2'), startedAt: now + 5 });
    await page.getByRole('link', { name: 'live-2' }).waitFor();
    assert.equal(await ids(page), ['live-2', 'live-1', 'run-1', 'run-2', 'run-3']);
    await page.getByRole('row', { name: 'live-1' }).getByText('succeeded').waitFor();
    assert.is(await focused(), 'run-1');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.hash.includes('run=run-1'));
  });
});

browserTest(test, 'ten thousand runs are shown by parts, and found at once', async ({ page }) => {
  await serving(
    Array.from({ length: 10_000 }, (_, i) => ended(i)),
    async (server) => {
      await open(page, server);
      assert.is((await ids(page)).length, 200);
      await page.getByRole('button', { name: 'Show 200 more of 9,800' }).click();
      assert.is((await ids(page)).length, 400);
      assert.is(await page.evaluate(() => document.activeElement!.textContent), 'run-200');
      const took = await page.evaluate(() => {
        const find = document.querySelector('input')!;
        const times = ['1', '12', '123', '1234', 'x'].map((text) => {
          const began = performance.now();
          find.value = text;
          find.dispatchEvent(new Event('input'));
          return performance.now() - began;
        });
        return times.toSorted((a, b) => a - b)[2]!;
      });
      assert.ok(took < 250, `${took} ms`);
    },
  );
});

browserTest(test, 'how a run stands is told in words: waiting, paused, interrupted, damaged', async ({ page }) => {
  const executor = new DagExecutor({ registry: new ActionRegistry() });
  const asks = executor.start(
    { name: 'release', nodes: [{ id: 'approve', action: 'human.input' }] },
    { runId: 'asks' },
  );
  const stored: RunSummary[] = [
    { ...running('paused'), status: 'paused' },
    { ...running('broken'), damage: 'The log ends in the middle.' },
  ];
  const { owner: _owner, ...left } = { ...running('left'), status: 'quiescent' as const };
  const store: EventStore = {
    ...memoryStore(),
    runs: () => async () => ({ _tag: 'Right', right: [...stored, left] }),
  };
  const server = await startServer({ store, runs: [asks], page: await servedPage() });
  try {
    await open(page, server);
    for (const [runId, stand] of [
      ['asks', 'waiting for input'],
      ['paused', 'paused'],
      ['broken', 'damaged'],
      ['left', 'interrupted'],
    ] as const)
      await page.getByRole('row', { name: runId }).locator('.badge', { hasText: stand }).waitFor();
  } finally {
    await server.close();
    await asks.cancel();
  }
});

browserTest(test, 'of a run that another process has both is told: that, and for what it waits', async ({ page }) => {
  const store = memoryStore();
  const graph = { name: 'release', nodes: [{ id: 'approve', action: 'human.input' }] };
  const run = new DagExecutor({ registry: new ActionRegistry(), store }).start(graph, { runId: 'asks' });
  const server = await startServer({ store, page: await servedPage() });
  try {
    await open(page, server);
    const row = page.getByRole('row', { name: 'asks' });
    await row.locator('.badge', { hasText: 'waiting for input' }).waitFor();
    await row.getByText('in another process').waitFor();
    await run.cancel();
    await row.locator('.badge', { hasText: 'cancelled' }).waitFor();
    assert.is(await row.getByText('in another process').count(), 0);
  } finally {
    await server.close();
  }
});

browserTest(test, 'a list that took long once is read again within half a minute', async ({ page }) => {
  let end = (): void => undefined;
  let gate: Promise<void> | undefined = new Promise<void>((done) => (end = done));
  const runs = [ended(1)];
  const store: EventStore = {
    ...memoryStore(),
    runs: () => async () => {
      await gate;
      return { _tag: 'Right', right: runs.slice() };
    },
  };
  const server = await startServer({ store, page: await servedPage() });
  try {
    await page.clock.install();
    await page.goto(server.url());
    await page.getByText('Reading the list of runs').waitFor();
    await page.clock.fastForward(60_000); // so long the server takes, as the page has it
    gate = undefined;
    end();
    await page.getByRole('link', { name: 'run-1' }).waitFor();
    runs.push(ended(2));
    await page.clock.fastForward(31_000);
    await page.getByRole('link', { name: 'run-2' }).waitFor();
  } finally {
    await server.close();
  }
});

for (const [name, options] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 320, height: 640 } }],
] as const)
  browserTest(
    test,
    `axe finds nothing to object to, and nothing is wider than the page: ${name}`,
    async ({ page }) => {
      await serving([...Array.from({ length: 5 }, (_, i) => ended(i)), running('live-1')], async (server) => {
        await open(page, server);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
        await page.addScriptTag({ path: axePath });
        const found = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as {
            axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          };
          const { violations } = await axe.run();
          return violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`);
        });
        assert.equal(found, []);
      });
    },
    { ...options, bypassCSP: true },
  );

test.run();
