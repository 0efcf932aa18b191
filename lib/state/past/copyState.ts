import type { Control } from '../branches.js';
import type { RunState } from '../RunState.js';
import { newOwner } from '../Vector.js';

/**
 * A second working state that goes on by itself, all but its tallies of dependencies; large parts are shared until one of
 * the two changes them.
 *
 * @param to - a new one of the same run.
 */
export const copyState = <S extends RunState>(from: S, to: S): S => {
  from.owner = newOwner(); // its chunks are no longer its own
  to.seq = from.seq;
  to.at = from.at;
  to.status = from.status;
  to.config = from.config;
  to.inputs = from.inputs;
  to.maxParallelNodes = from.maxParallelNodes;
  from.counts.forEach((n, code) => (to.counts[code] = n));
  to.retries = from.retries;
  to.cacheHits = from.cacheHits;
  to.runningMs = from.runningMs;
  to.iterations = from.iterations;
  to.custom = from.custom;
  to.startedAt = from.startedAt;
  to.endedAt = from.endedAt;
  to.success = from.success;
  to.error = from.error;
  to.cancelling = from.cancelling;
  to.pauseReason = from.pauseReason;
  to.unknown = from.unknown;
  to.quiet = from.quiet;
  to.nodes = from.nodes.share();
  to.branches = from.branches.share();
  copyInto(to.branchIndex, from.branchIndex);
  to.table = from.table;
  copyInto(to.poolUse, from.poolUse);
  to.badSkips = from.badSkips;
  copyInto(to.generated, from.generated);
  for (const index of from.starting) to.starting.add(index);
  copyInto(to.openChildren, from.openChildren);
  for (const [id, control] of from.controls) to.controls.set(id, { ...control, members: new Set(control.members) });
  const copyOf = ({ id }: Control): Control => to.controls.get(id)!;
  for (const [index, joined] of from.memberOf)
    to.memberOf.set(
      index,
      joined.map(({ control, closed }) => ({ control: copyOf(control), closed })),
    );
  return to;
};

const copyInto = <K, V>(to: Map<K, V>, from: ReadonlyMap<K, V>): void => {
  for (const [key, value] of from) to.set(key, value);
};
