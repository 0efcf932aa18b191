// alone
// timeout: 240000
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionEvent, NodeSpec } from '../../../lib/index.js';
import { light } from '../../../lib/formats/lookPalette.js';
import { random } from '../../../lib/testing/index.js';
import { fromEvents } from '../../../lib/viewer/source/fromEvents.js';
import { RunView } from '../../../lib/viewer/view/RunView.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { Lab, fail } from '../../support/executor.js';
import { cancelled, logOf, node, runStarted, started, succeeded, skipped } from '../../support/logOf.js';
import { openReport, painted } from './openReport.js';
import { until, untilIs } from './until.js';

const test = suite('must have: what holds a run up, and by how much');
endsBrowser(test);

/** All ways from a node that waits for none to one that nothing waits for. */
const waysOf = (specs: readonly NodeSpec[]): readonly (readonly number[])[] => {
  const outs = specs.map(({ id }) => specs.flatMap(({ deps }, i) => (deps!.includes(id!) ? [i] : [])));
  const ways: number[][] = specs.flatMap(({ deps }, i) => (deps!.length === 0 ? [[i]] : []));
  const whole: number[][] = [];
  for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
    const next = outs[way.at(-1)!]!;
    if (next.length === 0) whole.push(way);
    for (const out of next) ways.push([...way, out]);
  }
  return whole;
};

const viewOf = async (events: readonly ExecutionEvent[]): Promise<RunView> => {
  const view = new RunView(fromEvents(events));
  await untilIs(() => view.log.size, events.length);
  return view;
};

test('the critical path and the slack of each node are those of all ways counted one by one', async () => {
  for (let seed = 1; seed <= 25; seed++) {
    const r = random(seed);
    const size = r.int(2, 9);
    const specs = Array.from({ length: size }, (_, i) =>
      node(
        `n${i}: ${Array.from({ length: i }, (_, k) => `n${k}`)
          .filter(() => r.chance(0.4))
          .join(' ')}`,
        {
          estimateMs: r.int(1, 50) * 10,
        },
      ),
    );
    const took = specs.map(({ estimateMs }) => estimateMs! + r.int(1, 300));
    let at = 0;
    const events = logOf(
      runStarted(specs),
      ...specs.flatMap(({ id }, i) => [
        { ...started(id!), at: (at += 1) },
        { ...succeeded(id!), at: (at += took[i]!) },
      ]),
    );
    for (const [log, takes] of [
      [events.slice(0, 1), specs.map(({ estimateMs }) => estimateMs!)],
      [events, took],
    ] as const) {
      const view = await viewOf(log);
      const { path, lengthMs, slackMs } = view.critical;
      const lengths = waysOf(specs).map((way) => ({ way, length: way.reduce((sum, i) => sum + takes[i]!, 0) }));
      const longest = Math.max(...lengths.map(({ length }) => length));
      assert.is(lengthMs, longest, `seed ${seed}`);
      assert.ok(
        lengths.some(({ way, length }) => length === longest && way.join() === path.join()),
        `seed ${seed}: ${path.join()}`,
      );
      for (let i = 0; i < size; i++) {
        const through = Math.max(...lengths.flatMap(({ way, length }) => (way.includes(i) ? [length] : [])));
        assert.is(slackMs(i), longest - through, `seed ${seed}: slack of n${i}`);
      }
      view.close();
    }
  }
});

