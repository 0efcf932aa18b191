import { statSync } from 'node:fs';
import { Fault } from '../Fault.js';

/** Which file it is that was opened by a path: SQLite goes on with one that was removed, and all that it writes there is lost. */
export class FileIdentity {
  readonly #path: string;
  readonly #opened: string | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#opened = path === ':memory:' ? undefined : identityAt(path);
  }

  /** Throws a `Fault` where the path leads to no file any more, or to another one. */
  check(): void {
    if (this.#opened !== undefined && identityAt(this.#path) !== this.#opened)
      throw new Fault(
        'StoreUnavailable',
        `The database ${this.#path} was removed or replaced; put it back, or start again with the one that is there now.`,
      );
  }
}

const identityAt = (path: string): string => {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? 'none' : `${found.dev} ${found.ino}`;
};
