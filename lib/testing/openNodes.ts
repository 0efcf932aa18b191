import type { ExecutorSnapshot } from '../model/ExecutorSnapshot.js';
import { isFinal } from '../model/Status.js';

/** What a run still waits for, in words: `the run "etl" is running: "load" is pending (dependency clean), …`. */
export const openNodes = (snapshot: ExecutorSnapshot): string => {
  const open: string[] = [];
  let more = 0;
  for (const { id, status } of snapshot.nodes()) {
    if (isFinal(status)) continue;
    if (open.length >= 10) more++;
    else open.push(`"${id}" is ${status}${reasons(snapshot, id)}`);
  }
  if (more > 0) open.push(`${more} more are not final`);
  return `the run "${snapshot.dagName}" is ${snapshot.status}: ${open.join(', ') || 'every node is final'}`;
};

const reasons = (snapshot: ExecutorSnapshot, id: string): string => {
  const on = snapshot.whyNotStarted(id)?.on ?? [];
  if (on.length === 0) return '';
  const words = on.slice(0, 3).map((reason) => {
    const [key, value] = Object.entries(reason)[0] ?? ['', ''];
    return key === 'input' ? 'input' : `${key} ${String(value)}`;
  });
  return ` (${words.join(', ')})`;
};
