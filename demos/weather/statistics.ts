import { SLOTS, monthOf, slotOf, yearOf, type Day } from './days.js';

export type Quantity = 'max' | 'min' | 'rain' | 'wind';

/** How many robust standard deviations from the seasonal normal make an anomaly. */
export const THRESHOLD = 3.5;
/** The seasonal normal of a date looks at this many days before and after it, in every year. */
export const WINDOW_DAYS = 15;
/** Makes the median absolute deviation comparable with a standard deviation. */
const MAD_SCALE = 1.4826;

export const quantities: readonly Quantity[] = ['max', 'min', 'rain', 'wind'];

/** What is usual for each slot of the year: median and scaled MAD, on the scale of `toScale`. */
export type Normal = { readonly median: readonly number[]; readonly spread: readonly number[] };
export type Normals = Readonly<Record<Quantity, Normal>>;

/** A reading farther than `THRESHOLD` from its seasonal normal; `score` is that distance, with its sign. */
export type Anomaly = {
  readonly date: string;
  readonly quantity: Quantity;
  readonly value: number;
  readonly usual: number;
  readonly score: number;
};

export type Reading = { readonly date: string; readonly value: number };

export type YearStatistics = {
  readonly year: number;
  readonly days: number;
  /** The mean of (max + min) / 2 over the days. */
  readonly meanTemperature: number;
  readonly meanMax: number;
  readonly meanMin: number;
  readonly rainTotal: number;
  readonly wetDays: number;
  readonly meanWind: number;
  readonly frostDays: number;
  readonly hotDays: number;
  readonly longestDrySpell: number;
  readonly hottest: Reading;
  readonly coldest: Reading;
  readonly wettest: Reading;
  readonly windiest: Reading;
  readonly labels: Readonly<Record<string, number>>;
  readonly anomalies: readonly Anomaly[];
};

export type MonthStatistics = {
  /** 1 to 12. */
  readonly month: number;
  readonly meanTemperature: number;
  readonly meanMax: number;
  readonly meanMin: number;
  /** Rain in mm in a mean month of this name. */
  readonly rainTotal: number;
  /** Wet days as a share of all, 0 to 1. */
  readonly wetShare: number;
  readonly meanWind: number;
  /** The month's mean temperature in each year, minus `meanTemperature`, in the order of `Comparison.years`; null without a day. */
  readonly deviations: readonly (number | null)[];
};

export type Comparison = {
  readonly years: readonly number[];
  readonly days: number;
  readonly meanTemperature: number;
  readonly rainTotal: number;
  /** The months that the data tell about. */
  readonly months: readonly MonthStatistics[];
  readonly warmest: number;
  readonly coldest: number;
  readonly wettest: number;
  readonly driest: number;
  /** Whether each year was warmer than the one before. */
  readonly warmedEveryYear: boolean;
  /** In how many months the last year was warmer than the first. */
  readonly monthsWarmer: number;
};

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

/** The median absolute deviation, scaled to estimate a standard deviation. */
export const spread = (values: readonly number[]): number => {
  const middle = median(values);
  return MAD_SCALE * median(values.map((value) => Math.abs(value - middle)));
};

export const meanOf = (day: Day): number => (day.max + day.min) / 2;
export const isWet = (day: Day): boolean => day.rain > 0;

/** Rain is skewed, so it is compared as a square root, and only among wet days; dry days have no place on that scale. */
const toScale = (quantity: Quantity, day: Day): number | undefined =>
  quantity !== 'rain' ? day[quantity] : isWet(day) ? Math.sqrt(day.rain) : undefined;

const fromScale = (quantity: Quantity, value: number): number => (quantity === 'rain' ? value * value : value);

/** For each slot of the year, what the days within `WINDOW_DAYS` of it were like, all years together. */
export const seasonalNormals = (days: readonly Day[]): Normals => {
  const normal = (quantity: Quantity): Normal => {
    const bySlot: number[][] = Array.from({ length: SLOTS }, () => []);
    for (const day of days) {
      const value = toScale(quantity, day);
      if (value !== undefined) bySlot[slotOf(day)]?.push(value);
    }
    const windows = bySlot.map((_, slot) => {
      const values: number[] = [];
      for (let offset = -WINDOW_DAYS; offset <= WINDOW_DAYS; offset++)
        values.push(...(bySlot[(slot + offset + SLOTS) % SLOTS] ?? []));
      return values;
    });
    return {
      median: windows.map((w) => (w.length > 0 ? median(w) : 0)),
      spread: windows.map((w) => (w.length > 0 ? spread(w) : 0)),
    };
  };
  return { max: normal('max'), min: normal('min'), rain: normal('rain'), wind: normal('wind') };
};

/** The distance from the seasonal normal in robust standard deviations; undefined for rain on a dry day. */
export const scoreOf = (quantity: Quantity, day: Day, normals: Normals): number | undefined => {
  const value = toScale(quantity, day);
  const slot = slotOf(day);
  const { median: medians, spread: spreads } = normals[quantity];
  const width = spreads[slot] ?? 0;
  return value === undefined || width === 0 ? undefined : (value - (medians[slot] ?? 0)) / width;
};

