import { DagError } from '../define/DagError.js';
import type { Graph } from '../model/Graph.js';
import type { GraphError } from '../plan/GraphError.js';

/** A definition, or what holds one: a typed builder. */
export type Definition = Graph | { readonly graph: Graph };

/** The graph that is meant. */
export const graphOf = (dag: Definition | undefined): unknown =>
  attempt(
    () => (dag !== null && typeof dag === 'object' && 'graph' in dag && !('nodes' in dag) ? dag.graph : dag),
    dag,
  );

/** What reading user data gives; where that throws, the thing itself: compiling it tells what is wrong. */
export const attempt = <A, B>(read: () => A, otherwise: B): A | B => {
  try {
    return read();
  } catch {
    return otherwise;
  }
};

/** Tells all that is wrong with a definition. */
export const invalid = (errors: ReadonlyArray<GraphError>, before = ''): DagError =>
  new DagError('InvalidDag', before + errors.map(({ message }) => message).join('\n'), errors);
