// alone
// timeout: 240000
// weight: 3
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { initialSnapshot, reduce, type ExecutionEvent, type ExecutorSnapshot } from '../../../lib/index.js';
import { fromEvents } from '../../../lib/viewer/source/fromEvents.js';
import { looks } from '../../../lib/viewer/theme/looks.js';
import { RunView } from '../../../lib/viewer/view/RunView.js';
import { light } from '../../../lib/formats/lookPalette.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openReport } from './openReport.js';
import { story } from './story.js';
import { until, untilIs } from './until.js';

const test = suite('must have: time travel');
endsBrowser(test);

const events: readonly ExecutionEvent[] = await story();
/** The page is looked at at one seq in so many, no divisor of their number. */
const STRIDE = 3;
/** The fold of the first k events, for each k from 0. */
const folds: readonly ExecutorSnapshot[] = [
  initialSnapshot(),
  ...events.map((_, i) => events.slice(0, i + 1).reduce(reduce, initialSnapshot())),
];

test('the story has all that makes states differ', () => {
  const types = new Set(events.map(({ type }) => type));
  for (const type of [
    'NodeRetryScheduled',
    'NodeFailed',
    'NodeSkipped',
    'NodeCancelled',
    'NodeRetried',
    'NodeWaiting',
    'NodeAdded',
    'NodeRemoved',
    'NodeInputsSet',
    'BranchPaused',
    'BranchResumed',
    'BranchCancelled',
    'RunPaused',
    'ConcurrencySet',
    'CommandRefused',
    'CustomEmitted',
    'HookFailed',
  ] as const)
    assert.ok(types.has(type), type);
});

test('the state at every seq is the fold up to it, in any order, and what is live is the last', async () => {
  const view = new RunView(fromEvents(events));
  await untilIs(() => view.isOver, true);
  assert.equal(view.snapshot.toJSON(), folds.at(-1)!.toJSON());
  const there = [...folds.keys()];
  const leaps = there.map((seq) => (seq * 37) % folds.length);
  for (const seq of [...there, ...there.toReversed(), ...leaps]) {
    view.seek(seq);
    assert.equal(view.snapshot.toJSON(), folds[seq]!.toJSON(), `at ${seq}`);
  }
  view.live();
  assert.equal(view.snapshot.toJSON(), folds.at(-1)!.toJSON());
  view.close();
});

const running = light['running']![0];
const timedOut = light['timed-out']![0];

/** What a node is shown as, by the words of the spec and not by the viewer's own code. */
const wordOf = (snapshot: ExecutorSnapshot, id: string): string => {
  const node = snapshot.node(id);
  if (node === undefined) return 'not there yet';
  const { status, cached, error, branch } = node;
  if (status === 'ready' && snapshot.status === 'paused') return 'paused';
  if (['pending', 'ready'].includes(status) && branch !== undefined && snapshot.branch(branch)?.status === 'paused')
    return 'paused';
  if (status === 'failed' && error?.name === 'TimeoutError') return 'timed out';
  return status === 'succeeded' && cached ? 'cached' : status;
};

/** What the page shows at a seq: in graph, list, timeline, inspector and scrubber, and the state behind it. */
const looked = (page: Page, seq: number, id: string, names: readonly string[]) =>
  page.evaluate(
    async ({ seq, id, names }) => {
      const { view, panes, scrubber } = document.querySelector('dag-viewer')!;
      view!.select(view!.indexOf(id));
      view!.seek(seq);
      for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
      const graph = panes.graph.shadowRoot!;
      const inspector = panes.inspector.shadowRoot!;
      const canvas = panes.timeline.shadowRoot!.querySelector('canvas')!;
      // In the middle of the bar of the row that is looked at, at a time when its node ran.
      const middle = (220 + (130 * (canvas.clientWidth - 234)) / (view!.endAt - view!.startedAt)) | 0;
      const copy = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
      const y = 52 + 6 * 22 + 16 - canvas.parentElement!.scrollTop;
      copy.drawImage(canvas, -middle, -y);
      const [red, green, blue] = copy.getImageData(0, 0, 1, 1).data;
      return {
        state: JSON.stringify(view!.snapshot.toJSON()),
        graph: [...graph.querySelectorAll('.item')].map((item) => {
          const look = Number(/look-(\d+)/.exec(item.getAttribute('class')!)![1]);
          const word = item.classList.contains('dim') ? 'not there yet' : names[look];
          return `${item.querySelector('.label')?.textContent} ${word}`;
        }),
        list: [...graph.querySelectorAll('[role=treegrid] [role=rowgroup]:not(.head) [role=row]')].map(
          ({ children: [state, id] }) => `${id!.textContent.replace(/ ×\d+$/, '')} ${state!.textContent}`,
        ),
        timeline: canvas.getAttribute('aria-label'),
        bar: y < 60 ? undefined : '#' + [red, green, blue].map((part) => part!.toString(16).padStart(2, '0')).join(''),
        inspector: inspector.querySelector('.badge')!.textContent,
        attempt: [...inspector.querySelectorAll('.facts > :not([hidden])')].map((part) => part.textContent).join(' '),
        scrubber: scrubber.shadowRoot!.querySelector('.seq')!.textContent,
      };
    },
    { seq, id, names },
  );

