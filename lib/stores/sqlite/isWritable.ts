import { accessSync, constants } from 'node:fs';

/** Whether a file or folder that is there may be written, as far as its rights and its file system say. */
export const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};
