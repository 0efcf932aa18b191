import type { Links } from './Links.js';

/** The longest way through a graph, by what its nodes take. */
export interface CriticalPath {
  /** Indexes of nodes, in order. */
  readonly path: readonly number[];
  readonly lengthMs: number;
  /** By how much a node could take longer before the whole would, milliseconds; NaN for one that never takes any. */
  slackMs(index: number): number;
}

/** Finds it, given what each node takes; of a graph with a cycle, which none should be, that of its rest. */
export const criticalPath = ({ depStart, outStart, outs }: Links, takesMs: Float64Array): CriticalPath => {
  const size = depStart.length - 1;
  const open = new Int32Array(size);
  const order = new Int32Array(size);
  let count = 0;
  for (let index = 0; index < size; index++) {
    open[index] = depStart[index + 1]! - depStart[index]!;
    if (open[index] === 0) order[count++] = index;
  }
  const head = new Float64Array(size);
  const before = new Int32Array(size).fill(-1);
  for (let i = 0; i < count; i++) {
    const index = order[i]!;
    const until = head[index]! + takesMs[index]!;
    for (let k = outStart[index]!; k < outStart[index + 1]!; k++) {
      const out = outs[k]!;
      if (until > head[out]! || before[out] === -1) {
        head[out] = until;
        before[out] = index;
      }
      if (--open[out]! === 0) order[count++] = out;
    }
  }
  const tail = new Float64Array(size);
  let last = -1;
  let lengthMs = -1;
  for (let i = count - 1; i >= 0; i--) {
    const index = order[i]!;
    let longest = 0;
    for (let k = outStart[index]!; k < outStart[index + 1]!; k++)
      longest = Math.max(longest, tail[outs[k]!]! + takesMs[outs[k]!]!);
    tail[index] = longest;
    const until = head[index]! + takesMs[index]!;
    if (longest === 0 && until > lengthMs) [lengthMs, last] = [until, index];
  }
  const path: number[] = [];
  for (let index = last; index >= 0; index = before[index]!) path.push(index);
  path.reverse();
  lengthMs = Math.max(0, lengthMs);
  return { path, lengthMs, slackMs: (index) => lengthMs - head[index]! - takesMs[index]! - tail[index]! };
};
