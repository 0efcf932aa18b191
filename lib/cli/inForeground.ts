import { readFileSync } from 'node:fs';

/**
 * Whether this process is the one that its terminal is with, and not started with `&`: the system stops one that is not
 * as soon as it asks for keys. Where the system does not tell, it is.
 */
export const inForeground = (): boolean => {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    // Behind the name, which may hold anything: state, parent, group, session, terminal, the terminal's group.
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(foreground) <= 0 || group === foreground; // -1 without a terminal of its own, 0 with one from outside its container
  } catch {
    return true;
  }
};
