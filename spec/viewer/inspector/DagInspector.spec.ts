// alone
// timeout: 300000
// weight: 2
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../../../lib/model/Json.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openShell, selectNode, settled, tell } from '../shell/openShell.js';
import { openEvents } from '../shell/shopLog.js';

const test = suite('<dag-inspector>');
endsBrowser(test);

const query = `?events=${openEvents}`;
const text = (page: Page): Promise<string> => page.locator('dag-inspector .body').innerText();
const asked = (page: Page): Promise<unknown[]> => page.evaluate(() => window.controls.asked);

browserTest(test, 'a failed node tells its error, attempts, neighbours; links lead on', async ({ page }) => {
  await openShell(page, query);
  await selectNode(page, 'charge');
  const told = await text(page);
  for (const part of [
    '✕ failed',
    'PaymentError: the card was refused',
    'caused by HttpError: 402 from the bank',
    '2 of 2',
  ])
    assert.ok(told.includes(part), `${part} in ${told}`);
  assert.match(told, /1\s+5 ms\s+295 ms\s+↻ retrying/);
  assert.not.match(told, /actions\.ts:12/, 'the stack is closed');
  await page.locator('dag-inspector').getByRole('button', { name: 'price' }).click();
  await settled(page);
  assert.match(await text(page), /^price/);
  assert.match(await text(page), /total: 1204\.5/);
});

browserTest(test, 'what holds a node back is told in words and as links', async ({ page }) => {
  await openShell(page, '?events=9');
  await selectNode(page, 'approve');
  const held = page.locator('dag-inspector details', { hasText: 'Why not started' });
  assert.equal(await held.getByRole('button').allInnerTexts(), ['stock', 'price']);
  await openShell(page, query);
  await selectNode(page, 'approve');
  assert.match(await text(page), /What it waits for\s+a person must answer/);
});

browserTest(test, 'commands go out as they are meant; answers and refusals are told', async ({ page }) => {
  await openShell(page, query);
  await selectNode(page, 'charge');
  const inspector = page.locator('dag-inspector');
  assert.ok(await inspector.getByRole('button', { name: 'Skip' }).isDisabled());
  await inspector.getByRole('button', { name: 'Retry' }).click();
  await inspector.getByText('Retry: done with #99.').waitFor();
  await page.evaluate(() => (window.controls.answer = { refused: 'Node "x" is in a cancelled branch.' }));
  await inspector.getByRole('button', { name: 'Pause branch' }).click();
  await inspector.getByText('Pause branch: Node "x" is in a cancelled branch.').waitFor();
  await inspector.getByRole('button', { name: 'Cancel branch' }).click();
  assert.is((await asked(page)).length, 2, 'what cannot be undone is asked for twice');
  await inspector.getByRole('button', { name: 'Cancel branch: sure?' }).click();
  await selectNode(page, 'approve');
  await inspector.getByLabel('Its answer').fill('{"ok": true}');
  await inspector.getByRole('button', { name: 'Answer' }).click();
  await selectNode(page, 'check-6');
  await inspector.getByLabel('Priority').fill('5');
  await inspector.getByRole('button', { name: 'Set' }).click();
  await inspector.getByRole('button', { name: 'Skip' }).click();
  assert.equal(await asked(page), [
    { type: 'RetryNode', nodeId: 'charge' },
    { type: 'PauseBranch', branchId: 'money' },
    { type: 'CancelBranch', branchId: 'money' },
    { type: 'ProvideInput', nodeId: 'approve', value: { ok: true } },
    { type: 'SetPriority', nodeId: 'check-6', priority: 5 },
    { type: 'SkipNode', nodeId: 'check-6' },
  ]);
  assert.match(await text(page), /◔ ready/, 'nothing changes before the run says so');
});

/** Lets one more node wait for a person, who is asked with these inputs. */
const ask = async (page: Page, id: string, inputs: Readonly<Record<string, Json>>, seq = openEvents): Promise<void> => {
  const at = Date.now();
  await tell(page, {
    type: 'events',
    events: [
      { seq: seq + 1, at, type: 'NodeAdded', node: { id, action: 'human.input', deps: [], inputs } },
      { seq: seq + 2, at, type: 'NodeWaiting', nodeId: id, on: 'input', inputs },
    ],
  });
};

