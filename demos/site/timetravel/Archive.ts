import { DagExecutor, memoryStore, type DagRun, type ExecutionEvent, type RunDiff } from '../../../lib/index.js';
import { VirtualTime } from '../../../lib/testing/VirtualTime.js';
import { actions, investigate, survey, THRESHOLD } from './survey.js';

/** The parts of the engine that stored runs need are loaded when they are; that takes real time. */
const PATIENCE_MS = 10_000;

/** A run that has ended, with its log. */
export interface Kept {
  readonly run: DagRun;
  readonly events: readonly ExecutionEvent[];
}

/** Runs that have ended, in a store in the page's memory. All time is virtual: each run is there at once. */
export class Archive {
  readonly #time = new VirtualTime(Date.UTC(2026, 4, 4, 8));
  readonly #executor = new DagExecutor({
    registry: actions(this.#time),
    hooks: [Object.assign(investigate, { hookName: 'investigate' })],
    store: memoryStore(),
    scheduler: this.#time,
    random: () => 0,
    config: { maxParallelNodes: 5 },
  });
  #forks = 0;

  /** The first run, from its beginning to its end. */
  first(): Promise<Kept> {
    return this.#finish(this.#executor.start(survey, { runId: 'first', inputs: { threshold: THRESHOLD } }));
  }

  /** Begins another run with what one had come to after an event, with another input, and lets it end. */
  async fork(runId: string, atSeq: number, threshold: number, again: readonly string[] = []): Promise<Kept> {
    const name = `fork-${++this.#forks}`;
    return this.#finish(
      await this.#executor.fork(runId, { atSeq, runId: name, inputs: { threshold }, again: [...again] }),
    );
  }

  diff(runA: string, runB: string): Promise<RunDiff> {
    return this.#executor.diff(runA, runB);
  }

  async #finish(run: DagRun): Promise<Kept> {
    await this.#time.until(run, { patienceMs: PATIENCE_MS });
    const events: ExecutionEvent[] = [];
    run.eventsFrom(1).subscribe((event) => events.push(event));
    return { run, events };
  }
}
