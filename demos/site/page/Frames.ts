/** Calls back on each frame of the screen until it is stopped, with the milliseconds since the one before. */
export class Frames {
  readonly #each: (elapsedMs: number) => void;
  #handle: number | undefined;
  #last = 0;

  constructor(each: (elapsedMs: number) => void) {
    this.#each = each;
  }

  get areOn(): boolean {
    return this.#handle !== undefined;
  }

  start(): void {
    if (this.#handle !== undefined) return;
    this.#last = performance.now();
    this.#handle = requestAnimationFrame(this.#frame);
  }

  stop(): void {
    if (this.#handle !== undefined) cancelAnimationFrame(this.#handle);
    this.#handle = undefined;
  }

  readonly #frame = (): void => {
    const now = performance.now();
    const elapsed = now - this.#last;
    this.#last = now;
    this.#handle = requestAnimationFrame(this.#frame);
    this.#each(elapsed);
  };
}
