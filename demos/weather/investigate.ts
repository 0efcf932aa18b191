import { monthOf, type Day } from './days.js';
import { quantities, scoreOf, type Anomaly, type Normals, type Quantity } from './statistics.js';

/** What was found about one anomaly. */
export type Finding = {
  readonly anomaly: Anomaly;
  readonly weather: string;
  /** The same quantity on up to three days before and after. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** 1 is the most extreme of all days (for rain: of all wet ones), in the anomaly's direction. */
  readonly rank: number;
  readonly rankOf: number;
  /** The same within the calendar month, all years together. */
  readonly rankInMonth: number;
  readonly rankInMonthOf: number;
  /** The days in a row, this one among them, that lie beyond `NOTABLE` on the same side. */
  readonly spell: { readonly from: string; readonly to: string; readonly days: number };
  /** The other quantities that were beyond `NOTABLE` on that day. */
  readonly company: readonly { readonly quantity: Quantity; readonly value: number; readonly score: number }[];
  /**
   * `spell`: neighbouring days say the same. `supported`: another quantity of that day was unusual too.
   * `alone`: nothing else in the data backs it, so it deserves most doubt.
   */
  readonly conclusion: 'spell' | 'supported' | 'alone';
};

/** Beyond this score a reading backs an anomaly, without being one. */
export const NOTABLE = 2;
const NEIGHBOURS = 3;

/** Looks at what surrounds an anomaly: the days around it, its rank, and the day's other readings. */
export const investigate = (anomaly: Anomaly, days: readonly Day[], normals: Normals): Finding => {
  const { date, quantity } = anomaly;
  const at = days.findIndex((day) => day.date === date);
  const day = days[at];
  if (day === undefined) throw new Error(`${date} is not among the days.`);
  const sign = Math.sign(anomaly.score);
  const isNotable = (other: Day | undefined): boolean =>
    other !== undefined && sign * (scoreOf(quantity, other, normals) ?? 0) > NOTABLE;

  let [from, to] = [at, at];
  while (isNotable(days[from - 1])) from--;
  while (isNotable(days[to + 1])) to++;

  const company = quantities
    .filter((other) => other !== quantity)
    .map((other) => ({ quantity: other, value: day[other], score: scoreOf(other, day, normals) ?? 0 }))
    .filter(({ score }) => Math.abs(score) > NOTABLE);
  const comparable = quantity === 'rain' ? days.filter(({ rain }) => rain > 0) : days;
  const sameMonth = comparable.filter((other) => monthOf(other) === monthOf(day));
  const rankIn = (others: readonly Day[]): number =>
    1 + others.filter((other) => sign * other[quantity] > sign * day[quantity]).length;
  const spell = { from: days[from]?.date ?? date, to: days[to]?.date ?? date, days: to - from + 1 };
  return {
    anomaly,
    weather: day.weather,
    before: days.slice(Math.max(0, at - NEIGHBOURS), at).map((other) => other[quantity]),
    after: days.slice(at + 1, at + 1 + NEIGHBOURS).map((other) => other[quantity]),
    rank: rankIn(comparable),
    rankOf: comparable.length,
    rankInMonth: rankIn(sameMonth),
    rankInMonthOf: sameMonth.length,
    spell,
    company,
    conclusion: spell.days > 1 ? 'spell' : company.length > 0 ? 'supported' : 'alone',
  };
};
