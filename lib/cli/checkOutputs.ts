import { statSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { printable } from '../model/printable.js';
import { UsageError } from './UsageError.js';

type Files = Readonly<Record<string, string | undefined>>;

/** Throws a `UsageError` for a file to write that has no name, that is read as well, or that is to be written twice. */
export const checkOutputs = (inputs: Files, outputs: Files): void => {
  const taken = new Map<string, string>();
  const take = (path: string, what: string): void => void (isFile(path) && taken.set(identityOf(path), what));
  for (const [what, path] of Object.entries(inputs)) if (path !== undefined && path !== '-') take(path, what);
  for (const [option, path] of Object.entries(outputs)) {
    if (path === undefined) continue;
    if (path === '') throw new UsageError(`${option} names no file; give the path of one to write.`);
    const other = taken.get(identityOf(path));
    if (other !== undefined)
      throw new UsageError(
        other in outputs
          ? `${other} and ${option} are both ${printable(path)}; give each a file of its own.`
          : `${option} would overwrite ${other}, ${printable(path)}; give another file.`,
      );
    take(path, option);
  }
};

const statOf = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // whoever reads or writes it will tell why
  }
};

/** A device is none: any number may write to it. */
const isFile = (path: string): boolean => statOf(path)?.isFile() ?? true;

/** The same for all names of one file. */
const identityOf = (path: string): string => {
  const found = statOf(path);
  return found === undefined ? resolve(path) : `${found.dev} ${found.ino}`;
};
