import type { Plan } from '../plan/Plan.js';
import type { GraphTable } from './GraphTable.js';
import type { NodeList } from './NodeList.js';
import { REMOVED } from './NodeRecord.js';
import type { BranchRecord, RunState } from './RunState.js';
import type { Vector } from './Vector.js';

/** What of a state changes seldom: most snapshots of a run share one of these. */
export interface Frame {
  readonly runId: string;
  readonly dagName: string;
  /** The working state it was taken from, which may have gone on since. */
  readonly state: RunState;
  readonly table: GraphTable | undefined;
  readonly branches: Vector<BranchRecord>;
  readonly branchIndex: ReadonlyMap<string, number>;
  readonly custom: Readonly<Record<string, number>>;
  readonly config: RunState['config'];
  readonly inputs: RunState['inputs'];
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly success: boolean | undefined;
  readonly error: string | undefined;
  readonly cancelling: RunState['cancelling'];
  readonly pauseReason: string | undefined;
  readonly unknown: RunState['unknown'];
  readonly iterations: number;
  readonly quiet: boolean;
}

/** What a snapshot holds beneath its views. */
export interface Inner {
  readonly frame: Frame;
  readonly nodes: NodeList;
  readonly tallies: readonly number[];
  readonly retries: number;
  readonly cacheHits: number;
  readonly runningMs: number;
}

/** The index of a node that exists in a snapshot. */
export const find = ({ frame: { table }, nodes }: Inner, id: string): number | undefined => {
  const index = table?.find(id, nodes.size);
  return index === undefined || nodes.get(index).status === REMOVED ? undefined : index;
};

/** A snapshot's nodes and plan, in the form that adjacency takes. */
export const graphOf = ({ nodes, frame: { table } }: Inner): { nodes: NodeList; plan: Plan } => ({
  nodes,
  plan: table!.plan,
});
