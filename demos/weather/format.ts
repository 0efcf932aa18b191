import { monthOf } from './days.js';
import type { Quantity } from './statistics.js';

export const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
export const quantityNames: Readonly<Record<Quantity, string>> = {
  max: 'maximum',
  min: 'minimum',
  rain: 'rain',
  wind: 'wind',
};
export const units: Readonly<Record<Quantity, string>> = { max: '°C', min: '°C', rain: 'mm', wind: 'm/s' };

/** A number with a true minus sign, thousands set apart, and no negative zero: −1,226.5. */
export const number = (value: number, digits = 0): string => {
  const text = Math.abs(value).toFixed(digits);
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const isZero = Number(text) === 0;
  return `${value < 0 && !isZero ? '−' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
};

/** The same with a sign always, but for zero. */
export const signed = (value: number, digits = 1): string => {
  const text = number(value, digits);
  return Number(value.toFixed(digits)) > 0 ? `+${text}` : text;
};

export const measured = (quantity: Quantity, value: number): string => `${number(value, 1)} ${units[quantity]}`;
export const monthName = (date: string): string => monthNames[monthOf({ date }) - 1] ?? '';
/** 6 Feb */
export const dayAndMonth = (date: string): string => `${Number(date.slice(8))} ${monthName(date)}`;
/** 6 Feb 2014 */
export const fullDate = (date: string): string => `${dayAndMonth(date)} ${date.slice(0, 4)}`;
/** 5–6 Feb, 30 Apr – 1 May, or one day. */
export const dateRange = (from: string, to: string): string =>
  from === to
    ? dayAndMonth(from)
    : from.slice(0, 7) === to.slice(0, 7)
      ? `${Number(from.slice(8))}–${dayAndMonth(to)}`
      : `${dayAndMonth(from)} – ${dayAndMonth(to)}`;
/** 1st, 2nd, 3rd, 11th, 1,022nd */
export const ordinal = (value: number): string => {
  const teen = value % 100 >= 11 && value % 100 <= 13;
  return `${number(value)}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th')}`;
};
/** "a", "a and b", "a, b and c" */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`;
