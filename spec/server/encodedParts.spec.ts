import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ExecutionEvent } from '../../lib/index.js';
import { encodedParts } from '../../lib/server/encodedParts.js';
import { startServer } from '../../lib/server/index.js';
import { fromServer } from '../../lib/viewer/source/fromServer.js';
import type { SourceMessage } from '../../lib/viewer/source/RunSource.js';
import { held } from './serving.js';

const events = Array.from({ length: 100 }, (_, i) => ({ seq: i + 1, at: i, type: 'RunQuiescent' }) as ExecutionEvent);

/** As JSON, which no list of more than so many fits into. */
const narrow =
  (most: number) =>
  (list: readonly ExecutionEvent[]): string => {
    if (list.length > most) throw new RangeError('Invalid string length');
    return JSON.stringify(list);
  };

const test = suite('encodedParts');

test('what is too long for one text comes in parts, in order, each event once', () => {
  for (const most of [1, 3, 7, 99, 100]) {
    const parts = [...encodedParts(events, narrow(most))];
    assert.equal(
      parts.flatMap(({ json }) => JSON.parse(json) as unknown[]),
      events,
    );
    let next = 1;
    for (const { first, last } of parts) {
      assert.is(first, next);
      next = last + 1;
    }
    assert.is(next, 101);
  }
});

test('one event that can’t be encoded is told of', () => {
  assert.throws(() => [...encodedParts(events, narrow(0))], 'Invalid string length');
});

test('a page hears all of a run whose events fit into no one text, and the run hears nothing of that', async () => {
  const { run, release } = held({}, 200);
  const server = await startServer({ runs: [run], encode: narrow(10), page: new Map() });
  try {
    const heard: ExecutionEvent[] = [];
    const over = new Promise<void>((resolve) => {
      const source = fromServer({ url: `http://127.0.0.1:${server.port}`, runId: 'held', token: server.tokens.reader });
      source.message$.subscribe({
        next: (message: SourceMessage) => {
          if (message.type === 'events' || message.type === 'fill') heard.push(...message.events);
        },
        complete: resolve,
      });
    });
    release();
    const report = await run.report;
    await over;
    assert.is(report.success, true);
    assert.equal(
      heard.map(({ seq }) => seq),
      Array.from({ length: run.snapshot.seq }, (_, i) => i + 1),
    );
  } finally {
    await server.close();
  }
});

test('where skipped events are no longer kept, the end is told all the same', async () => {
  const { run, release } = held({ config: { historyEvents: 50, maxParallelNodes: 1_000 } }, 30_000);
  const server = await startServer({ runs: [run], page: new Map() });
  try {
    const messages: SourceMessage[] = [];
    const over = new Promise<void>((resolve) => {
      const source = fromServer({ url: `http://127.0.0.1:${server.port}`, runId: 'held', token: server.tokens.full });
      source.message$.subscribe({ next: (message) => messages.push(message), complete: resolve });
    });
    while (!messages.some(({ type }) => type === 'events')) await new Promise((later) => setTimeout(later, 10));
    // The end comes long after the flood, when events are told one by one again.
    for (const id of ['next', 'last']) await run.dispatch({ type: 'AddNode', spec: { id, action: 'human.input' } });
    release();
    while (run.snapshot.counts.succeeded < 30_001) await new Promise((later) => setTimeout(later, 50));
    for (const nodeId of ['next', 'last']) {
      await new Promise((later) => setTimeout(later, 1_000));
      await run.dispatch({ type: 'ProvideInput', nodeId, value: 'yes' });
    }
    await run.report;
    await over;
    const states = messages.filter((message) => message.type === 'state');
    assert.ok(states.length > 0);
    const last = states.at(-1)!;
    assert.equal([last.seq, last.status], [run.snapshot.seq, 'succeeded']);
    const end = messages.at(-1)!;
    assert.ok(end.type === 'connection' && end.state === 'ended');
    assert.match(end.text ?? '', 'no longer kept');
  } finally {
    await server.close();
  }
});

test.run();
