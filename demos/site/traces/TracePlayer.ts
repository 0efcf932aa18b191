import { DagExecutor, setConcurrency, simulate, type DagRun, type Simulation } from '../../../lib/index.js';
import type { Plan } from '../../../lib/plan/Plan.js';
import { FrameClock } from '../clock/FrameClock.js';
import { BusyTime } from './BusyTime.js';
import { rehearsalOf } from './rehearsal.js';

/** Plays a plan: the real executor on a clock that runs as fast as the visitor likes. */
export class TracePlayer {
  readonly plan: Plan;
  readonly run: DagRun;
  readonly clock = new FrameClock();
  readonly #busy = new BusyTime();
  #slots: number;
  #simulation: Simulation | undefined;
  #endAt: number | undefined;

  constructor(plan: Plan, slots: number, speed: number) {
    this.plan = plan;
    this.#slots = slots;
    this.clock.speed = speed;
    const { graph, registry, config } = rehearsalOf(plan, slots, this.clock.time);
    this.run = new DagExecutor({ registry, scheduler: this.clock.time }).start(graph, { config });
    this.run.event$.subscribe({
      next: (event) => {
        this.#busy.take(event);
        if (event.type === 'RunSettled') this.#endAt = event.at;
      },
      complete: () => this.clock.pause(),
    });
    this.clock.run();
  }

  get slots(): number {
    return this.#slots;
  }

  set slots(slots: number) {
    this.#slots = slots;
    this.#simulation = undefined;
    void this.run.dispatch(setConcurrency(slots));
  }

  get isOver(): boolean {
    return this.#endAt !== undefined;
  }

  /** Virtual milliseconds since the start, at the end the makespan. */
  get elapsedMs(): number {
    return this.#endAt ?? this.clock.time.now();
  }

  get utilisation(): number {
    return this.#busy.utilisation(this.elapsedMs);
  }

  /** What the whole would take with as many slots as there are now, and what no schedule can beat. */
  get simulation(): Simulation {
    return (this.#simulation ??= simulate(this.plan, { slots: this.#slots }));
  }

  close(): void {
    this.clock.pause();
    void this.run.cancel('closed');
  }
}
