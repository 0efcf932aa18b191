import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** One flight of the first quarter of 2001, as vega-datasets has it. */
export interface Flight {
  /** 2001/01/01 06:55 */
  readonly date: string;
  /** How late it arrived, in minutes; below 0 it was early. */
  readonly delay: number;
  readonly origin: string;
  readonly destination: string;
}

/** What is known of some flights. */
export interface Summary {
  readonly flights: number;
  /** How many were more than 15 minutes late. */
  readonly late: number;
  /** All delays, in minutes. */
  readonly minutes: number;
  /** The one that was most late. */
  readonly worst: Flight;
}

export interface Check {
  readonly isPlausible: boolean;
  /** Flights whose delay is hard to believe. */
  readonly doubtful: readonly Flight[];
}

/** What a second look at a doubtful flight has found. */
export interface Review {
  readonly flight: Flight;
  /** The other flights that left the same airport on that day, and how many of them were late. */
  readonly others: number;
  readonly lateOthers: number;
}

export const flightsJson = createRequire(import.meta.url)
  .resolve('vega-datasets')
  .replace(/build\/.*$/, 'data/flights-2k.json');

export const readFlights = (): readonly Flight[] => JSON.parse(readFileSync(flightsJson, 'utf8')) as readonly Flight[];

export const isLate = ({ delay }: Flight): boolean => delay > 15;

export const chunksOf = (flights: readonly Flight[], count: number): readonly (readonly Flight[])[] => {
  const size = Math.ceil(flights.length / count);
  return Array.from({ length: count }, (_, i) => flights.slice(i * size, (i + 1) * size));
};

export const summarise = (flights: readonly Flight[]): Summary => ({
  flights: flights.length,
  late: flights.filter(isLate).length,
  minutes: flights.reduce((sum, { delay }) => sum + delay, 0),
  worst: flights.reduce((worst, flight) => (flight.delay > worst.delay ? flight : worst)),
});

export const mergeSummaries = (summaries: readonly Summary[]): Summary =>
  summaries.reduce((all, one) => ({
    flights: all.flights + one.flights,
    late: all.late + one.late,
    minutes: all.minutes + one.minutes,
    worst: one.worst.delay > all.worst.delay ? one.worst : all.worst,
  }));

/** A delay of six hours or more is looked at again before anything is published. */
export const checkSummary = ({ worst }: Summary): Check => ({
  isPlausible: worst.delay < 360,
  doubtful: worst.delay < 360 ? [] : [worst],
});

export const reviewFlight = (flight: Flight, all: readonly Flight[]): Review => {
  const day = flight.date.slice(0, 10);
  const others = all.filter(
    (other) => other.origin === flight.origin && other.date.startsWith(day) && other.date !== flight.date,
  );
  return { flight, others: others.length, lateOthers: others.filter(isLate).length };
};

export const flightName = ({ date, origin, destination }: Flight): string => `${date} ${origin}-${destination}`;
