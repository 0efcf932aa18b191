import type { Attempts } from '../../../lib/viewer/view/Attempts.js';
import { RUNNING, SUCCEEDED } from '../../../lib/viewer/theme/looks.js';

/** Attempts as the shortest rows: node, start, end (none while it goes on); each start and each end is an event of its own. */
export const attemptsOf = (...rows: readonly (readonly [node: number, start: number, end?: number])[]): Attempts => {
  const times = rows.flatMap(([, start, end], i) => [
    { i, at: start, isEnd: false, rank: 1 },
    // What ends as another begins makes room for it; nothing ends before it has begun.
    ...(end === undefined ? [] : [{ i, at: end, isEnd: true, rank: end > start ? 0 : 2 }]),
  ]);
  times.sort((a, b) => a.at - b.at || a.rank - b.rank);
  const startSeq = new Int32Array(rows.length);
  const endSeq = new Int32Array(rows.length);
  const peak = new Int32Array(rows.length);
  let running = 0;
  let most = 0;
  for (const [k, { i, isEnd }] of times.entries()) {
    (isEnd ? endSeq : startSeq)[i] = k + 2;
    running += isEnd ? -1 : 1;
    most = Math.max(most, running);
    if (!isEnd) peak[i] = most;
  }
  return {
    size: rows.length,
    node: Int32Array.from(rows, ([node]) => node),
    attempt: new Int32Array(rows.length).fill(1),
    readyAt: Float64Array.from(rows, ([, start]) => start),
    startAt: Float64Array.from(rows, ([, start]) => start),
    endAt: Float64Array.from(rows, ([, , end]) => end ?? NaN),
    end: Uint8Array.from(rows, ([, , end]) => (end === undefined ? RUNNING : SUCCEEDED)),
    isWait: new Uint8Array(rows.length),
    startSeq,
    endSeq,
    peak,
  };
};
