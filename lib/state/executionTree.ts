import type { ExecutionTree } from '../model/DagExecutionReport.js';
import { nodeStatuses } from '../model/Status.js';
import { depsOf } from './adjacency.js';
import * as N from './NodeRecord.js';
import { find, graphOf } from './Inner.js';
import type { Snapshot } from './Snapshot.js';

/** What led to what in a run, flat: nodes in definition order, and an edge for each dependency, addition and expansion. */
export const executionTree = ({ inner }: Snapshot): ExecutionTree => {
  const nodes: ExecutionTree['nodes'][number][] = [];
  const edges: ExecutionTree['edges'][number][] = [];
  for (let index = 0; index < inner.nodes.size; index++) {
    const { spec, status, startedAt, endedAt, extra } = inner.nodes.get(index);
    if (status === N.REMOVED) continue;
    nodes.push({
      nodeId: spec.id,
      status: nodeStatuses[status]!,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(endedAt === undefined ? {} : { endedAt }),
      ...(extra?.addedBy === undefined ? {} : { addedBy: extra.addedBy }),
    });
    if (startedAt !== undefined)
      for (const dep of depsOf(graphOf(inner), index))
        edges.push({ parent: inner.nodes.get(dep).spec.id, child: spec.id, label: 'executed_after' });
    if (extra?.addedAfter !== undefined && find(inner, extra.addedAfter) !== undefined)
      edges.push({ parent: extra.addedAfter, child: spec.id, label: 'added_by' });
    if (spec.parent !== undefined) edges.push({ parent: spec.parent, child: spec.id, label: 'expanded_from' });
  }
  return { nodes, edges };
};
