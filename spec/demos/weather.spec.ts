import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drawChart } from '../../demos/weather/chart.js';
import { cleanRows, parseRows } from '../../demos/weather/days.js';
import type { Finding } from '../../demos/weather/investigate.js';
import { overlaps, placeLabels, type Box } from '../../demos/weather/labels.js';
import { chartFile, reportFile, seattleCsv, weatherPipeline } from '../../demos/weather/pipeline.js';
import type { Comparison, Normals, YearStatistics } from '../../demos/weather/statistics.js';
import {
  ActionRegistry,
  DagExecutor,
  action,
  type DagExecutionReport,
  type ExecutionEvent,
  type NodeAction,
} from '../../lib/index.js';

interface Ran {
  readonly report: DagExecutionReport;
  readonly log: readonly ExecutionEvent[];
  readonly markdown: string;
  readonly svg: string;
  readonly files: readonly string[];
}

/** Runs the pipeline into a folder of its own, which is gone afterwards. */
const runInto = async (
  options: { source?: string; maxParallelNodes?: number; actions?: readonly NodeAction[] } = {},
): Promise<Ran> => {
  const outDir = await mkdtemp(join(tmpdir(), 'weather-'));
  try {
    const { graph, registry, hooks, inputs } = weatherPipeline({
      outDir,
      ...(options.source === undefined ? {} : { source: options.source }),
    });
    const actions = new ActionRegistry().register(...(options.actions ?? []));
    for (const name of registry.list()) if (!actions.has(name)) actions.register(registry.get(name)!);
    const run = new DagExecutor({
      registry: actions,
      hooks,
      config: { maxParallelNodes: options.maxParallelNodes ?? 4 },
    }).start(graph, { inputs });
    const log: ExecutionEvent[] = [];
    for await (const event of run) log.push(event);
    const files = (await readdir(outDir)).toSorted();
    const contents = async (name: string): Promise<string> =>
      files.includes(name) ? readFile(join(outDir, name), 'utf8') : '';
    return {
      report: await run.report,
      log,
      files,
      markdown: await contents(reportFile),
      svg: await contents(chartFile),
    };
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
};

const withCsv = async <A>(csv: string, use: (source: string) => Promise<A>): Promise<A> => {
  const folder = await mkdtemp(join(tmpdir(), 'weather-csv-'));
  try {
    const source = join(folder, 'days.csv');
    await writeFile(source, csv);
    return await use(source);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const typesOf = <K extends ExecutionEvent['type']>(
  log: readonly ExecutionEvent[],
  type: K,
): readonly Extract<ExecutionEvent, { type: K }>[] =>
  log.filter((event): event is Extract<ExecutionEvent, { type: K }> => event.type === type);

// The same numbers once more, straight from the file and by other means than the demo's.

interface Line {
  readonly date: string;
  readonly year: number;
  readonly slot: number;
  readonly max: number;
  readonly min: number;
  readonly rain: number;
  readonly wind: number;
}

const monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const linesOf = (csv: string): readonly Line[] =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [date = '', rain, max, min, wind] = line.split(',');
      const [year, month, day] = date.split('-').map(Number) as [number, number, number];
      const slot = monthLengths.slice(0, month - 1).reduce((a, b) => a + b, 0) + day - 1;
      return { date, year, slot, max: Number(max), min: Number(min), rain: Number(rain), wind: Number(wind) };
    });

const middle = (values: readonly number[]): number => {
  const sorted = Float64Array.from(values).sort();
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
};

const anomaliesOf = (lines: readonly Line[]): readonly string[] => {
  const found: string[] = [];
  for (const quantity of ['max', 'min', 'rain', 'wind'] as const) {
    const eligible = quantity === 'rain' ? lines.filter(({ rain }) => rain > 0) : lines;
    const value = (line: Line): number => (quantity === 'rain' ? line.rain ** 0.5 : line[quantity]);
    for (const line of eligible) {
      const season = eligible
        .filter(({ slot }) => Math.min(Math.abs(slot - line.slot), 366 - Math.abs(slot - line.slot)) <= 15)
        .map(value);
      const usual = middle(season);
      const deviation = 1.4826 * middle(season.map((other) => Math.abs(other - usual)));
      if (Math.abs(value(line) - usual) / deviation > 3.5) found.push(`investigate:${line.date}:${quantity}`);
    }
  }
  return found.sort();
};

const near = (actual: number | undefined, expected: number, what: string): void =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-6, `${what}: ${actual}, expected ${expected}`);

