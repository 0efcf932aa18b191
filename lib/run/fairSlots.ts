import { asyncScheduler } from 'rxjs';
import { show } from '../model/explain.js';
import { wrong } from './checkOptions.js';
import { macrotask } from './macrotask.js';
import type { Share, Slots } from './Slots.js';
import { Timers } from './Timers.js';

/**
 * So many slots for all runs of an executor, by weighted fair queueing: a free one goes to the run that has had least of
 * them for its weight since runs have to wait, of equal ones to that which waits longest. Nothing is taken from a run, and
 * nothing is kept back: what one does not use is there for the others.
 */
export const fairSlots = (count: number): Slots => {
  if (!(Number.isInteger(count) && count > 0)) wrong(`The slots are ${show(count)}; give a whole number from 1.`);
  let queue: Queue | undefined;
  return {
    join: (wake, scheduler, weight = 1) => {
      queue ??= new Queue(count, new Timers(scheduler ?? asyncScheduler), scheduler === undefined);
      return new FairShare(queue, weight, wake);
    },
  };
};

/** What a start costs at least, ms. */
const START_MS = 0.001;

class FairShare implements Share {
  held = 0;
  /** For its next Schedule. */
  given = 0;
  /** For how long it has held slots, per weight, since the period began: with what its latest ones are likely to take. */
  served = 0;
  wants = 0;
  /** It has come to wait since slots were given last. */
  isNew = false;
  /** How much of that, unweighted, is still to come. */
  private ahead = 0;
  private at = 0;
  private period = 0;
  private readonly queue: Queue;
  readonly weight: number;
  readonly wake: () => void;

  constructor(queue: Queue, weight: number, wake: () => void) {
    this.queue = queue;
    this.weight = weight;
    this.wake = wake;
  }

  get granted(): number {
    return this.held + this.given;
  }

  settle(held: number, wants?: number): void {
    const { queue } = this;
    this.reckon(queue.timers.now());
    const more = held - this.held;
    if (more > 0) {
      this.charge(more * queue.slotMs);
      this.served += (more * START_MS) / this.weight;
    } else if (more < 0) {
      queue.ends -= more;
      this.charge((this.ahead / this.held) * more); // took less than was thought
    }
    this.held = held;
    queue.free -= more;
    if (wants !== undefined) {
      queue.free += this.given;
      this.given = 0;
      this.wants = wants;
      if (wants === 0) queue.waiting.delete(this);
      else if (!queue.waiting.has(this)) {
        queue.waiting.add(this);
        this.isNew = true;
      }
    }
    queue.plan();
  }

  /** Adds the time that has passed. */
  reckon(now: number): void {
    const { queue } = this;
    queue.heldMs += this.held * (now - this.at);
    if (this.period !== queue.period) {
      this.period = queue.period;
      this.served = this.ahead = 0;
      this.at = Math.max(this.at, queue.began);
    }
    const beyond = this.held * (now - this.at) - this.ahead;
    this.ahead = Math.max(0, -beyond);
    this.served += Math.max(0, beyond) / this.weight;
    this.at = now;
  }

  private charge(ms: number): void {
    this.ahead += ms;
    this.served += ms / this.weight;
  }
}

/** Who waits for slots, and what is free. It knows no other runs. */
class Queue {
  free: number;
  readonly waiting = new Set<FairShare>();
  /** A new one begins when nobody has been waiting; what was before does not count. */
  period = 0;
  began = 0;
  /** How many slots were given back, and how long all were held. */
  ends = 0;
  heldMs = 0;
  private readonly count: number;
  readonly timers: Timers;
  private readonly isReal: boolean;
  private isPlanned = false;

  constructor(free: number, timers: Timers, isReal: boolean) {
    this.free = this.count = free;
    this.timers = timers;
    this.isReal = isReal;
  }

  /** How long a slot is held, on the average; those in use are likely to be half way. */
  get slotMs(): number {
    return (1 + this.heldMs) / (1 + this.ends + (this.count - this.free) / 2);
  }

  /** Gives free slots once everything else has been heard that happens at this instant. */
  plan(): void {
    if (this.isPlanned || this.free === 0 || this.waiting.size === 0) return;
    this.isPlanned = true;
    const give = (): void => this.give();
    if (this.isReal) macrotask(give);
    else this.timers.set(0, give);
  }

  private give(): void {
    this.isPlanned = false;
    this.welcome();
    const given = new Set<FairShare>();
    for (
      let share;
      this.free > 0 && (share = this.first(({ given, wants }) => given < wants)) !== undefined;
      this.free--
    ) {
      share.given++;
      given.add(share);
    }
    for (const share of given) {
      share.wake();
      // It can't use them now: its store or its pace keeps it, and it comes again.
      if (share.given > 0) share.settle(share.held, 0);
    }
  }

  /** Who has come to wait is owed half a slot's time, whatever was before; if all have, they begin anew. */
  private welcome(): void {
    const now = this.timers.now();
    for (const share of this.waiting) share.reckon(now);
    const first = this.first(({ isNew }) => !isNew);
    if (first === undefined) {
      this.period++;
      this.began = now;
    }
    for (const share of this.waiting) {
      share.reckon(now);
      if (share.isNew && first !== undefined)
        share.served = Math.max(share.served, first.served - this.slotMs / 2 / share.weight);
      share.isNew = false;
    }
  }

  /** Who has had least. */
  private first(counts: (share: FairShare) => boolean): FairShare | undefined {
    let first: FairShare | undefined;
    let least = Infinity;
    for (const share of this.waiting) {
      if (!counts(share)) continue;
      const claim = share.served + (share.given * this.slotMs) / share.weight;
      if (first === undefined || claim < least) {
        first = share;
        least = claim;
      }
    }
    return first;
  }
}
