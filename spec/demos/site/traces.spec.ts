// alone
// timeout: 120000
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromWfFormat } from '../../../lib/formats/wfformat/index.js';
import { simulate } from '../../../lib/index.js';
import { browserTest } from '../../support/browser.js';
import { root } from '../../support/command.js';
import { Site, isOver, shownBy, until } from './Site.js';

const test = suite('demos/site/traces');
const site = new Site(test);
const open = (page: Page): Promise<void> => site.open(page, 'traces/index.html', 'dag-viewer');
const survey = readFileSync(join(root, 'spec', 'fixtures', 'wfformat', 'survey.json'), 'utf8');

/** Drops a file somewhere on the page. */
const drop = async (page: Page, name: string, text: string): Promise<void> => {
  const data = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text!], name!));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent('#stage', 'dragover', { dataTransfer: data });
  assert.ok(await page.isVisible('#drop'));
  await page.dispatchEvent('#stage', 'drop', { dataTransfer: data });
  await page.waitForSelector('#drop', { state: 'hidden' });
};

const setSlider = (page: Page, id: string, value: number): Promise<void> =>
  page.locator(`#${id}`).evaluate((slider, value) => {
    (slider as HTMLInputElement).value = String(value);
    slider.dispatchEvent(new Event('input'));
  }, value);

browserTest(
  test,
  'a trace that is dropped runs in virtual time, exactly as long as the simulation says',
  async ({ page }) => {
    await open(page);
    await setSlider(page, 'slots', 4);
    await setSlider(page, 'speed', 3);
    assert.is(await page.inputValue('#slots'), '4');
    await drop(page, 'survey.json', survey);
    const shown = await until(page, (now) => isOver(now) && Object.keys(now.nodes).length === 13);
    assert.is(shown.status, 'succeeded');
    assert.ok(Object.values(shown.nodes).every(({ status }) => status === 'succeeded'));
    const read = fromWfFormat(survey);
    assert.ok(read._tag === 'Right');
    const expected = simulate(read.right.plan, { slots: 4 });
    const [first, last] = [shown.events[0]!, shown.events.at(-1)!];
    assert.is(Math.round(last.at - first.at), Math.round(expected.makespanMs));
    await page.waitForFunction(() => document.getElementById('makespan-label')?.textContent === 'Makespan');
    assert.is(await page.textContent('#makespan'), `${(expected.makespanMs / 1_000).toFixed(1)} s`);
    assert.is(await page.textContent('#bound'), `${(expected.lowerBoundMs / 1_000).toFixed(1)} s`);
    assert.is(await page.textContent('#ratio'), `${expected.ratio.toFixed(3)} ×`);
    assert.is(await page.textContent('#utilisation'), `${Math.round(expected.utilisation * 100)} %`);
  },
);

browserTest(test, 'the clock pauses, and slots change in mid-run', async ({ page }) => {
  await open(page);
  await page.selectOption('#sample', 'lanes.json');
  await setSlider(page, 'speed', 1.5);
  await until(page, ({ nodes }) => Object.values(nodes).some(({ status }) => status === 'succeeded'));
  await page.click('#play');
  await page.waitForTimeout(100); // what happened until then is shown a little later
  const time = await page.textContent('#makespan');
  const paused = await shownBy(page);
  await page.waitForTimeout(300);
  assert.is(await page.textContent('#makespan'), time);
  assert.is((await shownBy(page)).events.length, paused.events.length);
  await page.locator('#slots').focus();
  await page.keyboard.press('Home');
  await page.click('#play');
  const changed = await until(page, ({ events }) => events.some(({ type }) => type === 'ConcurrencySet'));
  assert.ok(changed.events.some((event) => event.type === 'ConcurrencySet' && event.maxParallelNodes === 1));
  await setSlider(page, 'speed', 3);
  assert.is((await until(page, isOver)).status, 'succeeded');
});

