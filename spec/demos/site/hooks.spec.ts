// alone
// timeout: 180000
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest } from '../../support/browser.js';
import { Site, isOver, shownBy, until, type Shown } from './Site.js';

const test = suite('demos/site/hooks');
const site = new Site(test);
const open = (page: Page): Promise<void> => site.open(page, 'hooks/index.html', 'dag-viewer');

/** The node's box in the drawing, clicked by mouse. */
const clickNode = async (page: Page, id: string): Promise<void> => {
  const box = await page.locator(`dag-graph g.item:has(text.label:text-is("${id}"))`).boundingBox();
  assert.ok(box, `${id} is drawn`);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
};

const told = (page: Page, text: RegExp, id = 'told'): Promise<unknown> =>
  page.waitForFunction(
    ([id, pattern]) => new RegExp(pattern!).test(document.getElementById(id!)?.textContent ?? ''),
    [id, text.source],
  );

const addNode = async (page: Page, id: string, action: string, after = ''): Promise<void> => {
  await page.fill('#node-id', id);
  await page.selectOption('#node-action', action);
  await page.fill('#node-deps', after);
  await page.click('text=Add node >> nth=0');
  await told(page, new RegExp(`^Added ${id}\\.`));
};

const types = ({ events }: Shown): readonly string[] => events.map(({ type }) => type);
const statuses = ({ nodes }: Shown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(nodes).map(([id, { status }]) => [id, status]));

browserTest(
  test,
  'the sample runs: a flaky node is retried, failures are investigated, a person answers',
  async ({ page }) => {
    await open(page);
    const before = await shownBy(page);
    assert.is(before.status, 'paused');
    assert.not(types(before).includes('NodeStarted'));
    await page.click('#start');
    await page.fill('#answer-value', 'go ahead');
    await page.click('#answer button');
    const after = await until(page, isOver);
    assert.is(after.status, 'failed');
    assert.equal([after.nodes['fetch-america']!.status, after.nodes['fetch-america']!.attempt], ['succeeded', 3]);
    assert.equal([after.nodes['anomalies']!.status, after.nodes['anomalies']!.attempt], ['failed', 3]);
    assert.is(after.nodes['review']!.output, 'go ahead');
    assert.is(after.nodes['publish']!.status, 'succeeded');
    const added = after.events.flatMap((event) => (event.type === 'NodeAdded' ? [`${event.by} ${event.node.id}`] : []));
    assert.equal(
      added.sort(),
      [1, 2, 3]
        .flatMap((n) =>
          n < 3
            ? [`investigate investigate-anomalies-${n}`, `investigate investigate-fetch-america-${n}`]
            : [`investigate investigate-anomalies-${n}`],
        )
        .sort(),
    );
    for (const line of added) assert.is(after.nodes[line.split(' ')[1]!]!.status, 'succeeded');
  },
);

browserTest(
  test,
  'a graph is built by clicks: nodes, an edge between two of them, and both taken away again',
  async ({ page }) => {
    await open(page);
    await page.click('#clear');
    await addNode(page, 'one', 'work');
    await addNode(page, 'two', 'work');
    await addNode(page, 'three', 'work', 'one');
    assert.equal((await until(page, ({ nodes }) => nodes['three'] !== undefined)).nodes['three']!.deps, ['one']);

    await page.click('#connect');
    await clickNode(page, 'two');
    await told(page, /waits for two/);
    await clickNode(page, 'three');
    await told(page, /^three waits for two/);
    assert.equal((await until(page, ({ nodes }) => nodes['three']!.deps.length === 2)).nodes['three']!.deps, [
      'one',
      'two',
    ]);

    await page.click('#connect');
    await clickNode(page, 'three');
    await clickNode(page, 'two');
    await told(page, /three.*two|two.*three/);
    assert.equal((await until(page, (shown) => types(shown).includes('CommandRefused'))).nodes['two']!.deps, []);

    await page.click('#connect');
    await clickNode(page, 'one');
    await clickNode(page, 'three');
    await told(page, /no longer waits for one/);
    assert.equal((await until(page, ({ nodes }) => nodes['three']?.deps.length === 1)).nodes['three']!.deps, ['two']);

    await clickNode(page, 'two');
    await page.click('#delete');
    await told(page, /^Deleted two/);
    const built = await until(page, ({ nodes }) => Object.keys(nodes).length === 2);
    assert.equal(built.nodes['three']!.deps, []);
    await page.click('#start');
    assert.equal(statuses(await until(page, isOver)), { one: 'succeeded', three: 'succeeded' });
  },
);

browserTest(test, 'an edge is dragged from node to node, and elsewhere the graph still pans', async ({ page }) => {
  await open(page);
  await page.click('#clear');
  for (const id of ['one', 'two']) await addNode(page, id, 'work');
  const middle = async (id: string): Promise<readonly [x: number, y: number]> => {
    const box = (await page.locator(`dag-graph g.item:has(text.label:text-is("${id}"))`).boundingBox())!;
    return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
  };
  const drag = async (from: readonly [number, number], to: readonly [number, number]): Promise<void> => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move(...to, { steps: 6 });
    await page.mouse.up();
  };
  await page.click('#connect');
  const [one, two] = [await middle('one'), await middle('two')];
  await drag([one[0], one[1] + 150], [one[0] + 20, one[1] + 150]);
  assert.equal(await middle('one'), [one[0] + 20, one[1]], 'nothing was there to drag from');
  await drag([one[0] + 20, one[1]], [two[0] + 20, two[1]]);
  await told(page, /^two waits for one/);
  assert.equal((await until(page, ({ nodes }) => nodes['two']!.deps.length === 1)).nodes['two']!.deps, ['one']);
  assert.is(await page.locator('.drawn').count(), 0);
  assert.is(await page.getAttribute('#connect', 'aria-pressed'), 'false');
});

