import { CANCELLED, FAILED, SKIPPED, isDone } from '../theme/looks.js';
import { criticalPath, type CriticalPath } from './criticalPath.js';
import type { Head } from './Head.js';
import { lookOf } from './lookOf.js';

/** While a run goes on the critical path is found anew at most so often, milliseconds. */
const GAP_MS = 500;

/** The looks of nodes that have ended, where those may never have begun. */
const NEVER: readonly number[] = [FAILED, SKIPPED, CANCELLED];

/** The critical path of a run. */
export interface RunPath extends CriticalPath {
  /** Whether times are known or expected of any node: else the path is the one with the most nodes, and no length means anything. */
  readonly isTimed: boolean;
}

/**
 * The ways through a run's graph, as if there were slots for all. A node takes from its first start to its end, as it did
 * or is expected to: waits for people, and for the next attempt, are in it.
 */
export class Ways {
  readonly #head: Head;
  readonly #now: () => number;
  #known: RunPath | undefined;
  #seq = 0;
  #madeAt = 0;

  /** @param now - The end of the run's time, epoch milliseconds. */
  constructor(head: Head, now: () => number) {
    this.#head = head;
    this.#now = now;
  }

  get critical(): RunPath {
    const { log, isOver } = this.#head;
    const isNew = performance.now() - this.#madeAt < GAP_MS || (isOver && this.#seq === log.size);
    if (this.#known !== undefined && isNew) return this.#known;
    this.#seq = log.size;
    this.#known = this.#find();
    this.#madeAt = performance.now();
    return this.#known;
  }

  #find(): RunPath {
    const { links, attempts, state } = this.#head;
    const { takesMs, isTimed } = this.#takes();
    const found = criticalPath(links, takesMs);
    // What kept results have served takes no time, but others went on from it.
    const neverTakes = (index: number): boolean =>
      NEVER.includes(lookOf(state, index)) && Number.isNaN(attempts.span(index)[0]);
    return {
      path: found.path.filter((index) => !neverTakes(index)),
      lengthMs: found.lengthMs,
      slackMs: (index) => (neverTakes(index) ? NaN : found.slackMs(index)),
      isTimed,
    };
  }

  #takes(): { readonly takesMs: Float64Array; readonly isTimed: boolean } {
    const { attempts, state, size } = this.#head;
    const now = this.#now();
    const takesMs = new Float64Array(size);
    let sum = 0;
    let ended = 0;
    for (let index = 0; index < size; index++) {
      if (!isDone(lookOf(state, index))) continue;
      const [begunAt, endedAt] = attempts.span(index);
      if (Number.isNaN(begunAt)) continue;
      takesMs[index] = Math.max(0, endedAt - begunAt);
      sum += attempts.spentMs(index, endedAt);
      ended++;
    }
    // Who has no estimate is expected to take as long as others did.
    const mean = ended === 0 ? 1 : sum / ended;
    let isTimed = ended > 0;
    for (let index = 0; index < size; index++) {
      if (isDone(lookOf(state, index))) continue;
      const { estimateMs } = this.#head.specOf(index);
      const [begunAt] = attempts.span(index);
      const expectedMs = estimateMs ?? mean;
      const hasBegun = !Number.isNaN(begunAt);
      isTimed ||= hasBegun || estimateMs !== undefined;
      if (!hasBegun) takesMs[index] = expectedMs;
      else {
        const openSince = attempts.openSince(index) ?? now;
        takesMs[index] = Math.max(0, openSince - begunAt) + Math.max(now - openSince, expectedMs);
      }
    }
    return { takesMs, isTimed };
  }
}