/** The seasonal normal in the quantity's own unit. */
export const usualFor = (quantity: Quantity, date: string, normals: Normals): number =>
  fromScale(quantity, normals[quantity].median[slotOf({ date })] ?? 0);

/** Every reading farther than `THRESHOLD` from its seasonal normal, by date, then in the order of `quantities`. */
export const findAnomalies = (days: readonly Day[], normals: Normals): readonly Anomaly[] =>
  days.flatMap((day) =>
    quantities.flatMap((quantity): Anomaly[] => {
      const score = scoreOf(quantity, day, normals);
      return score === undefined || Math.abs(score) <= THRESHOLD
        ? []
        : [{ date: day.date, quantity, value: day[quantity], usual: usualFor(quantity, day.date, normals), score }];
    }),
  );

/** The year's numbers, from all days and the normals; only days of that year are looked at. */
export const yearStatistics = (year: number, allDays: readonly Day[], normals: Normals): YearStatistics => {
  const days = allDays.filter((day) => yearOf(day) === year);
  const labels: Record<string, number> = {};
  for (const { weather } of days) labels[weather] = (labels[weather] ?? 0) + 1;
  return {
    year,
    days: days.length,
    meanTemperature: mean(days.map(meanOf)),
    meanMax: mean(days.map((day) => day.max)),
    meanMin: mean(days.map((day) => day.min)),
    rainTotal: sum(days.map((day) => day.rain)),
    wetDays: days.filter(isWet).length,
    meanWind: mean(days.map((day) => day.wind)),
    frostDays: days.filter((day) => day.min < 0).length,
    hotDays: days.filter((day) => day.max >= 30).length,
    longestDrySpell: longestRun(days, (day) => !isWet(day)),
    hottest: extreme(days, 'max', 1),
    coldest: extreme(days, 'min', -1),
    wettest: extreme(days, 'rain', 1),
    windiest: extreme(days, 'wind', 1),
    labels,
    anomalies: findAnomalies(days, normals),
  };
};

/** The first of the days with the highest (`sign` 1) or lowest (`sign` -1) value. */
const extreme = (days: readonly Day[], quantity: Quantity, sign: 1 | -1): Reading => {
  const [first, ...rest] = days;
  if (first === undefined) throw new Error('There is no day to look at.');
  const found = rest.reduce((best, day) => (sign * day[quantity] > sign * best[quantity] ? day : best), first);
  return { date: found.date, value: found[quantity] };
};

const longestRun = (days: readonly Day[], predicate: (day: Day) => boolean): number => {
  let longest = 0;
  let run = 0;
  for (const day of days) {
    run = predicate(day) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
};

/** Sets the years and their months side by side. */
export const compareYears = (years: readonly YearStatistics[], days: readonly Day[]): Comparison => {
  const [first, last] = [years.at(0), years.at(-1)];
  if (first === undefined || last === undefined) throw new Error('There is no year to compare.');
  const most = (value: (year: YearStatistics) => number): number =>
    years.reduce((best, year) => (value(year) > value(best) ? year : best), first).year;
  const months = [...new Set(days.map(monthOf))]
    .toSorted((a, b) => a - b)
    .map((month) => monthStatistics(month, years, days));
  return {
    years: years.map(({ year }) => year),
    days: days.length,
    meanTemperature: mean(days.map(meanOf)),
    rainTotal: sum(years.map(({ rainTotal }) => rainTotal)),
    months,
    warmest: most((year) => year.meanTemperature),
    coldest: most((year) => -year.meanTemperature),
    wettest: most((year) => year.rainTotal),
    driest: most((year) => -year.rainTotal),
    warmedEveryYear: years.every(
      (year, index) => index === 0 || year.meanTemperature > (years[index - 1]?.meanTemperature ?? Infinity),
    ),
    monthsWarmer: months.filter(
      ({ deviations: [from = null, ...later] }) => from !== null && (later.at(-1) ?? from) > from,
    ).length,
  };
};

const monthStatistics = (month: number, years: readonly YearStatistics[], allDays: readonly Day[]): MonthStatistics => {
  const days = allDays.filter((day) => monthOf(day) === month);
  const meanTemperature = mean(days.map(meanOf));
  return {
    month,
    meanTemperature,
    meanMax: mean(days.map((day) => day.max)),
    meanMin: mean(days.map((day) => day.min)),
    rainTotal: sum(days.map((day) => day.rain)) / years.length,
    wetShare: days.filter(isWet).length / days.length,
    meanWind: mean(days.map((day) => day.wind)),
    deviations: years.map(({ year }) => {
      const own = days.filter((day) => yearOf(day) === year);
      return own.length === 0 ? null : mean(own.map(meanOf)) - meanTemperature;
    }),
  };
};
