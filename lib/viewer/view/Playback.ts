import type { EventLog } from './EventLog.js';

/** How often another moment is shown, milliseconds. */
const TICK_MS = 33;
/** Where nothing happens for longer than this, of whoever watches, the rest is left out; and how long it stands still then. */
const IDLE_MS = 2_000;
const REST_MS = 500;

/** Shows the moments of a log one after the other, so many times as fast as they were. */
export class Playback {
  speed: number | undefined;
  /** What was left out before the moment that is shown, milliseconds. */
  skippedMs = 0;
  readonly #show: (seq: number) => void;
  readonly #log: () => EventLog;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(show: (seq: number) => void, log: () => EventLog) {
    this.#show = show;
    this.#log = log;
  }

  play(from: number, speed: number, skipsIdle: boolean): void {
    this.stop();
    if (this.#log().size === 0 || !(speed > 0)) return;
    this.speed = speed;
    let begun = performance.now();
    let at = this.#log().timeAt(Math.max(1, from));
    let seq = from;
    this.#timer = setInterval(() => {
      const log = this.#log();
      const watched = (performance.now() - begun) * speed;
      let next = Math.max(seq, log.seqAt(at + watched));
      let skippedMs = 0;
      if (skipsIdle && next < log.size) {
        const last = log.timeAt(Math.max(1, next));
        const gap = log.timeAt(next + 1) - last;
        if (gap > IDLE_MS * speed && at + watched - last > REST_MS * speed) {
          skippedMs = gap - (at + watched - last);
          next++;
          at = log.timeAt(next);
          begun = performance.now();
        }
      }
      if (next >= log.size) this.stop();
      if (next === seq && this.speed !== undefined) return;
      seq = next;
      this.skippedMs = skippedMs;
      this.#show(seq);
    }, TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = this.speed = undefined;
    this.skippedMs = 0;
  }
}
