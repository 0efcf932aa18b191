import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ActionRegistry, dag, input } from '../../lib/index.js';
import { actions, chart, check, clean, collect, compare, normals, read, report, save, statistics } from './actions.js';
import { hooks } from './hooks.js';

export const reportFile = 'seattle-weather.md';
export const chartFile = 'seattle-weather.svg';

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
const registry = new ActionRegistry().register(...actions);

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
  hooks,
  inputs: { source, outDir },
});