/** Throws unless the text is well-formed: tags nest and close, attributes are quoted, no bare & or <. */
const checkXml = (xml: string): void => {
  const token =
    /<\?xml [^?]*\?>|<([A-Za-z][\w:-]*)((?:\s+[A-Za-z_][\w:-]*="[^"<]*")*)\s*(\/?)>|<\/([A-Za-z][\w:-]*)>|[^<]+/gy;
  const open: string[] = [];
  let end = 0;
  for (const match of xml.matchAll(token)) {
    end = match.index + match[0].length;
    const [whole, opened, attributes = '', closed, closing] = match;
    if (/&(?!#\d+;|#x[0-9a-f]+;|(?:amp|lt|gt|quot|apos);)/i.test(whole))
      throw new Error(`a bare & in ${whole.slice(0, 80)}`);
    const names = [...attributes.matchAll(/([\w:-]+)="/g)].map(([, name]) => name);
    if (new Set(names).size < names.length) throw new Error(`an attribute is there twice in ${whole.slice(0, 80)}`);
    if (opened !== undefined && closed === '') open.push(opened);
    if (closing !== undefined && open.pop() !== closing) throw new Error(`</${closing}> closes nothing`);
    if (
      opened === undefined &&
      closing === undefined &&
      !whole.startsWith('<?xml') &&
      open.length === 0 &&
      whole.trim() !== ''
    )
      throw new Error(`text outside the root: ${whole.slice(0, 80)}`);
  }
  if (end < xml.length) throw new Error(`not understood: ${xml.slice(end, end + 80)}`);
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`);
};

const isBroken = (text: string): boolean => /\b(NaN|undefined|null|Infinity)\b|\[object /.test(text);

const test = suite<{ first: Ran; lines: readonly Line[] }>('demos/weather');

test.before(async (context) => {
  context.first = await runInto();
  context.lines = linesOf(await readFile(seattleCsv(), 'utf8'));
});

test('succeeds and writes a report and a chart', ({ first }) => {
  assert.ok(first.report.success, first.report.error);
  assert.equal(first.files, [reportFile, chartFile].toSorted());
  assert.equal(first.report.refusedCommands, []);
  assert.equal(first.report.hookFailures, []);
});

test('gets the years right', ({ first, lines }) => {
  const years = first.report.outputs['years'] as unknown as readonly YearStatistics[];
  assert.equal(
    years.map(({ year }) => year),
    [2012, 2013, 2014, 2015],
  );
  for (const year of years) {
    const own = lines.filter((line) => line.year === year.year);
    assert.is(year.days, own.length);
    near(
      year.meanTemperature,
      own.reduce((sum, { max, min }) => sum + max + min, 0) / own.length / 2,
      `mean of ${year.year}`,
    );
    near(year.meanMax, own.reduce((sum, { max }) => sum + max, 0) / own.length, `mean maximum of ${year.year}`);
    near(year.rainTotal, own.reduce((sum, { rain }) => sum + Math.round(rain * 10), 0) / 10, `rain of ${year.year}`);
    const hottest = own.toSorted((a, b) => b.max - a.max || a.date.localeCompare(b.date))[0];
    assert.equal(year.hottest, { date: hottest?.date, value: hottest?.max });
    const coldest = own.toSorted((a, b) => a.min - b.min || a.date.localeCompare(b.date))[0];
    assert.equal(year.coldest, { date: coldest?.date, value: coldest?.min });
    assert.is(year.wetDays, own.filter(({ rain }) => rain > 0).length);
    assert.is(year.frostDays, own.filter(({ min }) => min < 0).length);
    let longest = 0;
    for (let start = 0; start < own.length; start++) {
      let end = start;
      while (own[end]?.rain === 0) end++;
      longest = Math.max(longest, end - start);
    }
    assert.is(year.longestDrySpell, longest);
  }
});

test('gets the months and the comparison right', ({ first, lines }) => {
  const comparison = first.report.outputs['compare'] as unknown as Comparison;
  assert.is(comparison.months.length, 12);
  for (const month of comparison.months) {
    const own = lines.filter(({ date }) => Number(date.split('-')[1]) === month.month);
    const mean = (days: readonly Line[]): number =>
      days.reduce((sum, { max, min }) => sum + (max + min) / 2, 0) / days.length;
    near(month.meanTemperature, mean(own), `mean of month ${month.month}`);
    near(month.rainTotal, own.reduce((sum, { rain }) => sum + rain, 0) / 4, `rain of month ${month.month}`);
    for (const [index, year] of [2012, 2013, 2014, 2015].entries())
      near(
        month.deviations[index] ?? Number.NaN,
        mean(own.filter((line) => line.year === year)) - mean(own),
        `${year}, month ${month.month}`,
      );
  }
  assert.is(comparison.warmest, 2015);
  assert.is(comparison.driest, 2013);
  assert.ok(comparison.warmedEveryYear);
});

test('finds exactly the anomalies that the documented rule names', ({ first, lines }) => {
  const years = first.report.outputs['years'] as unknown as readonly YearStatistics[];
  const found = years.flatMap(({ anomalies }) =>
    anomalies.map(({ date, quantity }) => `investigate:${date}:${quantity}`),
  );
  assert.equal(found.toSorted(), anomaliesOf(lines));
  assert.ok(found.length > 10);
});

test('has one investigation per anomaly, added by the hook, succeeded, and in the report', ({ first, lines }) => {
  const added = typesOf(first.log, 'NodeAdded').filter(({ node }) => node.action === 'investigate');
  const expected = anomaliesOf(lines);
  assert.equal(added.map(({ node }) => node.id ?? '').toSorted(), expected);
  assert.equal([...new Set(added.map(({ by }) => by))], ['investigateAnomalies']);
  for (const id of expected)
    assert.is(first.report.nodeOutcomes.find(({ nodeId }) => nodeId === id)?.status, 'succeeded', id);

  const findings = first.report.outputs['findings'] as unknown as readonly Finding[];
  assert.equal(
    findings.map(({ anomaly }) => `investigate:${anomaly.date}:${anomaly.quantity}`),
    expected,
  );
  const listed = first.markdown.split('\n').filter((line) => /^- \*\*\d+ \w+ \d{4}, /.test(line));
  assert.is(listed.length, expected.length);
});

test('investigates truly: ranks and neighbours are those of the file', ({ first, lines }) => {
  for (const { anomaly, rank, rankOf, before, after, spell } of first.report.outputs[
    'findings'
  ] as unknown as readonly Finding[]) {
    const { date, quantity, value, score } = anomaly;
    const at = lines.findIndex((line) => line.date === date);
    assert.is(lines[at]?.[quantity], value);
    const ranked = lines
      .filter(({ rain }) => quantity !== 'rain' || rain > 0)
      .map((line) => line[quantity] * Math.sign(score));
    assert.is(rank, ranked.toSorted((a, b) => b - a).indexOf(value * Math.sign(score)) + 1, date);
    assert.is(rankOf, ranked.length);
    assert.equal(
      before,
      [3, 2, 1].map((back) => lines[at - back]?.[quantity]),
    );
    assert.equal(
      after,
      [1, 2, 3].map((on) => lines[at + on]?.[quantity]),
    );
    assert.ok(spell.from <= date && date <= spell.to);
  }
});

test('holds the branch publish from the check until the last investigation has ended', ({ first }) => {
  const [paused, ...morePauses] = typesOf(first.log, 'BranchPaused');
  const [resumed, ...moreResumes] = typesOf(first.log, 'BranchResumed');
  assert.equal(
    [paused?.branchId, resumed?.branchId, morePauses.length, moreResumes.length],
    ['publish', 'publish', 0, 0],
  );
  assert.equal([paused?.by, resumed?.by], ['holdPublishing', 'holdPublishing']);

  const checked = typesOf(first.log, 'NodeSucceeded').find(({ nodeId }) => nodeId === 'check');
  const investigated = typesOf(first.log, 'NodeSucceeded').filter(({ nodeId }) => nodeId.startsWith('investigate:'));
  assert.is(paused?.cause, checked?.seq);
  assert.ok(paused!.seq < resumed!.seq);
  assert.ok(investigated.every(({ seq }) => seq < resumed!.seq));
  assert.ok(
    investigated.some(({ seq }) => seq > paused!.seq),
    'some investigations ran while the branch was held',
  );

  const branch = ['findings', 'chart', 'report', 'saveChart', 'saveReport'];
  const started = typesOf(first.log, 'NodeStarted').filter(({ nodeId }) => branch.includes(nodeId));
  assert.equal(started.map(({ nodeId }) => nodeId).toSorted(), branch.toSorted());
  assert.ok(
    started.every(({ seq }) => seq > resumed!.seq),
    'nothing of the branch started before it was resumed',
  );
});

test('writes the same bytes on each run, whatever the concurrency', async ({ first }) => {
  for (const maxParallelNodes of [1, 8]) {
    const again = await runInto({ maxParallelNodes });
    assert.ok(again.report.success, again.report.error);
    assert.ok(again.markdown === first.markdown, 'the report differs');
    assert.ok(again.svg === first.svg, 'the chart differs');
    assert.ok(!again.markdown.includes(again.report.runId), 'the report names the run');
  }
});

test('draws well-formed SVG of modest size, without a word like NaN', ({ first }) => {
  checkXml(first.svg);
  assert.ok(first.svg.includes('xmlns="http://www.w3.org/2000/svg"'));
  assert.ok(Buffer.byteLength(first.svg) < 400_000);
  assert.not(isBroken(first.svg));
  for (const broken of ['<svg><g></svg>', '<svg a="1" a="2"/>', '<svg>a & b</svg>', '<svg>', '<svg a=1/>', '<svg/>x'])
    assert.throws(() => checkXml(broken), undefined, broken);
});

test('labels every anomaly in the chart, alone or with its neighbours', ({ first }) => {
  const rings = first.svg.match(/<circle [^>]*stroke="#1F2430"/g) ?? [];
  const findings = first.report.outputs['findings'] as unknown as readonly Finding[];
  assert.is(rings.length, findings.length + 2, 'one circle each, and two in the legend');
  const said = [...first.svg.matchAll(/<text [^>]*paint-order[^>]*>([^<]*)</g)]
    .map(([, words]) => words ?? '')
    .join('|');
  for (const { anomaly, spell } of findings)
    if (spell.days === 1) assert.ok(said.includes(`${anomaly.value.toFixed(1).replace('-', '−')} `), anomaly.date);
});

test('escapes what it draws', ({ first }) => {
  const { outputs } = first.report;
  const { days } = outputs['clean'] as unknown as { days: Parameters<typeof drawChart>[0]['days'] };
  const evil = 'x"><script>&';
  const svg = drawChart({
    days,
    normals: outputs['normals'] as unknown as Normals,
    years: outputs['years'] as unknown as readonly YearStatistics[],
    comparison: {
      ...(outputs['compare'] as unknown as Comparison),
      years: [evil as unknown as number, 2013, 2014, 2015],
    },
    findings: [],
  });
  checkXml(svg);
  assert.not(svg.includes('<script'));
});

test('writes Markdown with the finding first, the chart, and whole tables', ({ first }) => {
  const { markdown } = first;
  const paragraphs = markdown.split('\n\n');
  assert.is(paragraphs[0], '# Seattle weather, 2012–2015');
  assert.match(paragraphs[1] ?? '', /^\*\*Each year was warmer than the one before: 11\.3 °C in 2012/);
  assert.match(markdown, new RegExp(`!\\[[^\\]]+\\]\\(${chartFile}\\)`));
  assert.not(isBroken(markdown));
  for (const table of paragraphs.filter((paragraph) => paragraph.startsWith('|'))) {
    const widths = table.split('\n').map((row) => row.split('|').length);
    assert.is(new Set(widths).size, 1, table.slice(0, 80));
  }
});

test('drops rows that cannot be days, and says why', () => {
  const header = 'date,precipitation,temp_max,temp_min,wind,weather';
  const rows = [
    '2012-01-02,0.0,5.0,1.0,2.0,sun',
    '2012-01-01,0.0,5.0,1.0,2.0,sun',
    '2012-01-01,0.0,5.0,1.0,2.0,sun',
    '2012-02-30,0.0,5.0,1.0,2.0,sun',
    '2012-01-05,-1,5.0,1.0,2.0,sun',
    '2012-01-06,0.0,,1.0,2.0,sun',
    '2012-01-07,0.0,1.0,5.0,2.0,sun',
    '2012-01-08,0.0,5.0,1.0,2.0,frogs',
    '2012-01-09,0.0,5.0,1.0,2.0',
    '',
    '2012-01-04,0.0,5.0,1.0,2.0,rain',
  ];

  const clean = cleanRows(parseRows([header, ...rows].join('\r\n')));

  assert.equal(
    clean.days.map(({ date }) => date),
    ['2012-01-01', '2012-01-02', '2012-01-04'],
  );
  assert.equal(clean.missing, ['2012-01-03']);
  assert.equal(clean.dropped, [
    { line: 4, reason: '2012-01-01 is there twice' },
    { line: 5, reason: '"2012-02-30" is not a date' },
    { line: 6, reason: 'precipitation is "-1", not a number from 0 to 500' },
    { line: 7, reason: 'temp_max is "", not a number from -50 to 60' },
    { line: 8, reason: 'temp_max 1 is below temp_min 5' },
    { line: 9, reason: 'weather is "frogs"' },
    { line: 10, reason: 'weather is ""' },
  ]);
  assert.throws(
    () => parseRows('date,wind\n2012-01-01,1'),
    /no column "precipitation", "temp_max", "temp_min", "weather"/,
  );
});

test('publishes at once when nothing stands out', async () => {
  const days = Array.from({ length: 40 }, (_, day) => {
    const date = new Date(Date.UTC(2020, 4, 1 + day)).toISOString().slice(0, 10);
    return `${date},${day % 3},${20 + (day % 5)},${10 + (day % 4)},${2 + (day % 3)},${day % 3 === 0 ? 'sun' : 'rain'}`;
  });
  const csv = ['date,precipitation,temp_max,temp_min,wind,weather', ...days].join('\n');
  const { report, log, markdown, svg } = await withCsv(csv, (source) => runInto({ source }));

  assert.ok(report.success, report.error);
  assert.equal(typesOf(log, 'BranchPaused').length, 0);
  assert.equal(typesOf(log, 'NodeAdded').filter(({ node }) => node.action === 'investigate').length, 0);
  assert.match(markdown, /None of the 40 days does\./);
  assert.not(isBroken(markdown));
  checkXml(svg);
  assert.not(isBroken(svg));
});

test('fails, and publishes nothing, when the file is not there', async () => {
  const { report, log, files } = await runInto({ source: join(tmpdir(), 'there-is-no-such-file.csv') });

  assert.not(report.success);
  assert.equal(files, []);
  assert.is(typesOf(log, 'NodeRetryScheduled').length, 2);
  assert.is(report.nodeOutcomes.find(({ nodeId }) => nodeId === 'saveReport')?.status, 'skipped');
});

test('ends as failed, and publishes nothing, when an investigation fails', async () => {
  const clueless = action('investigate', (): Finding => {
    throw new Error('no idea');
  });

  const { report, log, files } = await runInto({ actions: [clueless] });

  assert.is(report.status, 'failed');
  assert.equal(files, []);
  assert.is(typesOf(log, 'BranchResumed').length, 1);
  assert.is(report.nodeOutcomes.find(({ nodeId }) => nodeId === 'findings')?.status, 'skipped');
});

test('places labels so that none hides another or an obstacle', () => {
  const bounds: Box = { x: 0, y: 0, width: 400, height: 60 };
  const obstacles: readonly Box[] = [{ x: 100, y: 20, width: 30, height: 30 }];
  const wishes = Array.from({ length: 12 }, (_, index) => ({
    x: (index * 37) % 400,
    y: (index * 23) % 60,
    width: 60,
    height: 11,
    sides: ['above', 'right', 'left', 'below'] as const,
  }));

  const boxes = placeLabels(wishes, { bounds, obstacles, ink: () => 0 }).filter((box) => box !== undefined);

  assert.ok(boxes.length >= 8, `only ${boxes.length} found a place`);
  for (const [index, box] of boxes.entries()) {
    assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= 400 && box.y + box.height <= 60);
    assert.not(obstacles.some((other) => overlaps(box, other)));
    assert.not(boxes.slice(index + 1).some((other) => overlaps(box, other)));
  }
});

test.run();
