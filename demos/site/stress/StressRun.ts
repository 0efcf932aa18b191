import { ignoreElements, timer } from 'rxjs';
import {
  ActionRegistry,
  DagExecutor,
  action,
  setConcurrency,
  type DagRun,
  type NodeContext,
} from '../../../lib/index.js';
import { FrameClock } from '../clock/FrameClock.js';
import { graphOf, type Shape } from './graphs.js';
import { Rate } from './Rate.js';

/** What a node takes, in milliseconds of the page's clock. */
const WORK_MS = 40;

/** A run of very many nodes, with all that is measured of it. */
export class StressRun {
  readonly run: DagRun;
  readonly clock = new FrameClock();
  readonly nodes = new Rate();
  readonly snapshots = new Rate();
  readonly startedAt = performance.now();
  #endedAt: number | undefined;

  constructor(shape: Shape, size: number, slots: number) {
    const { time } = this.clock;
    const registry = new ActionRegistry().register(
      action('work', () => timer(WORK_MS, time).pipe(ignoreElements())),
      action('split', ({ inputs }: NodeContext<{ items: number }>) =>
        Array.from({ length: inputs.items }, (_, i) => i),
      ),
      action('count', ({ inputs }: NodeContext<{ parts: readonly number[] }>) => inputs.parts.length),
    );
    this.run = new DagExecutor({ registry, scheduler: time }).start(graphOf(shape, size), {
      config: { maxParallelNodes: slots },
    });
    this.run.event$.subscribe({
      next: ({ type }) => {
        if (type === 'NodeSucceeded') this.nodes.count();
      },
      complete: () => {
        this.#endedAt = performance.now();
        this.clock.pause();
      },
    });
    this.run.snapshot$.subscribe(() => this.snapshots.count());
    this.clock.run();
  }

  /** Real milliseconds since the start, at the end in all. */
  get tookMs(): number {
    return (this.#endedAt ?? performance.now()) - this.startedAt;
  }

  get isOver(): boolean {
    return this.#endedAt !== undefined;
  }

  set slots(slots: number) {
    void this.run.dispatch(setConcurrency(slots));
  }

  /** Cancels; virtual time goes on until what runs has ended. */
  stop(): void {
    this.clock.run();
    void this.run.cancel('stopped');
  }
}
