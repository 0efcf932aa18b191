import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readFlights, reviewFlight, type Review, type Summary } from '../../demos/supervisor-hooks/flights.js';
import { CHUNKS, flightsPipeline } from '../../demos/supervisor-hooks/pipeline.js';
import { storyteller } from '../../demos/supervisor-hooks/story.js';
import { deedsOf, metricsTable, orderOf } from '../../demos/supervisor-hooks/summary.js';
import { Cache, DagExecutor } from '../../lib/index.js';
import { VirtualTime, record } from '../../lib/testing/index.js';
import { command, root } from '../support/command.js';

const time = new VirtualTime();
const { graph, registry, hooks, scratch } = flightsPipeline(time);
const cache = new Cache();
const run = new DagExecutor({ registry, hooks, scheduler: time, config: { maxParallelNodes: 3 } }).start(graph, {
  appData: scratch,
  cache,
});
const log = record(run);
const report = await time.until(run);
const flights = readFlights();

const test = suite('demo supervisor-hooks');

test('the results are those of the file, counted at one go', () => {
  const { worst, ...totals } = report.outputs['merge'] as unknown as Summary;
  const delays = flights.map(({ delay }) => delay).toSorted((a, b) => a - b);
  assert.equal(totals, {
    flights: 2_000,
    late: delays.length - delays.findIndex((delay) => delay > 15),
    minutes: delays.reduce((a, b) => a + b, 0),
  });
  assert.is(worst.delay, delays.at(-1));
  assert.match(report.outputs['report'] as string, `${totals.late} of them`);
});

test('everything succeeded, and no rule of the log is broken', () => {
  assert.ok(report.success);
  assert.equal(report.hookFailures, []);
  assert.equal(report.refusedCommands, []);
  assert.equal(log.checkLog(), []);
});

test('chunks are processed beside each other', () => {
  assert.is(log.order('process-1', 'process-2'), 'overlap');
  assert.is(log.order('process-2', 'process-3'), 'overlap');
});

test('the cleanup hook adds one node for each chunk, and nothing is left of the chunks', () => {
  const numbers = Array.from({ length: CHUNKS }, (_, i) => i + 1);
  const added = deedsOf(log.events).find(({ hook }) => hook === 'cleanup')?.added;
  assert.equal(
    added?.toSorted(),
    numbers.map((n) => `cleanup-${n}`),
  );
  for (const n of numbers) {
    assert.is(log.order(`process-${n}`, `cleanup-${n}`), 'before');
    assert.equal(report.outputs[`cleanup-${n}`], { chunk: `chunk-${n}`, cleared: true });
  }
  assert.is(scratch.size, 0);
});

test('publication is held back from the check to the end of the review, which it then takes up', () => {
  const [paused] = log.ofType('BranchPaused');
  const [resumed] = log.ofType('BranchResumed');
  const done = (id: string): number => log.ofType('NodeSucceeded').find(({ nodeId }) => nodeId === id)!.seq;
  assert.equal([paused?.by, paused?.cause], ['gatekeeper', done('check')]);
  assert.equal([resumed?.by, resumed?.cause], ['gatekeeper', done('review')]);
  for (const id of ['report', 'publish'])
    assert.ok(log.ofType('NodeStarted').find(({ nodeId }) => nodeId === id)!.seq > resumed!.seq);

  const [review] = report.outputs['review'] as unknown as readonly Review[];
  const sameDay = flights.filter(({ date, origin }) => date.startsWith('2001/02/05') && origin === 'ATL');
  assert.is(review?.flight.delay, 365);
  assert.is(review?.others, sameDay.length - 1);
  assert.equal(review, reviewFlight(review!.flight, flights));
  assert.match(report.outputs['report'] as string, '365 minutes late');
});

test('the hook in Dagger’s form is awaited: what depends on merge waits for it', () => {
  const added = log.ofType('NodeAdded').find(({ by }) => by === 'auditor');
  assert.is(added?.node.id, 'archive');
  assert.ok(log.ofType('NodeStarted').find(({ nodeId }) => nodeId === 'check')!.seq > added!.seq);
  assert.is(report.outputs['archive'], 'archived');
  const audited = cache.getGlobalValue<readonly string[]>('flights', 'audit') ?? [];
  assert.equal(audited, orderOf(log.events));
});

test('the metrics agree with the log', () => {
  const processed = log.ofType('NodeSucceeded').filter(({ nodeId }) => nodeId.startsWith('process-'));
  const { custom } = report.metrics;
  assert.is(custom['process.succeeded'], CHUNKS);
  assert.is(
    custom['process.totalMs'],
    processed.reduce((sum, { durationMs }) => sum + durationMs, 0),
  );
  assert.ok(metricsTable(report).length > 5);
});

test('the story names who did what', () => {
  const tell = storyteller();
  const story = log.events.map((event) => tell(event) ?? '').join('\n');
  for (const by of ['cleanup', 'gatekeeper', 'metrics', 'auditor'])
    assert.match(story, new RegExp(`^ .*  ${by}, on `, 'm'));
});

test('runs as a program, in plain text', async () => {
  const main = `${root}/demos/supervisor-hooks/main.ts`;
  const { code, text } = await command(process.execPath, ['--import', 'tsx', main], { timeoutMs: 30_000 });
  assert.is(code, 0, text);
  assert.not.match(text, /\u001b|^NO /m);
  assert.match(text, /process-5/);
});

test.run();
