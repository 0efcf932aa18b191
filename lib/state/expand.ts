import { failureOf } from '../model/Failure.js';
import { setOwn, toJson, type Json } from '../model/Json.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { mapRefs, scopeRef } from '../plan/references.js';
import type { Plan } from '../plan/Plan.js';
import { isCut } from './branches.js';
import { cancelReason } from './cancel.js';
import * as N from './NodeRecord.js';
import type { BoundSpec } from './NodeRecord.js';
import type { RunState } from './RunState.js';
import type { Turn, World } from './Turn.js';
import { errorOf, inputsOf, outputOf, valueOf } from './values.js';

const DEPTH_MAX = 32;

/**
 * Puts in a fan-out's items, or a sub-DAG's nodes, and lets the parent wait for them: NodeWaiting and every NodeAdded in
 * one transition. Answers with the error where that can't be done.
 */
export const expand = (turn: Turn, index: number): Error | undefined => {
  const { state } = turn;
  const { spec } = state.nodes.get(index);
  let specs: readonly BoundSpec[];
  try {
    let depth = 1;
    for (let { parent } = spec; parent !== undefined; { parent } = state.nodes.get(state.find(parent)!).spec) depth++;
    if (depth > DEPTH_MAX) throw new Error(`Node "${spec.id}" is nested more than ${DEPTH_MAX} levels deep.`);
    specs = spec.forEach === undefined ? nodesOf(state, turn.world.library, index) : itemsOf(state, index, spec);
    if (state.nodes.size + specs.length > state.config.maxNodes)
      throw new Error(
        `Its ${specs.length} nodes would exceed the limit of ${state.config.maxNodes} nodes (config.maxNodes).`,
      );
  } catch (error) {
    return error as Error;
  }
  turn.emit({ type: 'NodeWaiting', nodeId: spec.id, on: spec.forEach === undefined ? 'dag' : 'items' });
  for (const node of specs) addChild(turn, node);
  turn.agenda.ranks.grow();
  return undefined;
};

/** Adds a node of an expansion; one whose label is a cancelled branch is cancelled with it. */
const addChild = (turn: Turn, node: BoundSpec): void => {
  const { state } = turn;
  turn.emit({ type: 'NodeAdded', node });
  const index = state.nodes.size - 1;
  if (isCut(state, index))
    turn.emit({ type: 'NodeCancelled', nodeId: node.id, reason: cancelReason(state, index), abandoned: false });
};

/** One node per item; what it depends on has ended, so it starts whatever became of that. */
export const itemsOf = (state: RunState, index: number, spec: BoundSpec): readonly BoundSpec[] => {
  const items = valueOf(state, state.boundOf(index)!.forEach!);
  if (!Array.isArray(items))
    throw new TypeError(
      `"forEach" of node "${spec.id}" refers to ${items === null ? 'null' : `a ${typeof items}`}, not to a list.`,
    );
  const {
    when: _when,
    forEach: _forEach,
    deps: _deps,
    onFailure: _onFailure,
    failureAction: _failureAction,
    branch: _branch,
    ...rest
  } = state.realSpec(index);
  return (items as readonly Json[]).map((item, i) =>
    Object.freeze({ ...rest, id: `${spec.id}[${i}]`, runIf: 'allDone' as const, parent: spec.id, item, index: i }),
  );
};

/** The other DAG's nodes under this node's name; `inputs.…` in them means this node's `inputs`. */
export const nodesOf = (state: RunState, library: World['library'], index: number): readonly BoundSpec[] => {
  const { spec } = state.nodes.get(index);
  const { dag } = inputsOf(state, index);
  const plan: Plan | undefined = typeof dag === 'string' ? library(dag) : undefined;
  if (plan === undefined)
    throw new Error(`Node "${spec.id}" names the DAG ${JSON.stringify(dag ?? null)}, which is not loaded.`);
  const prefix = `${spec.id}/`;
  const find = (id: string): number | undefined => plan.indexOf.get(id);
  const order = plan.nodes.map((_, i) => i).sort((a, b) => plan.order[a]! - plan.order[b]!);
  return order.map((i) => {
    const node = plan.nodes[i]!;
    const scoped = <V>(value: V): V => mapRefs(value, (ref) => scopeRef(ref, prefix, spec.id, find));
    const copied: NodeSpec & { id: string } = {
      ...node,
      id: prefix + node.id,
      parent: spec.id,
      ...(node.deps === undefined ? {} : { deps: Object.freeze(node.deps.map((dep) => prefix + dep)) }),
      ...(node.inputs === undefined ? {} : { inputs: scoped(node.inputs) }),
      ...(node.when === undefined
        ? {}
        : { when: { ...node.when, ...scoped({ ref: { $ref: node.when.$ref, ...pick(node.when) } }).ref } }),
      ...(node.forEach === undefined ? {} : { forEach: scoped({ ref: node.forEach }).ref }),
    };
    return Object.freeze(copied);
  });
};

const pick = ({ node, path }: { readonly node?: string; readonly path?: readonly (string | number)[] }): object => ({
  ...(node === undefined ? {} : { node }),
  ...(path === undefined ? {} : { path }),
});

/** Ends a parent whose nodes have all ended: their outputs are its output, a bad one fails it. */
export const complete = (turn: Turn, index: number): void => {
  const { state, at } = turn;
  const { spec, attempt, startedAt, extra } = state.nodes.get(index);
  const nodeId = spec.id;
  const children = state.table!.children.get(index) ?? [];
  if (state.cancelling !== undefined || isCut(state, index))
    return turn.emit({ type: 'NodeCancelled', nodeId, reason: cancelReason(state, index), abandoned: false });
  const members = children.filter((child) => !isFailureNode(state, child));
  const bad = members.filter(
    (child) => state.nodes.get(child).status === N.FAILED || N.kindOf(state.nodes.get(child)) === N.BAD,
  );
  if (bad.length > 0) {
    const first = state.nodes.get(bad[0]!);
    const cause = errorOf(state, bad[0]!);
    const message = `${bad.length} of ${members.length} ${extra?.waitingOn === 'items' ? 'items' : 'nodes'} did not succeed; "${first.spec.id}": ${cause?.message ?? 'it was cancelled or skipped'}`;
    return turn.emit({
      type: 'NodeFailed',
      nodeId,
      attempt,
      error: failureOf(Object.assign(new Error(message), { name: 'ExpansionError', stack: undefined, cause })),
    });
  }
  const outputs = members.map((child) => outputOf(state, child) ?? null);
  let output: Json;
  if (extra?.waitingOn === 'items') output = Object.freeze(outputs);
  else {
    const byName: Record<string, Json> = {};
    members.forEach((child, i) => setOwn(byName, state.nodes.get(child).spec.id.slice(nodeId.length + 1), outputs[i]!));
    output = Object.freeze(byName);
  }
  try {
    toJson(output);
  } catch (error) {
    return turn.emit({ type: 'NodeFailed', nodeId, attempt, error: failureOf(error) });
  }
  turn.emit({ type: 'NodeSucceeded', nodeId, attempt, output, durationMs: at - startedAt!, cached: false });
};

/** A node that runs a failure action belongs to its parent, but is no part of its output. */
export const isFailureNode = (state: RunState, index: number): boolean => {
  const { id, deps } = state.nodes.get(index).spec;
  return (
    deps?.length === 1 &&
    id === `${deps[0]!}.failure` &&
    state.nodes.get(state.find(deps[0]!)!).spec.failureAction !== undefined
  );
};
