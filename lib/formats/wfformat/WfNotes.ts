import type { WfFormatError } from './WfFormatError.js';

const ERRORS_MAX = 100;

/** Collects what is wrong with a file, in the order in which it is found; of a flood the first hundred. */
export class WfNotes {
  readonly #kept: WfFormatError[] = [];
  readonly #file: string | undefined;
  #total = 0;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  get isEmpty(): boolean {
    return this.#total === 0;
  }

  add(type: WfFormatError['type'], path: string, message: string, task?: string): void {
    this.#total++;
    if (this.#kept.length < ERRORS_MAX)
      this.#kept.push({
        type,
        message,
        path,
        ...(task === undefined ? {} : { task }),
        ...(this.#file === undefined ? {} : { file: this.#file }),
      });
  }

  list(): readonly WfFormatError[] {
    const left = this.#total - this.#kept.length;
    return left === 0
      ? this.#kept
      : [...this.#kept, { type: 'Malformed', path: '', message: `There are ${left} more errors.` }];
  }
}