browserTest(
  test,
  'a question is told; any text is an answer, and what becomes of it stands below',
  async ({ page }) => {
    await openShell(page, query);
    const form = page.locator('dag-inspector form.answering');
    const field = form.getByLabel('Its answer');
    await selectNode(page, 'approve');
    assert.match(await form.innerText(), /^Ship it\?/);
    await field.press('Enter');
    await form.getByText('Write an answer').waitFor();
    await field.fill('{"ok"');
    await form.getByText('This is not JSON; it is sent as a text.').waitFor();
    await field.fill('yes');
    await page.evaluate(() => (window.controls.answer = { refused: 'It does not wait any more.' }));
    await field.press('Enter');
    await form.getByText('Answer: It does not wait any more.').waitFor();
    const [fieldBox, toldBox] = [await field.boundingBox(), await form.getByRole('status').boundingBox()];
    assert.ok(toldBox!.y - fieldBox!.y - fieldBox!.height < 12, 'right below the field');
    await field.fill('one');
    await field.press('Shift+Enter');
    await field.pressSequentially('two');
    await field.press('Enter');
    await ask(page, 'size', {
      message: 'For\nthe label',
      question: 'Which size?',
      default: '7',
      choices: ['s', 7],
      of: { a: 1 },
    });
    await selectNode(page, 'size');
    assert.match(await form.innerText(), /^Which size\?\nFor\nthe label\s+\{1\}\s+of: \{1\}/);
    assert.is(await field.inputValue(), '"7"', 'a text that would be read as a number is quoted');
    await field.press('Enter');
    await form.getByRole('group', { name: 'Choices' }).getByRole('button', { name: '7' }).click();
    await settled(page);
    assert.equal(await asked(page), [
      { type: 'ProvideInput', nodeId: 'approve', value: 'yes' },
      { type: 'ProvideInput', nodeId: 'approve', value: 'one\ntwo' },
      { type: 'ProvideInput', nodeId: 'size', value: '7' },
      { type: 'ProvideInput', nodeId: 'size', value: 7 },
    ]);
  },
);

browserTest(test, 'what is typed stays while the run goes on', async ({ page }) => {
  await openShell(page, query);
  await selectNode(page, 'approve');
  const field = page.locator('dag-inspector').getByLabel('Its answer');
  await field.fill('perh');
  await ask(page, 'other', {});
  await page.waitForTimeout(200);
  assert.is(await field.inputValue(), 'perh');
});

browserTest(test, 'the summary names at most five nodes that wait for a person', async ({ page }) => {
  await openShell(page, query);
  const inspector = page.locator('dag-inspector');
  for (let i = 0; i < 5; i++) await ask(page, `ask-${i}`, {}, openEvents + 2 * i);
  const line = inspector.getByRole('button', { name: 'Waits for a person:' });
  await inspector.getByText('and more').waitFor();
  assert.is(await line.count(), 5);
  await inspector.getByRole('button', { name: 'Waits for a person: approve' }).click();
  await settled(page);
  assert.match(await text(page), /^approve/);
  await page.evaluate(() => {
    window.controls.view.select(undefined);
    window.controls.view.seek(9);
  });
  await settled(page);
  assert.is(await line.count(), 0);
});

browserTest(test, 'clocks stand still while nothing is heard of the run', async ({ page }) => {
  await openShell(page, query);
  const took = (): Promise<string> => page.locator('dag-inspector dt:text-is("took") + dd').innerText();
  const first = await took();
  await page.waitForTimeout(2_200);
  assert.is.not(await took(), first, 'it ticks while the run is heard of');
  await tell(page, { type: 'connection', state: 'retrying', text: 'lost' });
  await page.waitForTimeout(200);
  const lost = await took();
  assert.is(lost, '3.40 s', 'up to the last event');
  await page.waitForTimeout(1_300);
  assert.is(await took(), lost);
});

browserTest(test, 'counts of states stay within their borders, however narrow', async ({ page }) => {
  await openShell(page, query);
  for (const width of [0, 320, 240]) {
    const spilled = await page.locator('dag-inspector').evaluate((inspector, width) => {
      if (width > 0) inspector.style.setProperty('max-width', `${width}px`);
      const buttons = [...inspector.shadowRoot!.querySelectorAll<HTMLElement>('button.look:not([hidden])')];
      for (const button of buttons) button.querySelector('.count')!.textContent = '100,000';
      return buttons.filter((button) => {
        const outer = button.getBoundingClientRect();
        const parts = [...button.children].map((child) => child.getBoundingClientRect());
        return parts.some(
          ({ left, right, width }, i) => width < 8 || right > outer.right || left < (parts[i - 1]?.right ?? outer.left),
        );
      }).length;
    }, width);
    assert.is(spilled, 0, `at ${width}`);
    if (width > 0) assert.is((await page.locator('dag-inspector').boundingBox())!.width, width);
  }
});

