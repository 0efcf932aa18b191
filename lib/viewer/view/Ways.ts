import { isDone } from '../theme/looks.js';
import { criticalPath, type CriticalPath } from './criticalPath.js';
import type { Head } from './Head.js';
import { lookOf } from './lookOf.js';

/** While a run goes on the critical path is found anew at most so often, milliseconds. */
const GAP_MS = 500;

/** The ways through a run's graph: by what nodes took, take, or are expected to take. */
export class Ways {
  readonly #head: Head;
  #known: CriticalPath | undefined;
  #seq = 0;
  #madeAt = 0;

  constructor(head: Head) {
    this.#head = head;
  }

  get critical(): CriticalPath {
    const { log } = this.#head;
    if (this.#known !== undefined && (this.#seq === log.size || performance.now() - this.#madeAt < GAP_MS))
      return this.#known;
    this.#seq = log.size;
    this.#known = criticalPath(this.#head.links, this.#takes());
    this.#madeAt = performance.now();
    return this.#known;
  }

  /** What a node takes: what it took, once it has ended; else what is expected, or already longer; else what others took. */
  #takes(): Float64Array {
    const { attempts, state, size } = this.#head;
    const times = new Float64Array(size);
    let sum = 0;
    let ended = 0;
    for (let index = 0; index < size; index++) {
      times[index] = attempts.spentMs(index, state.at);
      if (times[index]! > 0 && isDone(lookOf(state, index))) {
        sum += times[index]!;
        ended++;
      }
    }
    const mean = ended === 0 ? 1 : sum / ended;
    for (let index = 0; index < size; index++)
      if (!isDone(lookOf(state, index)))
        times[index] = Math.max(times[index]!, this.#head.specOf(index).estimateMs ?? mean);
    return times;
  }
}
