import { resolve } from 'node:path';
import { DagError } from '../../define/DagError.js';
import { show } from '../../model/explain.js';

/** A database's file as it is meant now, also if the process moves to another folder. */
export const fileOf = (path: string): string => {
  if (typeof path !== 'string' || path === '' || path.includes('\0'))
    throw new DagError(
      'InvalidOptions',
      `The file of a database is ${show(path)}; it has to be a path, or ":memory:".`,
    );
  return path === ':memory:' ? path : resolve(path);
};
