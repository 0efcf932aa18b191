import { VirtualTime } from '../../../lib/testing/VirtualTime.js';
import { Frames } from '../page/Frames.js';

/** What a frame may take for work at most, in real milliseconds; what is due beyond that is late. */
const BUDGET_MS = 9;
/** A page in the background gets no frames; the gap is not made up for. */
const GAP_MS = 100;

/**
 * Virtual time that the screen's frames drive: `speed` virtual milliseconds for each real one. Given to an executor as its
 * scheduler, a run of hours passes before one's eyes in seconds, pauses with the clock, and never holds up a frame.
 */
export class FrameClock {
  readonly time = new VirtualTime();
  speed = 1;
  readonly #frames = new Frames((elapsedMs) => this.#advance(elapsedMs));

  get isRunning(): boolean {
    return this.#frames.areOn;
  }

  run(): void {
    this.#frames.start();
  }

  pause(): void {
    this.#frames.stop();
  }

  #advance(elapsedMs: number): void {
    const until = performance.now() + BUDGET_MS;
    const target = this.time.now() + Math.min(elapsedMs, GAP_MS) * this.speed;
    for (let steps = 1; (this.time.nextAt ?? Infinity) <= target; steps++) {
      this.time.step();
      if (steps % 16 === 0 && performance.now() > until) return;
    }
    this.time.advanceTo(target);
  }
}