/** How many nodes have begun at a seq, or could: those have a row each in the timeline. */
const rowsAt = (seq: number): number => {
  const begun = new Set(
    events
      .slice(0, seq)
      .flatMap((event) => (/^Node(Started|Waiting)$/.test(event.type) && 'nodeId' in event ? [event.nodeId] : [])),
  );
  return [...folds[seq]!.nodes()].filter(
    ({ id, status }) =>
      begun.has(id) || (['ready', 'starting'].includes(status) && wordOf(folds[seq]!, id) !== 'paused'),
  ).length;
};

browserTest(
  test,
  'graph, list, timeline, inspector and scrubber all show what the fold up to the same seq has',
  async ({ page }) => {
    await openReport(page, events, '#view=list,graph,timeline,inspector');
    await page.evaluate(() => (document.documentElement.dataset['theme'] = 'light'));
    const names = looks.map(({ label }) => label);
    const last = [...folds.at(-1)!.nodes()].map(({ id }) => id);
    const count = new Set(folds.flatMap((snapshot) => [...snapshot.nodes()].map(({ id }) => id))).size;
    for (let seq = 1; seq < folds.length; seq += STRIDE) {
      const snapshot = folds[seq]!;
      // One node for some looks after each other, then the next one.
      const id = last[Math.floor(seq / 9) % last.length]!;
      const ids = [...new Set([...last, ...Array.from(snapshot.nodes(), (node) => node.id)])];
      const words = ids.map((each) => `${each} ${wordOf(snapshot, each)}`).toSorted();
      const node = snapshot.node(id);
      // 'hangs' runs from the first instant on, for 300 ms, and then has timed out.
      const hangs = events[seq - 1]!.at - events[0]!.at < 130 ? undefined : snapshot.node('hangs')!.status;
      await until(
        () => looked(page, seq, id, names),
        (found) => {
          const at = ` at ${seq}`;
          assert.ok(found.state === JSON.stringify(snapshot.toJSON()), `the state${at}`);
          assert.equal(found.graph.toSorted(), words, `the graph${at}`);
          assert.equal(found.list.filter((row) => !row.endsWith(' open')).toSorted(), words, `the list${at}`);
          assert.is(found.timeline, `Timeline, ${rowsAt(seq)} of ${count} nodes`, `rows of the timeline${at}`);
          if (hangs !== undefined && found.bar !== undefined)
            assert.is(found.bar, hangs === 'running' ? running : timedOut, `a bar${at}`);
          assert.is(
            found.inspector.replace(/^\S /, ''),
            node === undefined ? 'does not exist at this moment' : wordOf(snapshot, id),
            `the inspector on ${id}${at}`,
          );
          assert.is(
            /attempt (\d+) of/.exec(found.attempt)?.[1],
            node === undefined || node.attempt === 0 ? undefined : String(node.attempt),
            `attempts of ${id}${at}`,
          );
          assert.equal(found.scrubber!.match(/\d+/g), [String(seq), String(events.length)], found.scrubber!);
        },
      );
    }
  },
);

browserTest(test, 'slider, steps, keys and the way back lead to their seq', async ({ page }) => {
  await openReport(page, events);
  const seq = () => page.evaluate(() => document.querySelector('dag-viewer')!.view!.seq);
  const slider = page.getByRole('slider', { name: 'Event that is shown' });
  const { x, y, width } = (await slider.boundingBox())!;
  await page.mouse.click(x + width / 2, y + 13);
  await until(seq, (shown) => assert.ok(Math.abs(shown - events.length / 2) <= 2, `${shown}`));
  await page.mouse.down();
  await page.mouse.move(x + width / 4, y + 13, { steps: 4 });
  await page.mouse.up();
  await until(seq, (shown) => assert.ok(Math.abs(shown - events.length / 4) <= 2, `${shown}`));
  const here = await seq();
  await page.getByRole('button', { name: 'One event on' }).click();
  await page.keyboard.press(']');
  await untilIs(seq, here + 2);
  await page.getByRole('button', { name: 'One event back' }).click();
  await page.keyboard.press('[');
  await untilIs(seq, here);
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await untilIs(() => page.evaluate(() => document.querySelector('dag-viewer')!.view!.isLive), true);
  assert.is(await seq(), events.length);
});

browserTest(test, 'playing goes so many times as fast as the run did', async ({ page }) => {
  await page.clock.install({ time: 0 });
  await openReport(page, events);
  await page.clock.pauseAt(3_600_000);
  const view = () =>
    page.evaluate(() => {
      const { seq, playing } = document.querySelector('dag-viewer')!.view!;
      return { seq, playing };
    });
  const began = events[0]!.at;
  const seqAt = (ms: number): number => events.findLast(({ at }) => at <= began + ms)!.seq;
  const TICKS = 5;
  for (const speed of [1, 10, 100]) {
    await page.evaluate(() => document.querySelector('dag-viewer')!.view!.seek(1));
    await page.getByLabel('Speed').selectOption(String(speed));
    await page.getByRole('button', { name: 'Play' }).click();
    // Another moment is shown each 33 ms.
    await page.clock.runFor(33 * TICKS);
    const passed = 33 * TICKS * speed;
    const told = await view();
    assert.equal(
      told,
      passed >= events.at(-1)!.at - began
        ? { seq: events.length, playing: undefined }
        : { seq: seqAt(passed), playing: speed },
      `×${speed}`,
    );
    if (told.playing !== undefined) await page.getByRole('button', { name: 'Stop' }).click();
    await page.clock.runFor(100);
  }
});

test.run();
