/** Computes for so long, and lets nobody else have the thread. */
export const busyFor = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until) Math.sqrt(until);
};
