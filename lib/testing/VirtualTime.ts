import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';
import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { Agenda, type Entry } from './Agenda.js';
import { pause, quiet } from './macrotask.js';
import { openNodes } from './openNodes.js';

/** How far virtual time may go before it is stopped. */
export interface TimeLimits {
  /** How much virtual time may pass, in milliseconds. @default Infinity */
  readonly maxMs?: number;
  /** How many actions may run; more is an error, because work that reschedules itself for ever would never end. @default 10,000,000 */
  readonly maxActions?: number;
}

/** As `TimeLimits`, for what also waits for promises. */
export interface PatientLimits extends TimeLimits {
  /** How long to wait, in real milliseconds, for promises that depend on real timers or input once nothing virtual is left. @default 20 */
  readonly patienceMs?: number;
}

/** Something that will have a report, such as a `DagRun`: if it never comes, its snapshot tells what it waits for. */
export interface Reporting<T> {
  readonly report: PromiseLike<T>;
  readonly snapshot: ExecutorSnapshot;
}

/** Virtual time went too far, or nothing is left to happen although something is still waited for. */
export class VirtualTimeError extends Error {
  override readonly name = 'VirtualTimeError';
}

type Work<T> = (this: SchedulerAction<T>, state?: T) => void;

/**
 * A clock that moves only when told, as an RxJS scheduler: given to an executor (`new DagExecutor({ …, scheduler: time })`)
 * it decides every timestamp, delay and timeout of its runs, so that an hour passes in no time and always in the same way.
 *
 * What is due at the same instant runs in the order in which it was scheduled. Scheduling costs O(log n) (RxJS's own
 * `VirtualTimeScheduler` sorts everything each time), and an action may schedule itself again.
 *
 * @example
 * const time = new VirtualTime();
 * const run = new DagExecutor({ registry, scheduler: time }).start(graph);
 * time.flush();                          // synchronous and Observable actions
 * const report = await time.until(run);  // actions that use Promises, too
 */
export class VirtualTime implements SchedulerLike {
  #now: number;
  #running = false;
  readonly #agenda = new Agenda<() => void>();

  /** @param epochMs - What `now()` says at first, in epoch milliseconds. @default 0 */
  constructor(epochMs = 0) {
    this.#now = epochMs;
  }

  /** The virtual instant, in milliseconds. */
  readonly now = (): number => this.#now;

  /** How many scheduled actions have neither run nor been cancelled. */
  get pending(): number {
    return this.#agenda.size;
  }

  /** When the next action is due; undefined if none is. */
  get nextAt(): number | undefined {
    return this.#agenda.first()?.due;
  }