test('retries, waits for people and what goes on lie on the critical path; what never ran does not', async () => {
  const specs = [node('a'), node('b: a'), node('c: a', { action: 'human.input' }), node('d: b c'), node('e: d')];
  const log = logOf(
    { ...runStarted(specs), at: 1 },
    { ...started('a'), at: 1 },
    { type: 'NodeRetryScheduled', nodeId: 'a', attempt: 1, error: { name: 'E', message: '' }, delayMs: 500, at: 100 },
    { ...started('a', 2), at: 600 },
    { ...succeeded('a', 2), at: 700 },
    { ...started('b'), at: 800 },
    { type: 'NodeWaiting', nodeId: 'c', on: 'input', at: 800 },
    { ...succeeded('b'), at: 900 },
    { type: 'NodeSucceeded', nodeId: 'c', attempt: 0, output: 1, durationMs: 0, cached: false, at: 3_000 },
    { ...cancelled('d'), at: 3_100 },
    { ...skipped('e'), at: 3_100 },
  );
  const of = async (events: readonly ExecutionEvent[]) => {
    const view = await viewOf(events);
    const { path, lengthMs, slackMs, isTimed } = view.critical;
    const told = { path: path.map((i) => view.idOf(i)), lengthMs, slack: specs.map((_, i) => slackMs(i)), isTimed };
    view.close();
    return told;
  };
  assert.equal(await of(log.slice(0, 1)), {
    path: ['a', 'b', 'd', 'e'],
    lengthMs: 4,
    slack: [0, 0, 0, 0, 0],
    isTimed: false,
  });
  const waiting = await of(log.slice(0, 8));
  assert.equal(waiting.path.slice(0, 2), ['a', 'c']);
  assert.equal(await of(log), {
    path: ['a', 'c'],
    lengthMs: 2_899,
    slack: [0, 2_100, 0, NaN, NaN],
    isTimed: true,
  });
});

test('what kept results served takes no time, and stays on the path of those that went on from it', async () => {
  const view = await viewOf(
    logOf(
      { ...runStarted([node('a'), node('b: a'), node('c: b')]), at: 0 },
      { ...started('a'), at: 0 },
      { ...succeeded('a'), at: 100 },
      { type: 'NodeSucceeded', nodeId: 'b', attempt: 1, output: 1, durationMs: 0, cached: true, at: 100 },
      { ...started('c'), at: 100 },
      { ...succeeded('c'), at: 300 },
    ),
  );
  const { path, lengthMs, slackMs } = view.critical;
  assert.equal([path.map((i) => view.idOf(i)), lengthMs, slackMs(1)], [['a', 'b', 'c'], 300, 0]);
  view.close();
});

test('what a crash interrupted ends with the last that was heard before', async () => {
  const view = await viewOf(
    logOf(
      { ...runStarted([node('a'), node('b')]), at: 0 },
      { ...started('a'), at: 0 },
      { ...started('b'), at: 100 },
      { type: 'RunRecovered', interrupted: ['a', 'b'], at: 60_000 },
      { type: 'NodeInterrupted', nodeId: 'a', attempt: 1, at: 60_000 },
      { type: 'NodeInterrupted', nodeId: 'b', attempt: 1, at: 60_000 },
      { ...started('a', 2), at: 60_000 },
      { type: 'NodeInterrupted', nodeId: 'a', attempt: 2, at: 60_400 },
    ),
  );
  const { endAt, size } = view.attempts;
  assert.equal([...endAt.subarray(0, size)], [100, 100, 60_400]);
  view.close();
});

test('how many ran at once is counted right, also in the past', async () => {
  const specs = ['a', 'b', 'c'].map((id) => node(id));
  const view = await viewOf(
    logOf(
      { ...runStarted(specs), at: 0 },
      { ...started('a'), at: 0 },
      { ...started('b'), at: 100 },
      { ...succeeded('a'), at: 200 },
      { ...started('c'), at: 200 },
      { ...succeeded('b'), at: 300 },
      { ...succeeded('c'), at: 400 },
    ),
  );
  assert.equal([...view.parallelism(0, 400, 4)], [1, 2, 2, 1]);
  assert.equal([...view.parallelism(0, 400, 2)], [1.5, 1.5]);
  view.seek(3);
  assert.equal([...view.parallelism(0, 400, 4)], [1, 0, 0, 0]);
  view.close();
});

