import { DagExecutor, type ExecutionEvent } from '../../lib/index.js';
import { readFlights, type Summary } from './flights.js';
import { CHUNKS, flightsPipeline } from './pipeline.js';
import { storyteller } from './story.js';
import { deedsOf, deedsTable, metricsTable, orderOf } from './summary.js';

const say = (...lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

const { graph, registry, hooks, scratch } = flightsPipeline();
const executor = new DagExecutor({ registry, hooks, config: { maxParallelNodes: 3 } });
const run = executor.start(graph, { appData: scratch });

const tell = storyteller();
const log: ExecutionEvent[] = [];
for await (const event of run) {
  log.push(event);
  const line = tell(event);
  if (line !== undefined) say(line);
}
const report = await run.report;

say('', 'What each hook has done:', ...deedsTable(log));
say('', 'What the metrics hook has counted:', ...metricsTable(report));
say('', 'The nodes in the order in which they were done:', `  ${orderOf(log).join(', ')}`);
say('', `The report: ${report.outputs['report'] as string}`, '');

const flights = readFlights();
const summary = report.outputs['merge'] as unknown as Summary;
const delays = flights.map(({ delay }) => delay);
const checks: Readonly<Record<string, boolean>> = {
  'the run has succeeded, and no hook has failed or been refused':
    report.success && report.hookFailures.length === 0 && report.refusedCommands.length === 0,
  'the totals are those of the file, counted at one go':
    summary.flights === flights.length &&
    summary.late === delays.filter((delay) => delay > 15).length &&
    summary.minutes === delays.reduce((a, b) => a + b, 0),
  [`each of the ${CHUNKS} chunks was cleared away after it was processed`]:
    scratch.size === 0 && deedsOf(log).find(({ hook }) => hook === 'cleanup')?.added.length === CHUNKS,
  'nothing was published before the review was done':
    orderOf(log).indexOf('review') >= 0 && orderOf(log).indexOf('review') < orderOf(log).indexOf('report'),
};
for (const [what, holds] of Object.entries(checks)) say(`${holds ? 'yes' : 'NO '}  ${what}`);
if (Object.values(checks).includes(false)) process.exitCode = 1;
