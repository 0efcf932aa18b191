/** Finds out when the event loop stood still for `limitMs` milliseconds or longer. */
export class LoopWatch {
  readonly #timer: NodeJS.Timeout;

  constructor(limitMs: number, tell: (ms: number) => void) {
    const everyMs = Math.min(1_000, limitMs / 2);
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      const ms = Math.round(now - last - everyMs);
      last = now;
      if (ms >= limitMs) tell(ms);
    }, everyMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
