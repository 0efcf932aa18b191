// alone
// timeout: 240000
// weight: 6
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ActionRegistry,
  DagExecutor,
  action,
  memoryStore,
  type DagRun,
  type ExecutionEvent,
} from '../../../lib/index.js';
import { startServer, type TokenPair, type ViewerServer } from '../../../lib/server/index.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { servedPage } from './builtPage.js';

const registry = new ActionRegistry()
  .register(
    action(
      'wait',
      ({ signal }) =>
        new Promise((done) => {
          const timer = setTimeout(done, 5, 'done');
          signal.addEventListener('abort', () => (clearTimeout(timer), done('stopped')));
        }),
    ),
  )
  .register(
    action('fails', () => {
      throw new Error('no such table');
    }),
  );

/** A run that waits for nobody, of so many nodes in rows. */
const started = (
  size: number,
  width: number,
  runId: string,
): { readonly executor: DagExecutor; readonly run: DagRun } => {
  const executor = new DagExecutor({ registry, store: memoryStore(), config: { maxParallelNodes: 4 } });
  const nodes = Array.from({ length: size }, (_, i) => ({
    id: `n${i}`,
    action: i % 50 === 49 ? 'fails' : 'wait',
    onFailure: 'continue' as const,
    ...(i >= width && { deps: [`n${i - width}`] }),
  }));
  return { executor, run: executor.start({ name: 'shown', nodes }, { runId }) };
};

const serve = async (
  { executor, run }: { readonly executor: DagExecutor; readonly run: DagRun },
  again: { readonly port?: number; readonly tokens?: TokenPair } = {},
): Promise<ViewerServer> => startServer({ runs: [run], executor, page: await servedPage(), ...again });

/** What the page knows of its run. */
const known = (page: Page) =>
  page.evaluate(() => {
    const view = document.querySelector('dag-viewer')?.view;
    return view === undefined
      ? undefined
      : {
          head: view.head,
          size: view.log.size,
          isOver: view.isOver,
          missing: view.connection.missing,
          state: view.connection.state,
        };
  });
const logOf = (page: Page): Promise<readonly ExecutionEvent[]> =>
  page.evaluate(() => {
    const { log } = document.querySelector('dag-viewer')!.view!;
    return Array.from({ length: log.size }, (_, i) => log.at(i + 1));
  });

const test = suite('the served page');
endsBrowser(test);

browserTest(
  test,
  'a server that is killed and comes back in mid-run: no gap, nothing twice',
  async ({ page, complaints }) => {
    const one = started(1_500, 30, 'killed');
    let server = await serve(one);
    try {
      await page.goto(server.url('killed'));
      await page.waitForFunction(() => (document.querySelector('dag-viewer')?.view?.log.size ?? 0) > 200);
      for (let i = 0; i < 3; i++) {
        const { port, tokens } = server;
        await server.close();
        await page.waitForFunction(() => document.querySelector('dag-viewer')!.view!.connection.state === 'retrying');
        server = await serve(one, { port, tokens });
        await page.waitForFunction(() => document.querySelector('dag-viewer')!.view!.connection.state !== 'retrying');
      }
      await one.run.report;
      await page.waitForFunction(() => document.querySelector('dag-viewer')!.view!.isOver, undefined, {
        timeout: 60_000,
      });
      const events: ExecutionEvent[] = [];
      for await (const event of one.run) events.push(event);
      assert.equal(await logOf(page), events);
      assert.equal((await known(page))?.missing, 0);
      complaints.splice(0); // a browser tells of each connection that was refused
    } finally {
      await server.close();
    }
  },
);

browserTest(
  test,
  'what is clicked and typed is asked of the run, and shown when its events say so',
  async ({ page, complaints }) => {
    const executor = new DagExecutor({ registry, store: memoryStore() });
    const run = executor.start(
      {
        name: 'asked',
        nodes: [
          { id: 'ask', action: 'human.input' },
          { id: 'after', action: 'wait', deps: ['ask'] },
          { id: 'broken', action: 'fails' },
        ],
      },
      { runId: 'asked' },
    );
    const server = await serve({ executor, run });
    try {
      await page.goto(server.url('asked'));
      await page.waitForFunction(() => document.querySelector('dag-viewer')?.view?.size === 3);
      await page.keyboard.press('Space');
      await page.waitForFunction(() => document.querySelector('dag-viewer')!.view!.status === 'paused');
      assert.is(run.snapshot.status, 'paused');
      await page.keyboard.press('Space');
      await page.waitForFunction(() => document.querySelector('dag-viewer')!.view!.status !== 'paused');
      assert.is(run.snapshot.status === 'paused', false);
      const answers = await page.evaluate(async () => {
        const view = document.querySelector('dag-viewer')!.view!;
        return [
          await view.ask({ type: 'AddNode', spec: { id: 'late', action: 'wait', deps: ['after'] } }),
          await view.ask({ type: 'AddNode', spec: { id: 'late', action: 'wait' } }),
          await view.ask({ type: 'RetryNode', nodeId: 'after' }),
          await view.ask({ type: 'ProvideInput', nodeId: 'ask', value: 'yes' }),
        ];
      });
      assert.is('seq' in answers[0]!, true);
      assert.match((answers[1] as { refused: string }).refused, 'late');
      assert.is('refused' in answers[2]!, true);
      assert.is('seq' in answers[3]!, true);
      const report = await run.report;
      assert.is(report.outputs['late'], 'done');
      await page.waitForFunction(() => document.querySelector('dag-viewer')!.view!.isOver);

      const forked = await page.evaluate(() => document.querySelector('dag-viewer')!.view!.fork(3, ['broken']));
      assert.is('runId' in forked, true);
      const other = (forked as { runId: string }).runId;
      const diff = await page.evaluate((id) => document.querySelector('dag-viewer')!.view!.diff(id), other);
      assert.is(diff.firstSeq !== undefined, true);
      assert.ok(complaints.every((text) => text.includes('409'))); // a browser tells of each refusal
      complaints.splice(0);
    } finally {
      await server.close();
      await run.cancel();
    }
  },
);