browserTest(
  test,
  'the viewer goes by the clock of the page: what runs grows while it plays, and stands while that does',
  async ({ page }) => {
    await open(page);
    await setSlider(page, 'speed', 1);
    await drop(page, 'long.yaml', 'name: long\nnodes:\n  - {id: x, action: a, estimate: 600}\n');
    await until(page, ({ nodes }) => nodes['x']?.status === 'running');
    const live = page.locator('dag-scrubber').getByRole('button', { name: /^(Live|End)$/ });
    assert.is(await live.textContent(), 'Live');
    assert.is(await page.textContent('dag-viewer .link-state'), 'connected');

    const took = page.locator('dag-inspector dt:text-is("took") + dd');
    const seconds = async (): Promise<number> => parseFloat((await took.textContent()) ?? '');
    const early = await seconds();
    await page.waitForTimeout(400);
    assert.ok((await seconds()) - early > 2.5, 'ten times as fast as the page');
    while ((await seconds()) < 10) await page.waitForTimeout(50);
    await page.click('#play');
    await page.waitForTimeout(300);
    const stood = await took.textContent();
    assert.is(stood, await page.textContent('#makespan'));
    await page.waitForTimeout(1_200);
    assert.is(await took.textContent(), stood);
    assert.is(await live.textContent(), 'Live');

    await setSlider(page, 'speed', 3);
    await page.click('#play');
    await until(page, isOver);
    await page.getByText('the run has ended', { exact: true }).waitFor();
    await page.waitForTimeout(300); // the panes are painted one by one
    assert.equal([await live.textContent(), await took.textContent()], ['End', '10:00']);
  },
);

browserTest(test, 'a pipeline file is chosen, pasted or a sample', async ({ page }) => {
  await open(page);
  await setSlider(page, 'speed', 3);
  await page.selectOption('#sample', 'weather.yaml');
  await until(page, (now) => isOver(now) && now.nodes['saveReport']?.status === 'succeeded');
  await page.setInputFiles('#file', {
    name: 'mine.yaml',
    mimeType: 'text/yaml',
    buffer: Buffer.from(
      'name: mine\nnodes:\n  - {id: x, action: a, estimate: 3}\n  - {id: y, action: b, dependencies: [x]}\n',
    ),
  });
  const mine = await until(page, (now) => isOver(now) && now.nodes['y']?.status === 'succeeded');
  assert.is(mine.events.at(-1)!.at, 6_000);
  assert.match((await page.textContent('#name')) ?? '', /^mine\.yaml/);
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'name: pasted\nnodes:\n  - {id: z, action: human.input}\n');
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  });
  await until(page, (now) => isOver(now) && now.nodes['z']?.status === 'succeeded');
});

browserTest(test, 'a pipeline may be JSON: what stands at the top tells it from a trace', async ({ page }) => {
  await open(page);
  await setSlider(page, 'speed', 3);
  const pipeline = (id: string, waitsFor: string): string =>
    JSON.stringify(
      {
        name: 'p30',
        nodes: [
          { id: 'workflow', action: 'a', estimate: 3 },
          { id, action: 'schemaVersion', dependencies: [waitsFor] },
        ],
      },
      null,
      '\t',
    );
  await drop(page, 'p30.json', pipeline('y', 'workflow'));
  const dropped = await until(page, (now) => isOver(now) && now.nodes['y']?.status === 'succeeded');
  assert.is(dropped.events.at(-1)!.at, 6_000);
  assert.is(await page.textContent('#name'), 'p30.json, pipeline file');
  await page.evaluate(
    (text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    },
    pipeline('z', 'workflow'),
  );
  await until(page, (now) => isOver(now) && now.nodes['z']?.status === 'succeeded');

  const error = (): Promise<string> => page.locator('#errors li').first().innerText();
  await drop(page, 'bad.json', pipeline('y', 'q'));
  assert.match(await error(), /^bad\.json:\d+:\d+: Node "y" depends on "q", which is not defined/);
  await drop(page, 'cut.json', pipeline('y', 'workflow').slice(0, 150));
  assert.match(await error(), /^cut\.json:\d+:\d+: /);
  await drop(page, 'other.json', '{ "name": "x" }');
  assert.match(await error(), /^other\.json:1:1: schemaVersion: /);
});