  /**
   * Runs `work` once virtual time has reached `now() + delayMs`; a delay below 0 (or none) means at this instant.
   * Inside `work`, `this.schedule(state, delayMs)` runs it again. Unsubscribing cancels.
   */
  schedule<T>(work: (this: SchedulerAction<T>, state: T) => void, delayMs: number, state: T): Subscription;
  schedule<T>(work: Work<T>, delayMs?: number, state?: T): Subscription;
  schedule<T>(work: Work<T>, delayMs = 0, state?: T): Subscription {
    return new VirtualAction<T>(this.#agenda, this.now, work).schedule(state, delayMs);
  }

  /** Runs the next action and moves the clock to it. False if there is none. An error thrown by the action comes out of here. */
  step(): boolean {
    const next = this.#agenda.first();
    if (next === undefined || next.due === Infinity) return false;
    if (this.#running) throw new VirtualTimeError('An action cannot move the time in which it runs.');
    this.#running = true;
    try {
      this.#now = Math.max(this.#now, next.due);
      this.#agenda.take()!();
    } finally {
      this.#running = false;
    }
    return true;
  }

  /**
   * Runs everything, synchronously, until nothing is left or `maxMs` is reached; gives the number of actions run. An
   * error thrown by an action comes out of here at once: the clock then stands at that action, what is left is still
   * scheduled, and another `flush` goes on.
   */
  flush(limits: TimeLimits = {}): number {
    return this.#runTo(this.#now + (limits.maxMs ?? Infinity), limits.maxActions);
  }

  /** Runs everything due within the next `ms` milliseconds, in order, and leaves the clock there. */
  advanceBy(ms: number): number {
    return this.advanceTo(this.#now + ms);
  }

  /** Runs everything due up to `at` (epoch milliseconds), in order, and leaves the clock there. Throws a RangeError if that is past. */
  advanceTo(at: number): number {
    if (!(at >= this.#now && at < Infinity)) throw new RangeError(`Time cannot go from ${this.#now} to ${at} ms.`);
    const ran = this.#runTo(at);
    this.#now = at;
    return ran;
  }

  /**
   * As `flush`, and between two virtual instants lets the event loop turn until promises have scheduled nothing new for
   * some turns: so user code may use Promises. Real timers and input are not waited for, except at the end.
   */
  async runAll(limits: PatientLimits = {}): Promise<number> {
    return (await this.#runAsync(limits, () => false)).ran;
  }

  /**
   * Lets virtual time pass, as `runAll` does, until the promise (or a run's report) settles, and gives its value. Throws
   * a `VirtualTimeError` that names what is still open if nothing is left to happen or a limit is reached.
   */
  async until<T>(target: PromiseLike<T> | Reporting<T>, limits: PatientLimits = {}): Promise<T> {
    let settled = false;
    const settle = (): void => void (settled = true);
    const promise = Promise.resolve('report' in target ? target.report : target);
    promise.then(settle, settle);
    const { ran } = await this.#runAsync(limits, () => settled);
    if (settled) return promise;
    const what = 'report' in target ? openNodes(target.snapshot) : 'the promise has not settled';
    const left = this.#agenda.entries();
    const next = left.slice(0, 5).map(({ due }) => `${due} ms`);
    throw new VirtualTimeError(
      left.length === 0
        ? `Nothing is left to happen at ${this.#now} ms (${ran} actions ran), but ${what}.`
        : `The limit was reached at ${this.#now} ms (${ran} actions ran), but ${what}; ${left.length} actions are scheduled, the next at ${next.join(', ')}.`,
    );
  }

  #runTo(at: number, maxActions = 10_000_000): number {
    let ran = 0;
    for (let next = this.#agenda.first(); next !== undefined && next.due <= at; next = this.#agenda.first()) {
      if (ran >= maxActions)
        throw new VirtualTimeError(
          `${ran} actions have run and ${this.pending} are left at ${this.#now} ms: does one reschedule itself for ever?`,
        );
      if (!this.step()) break;
      ran++;
    }
    return ran;
  }

  async #runAsync(limits: PatientLimits, done: () => boolean): Promise<{ readonly ran: number }> {
    const end = this.#now + (limits.maxMs ?? Infinity);
    const patienceMs = limits.patienceMs ?? 20;
    let left = limits.maxActions ?? 10_000_000;
    let ran = 0;
    let waitedMs = 0;
    for (;;) {
      const due = this.#runTo(this.#now, left);
      left -= due;
      ran += due;
      await quiet(() => `${this.#agenda.made} ${this.#agenda.size} ${done()}`);
      if (done()) return { ran };
      const next = this.nextAt;
      if (next !== undefined && next <= this.#now) continue;
      if (next !== undefined && next < Infinity) {
        if (next > end) return { ran };
        waitedMs = 0;
        this.#now = next;
      } else if (waitedMs < patienceMs) {
        waitedMs++;
        await pause(1);
      } else return { ran };
    }
  }
}

/** One piece of work on the agenda: at most one entry at a time; scheduling it again replaces the entry that it had. */
class VirtualAction<T> extends Subscription implements SchedulerAction<T> {
  readonly #agenda: Agenda<() => void>;
  readonly #now: () => number;
  readonly #work: Work<T>;
  #entry: Entry<() => void> | undefined;

  constructor(agenda: Agenda<() => void>, now: () => number, work: Work<T>) {
    super();
    this.#agenda = agenda;
    this.#now = now;
    this.#work = work;
  }

  schedule(state?: T, delayMs = 0): Subscription {
    if (this.closed) return this;
    if (this.#entry !== undefined) this.#agenda.cancel(this.#entry);
    this.#entry = this.#agenda.add(this.#now() + (delayMs > 0 ? delayMs : 0), () => {
      this.#entry = undefined;
      try {
        this.#work(state);
      } catch (error) {
        this.unsubscribe();
        throw error;
      }
    });
    return this;
  }

  override unsubscribe(): void {
    if (this.#entry !== undefined) this.#agenda.cancel(this.#entry);
    this.#entry = undefined;
    super.unsubscribe();
  }
}
