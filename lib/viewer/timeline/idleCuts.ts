import type { Attempts } from '../view/Attempts.js';

/** Times in which nothing ran, to be left out of an axis. */
export interface IdleCut {
  readonly from: number;
  readonly to: number;
}

/**
 * Where nothing ran for long: the pauses that are worth a cut, in order. One is where it is longer than a few hundredths of
 * all the time in which something ran.
 */
export const idleCuts = (attempts: Attempts, from: number, to: number): readonly IdleCut[] => {
  const pauses: IdleCut[] = [];
  let idle = 0;
  let until = from;
  const pause = (end: number): void => {
    if (end <= until) return;
    pauses.push({ from: until, to: end });
    idle += end - until;
  };
  // Attempts come in the order of their starts, so one sweep finds what none of them covers. A node that only waits, for a
  // person perhaps, is idle as well.
  for (let i = 0; i < attempts.size; i++) {
    if (attempts.isWait[i] === 1) continue;
    pause(attempts.startAt[i]!);
    const endAt = attempts.endAt[i]!;
    until = Math.max(until, Number.isNaN(endAt) ? to : endAt);
  }
  pause(to);
  const least = Math.max(1, (to - from - idle) * 0.05);
  return pauses.filter((cut) => cut.to - cut.from > least);
};
