// alone
// timeout: 120000
// weight: 3
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ActionRegistry, DagExecutor, memoryStore, type DagRun } from '../../../lib/index.js';
import { startServer, type ServerOptions, type ViewerServer } from '../../../lib/server/index.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { servedPage } from './builtPage.js';

/** A run that waits for a person, served while `use` lasts. */
const serving = async (
  use: (server: ViewerServer, again: (options?: ServerOptions) => Promise<ViewerServer>) => Promise<void>,
): Promise<void> => {
  const executor = new DagExecutor({ registry: new ActionRegistry(), store: memoryStore() });
  const graph = { name: 'release', nodes: [{ id: 'approve', action: 'human.input' }] };
  const run: DagRun = executor.start(graph, { runId: 'asks' });
  const page = await servedPage();
  const start = (options: ServerOptions = {}): Promise<ViewerServer> => startServer({ runs: [run], page, ...options });
  let server = await start();
  try {
    await use(server, async (options) => {
      await server.close();
      return (server = await start({ port: server.port, ...options }));
    });
  } finally {
    await server.close();
    await run.cancel();
  }
};

const buttons = (page: Page): Promise<readonly string[]> => page.getByRole('button').allInnerTexts();

const test = suite('a page that its server refuses');
endsBrowser(test);

for (const more of ['', '&run=asks'])
  browserTest(test, `shows why, what helps, and nothing else: #token=…${more}`, async ({ page, complaints }) => {
    await serving(async (server) => {
      await page.goto(`http://127.0.0.1:${server.port}/#token=f-${'x'.repeat(43)}${more}`);
      await page.getByRole('heading', { name: 'This address opens nothing' }).waitFor();
      assert.match(await page.getByRole('alert').innerText(), 'This address does not open this server');
      assert.match(
        await page.locator('body').innerText(),
        /Open the address that the server printed last.*RXDAG_TOKEN/,
      );
      assert.equal(await buttons(page), ['Try again']);
      assert.is(await page.locator('dag-viewer, input, select, table').count(), 0);
      assert.is(await page.title(), 'rxdag');
      complaints.splice(0); // a browser tells of each refusal
      await page.goto(server.url('asks')); // the address that was printed, in the same tab
      await page.waitForFunction(() => document.querySelector('dag-viewer')?.view?.size === 1);
      assert.is(await page.getByRole('alert').count(), 0);
    });
  });

browserTest(test, 'of a run that is not there it leads to the list', async ({ page, complaints }) => {
  await serving(async (server) => {
    await page.goto(server.url('none'));
    assert.is(await page.getByRole('alert').innerText(), 'There is no such run.');
    assert.equal(await buttons(page), ['Try again', 'All runs']);
    await page.getByRole('button', { name: 'All runs' }).click();
    await page.getByRole('link', { name: 'asks' }).click();
    await page.waitForFunction(() => document.querySelector('dag-viewer')?.view?.size === 1);
    complaints.splice(0);
  });
});

browserTest(
  test,
  'keeps what it had been told before; once it is loaded anew it shows why',
  async ({ page, complaints }) => {
    await serving(async (server, again) => {
      await page.goto(server.url('asks'));
      await page.waitForFunction(() => document.querySelector('dag-viewer')?.view?.size === 1);
      await again();
      await page.waitForFunction(() => document.querySelector('dag-viewer')!.view!.connection.state === 'ended');
      await page.waitForTimeout(200);
      assert.is(await page.locator('dag-viewer').count(), 1);
      await page.reload();
      await page.getByRole('heading', { name: 'This address opens nothing' }).waitFor();
      const { tokens } = server;
      await again({ tokens });
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.waitForFunction(() => document.querySelector('dag-viewer')?.view?.size === 1);
      complaints.splice(0);
    });
  },
);

test.run();
