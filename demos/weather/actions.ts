import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { action, type NodeContext } from '../../lib/index.js';
import { drawChart, type ChartData } from './chart.js';
import { cleanRows, parseRows, yearOf, type Clean, type Day, type Row } from './days.js';
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

export const read = action('read', async ({ inputs, signal }: NodeContext<{ source: string }>) =>
  parseRows(await readFile(inputs.source, { encoding: 'utf8', signal })),
);

export const clean = action('clean', (ctx: NodeContext<{ rows: readonly Row[] }>) => {
  const result = cleanRows(ctx.inputs.rows);
  for (const year of result.years)
    ctx.progress({ year, days: result.days.filter((day) => yearOf(day) === year).length });
  return result;
});

export const normals = action('normals', ({ inputs }: NodeContext<{ days: readonly Day[] }>) =>
  seasonalNormals(inputs.days),
);

export const statistics = action(
  'statistics',
  ({ inputs, item }: NodeContext<{ days: readonly Day[]; normals: Normals }>) =>
    yearStatistics(Number(item), inputs.days, inputs.normals),
);

export const compare = action(
  'compare',
  ({ inputs }: NodeContext<{ years: readonly YearStatistics[]; days: readonly Day[] }>) =>
    compareYears(inputs.years, inputs.days),
);

export const check = action('check', ({ inputs }: NodeContext<{ clean: Clean; years: readonly YearStatistics[] }>) =>
  checkQuality(inputs.clean, inputs.years),
);

/** Not in the graph at first: the hook `investigateAnomalies` adds such nodes. */
export const investigation = action(
  'investigate',
  ({ inputs }: NodeContext<{ anomaly: Anomaly; days: readonly Day[]; normals: Normals }>) =>
    investigate(inputs.anomaly, inputs.days, inputs.normals),
);

export const collect = action(
  'collect',
  ({ inputs }: NodeContext<{ findings: readonly Finding[] }>) => inputs.findings,
);

export const chart = action('chart', ({ inputs }: NodeContext<ChartData>) => drawChart(inputs));

export const report = action('report', ({ inputs }: NodeContext<ReportData>) => writeReport(inputs));

/** Writes beside the file and renames, so that nobody ever sees half of it and a second attempt does no harm. */
export const save = action(
  'save',
  async ({ inputs, signal }: NodeContext<{ outDir: string; name: string; text: string }>) => {
    const file = join(inputs.outDir, inputs.name);
    await mkdir(inputs.outDir, { recursive: true });
    await writeFile(`${file}.part`, inputs.text, { signal });
    await rename(`${file}.part`, file);
    return { file: relative(process.cwd(), file), bytes: Buffer.byteLength(inputs.text) };
  },
);

/** What the pipeline's nodes run, and what those run that its hooks add. */
export const actions = [read, clean, normals, statistics, compare, check, investigation, collect, chart, report, save];
