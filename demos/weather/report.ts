import {
  dateRange,
  dayAndMonth,
  fullDate,
  listed,
  measured,
  monthNames,
  number,
  ordinal,
  plural,
  quantityNames,
  signed,
  units,
} from './format.js';
import { NOTABLE, type Finding } from './investigate.js';
import type { Quality } from './quality.js';
import {
  THRESHOLD,
  WINDOW_DAYS,
  quantities,
  type Comparison,
  type Quantity,
  type Reading,
  type YearStatistics,
} from './statistics.js';

export interface ReportData {
  readonly years: readonly YearStatistics[];
  readonly comparison: Comparison;
  readonly findings: readonly Finding[];
  readonly quality: Quality;
  /** The chart's file, beside the report. */
  readonly chart: string;
}

/** Writes the report as Markdown: the finding, then what it rests on. The same data give the same text. */
export const writeReport = (data: ReportData): string =>
  [
    heading(data),
    finding(data),
    chart(data),
    yearTable(data),
    monthTable(data),
    anomalies(data),
    quality(data),
    making(data),
  ].join('\n\n') + '\n';

const span = ({ years }: Comparison): string => `${years.at(0) ?? ''}–${years.at(-1) ?? ''}`;

const heading = ({ comparison }: ReportData): string => `# Seattle weather, ${span(comparison)}`;

/** What the years have to say, in a sentence or two. */
export const headline = (years: readonly YearStatistics[], comparison: Comparison): string => {
  const [first, last] = [comparison.years.at(0) ?? 0, comparison.years.at(-1) ?? 0];
  const means = comparison.warmedEveryYear
    ? `Each year was warmer than the one before: ${listed(years.map(({ year, meanTemperature }) => `${number(meanTemperature, 1)} °C in ${year}`))}.`
    : `${comparison.warmest} was the warmest year with a mean of ${meanIn(years, comparison.warmest)}, ${comparison.coldest} the coldest with ${meanIn(years, comparison.coldest)}.`;
  return `${means} ${number(comparison.monthsWarmer)} of ${number(comparison.months.length)} months were warmer in ${last} than in ${first}.`;
};

const meanIn = (years: readonly YearStatistics[], year: number): string =>
  `${number(years.find((other) => other.year === year)?.meanTemperature ?? 0, 1)} °C`;
const rainIn = (years: readonly YearStatistics[], year: number): string =>
  `${number(years.find((other) => other.year === year)?.rainTotal ?? 0)} mm`;

const finding = ({ years, comparison, findings, quality }: ReportData): string => {
  const counts = quantities
    .map((quantity) => ({ quantity, count: findings.filter(({ anomaly }) => anomaly.quantity === quantity).length }))
    .filter(({ count }) => count > 0)
    .map(({ quantity, count }) => `${number(count)} of ${longNames[quantity]}`);
  const alone = findings.filter(({ conclusion }) => conclusion === 'alone').length;
  return [
    `**${headline(years, comparison)}**`,
    `${comparison.wettest} was the wettest year (${rainIn(years, comparison.wettest)}), ${comparison.driest} the driest (${rainIn(years, comparison.driest)}).`,
    findings.length === 0
      ? 'No reading stands out from its season.'
      : `${plural(findings.length, 'reading')} ${findings.length === 1 ? 'stands' : 'stand'} out from the season (${listed(counts)}): ${number(findings.length - alone)} backed by the days around or by another reading of the same day, ${number(alone)} alone.`,
    `${plural(quality.contradictions.length, 'day')} ${quality.contradictions.length === 1 ? 'carries' : 'carry'} a weather label that the measurements contradict, so no number here rests on the labels.`,
    `A few years are weather, not climate: “normal” means usual in these ${number(comparison.days)} days.`,
  ].join(' ');
};

const longNames: Readonly<Record<Quantity, string>> = {
  max: 'maximum temperature',
  min: 'minimum temperature',
  rain: 'rain',
  wind: 'wind',
};

const chart = ({ comparison, chart: file }: ReportData): string =>
  `![Daily temperature, rain and wind of Seattle, ${span(comparison)}, with the days that stand out](${file})`;

/** `align` has a letter for each column, l or r; the last one stands for the rest. */
const table = (align: string, head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, column) => ((align[column] ?? align.at(-1)) === 'r' ? '---:' : '---')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