browserTest(test, 'from a run one goes back to the list of runs', async ({ page }) => {
  const server = await serve(started(4, 4, 'left'));
  try {
    await page.goto(server.url('left'));
    await page.waitForFunction(() => document.querySelector('dag-viewer')?.view?.size === 4);
    await page.getByRole('button', { name: 'All runs' }).click();
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    await page.waitForTimeout(600);
    assert.match(await page.evaluate(() => location.hash), /^#token=[^&]+$/);
    await page.getByRole('link', { name: 'left' }).click();
    await page.waitForFunction(() => document.querySelector('dag-viewer')?.view?.size === 4);
  } finally {
    await server.close();
  }
});

browserTest(test, 'whoever only looks can change nothing, and the page says so', async ({ page }) => {
  const one = started(40, 4, 'looked');
  const server = await serve(one);
  try {
    await page.goto(server.readerUrl('looked'));
    await page.waitForFunction(() => document.querySelector('dag-viewer')?.view?.size === 40);
    const answer = await page.evaluate(() => document.querySelector('dag-viewer')!.view!.ask({ type: 'CancelRun' }));
    assert.is('refused' in answer, true);
    assert.is((await one.run.report).success, true);
  } finally {
    await server.close();
  }
});

browserTest(test, 'a thousand events move no camera, and one selection is shared within 50 ms', async ({ page }) => {
  const one = started(300, 10, 'still');
  const server = await serve(one);
  try {
    await page.goto(server.url('still'));
    await page.waitForFunction(() => (document.querySelector('dag-viewer')?.view?.log.size ?? 0) > 20);
    await page.waitForTimeout(500);
    const box = (await page.locator('dag-graph').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 - 60, box.y + box.height / 2 - 40, { steps: 5 });
    await page.mouse.up();
    await page.waitForTimeout(300);
    const camera = async (): Promise<unknown> =>
      page.locator('dag-graph').getByText('n7', { exact: true }).first().boundingBox();
    const before = await camera();
    await one.run.report;
    await page.waitForFunction(() => document.querySelector('dag-viewer')!.view!.isOver);
    await page.waitForTimeout(300);
    assert.ok(before);
    assert.equal(await camera(), before);
    const took = await page.evaluate(async () => {
      const view = document.querySelector('dag-viewer')!.view!;
      const times: number[] = [];
      for (let i = 0; i < 15; i++) {
        const began = performance.now();
        view.select((i * 37) % view.size);
        await new Promise(requestAnimationFrame);
        times.push(performance.now() - began);
      }
      return times.toSorted((a, b) => a - b)[7]!;
    });
    assert.ok(took < 50, `${took} ms`);
  } finally {
    await server.close();
  }
});

browserTest(test, 'the list of runs leads to each of them, and a link to one moment of it', async ({ page }) => {
  const one = started(30, 3, 'listed');
  await one.run.report;
  const server = await serve(one);
  try {
    await page.goto(server.url());
    await page.getByRole('link', { name: 'listed' }).click();
    await page.waitForFunction(() => document.querySelector('dag-viewer')?.view?.isOver === true);
    const url = new URL(page.url());
    assert.match(url.hash, 'run=listed');
    await page.goto(`${url.origin}/${url.hash}&seq=12&node=n3`);
    await page.reload();
    await page.waitForFunction(() => document.querySelector('dag-viewer')?.view?.seq === 12);
    const shown = await page.evaluate(() => {
      const view = document.querySelector('dag-viewer')!.view!;
      return { selected: view.idOf(view.selected!), snapshot: JSON.stringify(view.snapshot.toJSON()) };
    });
    assert.is(shown.selected, 'n3');
    assert.is(shown.snapshot, JSON.stringify((await one.executor.snapshotAt('listed', 12)).toJSON()));
  } finally {
    await server.close();
  }
});

test.run();
