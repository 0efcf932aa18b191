import { SLOTS, slotOf } from './days.js';
import { monthNames } from './format.js';

/** Okabe and Ito's colours, told apart with any colour vision. */
export const color = {
  warm: '#D55E00',
  cold: '#0072B2',
  rain: '#56B4E9',
  wind: '#009E73',
  usual: '#B4B8BF',
  normal: '#3B4252',
  ink: '#1F2430',
  soft: '#5B6472',
  rule: '#E4E6EA',
  paper: '#FFFFFF',
} as const;
export const font = "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif";

export const plot = { left: 176, step: 2.9, width: 2.9 * SLOTS } as const;
export const page = { width: plot.left + plot.width + 26, head: 172, block: 300, foot: 58 } as const;
/** What a year shows, in pixels from the top of its block; all but the months have an axis. */
export const strips = {
  months: { top: 0, height: 19 },
  temperature: { top: 28, height: 128, low: -10, high: 40, ticks: [-10, 0, 10, 20, 30, 40], unit: '°C' },
  rain: { top: 170, height: 48, low: 0, high: 60, ticks: [0, 30, 60], unit: 'mm' },
  wind: { top: 230, height: 42, low: 0, high: 12, ticks: [0, 5, 10], unit: 'm/s' },
} as const;
export type Strip = (typeof strips)['temperature' | 'rain' | 'wind'];
export const monthStarts = monthNames.map((_, index) =>
  slotOf({ date: `2012-${String(index + 1).padStart(2, '0')}-01` }),
);

export const xOf = (day: { readonly date: string }): number => plot.left + (slotOf(day) + 0.5) * plot.step;
/** Where a value stands in its strip; one beyond the axis stands at its end. */
export const yOf = ({ top, height, low, high }: Strip, value: number): number =>
  top + height - ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * height;
