import { asyncScheduler, map, timer, type Observable, type SchedulerLike } from 'rxjs';
import {
  ActionRegistry,
  action,
  ref,
  type Graph,
  type Hook,
  type NodeContext,
  type NodeSpec,
} from '../../lib/index.js';
import {
  checkSummary,
  chunksOf,
  flightName,
  mergeSummaries,
  readFlights,
  reviewFlight,
  summarise,
  type Flight,
  type Review,
  type Summary,
} from './flights.js';
import { superviseFlights } from './hooks.js';

export const CHUNKS = 5;

/** Where chunks lie between nodes; whoever is done with one should clear it away. */
export type Scratch = Map<string, readonly Flight[]>;

export interface FlightsPipeline {
  readonly graph: Graph;
  readonly registry: ActionRegistry;
  readonly hooks: readonly Hook[];
  /** The run's `appData`. */
  readonly scratch: Scratch;
}

/** A pipeline of nodes in parallel, and the hooks that supervise it all at the same time. */
export const flightsPipeline = (scheduler: SchedulerLike = asyncScheduler): FlightsPipeline => ({
  graph: flightsGraph,
  registry: flightsActions(scheduler),
  hooks: superviseFlights(scheduler),
  scratch: new Map(),
});

const numbers = Array.from({ length: CHUNKS }, (_, i) => i + 1);

const flightsGraph: Graph = {
  name: 'flights',
  nodes: [
    { id: 'split', action: 'split' },
    ...numbers.map((n): NodeSpec => ({
      id: `process-${n}`,
      action: 'process',
      deps: ['split'],
      inputs: { chunk: `chunk-${n}` },
    })),
    { id: 'merge', action: 'merge', inputs: { parts: numbers.map((n) => ref(`process-${n}.summary`)) } },
    { id: 'check', action: 'check', inputs: { summary: ref('merge') } },
    {
      id: 'report',
      action: 'report',
      branch: 'publish',
      deps: ['check'],
      inputs: { summary: ref('merge'), reviews: [] },
    },
    { id: 'publish', action: 'publish', branch: 'publish', inputs: { text: ref('report') } },
  ],
};

/** Gives a value after so many milliseconds, as work that takes its time would. */
type Take = <T>(ms: number, work: () => T) => Observable<T>;

const flightsActions = (scheduler: SchedulerLike): ActionRegistry => {
  const take: Take = (ms, work) => timer(ms, scheduler).pipe(map(work));
  return new ActionRegistry().register(
    action('split', ({ appData }) =>
      take(10, readFlights).pipe(
        map((flights) => {
          const chunks = chunksOf(flights, CHUNKS);
          for (const [i, chunk] of chunks.entries()) scratchOf(appData).set(`chunk-${i + 1}`, chunk);
          return chunks.map(({ length }) => length);
        }),
      ),
    ),
    action('process', ({ appData, inputs: { chunk } }: NodeContext<{ chunk: string }>) =>
      take(40 + 25 * (Number(chunk.at(-1)) % 3), () => ({
        chunk,
        summary: summarise(scratchOf(appData).get(chunk) ?? []),
      })),
    ),
    action('cleanup', ({ appData, inputs: { chunk } }: NodeContext<{ chunk: string }>) =>
      take(15, () => ({ chunk, cleared: scratchOf(appData).delete(chunk) })),
    ),
    action('merge', ({ inputs }: NodeContext<{ parts: readonly Summary[] }>) => mergeSummaries(inputs.parts)),
    action('check', ({ inputs }: NodeContext<{ summary: Summary }>) => take(20, () => checkSummary(inputs.summary))),
    action('review', ({ inputs }: NodeContext<{ flights: readonly Flight[] }>) =>
      take(60, () => {
        const all = readFlights();
        return inputs.flights.map((flight) => reviewFlight(flight, all));
      }),
    ),
    action('archive', () => take(30, () => 'archived')),
    action('report', ({ inputs }: NodeContext<{ summary: Summary; reviews: readonly Review[] }>) =>
      reportText(inputs.summary, inputs.reviews),
    ),
    action('publish', ({ inputs }: NodeContext<{ text: string }>) => take(10, () => inputs.text.length)),
  );
};

const scratchOf = (appData: unknown): Scratch => appData as Scratch;

const reportText = ({ flights, late, minutes }: Summary, reviews: readonly Review[]): string =>
  [
    `${flights} flights, ${late} of them more than 15 minutes late; ${(minutes / flights).toFixed(1)} minutes on average.`,
    ...reviews.map(
      ({ flight, others, lateOthers }) =>
        `${flightName(flight)} was ${flight.delay} minutes late; of ${others} other flights from there on that day ${lateOthers} were late, too.`,
    ),
  ].join(' ');