const yearTable = ({ years, comparison }: ReportData): string => {
  const reading = (quantity: Quantity, { date, value }: Reading): string =>
    `${measured(quantity, value)}, ${dayAndMonth(date)}`;
  const row = (name: string, show: (year: YearStatistics) => string): readonly string[] => [name, ...years.map(show)];
  return `## The years\n\n${table(
    'lr',
    ['', ...comparison.years.map(String)],
    [
      row('Mean temperature', (year) => `${number(year.meanTemperature, 2)} °C`),
      row('Mean maximum', (year) => `${number(year.meanMax, 2)} °C`),
      row('Mean minimum', (year) => `${number(year.meanMin, 2)} °C`),
      row('Hottest day', (year) => reading('max', year.hottest)),
      row('Coldest day', (year) => reading('min', year.coldest)),
      row('Days of 30 °C or more', (year) => number(year.hotDays)),
      row('Days with frost', (year) => number(year.frostDays)),
      row('Rain', (year) => `${number(year.rainTotal, 1)} mm`),
      row('Wet days', (year) => number(year.wetDays)),
      row('Wettest day', (year) => reading('rain', year.wettest)),
      row('Longest dry spell', (year) => plural(year.longestDrySpell, 'day')),
      row('Mean wind', (year) => `${number(year.meanWind, 2)} m/s`),
      row('Windiest day', (year) => reading('wind', year.windiest)),
      row('Readings that stand out', (year) => number(year.anomalies.length)),
    ],
  )}\n\nThe mean temperature is the mean of (maximum + minimum) / 2 over the days.`;
};

const monthTable = ({ comparison }: ReportData): string =>
  `## The months\n\nThe first columns are means over all ${number(comparison.years.length)} years; the last ones tell how far each year’s month was from its mean temperature.\n\n${table(
    'lr',
    ['Month', 'Mean', 'Max', 'Min', 'Rain', 'Wet days', 'Wind', ...comparison.years.map(String)],
    comparison.months.map((month) => [
      monthNames[month.month - 1] ?? '',
      `${number(month.meanTemperature, 1)} °C`,
      `${number(month.meanMax, 1)} °C`,
      `${number(month.meanMin, 1)} °C`,
      `${number(month.rainTotal)} mm`,
      `${number(month.wetShare * 100)} %`,
      `${number(month.meanWind, 1)} m/s`,
      ...month.deviations.map((deviation) => (deviation === null ? '' : signed(deviation))),
    ]),
  )}`;

const anomalies = ({ findings, comparison }: ReportData): string => {
  const rule = [
    `A reading stands out when it lies more than ${THRESHOLD} robust standard deviations from its seasonal normal; that distance is its score. The normal is the median of all days of all years within`,
    `${WINDOW_DAYS} days of the date, the robust standard deviation 1.4826 times the median absolute deviation of the same days. A moving window serves better than calendar months:`,
    `against the median of its month, a day at the end of April or November would stand out merely because the season had moved on. Rain is skewed, so it is compared by its square root, and among wet days alone.`,
  ].join(' ');
  if (findings.length === 0)
    return `## The days that stand out\n\n${rule}\n\nNone of the ${number(comparison.days)} days does.`;
  const rows = findings.map((found) => {
    const { date, quantity, value, usual, score } = found.anomaly;
    return [
      fullDate(date),
      quantityNames[quantity],
      measured(quantity, value),
      measured(quantity, usual),
      signed(score),
      `${ordinal(found.rank)} of ${number(found.rankOf)}`,
      found.weather,
      backing[found.conclusion],
    ];
  });
  return [
    `## The days that stand out`,
    rule,
    table('llrrrrll', ['Day', 'What', 'Reading', 'Usual', 'Score', 'Rank', 'Label', 'Backed by'], rows),
    `### What the investigations found`,
    findings.map((found) => `- ${told(found)}`).join('\n'),
  ].join('\n\n');
};

const backing: Readonly<Record<Finding['conclusion'], string>> = {
  spell: 'a spell',
  supported: 'the same day',
  alone: 'nothing',
};

