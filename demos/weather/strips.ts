import { slotOf, type Day } from './days.js';
import { number } from './format.js';
import { color, monthStarts, plot, strips, xOf, yOf, type Strip } from './layout.js';
import type { Normals } from './statistics.js';
import { element, rounded, text } from './svg.js';

/** The grid of a strip and the numbers beside it. */
export const axis = (strip: Strip): string => {
  const lines = strip.ticks.map((tick) => {
    const y = yOf(strip, tick);
    const isZero = tick === 0;
    return [
      element('path', {
        d: `M${rounded(plot.left)} ${rounded(y)}h${rounded(plot.width)}`,
        stroke: isZero ? '#9AA1AC' : color.rule,
        'stroke-width': isZero ? 0.9 : 0.8,
      }),
      text(plot.left - 7, y + 3.8, tick === strip.ticks.at(-1) ? `${number(tick)} ${strip.unit}` : number(tick), {
        'font-size': 10.5,
        'text-anchor': 'end',
        fill: color.soft,
      }),
    ].join('');
  });
  const months = monthStarts
    .slice(1)
    .map((slot) => `M${rounded(plot.left + slot * plot.step)} ${strip.top}v${strip.height}`);
  return `${element('path', { d: months.join(''), stroke: color.rule, 'stroke-width': 0.8 })}${lines.join('')}`;
};

/** A bar from minimum to maximum for each day; what lies beyond the seasonal normal has the colour of warm or cold. */
export const temperatures = (days: readonly Day[], { max, min }: Normals): string => {
  const strip = strips.temperature;
  const parts: Record<'warm' | 'cold' | 'usual', string[]> = { warm: [], cold: [], usual: [] };
  for (const day of days) {
    const slot = slotOf(day);
    const [high, low] = [max.median[slot] ?? day.max, min.median[slot] ?? day.min];
    const bar = (part: keyof typeof parts, from: number, to: number): void => {
      if (to > from) parts[part].push(`M${rounded(xOf(day))} ${rounded(yOf(strip, from))}V${rounded(yOf(strip, to))}`);
    };
    bar('cold', day.min, Math.min(day.max, low));
    bar('usual', Math.max(day.min, low), Math.min(day.max, high));
    bar('warm', Math.max(day.min, high), day.max);
  }
  const width = { 'stroke-width': plot.step - 0.55, fill: 'none' };
  const line = (values: readonly number[]): string =>
    values
      .map(
        (value, slot) =>
          `${slot === 0 ? 'M' : 'L'}${rounded(plot.left + (slot + 0.5) * plot.step)} ${rounded(yOf(strip, value))}`,
      )
      .join('');
  const normal = { fill: 'none', stroke: color.normal, 'stroke-width': 1.3, 'stroke-linejoin': 'round' };
  return [
    element('path', { d: parts.usual.join(''), stroke: color.usual, ...width }),
    element('path', { d: parts.cold.join(''), stroke: color.cold, ...width }),
    element('path', { d: parts.warm.join(''), stroke: color.warm, ...width }),
    element('path', { d: line(max.median), ...normal }),
    element('path', { d: line(min.median), ...normal }),
  ].join('\n');
};

/** A bar from zero for each day. */
export const bars = (days: readonly Day[], quantity: 'rain' | 'wind', strip: Strip, stroke: string): string =>
  element('path', {
    d: days
      .filter((day) => day[quantity] > 0)
      .map((day) => `M${rounded(xOf(day))} ${rounded(yOf(strip, 0))}V${rounded(yOf(strip, day[quantity]))}`)
      .join(''),
    stroke,
    'stroke-width': plot.step - 0.55,
    fill: 'none',
  });
