import type { EventLog } from './EventLog.js';

/** How often another moment is shown, milliseconds. */
const TICK_MS = 33;

/** Shows the moments of a log one after the other, so many times as fast as they were. */
export class Playback {
  speed: number | undefined;
  readonly #show: (seq: number) => void;
  readonly #log: () => EventLog;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(show: (seq: number) => void, log: () => EventLog) {
    this.#show = show;
    this.#log = log;
  }

  play(from: number, speed: number): void {
    this.stop();
    if (this.#log().size === 0 || !(speed > 0)) return;
    this.speed = speed;
    const begun = performance.now();
    const at = this.#log().timeAt(Math.max(1, from));
    let seq = from;
    this.#timer = setInterval(() => {
      const log = this.#log();
      const next = Math.max(seq, log.seqAt(at + (performance.now() - begun) * speed));
      if (next >= log.size) this.stop();
      if (next === seq && this.speed !== undefined) return;
      seq = next;
      this.#show(seq);
    }, TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = this.speed = undefined;
  }
}
