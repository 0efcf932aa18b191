import type { GraphError } from './GraphError.js';
import { moreErrors } from './moreErrors.js';

const ERRORS_MAX = 100;

/** Collects errors; of a flood it keeps some of every type, and tells how many more there are. */
export class Findings {
  readonly #kept: { readonly error: GraphError; readonly place: number; readonly nth: number }[] = [];
  readonly #counts = new Map<GraphError['type'], number>();
  #total = 0;

  get isEmpty(): boolean {
    return this.#total === 0;
  }

  /** Adds an error; its message is asked for only if it may be shown. */
  add(type: GraphError['type'], message: () => string, node?: string, path?: readonly string[]): void {
    const nth = this.skip(type, 1);
    if (nth >= ERRORS_MAX) return;
    const error = {
      type,
      message: message(),
      ...(node === undefined ? {} : { node }),
      ...(path === undefined ? {} : { path }),
    };
    this.#kept.push({ error, place: this.#total, nth });
  }

  /** Counts errors that are not told one by one. */
  skip(type: GraphError['type'], count: number): number {
    const before = this.#counts.get(type) ?? 0;
    this.#counts.set(type, before + count);
    this.#total += count;
    return before;
  }

  /** At most 100, as they were found. */
  list(): readonly GraphError[] {
    if (this.#total === this.#kept.length && this.#total <= ERRORS_MAX) return this.#kept.map(({ error }) => error);
    const shown = this.#kept
      .sort((a, b) => a.nth - b.nth || a.place - b.place)
      .slice(0, ERRORS_MAX - 1)
      .sort((a, b) => a.place - b.place)
      .map(({ error }) => error);
    return [...shown, { type: 'Malformed', message: moreErrors(this.#total - shown.length) }];
  }
}