browserTest(test, 'without a selection the run is told; its counts filter', async ({ page }) => {
  await openShell(page, query);
  const inspector = page.locator('dag-inspector');
  const told = await text(page);
  assert.match(told, /shop orders[\s\S]*run-7f3[\s\S]*running[\s\S]*17/);
  const failed = inspector.getByRole('button', { name: /failed/ });
  await failed.click();
  await settled(page);
  assert.is(await page.evaluate(() => window.controls.view.filterText), 'state:failed');
  assert.is(await failed.getAttribute('aria-pressed'), 'true');
  assert.is(await page.getByRole('searchbox', { name: 'Filter nodes' }).inputValue(), 'state:failed');
  await failed.click();
  assert.is(await page.evaluate(() => window.controls.view.filterText), '');
  await inspector.getByLabel('Nodes at once').fill('8');
  await inspector.getByRole('button', { name: 'Set' }).click();
  await inspector.getByRole('button', { name: 'Pause run' }).click();
  assert.equal(await asked(page), [{ type: 'SetConcurrency', maxParallelNodes: 8 }, { type: 'PauseRun' }]);
});

browserTest(test, 'the past gives no commands, and says why', async ({ page }) => {
  await openShell(page, query);
  await selectNode(page, 'charge');
  await page.evaluate(() => window.controls.view.step(-1));
  await settled(page);
  const buttons = page
    .locator('dag-inspector')
    .getByRole('group', { name: 'Commands for this node' })
    .getByRole('button');
  for (const button of await buttons.all()) assert.ok(await button.isDisabled(), await button.innerText());
  assert.match(await text(page), /The past is shown; go back to live/);
});

/** Shows the run with one more node that has given this output. */
const showOutput = async (page: Page, id: string, output: Json): Promise<void> => {
  await openShell(page, query);
  const at = Date.now();
  await tell(page, {
    type: 'events',
    events: [
      { seq: openEvents + 1, at, type: 'NodeAdded', node: { id, action: 'map', deps: [] } },
      { seq: openEvents + 2, at, type: 'NodeStarted', nodeId: id, attempt: 1 },
      { seq: openEvents + 3, at, type: 'NodeSucceeded', nodeId: id, attempt: 1, output, durationMs: 1, cached: false },
    ],
  });
  await selectNode(page, id);
};

browserTest(test, 'a huge output costs no more than what is looked at', async ({ page }) => {
  await showOutput(page, 'n', { rows: Array.from({ length: 20_000 }, (_, i) => ({ i })), note: 'x'.repeat(5_000) });
  const output = page.locator('dag-inspector details.section', { hasText: 'Output' });
  const size = (): Promise<number> => output.evaluate((element) => element.querySelectorAll('*').length);
  assert.ok((await size()) < 40, `${await size()}`);
  await output.getByText('rows:').click();
  await output.getByRole('button', { name: 'show more (19,900 left)' }).waitFor();
  assert.ok((await size()) < 1_000);
  await output.getByRole('button', { name: 'show more (19,900 left)' }).click();
  await output.getByRole('button', { name: 'show more (19,800 left)' }).waitFor();
  await output.getByRole('button', { name: 'show more (4,700 characters left)' }).click();
  assert.match(await output.innerText(), /x{5000}/);
});

browserTest(test, 'ids and outputs of others are texts, whatever they hold', async ({ page }) => {
  const evil = '<img src=x onerror=alert(1)>\u202e\u0000__proto__';
  await showOutput(
    page,
    evil,
    JSON.parse('{"__proto__": "<script>alert(1)</script>", "constructor": {"\\u202e": []}}') as Json,
  );
  const told = await text(page);
  assert.ok(told.includes('<img src=x onerror=alert(1)>\\u202e\\u0000__proto__'));
  assert.ok(told.includes('__proto__: <script>alert(1)</script>'));
  assert.is(await page.locator('dag-inspector img, dag-inspector script').count(), 0);
});

test.run();
