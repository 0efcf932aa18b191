import { SLOTS, yearOf, type Day } from './days.js';
import { monthNames, number, plural, signed } from './format.js';
import type { Finding } from './investigate.js';
import { color, font, monthStarts, page, plot, strips, type Strip } from './layout.js';
import { marks, ring } from './marks.js';
import { THRESHOLD, WINDOW_DAYS, type Comparison, type Normals, type YearStatistics } from './statistics.js';
import { axis, bars, temperatures } from './strips.js';
import { element, escaped, rounded, text, textWidth } from './svg.js';

export interface ChartData {
  readonly days: readonly Day[];
  readonly normals: Normals;
  readonly years: readonly YearStatistics[];
  readonly comparison: Comparison;
  readonly findings: readonly Finding[];
}

/** Draws the years one below the other, each with its months, temperatures, rain and wind. The same data give the same text. */
export const drawChart = (data: ChartData): string => {
  const height = page.head + page.block * data.years.length + page.foot;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    element(
      'svg',
      {
        xmlns: 'http://www.w3.org/2000/svg',
        viewBox: `0 0 ${rounded(page.width)} ${rounded(height)}`,
        width: page.width,
        height,
        role: 'img',
        'aria-labelledby': 'title finding',
        'font-family': font,
        fill: color.ink,
      },
      `\n${element('title', { id: 'title' }, escaped(titleOf(data.comparison)))}`,
      `\n${element('desc', { id: 'finding' }, escaped(findingOf(data).join(' ')))}`,
      `\n${element('rect', { width: page.width, height, fill: color.paper })}`,
      ...heading(data),
      ...data.years.map((year, index) => `\n${block(year, page.head + page.block * index, data)}`),
      ...footer(height),
    ),
    '',
  ].join('\n');
};

const titleOf = ({ years }: Comparison): string =>
  `Seattle weather, day by day, ${years.at(0) ?? ''}–${years.at(-1) ?? ''}`;

const findingOf = ({ years, comparison, findings }: ChartData): readonly [string, string] => {
  const mean = (year: number): string =>
    `${number(years.find((other) => other.year === year)?.meanTemperature ?? 0, 1)} °C`;
  const [first, last] = [comparison.years.at(0) ?? 0, comparison.years.at(-1) ?? 0];
  const days = new Set(findings.map(({ anomaly }) => anomaly.date)).size;
  return [
    comparison.warmedEveryYear
      ? `Each year was warmer than the one before: ${mean(first)} on average in ${first}, ${mean(last)} in ${last}.`
      : `${comparison.warmest} was the warmest year (${mean(comparison.warmest)} on average), ${comparison.coldest} the coldest (${mean(comparison.coldest)}).`,
    `${plural(days, 'day')} of ${number(comparison.days)} stand out from their season; they are circled.`,
  ];
};

const heading = (data: ChartData): readonly string[] => {
  const [first, second] = findingOf(data);
  return [
    `\n${text(28, 46, titleOf(data.comparison), { 'font-size': 28, 'font-weight': 700 })}`,
    `\n${text(28, 74, first, { 'font-size': 16 })}`,
    `\n${text(28, 96, second, { 'font-size': 16 })}`,
    `\n${legend(plot.left, 136)}`,
  ];
};

const legend = (left: number, y: number): string => {
  const parts: string[] = [];
  let x = left;
  const draw = (width: number, ...shapes: readonly string[]): void => {
    parts.push(...shapes);
    x += width + 7;
  };
  const say = (words: string, after: number, bold?: string): void => {
    parts.push(
      text(x, y + 4, words, {
        'font-size': 12,
        fill: bold ?? color.soft,
        ...(bold === undefined ? {} : { 'font-weight': 700 }),
      }),
    );
    x += textWidth(words, 12, bold === undefined ? 'regular' : 'bold') + after;
  };
  const bar = (dx: number, dy: number, height: number, fill: string): string =>
    element('rect', { x: x + dx, y: y + dy, width: 3, height, fill });
  const usual = [2, 0, 3, 1].map((lift, index) => bar(index * 4, lift - 6, 11, color.usual));
  draw(
    16,
    ...usual,
    bar(0, -9, 5, color.warm),
    bar(8, -10, 7, color.warm),
    bar(4, 5, 5, color.cold),
    bar(12, 6, 4, color.cold),
  );
  say('minimum to maximum of the day,', 4);
  say('above', 5, color.warm);
  say('or', 5);
  say('below', 5, color.cold);
  say('the', 7);
  draw(22, element('path', { d: `M${rounded(x)} ${y}h22`, stroke: color.normal, 'stroke-width': 1.4, fill: 'none' }));
  say('seasonal normal', 26);
  draw(9, ring(x + 5, y, 'solid'));
  say('stands out from it', 26);
  draw(9, ring(x + 5, y, 'dashed'));
  say('stands out, and nothing else backs it', 26);
  draw(
    40,
    ...[color.cold, color.warm].map((fill, index) =>
      element('rect', { x: x + index * 20, y: y - 7, width: 20, height: 14, fill, 'fill-opacity': 0.4 }),
    ),
  );
  say('°C from the month’s own mean', 0);
  return parts.join('');
};

