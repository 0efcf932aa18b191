// alone
// timeout: 240000
// weight: 2
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../../lib/index.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { node } from '../../support/logOf.js';
import { openShell, selectNode, settled, tell } from '../shell/openShell.js';
import { openEvents } from '../shell/shopLog.js';
import { serveRun, type ServedRun } from './servedRun.js';
import { until, untilIs } from './until.js';

const test = suite('must have: every command from the page');
endsBrowser(test);

const hold = (text: string, more: Parameters<typeof node>[1] = {}): ReturnType<typeof node> =>
  node(text, { action: 'hold', ...more });

const select = async (page: Page, id: string): Promise<void> => {
  await page.evaluate((id) => {
    const view = document.querySelector('dag-viewer')!.view!;
    view.select(view.indexOf(id));
  }, id);
  await page.locator('dag-inspector h2', { hasText: id }).waitFor();
};

const statusOf = (page: Page, id: string): Promise<string | undefined> =>
  page.evaluate((id) => document.querySelector('dag-viewer')!.view!.snapshot.node(id)?.status, id);

/** What the page says became of a command: the seq of its event, which must be of this type. */
const granted = async (page: Page, served: ServedRun, what: string, type: ExecutionEvent['type']): Promise<void> => {
  const told = page.getByText(new RegExp(`^${what}: done with #[\\d,]+\\.$`)).first();
  await told.waitFor();
  const seq = Number(/#([\d,]+)/.exec(await told.innerText())![1]!.replaceAll(',', ''));
  const events = await until(
    () => served.log(),
    (log) => assert.ok(log.length >= seq),
  );
  // A command may bring several events; its seq is that of the last.
  const mine = events.slice(Math.max(0, seq - 6), seq).filter(({ by }) => by === 'user');
  assert.ok(
    mine.some((event) => event.type === type),
    `${what}: #${seq} among ${events.map((event) => event.type).join(' ')}`,
  );
};

browserTest(
  test,
  'a run, a branch, a node are paused, go on, are skipped, retried, cancelled: each is told with its seq',
  async ({ page, complaints }) => {
    const served = await serveRun(
      page,
      [
        hold('a'),
        hold('b'),
        hold('x', { branch: 'side' }),
        hold('y: x', { branch: 'side' }),
        hold('c: a'),
        hold('d: c'),
        hold('e: b'),
      ],
      { config: { maxParallelNodes: 9 } },
    );
    try {
      const { run } = served;
      const inspector = page.locator('dag-inspector');
      const button = (name: string) => inspector.getByRole('button', { name, exact: true });
      await untilIs(() => statusOf(page, 'a'), 'running');

      await button('Pause run').click();
      await granted(page, served, 'Pause run', 'RunPaused');
      await untilIs(() => page.evaluate(() => document.querySelector('dag-viewer')!.view!.status), 'paused');
      await button('Resume run').click();
      await granted(page, served, 'Resume run', 'RunResumed');
      await inspector.getByLabel('Nodes at once').fill('7');
      await button('Set').click();
      await granted(page, served, 'Nodes at once', 'ConcurrencySet');
      assert.is(run.snapshot.maxParallelNodes, 7);

      await select(page, 'y');
      await button('Pause branch').click();
      await granted(page, served, 'Pause branch', 'BranchPaused');
      served.release('x');
      await inspector.getByText('the branch “side” is paused').waitFor();
      await button('Resume branch').click();
      await granted(page, served, 'Resume branch', 'BranchResumed');
      await untilIs(() => statusOf(page, 'y'), 'running');
      await button('Cancel branch').click();
      await button('Cancel branch: sure?').click();
      await granted(page, served, 'Cancel branch', 'BranchCancelled');
      await untilIs(() => statusOf(page, 'y'), 'cancelled');

      // A node without a branch is one of its own, with all that depends on it.
      await select(page, 'c');
      await inspector.getByText('Its branch: this node and all that depend on it.').waitFor();
      await button('Pause branch').click();
      await granted(page, served, 'Pause branch', 'BranchPaused');
      served.release('a');
      await untilIs(() => statusOf(page, 'a'), 'succeeded');
      await untilIs(() => statusOf(page, 'c'), 'ready');
      await button('Resume branch').click();
      await untilIs(() => statusOf(page, 'c'), 'running');
      await select(page, 'd');
      await button('Skip').click();
      await granted(page, served, 'Skip', 'NodeSkipped');
      await untilIs(() => statusOf(page, 'd'), 'skipped');

      await select(page, 'b');
      served.release('b', new Error('no such table'));
      await untilIs(() => statusOf(page, 'b'), 'failed');
      await untilIs(() => statusOf(page, 'e'), 'skipped');
      await button('Retry').click();
      await granted(page, served, 'Retry', 'NodeRetried');
      await untilIs(() => statusOf(page, 'b'), 'running');
      served.release('b');
      await untilIs(() => statusOf(page, 'e'), 'running');
      await select(page, 'c');
      await button('Cancel branch').click();
      await button('Cancel branch: sure?').click();
      await untilIs(() => statusOf(page, 'c'), 'cancelled');

      await page.getByRole('button', { name: 'Run summary' }).click();
      await button('Cancel run').click();
      await button('Cancel run: sure?').click();
      await granted(page, served, 'Cancel run', 'RunCancelling');
      await untilIs(() => page.evaluate(() => document.querySelector('dag-viewer')!.view!.status), 'cancelled');
      assert.is((await run.report).success, false);
      await untilIs(() => button('Cancel run').isDisabled(), true, 'an ended run takes no commands');
      complaints.splice(0); // of connections that end with the run
    } finally {
      await served.close();
    }
  },
);

browserTest(
  test,
  'a node is added while the run goes on: what is wrong is told before it is sent, what is refused after it',
  async ({ page, complaints }) => {
    const served = await serveRun(page, [hold('first'), node('second: first')]);
    try {
      await page.keyboard.press('a');
      const form = page.getByRole('dialog', { name: 'Add a node' });
      const submit = form.getByRole('button', { name: 'Add node' });
      const fill = async (fields: Readonly<Record<string, string>>): Promise<void> => {
        for (const [label, value] of Object.entries(fields)) await form.getByLabel(label, { exact: true }).fill(value);
      };
      await fill({ Id: 'late', Action: 'work', 'Inputs, as JSON': '{"of": {"$ref": "late.rows"}}' });
      await form.getByText('A cycle: “late” would wait for itself.').waitFor();
      assert.ok(await submit.isDisabled(), 'a cycle cannot be sent');
      for (const [fields, told] of [
        [{ 'Inputs, as JSON': '{"of": ' }, /^Inputs: This is not JSON/],
        [{ 'Inputs, as JSON': '[1]' }, /inputs: expected an object/],
        [{ 'Inputs, as JSON': '', 'Estimate, ms': '-3' }, /estimateMs: expected a number/],
        [{ 'Estimate, ms': '', Id: 'first' }, /“first” exists already/],
        [{ Id: 'inputs' }, /reserved/],
      ] as const) {
        await fill(fields);
        await form.getByText(told).first().waitFor();
        assert.ok(await submit.isDisabled(), String(told));
      }
      assert.is(served.run.snapshot.node('late'), undefined, 'nothing was sent');

      await fill({ Id: 'late', Action: 'no such action' });
      await submit.click();
      await form
        .getByText(/no such action/)
        .first()
        .waitFor();
      assert.is(served.run.snapshot.node('late'), undefined, 'it was refused');
      assert.ok((await served.log()).some(({ type, by }) => type === 'CommandRefused' && by === 'user'));

      await fill({ Action: 'work', 'Inputs, as JSON': '{"of": {"$ref": "second"}}', Branch: 'extra' });
      await form.getByLabel('Depends on').fill('first');
      await page.keyboard.press('Enter');
      await submit.click();
      await form.waitFor({ state: 'hidden' });
      await untilIs(() => statusOf(page, 'late'), 'pending');
      assert.equal(served.run.snapshot.node('late')!.deps.toSorted(), ['first', 'second']);
      served.release('first');
      assert.is((await served.run.report).success, true);
      await untilIs(() => statusOf(page, 'late'), 'succeeded');
      assert.ok(complaints.every((text) => text.includes('409'))); // a browser tells of each refusal
      complaints.splice(0);
    } finally {
      await served.close();
    }
  },
);

browserTest(test, 'what was granted shows only once the run’s own events tell of it', async ({ page }) => {
  await openShell(page, `?events=${openEvents}`);
  const seen = () =>
    page.evaluate(() => {
      const { view, viewer } = window.controls;
      return {
        state: JSON.stringify(view.snapshot.toJSON()),
        status: view.status,
        looks: [...view.looks.subarray(0, view.size)],
        hold: [...viewer.panes.inspector.shadowRoot!.querySelectorAll('button')]
          .map(({ textContent }) => textContent)
          .filter((text) => /^(Pause|Resume)/.test(text)),
        badge: viewer.shadowRoot!.querySelector('.bar .badge')!.textContent,
      };
    });
  const inspector = page.locator('dag-inspector');
  const before = await seen();
  await inspector.getByRole('button', { name: 'Pause run' }).click();
  await inspector.getByText('Pause run: done with #99.').waitFor();
  await settled(page);
  assert.equal(await seen(), before, 'pause');
  await selectNode(page, 'check-6');
  const node6 = await seen();
  for (const [name, told] of [
    ['Skip', 'Skip: done'],
    ['Pause branch', 'Pause branch: done'],
  ] as const) {
    await inspector.getByRole('button', { name, exact: true }).click();
    await inspector.getByText(told).waitFor();
    await settled(page);
    assert.equal(await seen(), node6, name);
  }
  await tell(page, { type: 'events', events: [{ seq: openEvents + 1, at: Date.now(), type: 'RunPaused' }] as never });
  await untilIs(async () => (await seen()).status, 'paused');
  assert.match((await seen()).badge, /paused/);
});

test.run();