browserTest(test, 'nothing counts before the run begins, however long one builds', async ({ page }) => {
  await open(page);
  const took = page.locator('dag-inspector dt:text-is("took") + dd');
  await told(page, /press Run/, 'run-told');
  await page.waitForTimeout(1_500);
  await addNode(page, 'late', 'work');
  await until(page, ({ nodes }) => nodes['late'] !== undefined);
  assert.is(await took.textContent(), '0 ms');
  await page.click('#start');
  await page.waitForTimeout(500);
  assert.is(await page.textContent('#run-told'), '');
  const ms = await page.evaluate(() => {
    const { view } = document.querySelector('dag-viewer') as unknown as {
      view: { endAt: number; startedAt: number };
    };
    return view.endAt - view.startedAt;
  });
  assert.ok(ms >= 400 && ms < 1_500, `${ms} ms`);

  await page.click('#reset');
  await told(page, /press Run/, 'run-told');
  await page.locator('dag-inspector').getByRole('button', { name: 'Resume run' }).click();
  await until(page, ({ nodes }) => nodes['fetch-asia']?.status === 'succeeded');
  assert.is(await page.isDisabled('#start'), true, 'it runs, whoever has begun it');
});

browserTest(test, 'the slider changes how many run at once while they do', async ({ page }) => {
  await open(page);
  await page.click('#clear');
  for (const id of ['a', 'b', 'c', 'd']) await addNode(page, id, 'work');
  const slider = page.locator('#slots');
  await slider.focus();
  await page.keyboard.press('Home');
  await page.click('#start');
  await until(page, (shown) => types(shown).includes('NodeStarted'));
  assert.is(Object.values(statuses(await shownBy(page))).filter((status) => status === 'running').length, 1);
  const box = (await slider.boundingBox())!;
  await page.mouse.move(box.x + 8, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2, { steps: 8 });
  await page.mouse.up();
  const faster = await until(page, ({ events }) => events.some((event) => event.type === 'ConcurrencySet'));
  assert.ok(faster.events.some((event) => event.type === 'ConcurrencySet' && event.maxParallelNodes > 3));
  assert.is((await until(page, isOver)).status, 'succeeded');
});

browserTest(test, 'hooks are switched off and on, also in mid-run', async ({ page }) => {
  await open(page);
  await page.click('#clear');
  await addNode(page, 'first', 'fails');
  await addNode(page, 'second', 'fails');
  await page.fill('#slots', '1');
  await page.uncheck('input[name=retryFailed]');
  await page.uncheck('input[name=investigate]');
  await page.click('#start');
  await until(page, ({ nodes }) => nodes['first']?.status === 'failed');
  await page.check('input[name=investigate]');
  const after = await until(page, isOver);
  assert.is(after.nodes['first']!.attempt, 1);
  assert.equal(Object.keys(after.nodes).sort(), ['first', 'investigate-second-1', 'second']);
});

browserTest(test, 'a hook holds a branch for three seconds', async ({ page }) => {
  await open(page);
  await page.uncheck('input[name=retryFailed]');
  await page.check('input[name=hold]');
  await page.click('#start');
  const shown = await until(page, (now) => types(now).includes('BranchResumed'));
  const paused = shown.events.find(({ type }) => type === 'BranchPaused')!;
  const resumed = shown.events.find(({ type }) => type === 'BranchResumed')!;
  assert.is(paused.by, 'hold');
  assert.ok(resumed.at - paused.at >= 2_900, `${resumed.at - paused.at} ms`);
});

browserTest(test, 'what is broken is seen, and the run goes on', async ({ page }) => {
  await open(page);
  await page.click('#clear');
  await page.uncheck('input[name=retryFailed]');
  await page.uncheck('input[name=investigate]');
  for (const id of ['a', 'b', 'c', 'd', 'e']) await addNode(page, id, 'work');
  await page.fill('#slots', '1');
  const breakNext = (what: string): Promise<void> => page.click(`#break button[value=${what}]`);
  await breakNext('throwText');
  await page.click('#start');
  await page.click('#pause');
  await until(page, ({ nodes, status }) => nodes['a']?.status === 'failed' && status === 'paused');
  await breakNext('fail');
  await page.click('#pause');
  await until(page, ({ nodes }) => Object.values(nodes).filter(({ status }) => status === 'failed').length === 2);
  await page.click('#pause');
  await until(page, ({ status }) => status === 'paused');
  await breakNext('flood');
  await told(page, /^The next node that starts floods\.$/, 'run-told');
  await breakNext('hook');
  await told(page, /^A hook throws when the next node starts\.$/, 'run-told');
  await page.click('#pause');
  const after = await until(page, isOver);
  const messages = Object.values(after.nodes).flatMap(({ error }) => error?.message ?? []);
  assert.equal(messages, ['a text, not an Error', 'Somebody has broken this node.']);
  assert.ok(types(after).filter((type) => type === 'NodeProgressed').length >= 2_000);
  assert.ok(after.events.some((event) => event.type === 'HookFailed' && event.hook === 'saboteur'));
  await told(page, /^A hook has thrown: “This hook throws because you asked for it\.” The run goes on\.$/, 'run-told');
  assert.is(Object.values(statuses(after)).filter((status) => status === 'succeeded').length, 3);
});

browserTest(test, 'a node that hangs runs into its time-out', async ({ page }) => {
  await open(page);
  await page.click('#clear');
  await page.uncheck('input[name=retryFailed]');
  await addNode(page, 'a', 'work');
  await page.click('#break button[value=hang]');
  await page.click('#start');
  const after = await until(page, isOver);
  assert.is(after.nodes['a']!.error?.name, 'TimeoutError');
});

test.run();
