import type { EventOf } from '../model/ExecutionEvent.js';
import type { Plan } from '../plan/Plan.js';
import { GraphTable } from './GraphTable.js';
import * as N from './NodeRecord.js';
import type { BoundSpec } from './NodeRecord.js';
import { NodeRecords } from './NodeRecords.js';
import type { RunState } from './RunState.js';

type RunStarted = EventOf<'RunStarted'>;

/** What RunStarted says beside the nodes. */
export const begin = (state: RunState, event: RunStarted, plan: Plan): void => {
  state.runId = event.runId;
  state.dagName = event.dagName;
  state.config = event.config;
  state.inputs = event.inputs;
  state.maxParallelNodes = event.config.enableParallelExecution ? event.config.maxParallelNodes : 1;
  state.startedAt = event.at;
  state.table = new GraphTable(plan);
  state.reserve(plan.depStart.length - 1);
};

/** All that RunStarted says. */
export const runStarted = (
  state: RunState,
  event: RunStarted,
  plan: Plan,
  nodes = firstNodes(new NodeRecords(), event, plan, state.owner, plan.nodes.length),
): void => {
  begin(state, event, plan);
  const { depStart } = plan;
  const { listener, open, counts } = state;
  const { size } = nodes;
  for (let index = 0; index < size; index++) {
    const degree = depStart[index + 1]! - depStart[index]!;
    open[index] = degree;
    counts[degree === 0 ? N.READY : N.PENDING]!++;
  }
  state.nodes = nodes;
  if (listener !== undefined) for (let index = 0; index < size; index++) if (open[index] === 0) listener.ready(index);
};

/** Adds the nodes as they stand when a run begins, up to so many. */
export const firstNodes = (
  into: NodeRecords,
  { definition }: RunStarted,
  { depStart }: Plan,
  owner: number,
  end: number,
): NodeRecords => {
  const specs = definition.nodes as readonly BoundSpec[];
  for (let index = into.size; index < end; index++)
    into.push({
      owner,
      spec: specs[index]!,
      status: depStart[index] === depStart[index + 1] ? N.READY : N.PENDING,
      attempt: 0,
      startedAt: undefined,
      endedAt: undefined,
      output: undefined,
      extra: undefined,
    });
  return into;
};