const footer = (height: number): readonly string[] => {
  const small = { 'font-size': 11, fill: color.soft };
  return [
    `\n${text(28, height - 32, `Seasonal normal: the median of the ${2 * WINDOW_DAYS + 1} days around the date, all years together. Circled: more than ${THRESHOLD} robust standard deviations (scaled MAD) from it; rain by its square root, wet days only.`, small)}`,
    `\n${text(28, height - 15, 'Data: NOAA National Climatic Data Center, by way of vega-datasets (seattle-weather.csv). Wind is the mean of the day.', small)}\n`,
  ];
};

const block = (year: YearStatistics, top: number, data: ChartData): string => {
  const days = data.days.filter((day) => yearOf(day) === year.year);
  const findings = data.findings.filter(({ anomaly }) => yearOf(anomaly) === year.year);
  return element(
    'g',
    { transform: `translate(0 ${top})` },
    `\n${gutter(year)}`,
    `\n${monthCells(year, data.comparison)}`,
    ...[strips.temperature, strips.rain, strips.wind].map((strip) => `\n${axis(strip)}`),
    `\n${temperatures(days, data.normals)}`,
    `\n${bars(days, 'rain', strips.rain, color.rain)}`,
    `\n${bars(days, 'wind', strips.wind, color.wind)}`,
    `\n${marks(year, days, findings)}`,
    '\n',
  );
};

const gutter = (year: YearStatistics): string => {
  const line = (index: number, value: string, words: string): string =>
    element(
      'text',
      { x: 28, y: 64 + index * 19, 'font-size': 12.5, fill: color.soft },
      element('tspan', { fill: color.ink, 'font-weight': 700 }, escaped(value)),
      escaped(` ${words}`),
    );
  const strip = ({ top }: Strip, words: string, of: string): string =>
    text(28, top + 14, words, { 'font-size': 12.5, 'font-weight': 700, fill: of });
  return [
    text(28, 34, String(year.year), { 'font-size': 30, 'font-weight': 700 }),
    line(0, `${number(year.meanTemperature, 1)} °C`, 'mean'),
    line(1, `${number(year.rainTotal)} mm`, 'of rain'),
    line(2, number(year.wetDays), 'wet days'),
    line(3, number(year.hotDays), `${year.hotDays === 1 ? 'day' : 'days'} ≥ 30 °C`),
    line(4, number(year.frostDays), 'with frost'),
    strip(strips.rain, 'Rain', '#1F78A8'),
    text(28, strips.rain.top + 29, 'mm a day', { 'font-size': 11, fill: color.soft }),
    strip(strips.wind, 'Wind', '#007A59'),
    text(28, strips.wind.top + 29, 'm/s', { 'font-size': 11, fill: color.soft }),
  ].join('');
};

const monthCells = (year: YearStatistics, { years, months }: Comparison): string => {
  const { top, height } = strips.months;
  const index = years.indexOf(year.year);
  return months
    .map(({ month, deviations }) => {
      const deviation = deviations[index] ?? null;
      if (deviation === null) return '';
      const [from = 0, to = SLOTS] = [monthStarts[month - 1], monthStarts[month]];
      const [x, width] = [plot.left + from * plot.step, (to - from) * plot.step];
      const strength = Math.min(1, Math.abs(deviation) / 3) * 0.62;
      return [
        element('rect', {
          x: x + 0.5,
          y: top,
          width: width - 1,
          height,
          fill: deviation < 0 ? color.cold : color.warm,
          'fill-opacity': strength,
        }),
        element(
          'text',
          { x: x + width / 2, y: top + 13.5, 'font-size': 11.5, 'text-anchor': 'middle' },
          escaped(`${monthNames[month - 1] ?? ''} `),
          element('tspan', { 'font-weight': 700 }, escaped(signed(deviation))),
        ),
      ].join('');
    })
    .join('');
};
