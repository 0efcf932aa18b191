import type { ServerResponse } from 'node:http';
import { Refusal } from './Refusal.js';

const MADE_AT_ONCE = 4;
/** With those that wait and those that are on their way out. */
const OPEN = 64;

/** Answers that take much to make and to keep: few are made at once, and no more are begun than there is room for. */
export class LargeAnswers {
  readonly #waiting: (() => void)[] = [];
  #open = 0;
  #made = 0;

  /** Makes one when its turn comes, unless nobody waits for it any more. Throws a `Refusal` where there are too many. */
  async make(response: ServerResponse, make: () => Promise<void>): Promise<void> {
    if (response.closed) return; // and will tell of no close
    if (this.#open >= OPEN)
      throw new Refusal(503, 'Too much is asked at once; ask again a little later.', { 'retry-after': '1' });
    this.#open++;
    response.on('close', () => this.#open--);
    if (this.#made < MADE_AT_ONCE) this.#made++;
    else await new Promise<void>((turn) => this.#waiting.push(turn));
    try {
      if (!response.destroyed) await make();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#made--;
      else next();
    }
  }
}
