import { DagError } from '../../define/DagError.js';

/** What an in-process engine does wrong, as queues and networks do. Shares are from 0 to 1; all are 0 by default. */
export interface Faults {
  /** Where chance comes from, in [0, 1): with the same numbers and the same scheduler the same happens. @default Math.random */
  readonly random?: () => number;
  /** The share of news that nobody hears. */
  readonly lostNews?: number;
  /** The share of news that are heard twice. */
  readonly doubledNews?: number;
  /** The longest that news may be late, milliseconds; each is late by itself, so that they overtake one another. */
  readonly lateNewsMs?: number;
  /** The share of jobs that are taken and forgotten at once. */
  readonly droppedJobs?: number;
  /** The share of jobs whose action is called and which are then given up, as if every worker that had them had died. */
  readonly lostJobs?: number;
  /** The share of jobs whose action is called twice, one call after the other: the first worker had died. */
  readonly doubledJobs?: number;
  /** The share of calls that reject as if nobody could be reached; half of them have been heard all the same. */
  readonly failedCalls?: number;
}

/** Faults as they happen. */
export class Chance {
  readonly #faults: Faults;
  readonly #random: () => number;

  /** Throws a `DagError` for a share that is none. */
  constructor(faults: Faults) {
    for (const [name, value] of Object.entries(faults) as [string, unknown][])
      if (name !== 'random' && !(typeof value === 'number' && value >= 0 && (value <= 1 || name === 'lateNewsMs')))
        throw new DagError(
          'InvalidOptions',
          name === 'lateNewsMs'
            ? 'faults.lateNewsMs is a number of milliseconds from 0.'
            : `faults.${name} is a share from 0 to 1.`,
        );
    this.#faults = faults;
    this.#random = faults.random ?? Math.random;
  }

  /** Whether it happens now. */
  has(fault: Exclude<keyof Faults, 'random' | 'lateNewsMs'>): boolean {
    const share = this.#faults[fault] ?? 0;
    return share > 0 && this.#random() < share;
  }

  /** How late the next news are, milliseconds. */
  lateness(): number {
    const most = this.#faults.lateNewsMs ?? 0;
    return most > 0 ? Math.floor(this.#random() * most) : 0;
  }

  /** Whether a call that fails has been heard. */
  isHeard(): boolean {
    return this.#random() < 0.5;
  }
}
