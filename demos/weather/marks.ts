import { slotOf, type Day } from './days.js';
import { dateRange, dayAndMonth, measured, number } from './format.js';
import type { Finding } from './investigate.js';
import { overlaps, placeLabels, type Box, type Side } from './labels.js';
import { color, plot, strips, xOf, yOf, type Strip } from './layout.js';
import type { Quantity, YearStatistics } from './statistics.js';
import { element, text, textWidth } from './svg.js';

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly says: string;
  readonly sides: readonly Side[];
  readonly bold: boolean;
  readonly strip: Strip;
}

const stripOf: Readonly<Record<Quantity, Strip>> = {
  max: strips.temperature,
  min: strips.temperature,
  rain: strips.rain,
  wind: strips.wind,
};

const labelSize = 11;

/** Circles what stands out and names it, and names the hottest and the coldest day, where there is room. */
export const marks = (year: YearStatistics, days: readonly Day[], findings: readonly Finding[]): string => {
  const rings = findings.map(({ anomaly, conclusion }) => ({
    x: xOf(anomaly),
    y: yOf(stripOf[anomaly.quantity], anomaly.value),
    kind: conclusion === 'alone' ? ('dashed' as const) : ('solid' as const),
  }));
  const wanted = [...groupsOf(findings).map(markOf), ...records(year, findings)];
  const obstacles = rings.map(({ x, y }): Box => ({ x: x - 5, y: y - 5, width: 10, height: 10 }));
  const places = [strips.temperature, strips.rain, strips.wind].flatMap((strip) => {
    const own = wanted.filter((mark) => mark.strip === strip);
    const boxes = placeLabels(
      own.map(({ x, y, says, sides, bold }) => ({
        x,
        y,
        sides,
        width: textWidth(says, labelSize, bold ? 'bold' : 'regular'),
        height: labelSize,
      })),
      {
        bounds: { x: plot.left, y: strip.top - 5, width: plot.width, height: strip.height + 10 },
        obstacles,
        ink: (box) => hidden(box, days, strip),
      },
    );
    return own.flatMap((mark, index) => {
      const box = boxes[index];
      return box === undefined ? [] : [{ mark, box }];
    });
  });
  return [
    ...rings.map(({ x, y }) =>
      element('circle', {
        cx: x,
        cy: y,
        r: 4,
        fill: 'none',
        stroke: color.paper,
        'stroke-width': 3.5,
        'stroke-opacity': 0.8,
      }),
    ),
    ...rings.map(({ x, y, kind }) => ring(x, y, kind)),
    ...places.map(({ mark, box }) =>
      text(box.x, box.y + labelSize - 2, mark.says, {
        'font-size': labelSize,
        'font-weight': mark.bold ? 700 : 400,
        fill: mark.bold ? color.ink : color.soft,
        stroke: color.paper,
        'stroke-width': 3,
        'stroke-linejoin': 'round',
        'paint-order': 'stroke',
      }),
    ),
  ].join('\n');
};

/** Circles one reading; dashed where nothing else backs it. */
export const ring = (x: number, y: number, kind: 'solid' | 'dashed'): string =>
  element('circle', {
    cx: x,
    cy: y,
    r: 4,
    fill: 'none',
    stroke: color.ink,
    'stroke-width': 1.5,
    ...(kind === 'dashed' ? { 'stroke-dasharray': '2 1.6' } : {}),
  });

/** Neighbouring days of one quantity share a label. */
const groupsOf = (findings: readonly Finding[]): readonly (readonly Finding[])[] => {
  const groups: Finding[][] = [];
  for (const finding of findings) {
    const group = groups.find((members) => {
      const last = members.at(-1)?.anomaly;
      return last?.quantity === finding.anomaly.quantity && slotOf(finding.anomaly) - slotOf(last) === 1;
    });
    if (group === undefined) groups.push([finding]);
    else group.push(finding);
  }
  return groups;
};

const markOf = (group: readonly Finding[]): Mark => {
  const anomalies = group.map(({ anomaly }) => anomaly);
  const top = anomalies.reduce((best, anomaly) => (Math.abs(anomaly.score) > Math.abs(best.score) ? anomaly : best));
  const { quantity, score } = top;
  const kind = quantity === 'max' ? 'max ' : quantity === 'min' ? 'min ' : '';
  const [from, to] = [anomalies.at(0)?.date ?? top.date, anomalies.at(-1)?.date ?? top.date];
  return {
    x: xOf(top),
    y: yOf(stripOf[quantity], top.value),
    says: `${kind}${measured(quantity, top.value)} · ${dateRange(from, to)}`,
    sides:
      quantity === 'rain' || quantity === 'wind' || score > 0 ? ['above', 'right', 'left'] : ['right', 'left', 'below'],
    bold: true,
    strip: stripOf[quantity],
  };
};

const records = ({ hottest, coldest }: YearStatistics, findings: readonly Finding[]): readonly Mark[] => {
  const strip = strips.temperature;
  const isTaken = (date: string): boolean =>
    findings.some(({ anomaly }) => anomaly.date === date && stripOf[anomaly.quantity] === strip);
  return [
    { reading: hottest, sides: ['above', 'right', 'left'] as const },
    { reading: coldest, sides: ['below', 'right', 'left'] as const },
  ]
    .filter(({ reading }) => !isTaken(reading.date))
    .map(({ reading, sides }) => ({
      x: xOf(reading),
      y: yOf(strip, reading.value),
      says: `${number(reading.value, 1)} °C · ${dayAndMonth(reading.date)}`,
      sides,
      bold: false,
      strip,
    }));
};

/** How much of the day bars a box would hide, in days weighted by the share of its height. */
const hidden = (box: Box, days: readonly Day[], strip: Strip): number =>
  days.reduce((total, day) => {
    const [from, to] =
      strip === strips.temperature ? [day.min, day.max] : [0, strip === strips.rain ? day.rain : day.wind];
    const bar = {
      x: xOf(day) - plot.step / 2,
      y: yOf(strip, to),
      width: plot.step,
      height: yOf(strip, from) - yOf(strip, to),
    };
    if (!overlaps(box, bar)) return total;
    return total + (Math.min(box.y + box.height, bar.y + bar.height) - Math.max(box.y, bar.y)) / box.height;
  }, 0);