const told = ({
  anomaly,
  weather,
  before,
  after,
  rank,
  rankOf,
  rankInMonth,
  rankInMonthOf,
  spell,
  company,
  conclusion,
}: Finding): string => {
  const { date, quantity, value, score } = anomaly;
  const readings = (values: readonly number[]): string =>
    values.length === 0 ? 'none' : values.map((reading) => number(reading, 1)).join(', ');
  const among = quantity === 'rain' ? 'wet days' : 'days';
  const side = score > 0 ? 'highest' : 'lowest';
  const sentences = [
    `**${fullDate(date)}, ${quantityNames[quantity]} ${measured(quantity, value)}**: ${place(rank, side)} of all ${number(rankOf)} ${among}, ${place(rankInMonth, side)} of ${number(rankInMonthOf)} in its month.`,
    `The days before: ${readings(before)}; after: ${readings(after)} ${units[quantity]}. Its label: ${weather}.`,
    ...(spell.days > 1
      ? [
          `One of ${number(spell.days)} days in a row with a score beyond ${NOTABLE} (${dateRange(spell.from, spell.to)}).`,
        ]
      : []),
    ...(company.length > 0
      ? [
          `Unusual that day as well: ${listed(company.map((other) => `${quantityNames[other.quantity]} ${measured(other.quantity, other.value)} (${signed(other.score)})`))}.`,
        ]
      : []),
    ...(conclusion === 'alone' ? ['Neither its neighbours nor the day’s other readings back it.'] : []),
  ];
  return sentences.join(' ');
};

const place = (rank: number, side: string): string => (rank === 1 ? `the ${side}` : `the ${ordinal(rank)} ${side}`);

const quality = ({ quality: found, years, comparison }: ReportData): string => {
  const { dropped, missing, contradictions, frozen, wholeFahrenheit } = found;
  const groups = [...new Set(contradictions.map(({ weather, why }) => `“${weather}”, but ${why}`))].map((kind) => {
    const same = contradictions.filter(({ weather, why }) => `“${weather}”, but ${why}` === kind);
    const perYear = comparison.years
      .map((year) => ({ year, count: same.filter(({ date }) => date.startsWith(String(year))).length }))
      .filter(({ count }) => count > 0)
      .map(({ year, count }) => `${number(count)} in ${year}`);
    return `${kind}: ${plural(same.length, 'day')} (${listed(perYear)})`;
  });
  const runs = frozen.map(
    ({ quantity, from, to, value }) =>
      `${quantityNames[quantity]} ${measured(quantity, value)} on ${dateRange(from, to)} ${to.slice(0, 4)}`,
  );
  const labels = [...new Set(years.flatMap((year) => Object.keys(year.labels)))].toSorted();
  return [
    '## The data',
    [
      `- **Rows**: ${number(found.rows)} read, ${dropped.length === 0 ? 'none dropped' : `${number(dropped.length)} dropped (${listed(dropped.slice(0, 10).map(({ line, reason }) => `line ${line}: ${reason}`))}${dropped.length > 10 ? ' …' : ''})`}, ${missing.length === 0 ? 'no day missing' : `${plural(missing.length, 'day')} missing (${listed(missing.slice(0, 10))}${missing.length > 10 ? ' …' : ''})`}.`,
      `- **Labels against measurements**: ${groups.length === 0 ? 'no contradiction' : groups.join('; ')}.`,
      `- **Equal readings in a row**: ${runs.length === 0 ? 'none of four days or more' : runs.join('; ')}.`,
      `- **Resolution**: ${number(wholeFahrenheit.count)} of ${number(wholeFahrenheit.of)} temperatures are whole degrees Fahrenheit in disguise, so steps of about 0.6 °C and equal readings in a row are no surprise.`,
      `- **Unit of the wind**: the package’s description says km/h. The mean of ${number(found.meanWind, 1)} only makes sense in m/s, and the script that made the file divides NOAA’s tenths of m/s by ten; it is read as m/s here.`,
    ].join('\n'),
    'The script that made the file calls a day “sun” when nothing else was recorded, and “rain” also after a mere remark of rain, without any measured. How often each label was given:',
    table(
      'lr',
      ['Label', ...comparison.years.map(String)],
      labels.map((label) => [label, ...years.map((year) => number(year.labels[label] ?? 0))]),
    ),
  ].join('\n\n');
};

const making = ({ findings, comparison }: ReportData): string =>
  [
    '## How it was made',
    [
      `\`npm start\` runs \`demos/weather\`, a DAG of actions: read the file, clean it, work out the seasonal normals, fan out over the ${number(comparison.years.length)} years, compare them, check the quality, draw, write.`,
      `A supervisor hook watches the years and adds one investigation for each reading that stands out, ${number(findings.length)} in all; they run beside everything else.`,
      'A second hook pauses the branch `publish` when the check finds such readings, and resumes it, with the findings handed over, once every investigation has ended.',
    ].join(' '),
    'Data: NOAA National Climatic Data Center, as `seattle-weather.csv` in the npm package vega-datasets.',
  ].join('\n\n');
