// alone
// timeout: 240000
// weight: 2
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { initialSnapshot, reduce, type ExecutionEvent } from '../../../lib/index.js';
import { looks } from '../../../lib/viewer/theme/looks.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { temporaryFolder } from '../../support/command.js';
import { drawn, openReport } from './openReport.js';
import { story } from './story.js';

const test = suite('must have: exports, and the way back');
endsBrowser(test);

const events = await story();
const last = events.reduce(reduce, initialSnapshot());
const ids = [...last.nodes()].map(({ id }) => id);

/** Saves the run from the page; gives the file. */
const save = async (page: Page, form: string): Promise<Buffer> => {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: form, exact: true }).click(),
  ]);
  return readFileSync((await download.path())!);
};

const stateOf = (page: Page): Promise<string> =>
  page.evaluate(() => JSON.stringify(document.querySelector('dag-viewer')!.view!.snapshot.toJSON()));

interface Bar {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur: number;
  readonly tid: number;
  readonly args: { readonly attempt: number; readonly end: string };
}

/** Attempts as the log tells them: from each start, or wait, to what ended it. */
const attempts = (): readonly string[] => {
  const open = new Map<string, { readonly at: number; readonly attempt: number }>();
  const found: string[] = [];
  const [{ at: begun }] = events as readonly [ExecutionEvent];
  for (const event of events) {
    if (!('nodeId' in event)) continue;
    const { nodeId, type, at } = event;
    if (type === 'NodeStarted') open.set(nodeId, { at, attempt: event.attempt });
    else if (/^Node(Succeeded|Failed|RetryScheduled|Cancelled)$/.test(type)) {
      const from = open.get(nodeId);
      if (from !== undefined)
        found.push(`${nodeId} ×${from.attempt} ${(from.at - begun) * 1_000}+${(at - from.at) * 1_000}`);
      open.delete(nodeId);
    }
  }
  return found.toSorted();
};

/** Whether a PNG has a picture in it: its size, and how many different rows of pixels. */
const pictureIn = (png: Buffer): { readonly width: number; readonly height: number; readonly kinds: number } => {
  assert.is(png.subarray(1, 4).toString('latin1'), 'PNG');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.subarray(at + 4, at + 8).toString('latin1') === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const pixels = inflateSync(Buffer.concat(parts));
  const row = pixels.length / height;
  const rows = Array.from({ length: height }, (_, y) => pixels.subarray(y * row, (y + 1) * row).toString('latin1'));
  return { width, height, kinds: new Set(rows).size };
};

browserTest(test, 'what the page saves holds the run: pictures, graphs, trace and log', async ({ page }) => {
  await openReport(page, events);
  await page.evaluate(() => (document.documentElement.dataset['theme'] = 'light'));

  const log = (await save(page, 'Log, one event a line')).toString();
  const lines = log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ExecutionEvent);
  assert.equal(lines, events, 'the log is the log');
  assert.ok(JSON.stringify(lines.reduce(reduce, initialSnapshot()).toJSON()) === JSON.stringify(last.toJSON()));

  const trace = JSON.parse((await save(page, 'Chrome trace, for Perfetto')).toString()) as { traceEvents: Bar[] };
  const bars = trace.traceEvents.filter(({ ph }) => ph === 'X');
  const ran = bars.map(({ name, ts, dur, args }) => `${name} ×${args.attempt} ${ts}+${dur}`);
  for (const attempt of attempts()) assert.ok(ran.includes(attempt), `${attempt} in\n${ran.join('\n')}`);
  const lanes = new Map<number, number>();
  for (const { tid, ts, dur } of bars.toSorted((a, b) => a.ts - b.ts)) {
    assert.ok(ts >= (lanes.get(tid) ?? 0), 'bars of a lane never overlap');
    lanes.set(tid, ts + dur);
  }
  assert.ok(
    trace.traceEvents.some(({ ph, name }) => ph === 'i' && name === 'NodeAdded'),
    'what hooks did',
  );

  const dot = (await save(page, 'Graphviz DOT')).toString();
  const mermaid = (await save(page, 'Mermaid'))
    .toString()
    .replaceAll(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  for (const id of ids) {
    assert.ok(dot.includes(`"${id}"`), `${id} in the DOT`);
    assert.ok(mermaid.includes(id), `${id} in the Mermaid`);
  }
  const arrows = [...last.nodes()].reduce((sum, { deps }) => sum + deps.length, 0);
  assert.ok(dot.split('->').length - 1 >= arrows, 'edges of the DOT');
  assert.ok(mermaid.split('-->').length - 1 >= arrows, 'edges of the Mermaid');

  const svg = (await save(page, 'SVG picture')).toString();
  const cards = await page.evaluate(
    (text) => {
      const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
      return {
        error: parsed.querySelector('parsererror')?.textContent,
        texts: [...parsed.querySelectorAll('text')].map(({ textContent }) => textContent),
      };
    },
    svg.replaceAll(/style="[^"]*"/g, '').replaceAll(/<style[\s\S]*?<\/style>/g, ''),
  );
  assert.is(cards.error, undefined);
  for (const id of ids) assert.ok(cards.texts.includes(id), `${id} in the SVG`);

  const { width, height, kinds } = pictureIn(await save(page, 'PNG picture'));
  assert.ok(width > 600 && height > 300, `${width} × ${height}`);
  assert.ok(kinds > 50, `${kinds} different rows of pixels`);
});

browserTest(
  test,
  'a report that is saved opens without a network, shows the same to the end, and saves itself again',
  async ({ page }) => {
    await openReport(page, events);
    const before = await stateOf(page);
    assert.ok(before === JSON.stringify(last.toJSON()), 'the page has the last state');
    const folder = temporaryFolder('saved');
    await page.context().setOffline(true);
    let text = '';
    for (const name of ['first.html', 'second.html']) {
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'HTML report', exact: true }).click(),
      ]);
      assert.is(download.suggestedFilename(), 'story-story-1.html');
      const file = join(folder, name);
      copyFileSync((await download.path())!, file);
      const saved = readFileSync(file, 'utf8');
      if (text !== '') assert.ok(saved === text, 'a report of a report is the same');
      text = saved;
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      await drawn(page, events.length);
      assert.ok((await stateOf(page)) === before, 'it shows the same state');
      const shown = await page.evaluate(() => {
        const view = document.querySelector('dag-viewer')!.view!;
        view.seek(60);
        return [[...view.counts], JSON.stringify(view.snapshot.toJSON())] as const;
      });
      const then = events.slice(0, 60).reduce(reduce, initialSnapshot());
      assert.ok(shown[1] === JSON.stringify(then.toJSON()), 'all its past is in it');
      assert.is(
        shown[0].reduce((sum, count) => sum + count),
        [...then.nodes()].length,
      );
      assert.is(shown[0].length, looks.length);
      assert.ok(
        asked.every((url) => /^(file|blob|data):/.test(url)),
        asked.join('\n'),
      );
    }
  },
);

test.run();
