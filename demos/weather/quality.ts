import type { Clean, Day } from './days.js';
import type { Quantity, YearStatistics } from './statistics.js';

/** A day whose label says something else than its measurements. */
export type Contradiction = { readonly date: string; readonly weather: string; readonly why: string };

/** The same reading on `days` days in a row. */
export type FrozenRun = {
  readonly quantity: Quantity;
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly value: number;
};

export type Quality = {
  readonly rows: number;
  readonly dropped: Clean['dropped'];
  readonly missing: readonly string[];
  readonly contradictions: readonly Contradiction[];
  readonly frozen: readonly FrozenRun[];
  /** How many of the temperatures are whole degrees Fahrenheit, and of how many. */
  readonly wholeFahrenheit: { readonly count: number; readonly of: number };
  readonly meanWind: number;
  readonly anomalies: number;
  /** Whether nothing may be published before somebody has looked, and why. */
  readonly hold: boolean;
  readonly reason: string;
};

/** A snow label is doubted above this minimum temperature, in °C. */
const SNOW_MIN_MAX = 2;
/** So many equal readings in a row are worth a remark. */
const FROZEN_DAYS = 4;

/** Looks at the data as a whole. Anomalies hold the report back: an unseen error would end up in it. */
export const checkQuality = ({ days, dropped, missing }: Clean, years: readonly YearStatistics[]): Quality => {
  const contradictions = days.flatMap(contradiction);
  const anomalies = years.reduce((count, year) => count + year.anomalies.length, 0);
  const temperatures = days.flatMap(({ max, min }) => [max, min]);
  return {
    rows: days.length + dropped.length,
    dropped,
    missing,
    contradictions,
    frozen: [...frozenRuns(days, 'max'), ...frozenRuns(days, 'min'), ...frozenRuns(days, 'wind')],
    wholeFahrenheit: { count: temperatures.filter(isWholeFahrenheit).length, of: temperatures.length },
    meanWind: days.reduce((total, { wind }) => total + wind, 0) / days.length,
    anomalies,
    hold: anomalies > 0,
    reason: anomalies > 0 ? `${anomalies} readings stand out and must be looked at first` : 'no reading stands out',
  };
};

const contradiction = ({ date, weather, rain, min }: Day): Contradiction[] =>
  weather === 'rain' && rain === 0
    ? [{ date, weather, why: 'no rain measured' }]
    : weather === 'sun' && rain > 0
      ? [{ date, weather, why: 'rain measured' }]
      : weather === 'snow' && min > SNOW_MIN_MAX
        ? [{ date, weather, why: `never colder than ${SNOW_MIN_MAX} °C` }]
        : [];

const frozenRuns = (days: readonly Day[], quantity: Quantity): FrozenRun[] => {
  const runs: FrozenRun[] = [];
  let start = 0;
  for (let end = 1; end <= days.length; end++) {
    const [first, last] = [days[start], days[end - 1]];
    if (first === undefined || last === undefined || days[end]?.[quantity] === first[quantity]) continue;
    if (end - start >= FROZEN_DAYS)
      runs.push({ quantity, from: first.date, to: last.date, days: end - start, value: first[quantity] });
    start = end;
  }
  return runs;
};

/** Whether a temperature, rounded to tenths of °C, can come from a whole number of °F. */
const isWholeFahrenheit = (celsius: number): boolean => {
  const fahrenheit = Math.round((celsius * 9) / 5 + 32);
  return Math.abs(((fahrenheit - 32) * 5) / 9 - celsius) <= 0.0501;
};
