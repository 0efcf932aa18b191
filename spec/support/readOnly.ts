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

/** Makes a file or folder read-only, also for root, while something is done: by an attribute, or by a mount where there is none. */
export const readOnly = async <A>(path: string, work: () => Promise<A>): Promise<A> => {
  const { mode } = statSync(path);
  chmodSync(path, mode & ~0o222);
  const undo = isWritable(path) ? lock(path) : () => undefined;
  try {
    return await work();
  } finally {
    undo();
    chmodSync(path, mode);
  }
};

const lock = (path: string): (() => void) => {
  const run = (command: string, ...args: readonly string[]): unknown => execFileSync(command, args, { stdio: 'pipe' });
  try {
    run('chattr', '+i', path);
    return () => void run('chattr', '-i', path);
  } catch {
    run('mount', '--bind', path, path);
    run('mount', '-o', 'remount,bind,ro', path);
    return () => void run('umount', '-l', path);
  }
};

/** Why nothing can be made read-only here; undefined where it can. */
export const noReadOnly: string | undefined = await readOnly(temporaryFolder('readOnly'), () => Promise.resolve()).then(
  () => undefined,
  () => 'root may write everything, and the system has neither chattr nor mounts',
);
