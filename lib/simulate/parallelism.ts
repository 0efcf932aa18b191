import { attemptBars } from '../formats/attemptBars.js';
import type { ExecutionEvent } from '../model/ExecutionEvent.js';

/** How many nodes ran at once, on average in each of so many equal parts of a run's time; all 0 where it took none. */
export const parallelism = (events: readonly ExecutionEvent[], parts: number): Float64Array => {
  const running = new Float64Array(parts);
  const startAt = events[0]?.at ?? 0;
  const partMs = ((events.at(-1)?.at ?? startAt) - startAt) / parts;
  if (partMs === 0) return running;
  for (const bar of attemptBars(events)) {
    const [from, to] = [(bar.startAt - startAt) / partMs, (bar.endAt - startAt) / partMs];
    for (let part = Math.floor(from); part < to && part < parts; part++)
      running[part]! += Math.min(to, part + 1) - Math.max(from, part);
  }
  return running;
};
