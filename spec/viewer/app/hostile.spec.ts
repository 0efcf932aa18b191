// alone
// timeout: 240000
// weight: 6
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile, defaultConfig, type ExecutionEvent } from '../../../lib/index.js';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { temporaryFolder } from '../../support/command.js';
import { hostileTexts } from '../../support/hostileTexts.js';
import type { DagViewer } from '../../../lib/viewer/index.js';
import { reportOf } from './builtPage.js';

const anything = { has: () => true, list: () => [] };

/** A log in which every text that somebody may choose is hostile. */
const hostileLog = (): { readonly events: readonly ExecutionEvent[]; readonly ids: readonly string[] } => {
  const canBeId = (id: string): boolean =>
    compile({ name: 'x', nodes: [{ id, action: 'a' }] }, anything)._tag === 'Right';
  const ids = hostileTexts.map((text, i) => (canBeId(text) ? text : `n${i}`));
  const nodes = ids.map((id, i) => ({
    id,
    action: hostileTexts[i]!,
    branch: hostileTexts[(i + 7) % 200]!,
    description: hostileTexts[i]!,
    inputs: { [hostileTexts[i]!]: hostileTexts[(i + 1) % 200]! },
    ...(i > 0 && { deps: [ids[i - 1 - (i % 3 === 2 ? 1 : 0)]!] }),
  }));
  const events: Record<string, unknown>[] = [
    {
      type: 'RunStarted',
      format: 1,
      runId: hostileTexts[0],
      dagName: hostileTexts[1],
      definition: { name: hostileTexts[1], nodes },
      inputs: { given: hostileTexts[2] },
      config: defaultConfig,
    },
    { type: 'BranchPaused', branchId: nodes[0]!.branch, reason: hostileTexts[3], by: hostileTexts[4] },
    { type: 'BranchResumed', branchId: nodes[0]!.branch, reason: hostileTexts[5] },
  ];
  ids.forEach((nodeId, i) => {
    const text = hostileTexts[i]!;
    events.push({ type: 'NodeStarted', nodeId, attempt: 1 });
    events.push({ type: 'NodeProgressed', nodeId, attempt: 1, value: { note: text } });
    if (i % 4 === 3)
      events.push({
        type: 'NodeFailed',
        nodeId,
        attempt: 1,
        error: { name: text, message: text, stack: text, cause: { name: text, message: text } },
      });
    else
      events.push({
        type: 'NodeSucceeded',
        nodeId,
        attempt: 1,
        output: { [text]: [text] },
        durationMs: 3,
        cached: false,
      });
    events.push({ type: 'CustomEmitted', name: text, payload: text, by: text, cause: 1 });
    events.push({ type: 'CommandRefused', command: { type: text }, reason: text, by: text });
    events.push({ type: 'HookFailed', hook: text, error: { name: text, message: text } });
  });
  return {
    ids,
    events: events.map((event, i) => ({ seq: i + 1, at: 1_000 + i, ...event })) as unknown as ExecutionEvent[],
  };
};

const test = suite('hostile texts');
endsBrowser(test);

browserTest(
  test,
  'two hundred hostile texts, in every place that takes one: none runs, none breaks',
  async ({ page, complaints }) => {
    const { events, ids } = hostileLog();
    const file = join(temporaryFolder('hostile'), 'report.html');
    writeFileSync(file, await reportOf(events));
    // As a text: what compiles the specs would name its functions by one that no page has.
    await page.addInitScript({
      content: `globalThis.ran = 0; globalThis.pwned = () => ran++;
        const before = Object.getOwnPropertyNames(Object.prototype).length;
        globalThis.polluted = () => Object.getOwnPropertyNames(Object.prototype).length !== before;`,
    });
    await page.goto(pathToFileURL(file).href);
    await page.waitForFunction((count) => document.querySelector('dag-viewer')?.view?.size === count, ids.length);
    const known = await page.evaluate(() => {
      const view = document.querySelector('dag-viewer')!.view!;
      return Array.from({ length: view.size }, (_, i) => view.idOf(i));
    });
    assert.equal(known, ids);

    for (const pane of ['g', 't', 'l', 'n', 'i']) {
      await page.keyboard.press('g');
      await page.keyboard.press(pane);
      await page.waitForTimeout(50);
    }
    // Each of them selected once, in all panes, with its inspector open.
    await page.evaluate(async () => {
      const view = document.querySelector('dag-viewer')!.view!;
      for (let i = 0; i < view.size; i++) {
        view.select(i);
        await new Promise(requestAnimationFrame);
        if (i % 10 === 0) view.setFilter(view.idOf(i).slice(0, 100));
        if (i % 10 === 5) view.setFilter('');
      }
      view.setGrouping('branch');
      await new Promise(requestAnimationFrame);
      view.setGrouping('prefix');
      await new Promise(requestAnimationFrame);
      view.setGrouping('auto');
      for (let seq = 1; seq <= view.head; seq += 50) {
        view.seek(seq);
        await new Promise(requestAnimationFrame);
      }
      view.live();
    });
    const opened = await page.evaluate(() => {
      const opened: string[] = [];
      const roots: ParentNode[] = [document];
      for (let root = roots.pop(); root !== undefined; root = roots.pop())
        for (const element of root.querySelectorAll('*')) {
          if (element instanceof HTMLDetailsElement) element.open = true;
          if (element.shadowRoot !== null) roots.push(element.shadowRoot);
          if (
            /^(?:script|iframe|base|meta|link|object|embed|template|math)$/iu.test(element.localName) &&
            root !== document
          )
            opened.push(element.localName);
          for (const { name } of element.attributes)
            if (/^on/iu.test(name)) opened.push(`${element.localName} ${name}`);
        }
      return opened;
    });
    assert.equal(
      opened.filter((name) => name !== 'form'),
      [],
    );

    assert.equal(complaints, []);
    const drawn = await page.evaluate(async () => {
      const viewer = document.querySelector('dag-viewer') as DagViewer;
      const svg = viewer.panes.graph.toSvg();
      const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
      const found = [...parsed.querySelectorAll('*')].filter(
        ({ localName, attributes }) =>
          /^(?:script|foreignObject|iframe|image|a)$/i.test(localName) ||
          [...attributes].some(({ name }) => /^on/i.test(name)),
      );
      const report = await viewer.reportFor!();
      return { wrong: parsed.querySelector('parsererror')?.textContent, found: found.length, report: report.length };
    });
    assert.ok(complaints.every((text) => text.includes('Applying inline style'))); // of the picture, as it is read here
    complaints.splice(0);
    assert.is(drawn.wrong, undefined);
    assert.is(drawn.found, 0);
    assert.ok(drawn.report > 100_000);
    assert.equal(
      await page.evaluate(() => {
        const { ran, polluted } = globalThis as unknown as { ran: number; polluted(): boolean };
        return { ran, polluted: polluted(), url: location.protocol };
      }),
      { ran: 0, polluted: false, url: 'file:' },
    );
  },
);

test.run();