/** A run in which every kind of thing holds a node back at some time. */
const heldUp = async (): Promise<readonly ExecutionEvent[]> => {
  const lab = new Lab(false);
  const trial = lab.start(
    [
      node('first', { estimateMs: 100 }),
      node('second'),
      node('third: first second'),
      node('pooled', { pool: 'db' }),
      node('waits for pool', { pool: 'db' }),
      node('branched', { branch: 'side' }),
      node('flaky: third', { tryCount: 2, retry: { type: 'Linear', delayMs: 400 } }),
      node('person: flaky', { action: 'human.input' }),
      node('end: person'),
    ].map((spec) => ({ ...spec, ...(/^(pooled|waits)/.test(spec.id!) && { deps: ['third'] }) })),
    {
      config: { maxParallelNodes: 1, pools: { db: 1 } },
      does: { '*': 100, flaky: ({ attempt }) => (attempt === 1 ? fail('not yet')({} as never) : 'done') },
    },
  );
  await trial.pass(1);
  await trial.grant({ type: 'PauseBranch', branchId: 'side' });
  await trial.pass(250);
  await trial.grant({ type: 'SetConcurrency', maxParallelNodes: 9 });
  await trial.pass(20);
  await trial.grant({ type: 'PauseRun' });
  await trial.pass(300);
  await trial.grant({ type: 'ResumeRun' });
  await trial.pass(800);
  await trial.grant({ type: 'ResumeBranch', branchId: 'side' });
  await trial.grant({ type: 'ProvideInput', nodeId: 'person', value: 'go' });
  await trial.end();
  return trial.events;
};

/** What the inspector says holds a node back at a seq: words, and names of nodes. */
const held = async (page: Page, seq: number, id: string) => {
  await page.evaluate(
    ({ seq, id }) => {
      const view = document.querySelector('dag-viewer')!.view!;
      view.seek(seq);
      view.select(view.indexOf(id));
    },
    { seq, id },
  );
  await painted(page);
  return page.evaluate(() => {
    const root = document.querySelector('dag-viewer')!.panes.inspector.shadowRoot!;
    const part = [...root.querySelectorAll<HTMLElement>('details')].find((each) =>
      /^(Why not started|What it waits for)/.test(each.textContent),
    );
    if (part === undefined || part.hidden) return [];
    return [...part.querySelectorAll<HTMLElement>('.held > li, ul.links:not([hidden]) button')].map(
      ({ textContent }) => textContent,
    );
  });
};

browserTest(test, 'why a node has not started is told, whatever holds it', async ({ page }) => {
  const events = await heldUp();
  await openReport(page, events);
  const seqOf = (holds: (event: ExecutionEvent) => boolean): number => events.find(holds)!.seq;
  const begun = (id: string) => (event: ExecutionEvent) => event.type === 'NodeStarted' && event.nodeId === id;
  const first = seqOf(begun('first'));
  const paused = seqOf(({ type }) => type === 'RunPaused');
  const retrying = seqOf(({ type }) => type === 'NodeRetryScheduled');
  const asking = seqOf(({ type }) => type === 'NodeWaiting');
  const due = events[retrying - 1]!.at - events[0]!.at + 400;
  for (const [seq, id, expected] of [
    [first, 'second', ['all 1 slots are taken']],
    [first, 'third', ['first', 'second']],
    [first, 'end', ['person']],
    [asking - 1, 'branched', ['the branch “side” is paused']],
    [seqOf(begun('pooled')), 'waits for pool', ['the pool “db” is full']],
    [paused, 'flaky', ['third', 'the run is paused']],
    [retrying, 'flaky', [`its next attempt is due at +${due} ms`]],
    [asking, 'person', ['a person must answer']],
    [asking, 'end', ['person']],
    [events.length, 'end', []],
  ] as const)
    await until(
      () => held(page, seq, id),
      (told) => {
        for (const reason of expected)
          assert.ok(told.includes(reason), `${id} at ${seq}: “${reason}” in ${JSON.stringify(told)}`);
        if (expected.length === 0) assert.equal(told, []);
      },
      8_000,
    );
});

