// alone
// timeout: 120000
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest } from '../../support/browser.js';
import { Site, isOver, until } from './Site.js';

const test = suite('demos/site/hooks, your hook');
const site = new Site(test);

/** Opens the page with a graph of a chain of two nodes, without any hook. */
const open = async (page: Page): Promise<void> => {
  await site.open(page, 'hooks/index.html', 'dag-viewer');
  await page.click('#clear');
  await page.uncheck('input[name=retryFailed]');
  await page.uncheck('input[name=investigate]');
  for (const [id, after] of [
    ['a', ''],
    ['b', 'a'],
  ]) {
    await page.fill('#node-id', id!);
    await page.fill('#node-deps', after!);
    await page.keyboard.press('Enter');
    await page.waitForFunction((id) => document.getElementById('told')?.textContent === `Added ${id}.`, id);
  }
};

const apply = async (page: Page, code: string): Promise<string> => {
  await page.fill('#code', code);
  await page.evaluate(() => document.getElementById('code-told')?.replaceChildren());
  await page.click('#apply');
  await page.waitForFunction(() => (document.getElementById('code-told')?.textContent ?? '') !== '');
  return (await page.textContent('#code-told')) ?? '';
};

browserTest(test, 'a hook that is typed adds nodes and pauses a branch', async ({ page }) => {
  await open(page);
  const code = `(event$, ctx) => merge(
    event$.pipe(ofType('NodeSucceeded'), onNode('a'), mergeMap(() => [
      pauseBranch('b', 'typed'),
      addNode({ id: 'extra', action: 'work', deps: ['a'], inputs: { ms: 50 } }),
    ])),
    event$.pipe(ofType('NodeSucceeded'), onNode('extra'), map(() => resumeBranch('b'))),
  );`;
  assert.match(await apply(page, code), /^Applied/);
  await page.click('#start');
  const after = await until(page, isOver);
  assert.is(after.status, 'succeeded');
  const byYours = after.events.flatMap(({ type, by }) => (by === 'yours' ? [type] : []));
  assert.equal(byYours, ['BranchPaused', 'NodeAdded', 'BranchResumed']);
  const order = after.events.flatMap((event) => (event.type === 'NodeSucceeded' ? [event.nodeId] : []));
  assert.equal(order, ['a', 'extra', 'b']);
});

browserTest(test, 'a syntax error is told with its line, and the hook before stays', async ({ page }) => {
  await open(page);
  assert.match(
    await apply(page, `(event$) => event$.pipe(\n  ofType('NodeSucceeded'),\n  map(( => 1),\n)`),
    /^line 3:\d+ SyntaxError/,
  );
  const told = await page.locator('#code-told').boundingBox();
  const code = await page.locator('#code').boundingBox();
  assert.ok(told!.y >= 0 && told!.y + told!.height <= code!.y, 'it stands above the code, in sight');
  assert.match(await apply(page, `42`), /^A hook is a function of event\$ and ctx, not number\.$/);
  assert.match(
    await apply(page, `(() => {\n  return nothingOfThisName.x;\n})()`),
    /^line 2:\d+ ReferenceError: nothingOfThisName is not defined$/,
  );
});

browserTest(
  test,
  'a hook that throws is cut off: told with its line, seen in the log, the run succeeds',
  async ({ page }) => {
    await open(page);
    await apply(
      page,
      `(event$) => event$.pipe(\n  ofType('NodeSucceeded'),\n  map(() => {\n    throw new RangeError('too much');\n  }),\n)`,
    );
    await page.click('#start');
    const after = await until(page, isOver);
    assert.is(after.status, 'succeeded');
    const failed = after.events.find((event) => event.type === 'HookFailed');
    assert.equal([failed?.hook, failed?.error.message], ['yours', 'too much']);
    assert.match((await page.textContent('#code-told')) ?? '', /^line 4:\d+ RangeError: too much/);
    await page.click('#code-told button');
    const selected = await page.evaluate(() => {
      const { value, selectionStart, selectionEnd } = document.querySelector<HTMLTextAreaElement>('#code')!;
      return value.slice(selectionStart, selectionEnd).trim();
    });
    assert.is(selected, `throw new RangeError('too much');`);
  },
);

browserTest(test, 'a hook that floods is cut off by its budget', async ({ page }) => {
  await open(page);
  await page.selectOption('#recipe', { label: 'Flood (it is cut off)' });
  await page.click('#apply');
  await page.click('#start');
  const after = await until(page, isOver);
  assert.is(after.status, 'succeeded');
  const failed = after.events.find((event) => event.type === 'HookFailed');
  assert.equal([failed?.hook, failed?.error.name], ['yours', 'BudgetExceeded']);
  assert.is(after.events.filter(({ type }) => type === 'CustomEmitted').length, 300);
  assert.match((await page.textContent('#code-told')) ?? '', /300.*The engine has cut it off; the run goes on\.$/);
});

browserTest(test, 'what is no hook, and errors that are none, are told in words', async ({ page }) => {
  await open(page);
  for (const nothing of ['', ' // later', '/* later */'])
    assert.is(await apply(page, nothing), 'Write a hook: a function such as (event$) => event$.pipe(…).');
  assert.match(await apply(page, '(() => { throw Object.create(null) })()'), /^(?!Applied)./);
  assert.match(await apply(page, 'async (event$) => {}'), /^Applied/);
  await page.click('#start');
  await page.waitForFunction(() =>
    /A hook gives an Observable of commands/.test(document.getElementById('code-told')!.textContent),
  );
  assert.match(
    await apply(page, '(event$) => event$.pipe(ignoreElements())'),
    /^Applied: .* begins with the next one\.$/,
  );
});

browserTest(test, 'each recipe can be applied, in mid-run and by keyboard alone', async ({ page }) => {
  await site.open(page, 'hooks/index.html', 'dag-viewer');
  const titles = await page.locator('#recipe option').allTextContents();
  assert.is(titles.length, 5);
  await page.locator('#start').focus();
  await page.keyboard.press('Enter');
  await page.locator('#recipe').focus();
  await page.selectOption('#recipe', { label: 'Answer for the person' });
  await page.locator('#code').focus();
  await page.keyboard.press('Control+Enter');
  const after = await until(page, isOver);
  assert.is(after.nodes['review']!.output, 'yes');
  assert.ok(after.events.some(({ type, by }) => type === 'NodeSucceeded' && by === 'yours'));
  for (const title of titles) {
    await page.selectOption('#recipe', { label: title });
    await page.locator('#code').focus();
    await page.keyboard.press('Control+Enter');
    await page.waitForFunction(() => document.getElementById('code-told')?.textContent?.startsWith('Applied'));
  }
});

test.run();
