import { writeSync } from 'node:fs';

/** Writes all of a text to an open file, however little the system takes at a time; Node's own stream drops the rest. */
export const writeAll = (fd: number, text: string): void => {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
};