browserTest(
  test,
  'waiting and running are told apart, in words and in the bars; critical path and slack are shown',
  async ({ page }) => {
    const specs = [node('a'), node('b'), node('c: a b'), node('d: b'), node('e')];
    const start = Date.UTC(2026, 0, 1);
    const events = logOf(
      { ...runStarted(specs, { maxParallelNodes: 1 }), at: start },
      { ...started('a'), at: start },
      { ...succeeded('a'), at: start + 400 },
      { ...started('b'), at: start + 400 },
      { ...started('e'), at: start + 500 },
      { ...succeeded('e'), at: start + 500 },
      { ...succeeded('b'), at: start + 600 },
      { ...started('c'), at: start + 600 },
      { ...succeeded('c'), at: start + 900 },
      { ...started('d'), at: start + 900 },
      { ...succeeded('d'), at: start + 1_000 },
      { type: 'RunQuiescent', at: start + 1_000 },
      { type: 'RunSettled', status: 'succeeded', success: true, at: start + 1_000 },
    );
    await openReport(page, events, '#node=b');
    await page.evaluate(() => (document.documentElement.dataset['theme'] = 'light'));
    const inspector = page.locator('dag-inspector');
    await untilIs(
      () => inspector.locator('.attempts tbody td').allInnerTexts(),
      ['1', '400 ms', '200 ms', '✓ succeeded'],
    );
    const fact = (name: string): Promise<string> => inspector.locator(`dt:text-is("${name}") + dd`).innerText();
    for (const [id, critical, slack] of [
      ['a', 'yes', '0 ms'],
      ['b', 'no', '200 ms'],
      ['c', 'yes', '0 ms'],
      ['d', 'no', '400 ms'],
    ] as const) {
      await page.evaluate((id) => {
        const view = document.querySelector('dag-viewer')!.view!;
        view.select(view.indexOf(id));
      }, id);
      await until(
        async () => [await inspector.locator('h2').innerText(), await fact('critical path'), await fact('slack')],
        ([name, path, by]) => {
          assert.is(name, id);
          assert.ok(path!.startsWith(critical), `${id}: ${path}`);
          assert.is(by, slack, id);
        },
      );
    }
    await page.evaluate(() => document.querySelector('dag-viewer')!.view!.select(undefined));
    await page.getByRole('button', { name: 'More tools' }).click();
    await page.getByRole('button', { name: 'Critical path' }).click();
    await painted(page);
    const dim = await page.locator('dag-graph .item.dim .label').allTextContents();
    assert.equal(dim.toSorted(), ['b', 'd', 'e']);
    await page.keyboard.press('Escape');
    // The row of b: a thin line while it waited, a bar while it ran. That of e, which took no time: two px.
    const [waited, ran, ...instant] = await page.evaluate(async () => {
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      const canvas = document.querySelector('dag-viewer')!.panes.timeline.shadowRoot!.querySelector('canvas')!;
      const labels = Math.round(Math.min(220, Math.max(90, canvas.clientWidth * 0.24)));
      const copy = new OffscreenCanvas(canvas.width, 44).getContext('2d', { willReadFrequently: true })!;
      copy.drawImage(canvas, 0, -(52 + 22));
      return [
        [200, 0, 0],
        [500, 0, 0],
        [500, 0, 22],
        [500, 1, 22],
        [500, 2, 22],
      ].map(([ms, right, y]) => {
        const x = Math.round(labels + (ms! / 1_000) * (canvas.clientWidth - labels - 14)) + right!;
        const { data } = copy.getImageData(x, y!, 1, 22);
        return Array.from(
          { length: 22 },
          (_, y) =>
            '#' + Array.from(data.slice(y * 4, y * 4 + 3), (part) => part.toString(16).padStart(2, '0')).join(''),
        );
      });
    });
    assert.ok(waited!.includes(light['ready']![1]), `the line of waiting in ${waited!.join()}`);
    assert.ok(!waited!.includes(light['succeeded']![0]), 'no bar while it waited');
    assert.ok(ran!.includes(light['succeeded']![0]), `a bar in ${ran!.join()}`);
    assert.equal(
      instant.map((column) => column.includes(light['succeeded']![1])),
      [true, true, false],
    );
    await page.mouse.move(0, 0);
    const box = (await page.locator('dag-timeline canvas').boundingBox())!;
    await page.mouse.move(box.x + 100, box.y + 52 + 22 * 1.5);
    await page.locator('dag-timeline .tip:visible').waitFor();
    assert.match(
      (await page.locator('dag-timeline .tip').textContent())!,
      /^bStatesucceededWaited for a slot400 msRan200 msSlack200 ms$/,
    );
  },
);

test.run();
