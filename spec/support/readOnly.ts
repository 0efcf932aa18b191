import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, constants, statSync } from 'node:fs';
import { temporaryFolder } from './command.js';

const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** Makes a file or folder read-only, also for root, while something is done. */
export const readOnly = async <A>(path: string, work: () => Promise<A>): Promise<A> => {
  const { mode } = statSync(path);
  chmodSync(path, mode & ~0o222);
  const isForAll = !isWritable(path);
  try {
    if (!isForAll) execFileSync('chattr', ['+i', path], { stdio: 'pipe' });
    return await work();
  } finally {
    if (!isForAll) execFileSync('chattr', ['-i', path], { stdio: 'pipe' });
    chmodSync(path, mode);
  }
};

/** Why nothing can be made read-only here; undefined where it can. */
export const noReadOnly: string | undefined = await readOnly(temporaryFolder('readOnly'), () => Promise.resolve()).then(
  () => undefined,
  () => 'root may write everything, and the file system has no chattr',
);
