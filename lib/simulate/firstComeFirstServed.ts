import { filter, from, map, mergeMap } from 'rxjs';
import type { HookOperator } from '../hooks/Hook.js';
import { ofType } from '../hooks/operators.js';
import { setPriority } from '../model/commands.js';
import type { Plan } from '../plan/Plan.js';

/**
 * Lets the nodes of a plan start in the order in which they become ready, those that are ready at once as they were
 * defined: whatever becomes ready next gets the lowest priority so far. Nodes without dependencies need theirs beforehand.
 */
export const firstComeFirstServed = (plan: Plan): HookOperator => {
  const { nodes, indexOf, depStart, outStart, outs } = plan;
  return (event$) => {
    const open = depStart.slice(1).map((end, i) => end - depStart[i]!);
    let served = nodes.length;
    return event$.pipe(
      ofType('NodeSucceeded'),
      mergeMap(({ nodeId }) => {
        const i = indexOf.get(nodeId)!;
        return from(outs.subarray(outStart[i], outStart[i + 1]));
      }),
      filter((i) => --open[i]! === 0),
      map((i) => setPriority(nodes[i]!.id, -served++)),
    );
  };
};
