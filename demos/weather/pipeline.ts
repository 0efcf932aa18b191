import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { action, dag, input, type NodeContext } from '../../lib/index.js';
import { drawChart, type ChartData } from './chart.js';
import { cleanRows, parseRows, yearOf, type Clean, type Day, type Row } from './days.js';
import { holdPublishing, investigateAnomalies } from './hooks.js';
import { investigate, type Finding } from './investigate.js';
import { checkQuality } from './quality.js';
import { writeReport, type ReportData } from './report.js';
import {
  compareYears,
  seasonalNormals,
  yearStatistics,
  type Anomaly,
  type Normals,
  type YearStatistics,
} from './statistics.js';

export const reportFile = 'seattle-weather.md';
export const chartFile = 'seattle-weather.svg';

const read = action('read', async ({ inputs, signal }: NodeContext<{ source: string }>) =>
  parseRows(await readFile(inputs.source, { encoding: 'utf8', signal })),
);

const clean = action('clean', (ctx: NodeContext<{ rows: readonly Row[] }>) => {
  const result = cleanRows(ctx.inputs.rows);
  for (const year of result.years)
    ctx.progress({ year, days: result.days.filter((day) => yearOf(day) === year).length });
  return result;
});

const normals = action('normals', ({ inputs }: NodeContext<{ days: readonly Day[] }>) => seasonalNormals(inputs.days));

const statistics = action('statistics', ({ inputs, item }: NodeContext<{ days: readonly Day[]; normals: Normals }>) =>
  yearStatistics(Number(item), inputs.days, inputs.normals),
);

const compare = action(
  'compare',
  ({ inputs }: NodeContext<{ years: readonly YearStatistics[]; days: readonly Day[] }>) =>
    compareYears(inputs.years, inputs.days),
);

const check = action('check', ({ inputs }: NodeContext<{ clean: Clean; years: readonly YearStatistics[] }>) =>
  checkQuality(inputs.clean, inputs.years),
);

/** Not in the graph at first: the hook `investigateAnomalies` adds such nodes. */
const investigation = action(
  'investigate',
  ({ inputs }: NodeContext<{ anomaly: Anomaly; days: readonly Day[]; normals: Normals }>) =>
    investigate(inputs.anomaly, inputs.days, inputs.normals),
);

const collect = action('collect', ({ inputs }: NodeContext<{ findings: readonly Finding[] }>) => inputs.findings);

const chart = action('chart', ({ inputs }: NodeContext<ChartData>) => drawChart(inputs));

const report = action('report', ({ inputs }: NodeContext<ReportData>) => writeReport(inputs));

/** Writes beside the file and renames, so that nobody ever sees half of it and a second attempt does no harm. */
const save = action('save', async ({ inputs, signal }: NodeContext<{ outDir: string; name: string; text: string }>) => {
  const file = join(inputs.outDir, inputs.name);
  await mkdir(inputs.outDir, { recursive: true });
  await writeFile(`${file}.part`, inputs.text, { signal });
  await rename(`${file}.part`, file);
  return { name: inputs.name, bytes: Buffer.byteLength(inputs.text) };
});

const onDisk = { tryCount: 3, retry: { type: 'Linear', delayMs: 200 }, timeoutMs: 10_000 } as const;
const publish = { branch: 'publish' } as const;

/** From the file to a report with a chart. Its inputs are `source`, the CSV file, and `outDir`, where the results go. */
export const weather = dag('weather')
  .node('read', read, { source: input('source') }, onDisk)
  .node('clean', clean, ({ read: rows }) => ({ rows }))
  .node('normals', normals, ({ clean: { days } }) => ({ days }))
  .node('years', statistics, ({ clean: { days }, normals: usual }) => ({ days, normals: usual }), {
    forEach: ({ clean: { years } }) => years,
  })
  .node('compare', compare, ({ years, clean: { days } }) => ({ years, days }))
  // Goes before the investigations: its word decides whether the branch `publish` may start.
  .node('check', check, ({ clean: cleaned, years }) => ({ clean: cleaned, years }), { priority: 10 })
  // Empty unless the hook `holdPublishing` hands over what the investigations found.
  .node('findings', collect, { findings: [] }, { ...publish, deps: ['check'] })
  .node(
    'chart',
    chart,
    ({ clean: { days }, normals: usual, years, compare: comparison, findings }) => ({
      days,
      normals: usual,
      years,
      comparison,
      findings,
    }),
    publish,
  )
  .node(
    'report',
    report,
    ({ years, compare: comparison, findings, check: quality }) => ({
      years,
      comparison,
      findings,
      quality,
      chart: chartFile,
    }),
    publish,
  )
  .node('saveChart', save, ({ chart: text }) => ({ outDir: input('outDir'), name: chartFile, text }), {
    ...publish,
    ...onDisk,
  })
  .node('saveReport', save, ({ report: text }) => ({ outDir: input('outDir'), name: reportFile, text }), {
    ...publish,
    ...onDisk,
  });

/** What the nodes run, and what the hook's nodes will. */
const registry = weather.registry.register(investigation);

/** The data set: 1,461 days, from the npm package vega-datasets. */
export const seattleCsv = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '../data/seattle-weather.csv');

/** Everything that a `DagExecutor` needs to write the report into `outDir`. */
export const weatherPipeline = ({
  outDir,
  source = seattleCsv(),
}: {
  readonly outDir: string;
  readonly source?: string;
}) => ({
  graph: weather.graph,
  registry,
  hooks: [investigateAnomalies, holdPublishing],
  inputs: { source, outDir },
});
