import { isHeld } from '../../state/branches.js';
import type { NodeList } from '../../state/NodeList.js';
import * as N from '../../state/NodeRecord.js';
import { CACHED, RECORDED, TIMED_OUT } from '../../state/past/PastNodes.js';
import type { RunState } from '../../state/RunState.js';
import * as L from '../theme/looks.js';

const byStatus: readonly number[] = [
  L.PENDING,
  L.READY,
  L.STARTING,
  L.RUNNING,
  L.WAITING,
  L.RETRYING,
  L.SUCCEEDED,
  L.FAILED,
  L.SKIPPED,
  L.CANCELLED,
  L.GONE,
];

/** What of a state decides how its nodes look. */
export type Seen = Pick<RunState, 'nodes' | 'status' | 'controls' | 'memberOf'>;

/** How a node of a state is shown. */
export const lookOf = (state: Seen, index: number): number => {
  const record = state.nodes.get(index);
  const { status } = record;
  if (status === N.READY && state.status === 'paused') return L.PAUSED;
  if (status <= N.READY && isHeld(state, index)) return L.PAUSED;
  if (status === N.SUCCEEDED && record.extra?.cached === true) return L.CACHED;
  if (status === N.FAILED && record.extra?.error?.name === 'TimeoutError') return L.TIMED_OUT;
  return byStatus[status]!;
};

/** The statuses of nodes of the past; of records as well, in another place. */
interface Columns extends NodeList {
  readonly statuses: Uint8Array;
}

const byColumn = new Uint8Array(256);
byColumn.set(byStatus);
byColumn.set(byStatus, RECORDED);
byColumn[RECORDED + CACHED] = L.CACHED;
byColumn[RECORDED + TIMED_OUT] = L.TIMED_OUT;

/** How all nodes of a state are shown; what is not there yet is GONE. Half a million of the past are read in a millisecond. */
export const looksInto = (state: Seen, looks: Uint8Array): void => {
  const { size } = state.nodes;
  const { statuses } = state.nodes as Partial<Columns>;
  const isPlain = state.status !== 'paused' && state.controls.size === 0;
  const told = isPlain && statuses !== undefined ? Math.min(size, statuses.length) : 0;
  for (let index = 0; index < told; index++) looks[index] = byColumn[statuses![index]!]!;
  for (let index = told; index < size; index++) looks[index] = lookOf(state, index);
  looks.fill(L.GONE, size);
};