/** Drops what takes a while to read, and is given or refused then. */
const dropSlow = (page: Page, name: string, text: string | undefined, ms: number): Promise<void> =>
  page.evaluate(
    ([name, text, ms]) => {
      const file = Object.assign(new Blob(), {
        name,
        async text(): Promise<string> {
          await new Promise((done) => setTimeout(done, ms));
          if (text === undefined) throw new Error('gone');
          return text;
        },
      });
      const event = new Event('drop', { bubbles: true, cancelable: true });
      Object.defineProperty(event, 'dataTransfer', { value: { files: [file] } });
      document.querySelector('#stage')!.dispatchEvent(event);
    },
    [name, text, ms] as const,
  );

browserTest(
  test,
  'what can not be read is told, and of two files the one that was given last is shown',
  async ({ page }) => {
    await open(page);
    await setSlider(page, 'speed', 3);
    const yaml = (id: string): string => `name: ${id}\nnodes:\n  - {id: ${id}, action: a, estimate: 1}\n`;
    await dropSlow(page, 'folder', undefined, 0);
    await page.getByText('folder: it can’t be read; is it a folder, or gone?').waitFor();
    await dropSlow(page, 'early.yaml', yaml('early'), 600);
    await dropSlow(page, 'vanished.yaml', undefined, 500);
    await dropSlow(page, 'late.yaml', yaml('late'), 0);
    await until(page, (now) => isOver(now) && now.nodes['late']?.status === 'succeeded');
    await page.waitForTimeout(900);
    assert.equal(Object.keys((await shownBy(page)).nodes), ['late']);
    assert.match((await page.textContent('#name')) ?? '', /^late\.yaml/);
    assert.is(await page.getByText('vanished').count(), 0);
  },
);

browserTest(test, 'what stand-ins leave out of a pipeline is told', async ({ page }) => {
  await open(page);
  assert.ok(await page.isHidden('#stand-ins'));
  const told = async (nodes: string): Promise<readonly string[]> => {
    await drop(page, 'mine.yaml', `name: mine\nnodes:\n${nodes}`);
    return page.locator('#stand-ins li').allTextContents();
  };
  assert.equal(
    await told(
      `  - {id: x, action: a, estimate: 3}
  - {id: y, action: b, dependencies: [x]}
  - {id: many, action: c, estimate: 5, for_each: x.list, when: x.on}
  - {id: ask, action: human.input}
`,
    ),
    [
      'Without an estimate, so each takes the mean of the others, 4.0 s: y.',
      'Each for_each is a single node: many.',
      'Each “when” counts as met: many.',
      'People answer at once: ask.',
    ],
  );
  assert.equal(await told('  - {id: x, action: a}\n'), ['No node has an estimate, so each takes 1.0 s: x.']);
  await drop(page, 'survey.json', survey);
  assert.ok(await page.isHidden('#stand-ins'));
});

browserTest(
  test,
  'bad files are told in the library’s words, with line and column, and the run before stays',
  async ({ page }) => {
    await open(page);
    const nodes = Object.keys((await shownBy(page)).nodes).length;
    const errors = (): Promise<readonly string[]> => page.locator('#errors li').allTextContents();
    await drop(page, 'bad.yaml', 'name: demo\nnodes:\n  - {id: a, action: echo, dependencies: [b]}\n');
    assert.match((await errors())[0]!, /^bad\.yaml:3:42: Node "a" depends on "b", which is not defined\./);
    await drop(page, 'bad.json', survey.replace('"parents": ["scan_1"]', '"parents": ["scan_2"]'));
    assert.match((await errors())[0]!, /^bad\.json:\d+:\d+: workflow\.specification\.tasks\[\d+\]/);
    await drop(page, 'cut.json', survey.slice(0, 400));
    assert.match((await errors())[0]!, /^cut\.json:\d+:\d+: This is not JSON/);
    await drop(page, 'hostile.yaml', 'name: "<img src=x onerror=alert(1)>"\nnodes: 3\n');
    assert.match((await errors())[0]!, /^hostile\.yaml:2:\d+: /);
    assert.is(Object.keys((await shownBy(page)).nodes).length, nodes);
    await drop(page, 'survey.json', survey);
    assert.ok(await page.isHidden('#errors'));
  },
);

test.run();
