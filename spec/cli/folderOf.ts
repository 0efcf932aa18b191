import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { project, rxdag, type Ended } from '../support/cli.js';

/** A folder in which every command has the same database, `runs.db`. */
export interface Folder {
  readonly cwd: string;
  readonly rx: (...args: readonly string[]) => Promise<Ended>;
  /** The nodes whose actions were called since this was last asked, sorted: what actions write into the file `calls`, a line for each. */
  readonly calls: () => readonly string[];
}

export const folderOf = (contents: Readonly<Record<string, string>>): Folder => {
  const cwd = project(contents);
  const path = join(cwd, 'calls');
  return {
    cwd,
    rx: (...args) => rxdag(args, { cwd, env: { RXDAG_DB: 'runs.db' } }),
    calls: () => {
      const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
      rmSync(path, { force: true });
      return text.split('\n').filter(Boolean).toSorted();
    },
  };
};
