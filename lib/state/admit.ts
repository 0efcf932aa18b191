import * as E from '#fp-ts/Either';
import type { EventBody } from '../model/ExecutionEvent.js';
import { didYouMean } from '../model/nearest.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { builtIn, checkId, expansionBases, flawOf } from '../plan/checkId.js';
import { bindNode } from '../plan/references.js';
import { controlsFor } from './branches.js';
import type { Refusal } from './decide.js';
import { Heap } from './Heap.js';
import * as N from './NodeRecord.js';
import type { BoundSpec } from './NodeRecord.js';
import type { RunState } from './RunState.js';
import type { World } from './Turn.js';

/** Checks a batch of new nodes against the live graph, as a whole; granted, they come in topological order. */
export const admit = (
  state: RunState,
  wanted: readonly NodeSpec[],
  world: World,
): E.Either<Refusal, readonly EventBody[]> => {
  const refuse = (type: string, reason: string): E.Either<Refusal, never> => E.left({ type, reason });
  const { maxNodes, pools } = state.config;
  if (state.nodes.size + wanted.length > maxNodes)
    return refuse(
      'TooManyNodes',
      `${wanted.length} more nodes would exceed the limit of ${maxNodes} nodes (config.maxNodes).`,
    );
  const batch = new Map<string, number>();
  const specs: BoundSpec[] = [];
  for (const spec of wanted) {
    const id = spec.id ?? generateId(state, spec.action, batch);
    if (batch.has(id) || state.find(id) !== undefined)
      return refuse('DuplicateId', `Node "${id.slice(0, 200)}" exists already.`);
    batch.set(id, specs.length);
    specs.push(spec.id === undefined ? Object.freeze({ ...spec, id }) : (spec as BoundSpec));
  }
  const size = state.nodes.size;
  const lookup = (id: string): number | undefined => {
    const position = batch.get(id);
    return position === undefined ? state.find(id) : size + position;
  };
  const within: number[][] = []; // dependencies inside the batch
  let sorted = true;
  for (const [position, spec] of specs.entries()) {
    const name = `Node "${spec.id.slice(0, 200)}"`;
    if (spec.id === 'inputs') return refuse('ReservedId', 'The id "inputs" is reserved for the inputs of the run.');
    const malformed = checkId(spec.id);
    if (malformed !== undefined) return refuse('MalformedId', malformed);
    const flaw = spec.branch === undefined ? undefined : flawOf(spec.branch);
    if (flaw !== undefined) return refuse('MalformedId', `The branch of ${name} ${flaw}.`);
    if (spec.parent !== undefined || spec.item !== undefined || spec.index !== undefined)
      return refuse('Malformed', `${name} sets "parent", "item" or "index"; these are set by expansion.`);
    const reserved = reservedBy(state, specs, batch, spec);
    if (reserved !== undefined)
      return refuse(
        'ReservedId',
        `The id "${spec.id.slice(0, 200)}" is reserved for what "${reserved.slice(0, 200)}" expands into.`,
      );
    if (!world.actions.has(spec.action) && !builtIn.includes(spec.action)) {
      const hint = didYouMean(spec.action, world.actions.list()) || '.';
      return refuse(
        'UnknownAction',
        `${name} names the action "${spec.action.slice(0, 200)}", which is not registered${hint}`,
      );
    }
    if (spec.pool !== undefined && !Object.hasOwn(pools, spec.pool))
      return refuse(
        'UnknownPool',
        `${name} names the pool "${spec.pool.slice(0, 200)}", which config.pools does not have.`,
      );
    const { deps, errors } = bindNode(spec, lookup);
    if (errors.length > 0) return refuse('BadReference', `${name}: ${errors[0]!.message}`);
    const inside: number[] = [];
    const outside: number[] = [];
    for (const dep of deps) {
      const index = lookup(dep);
      if (index === undefined)
        return refuse('UnknownDependency', `${name} depends on "${dep.slice(0, 200)}", which does not exist.`);
      if (dep === spec.id) return refuse('SelfDependency', `${name} can't depend on itself.`);
      if (index < size) outside.push(index);
      else {
        inside.push(index - size);
        if (index - size >= position) sorted = false;
      }
    }
    within.push(inside);
    for (const control of controlsFor(state, spec.id, spec.branch, undefined, outside).keys())
      if (control.cancelled)
        return refuse('BranchCancelled', `${name} would belong to branch "${control.id}", which is cancelled.`);
  }
  if (sorted) return E.right(specs.map((node) => ({ type: 'NodeAdded', node })));
  const order = sortBatch(within);
  if (order.length < specs.length) {
    const placed = new Set(order);
    const stuck = specs.filter((_, position) => !placed.has(position)).slice(0, 10);
    return refuse(
      'Cycle',
      `These nodes would wait for each other: ${stuck.map((spec) => spec.id.slice(0, 100)).join(', ')}.`,
    );
  }
  return E.right(order.map((position) => ({ type: 'NodeAdded', node: specs[position]! })));
};

/** `action_n`, n counting from 1 for each action and skipping ids that are taken. */
const generateId = (state: RunState, action: string, batch: ReadonlyMap<string, number>): string => {
  let n = state.generated.get(action) ?? 0;
  let id: string;
  do id = `${action}_${++n}`;
  while (batch.has(id) || state.find(id) !== undefined);
  state.generated.set(action, n);
  return id;
};

/** The positions of a batch in topological order, first come first; shorter than the batch where there is a cycle. */
const sortBatch = (within: readonly (readonly number[])[]): readonly number[] => {
  const open = within.map((deps) => deps.length);
  const outs = within.map((): number[] => []);
  within.forEach((deps, position) => deps.forEach((dep) => outs[dep]!.push(position)));
  const free = new Heap<number>((a, b) => a < b);
  open.forEach((n, position) => n === 0 && free.push(position));
  const order: number[] = [];
  for (let next = free.pop(); next !== undefined; next = free.pop()) {
    order.push(next);
    for (const out of outs[next]!) if (--open[out]! === 0) free.push(out);
  }
  return order;
};

const kindOfBase = (spec: NodeSpec, kind: 'items' | 'dag' | 'failure'): boolean =>
  kind === 'items' ? spec.forEach !== undefined : kind === 'dag' ? spec.action === 'dag' : Boolean(spec.failureAction);

/** The node whose expansion would collide with this id, or the id that this node's expansion would collide with. */
const reservedBy = (
  state: RunState,
  specs: readonly BoundSpec[],
  batch: ReadonlyMap<string, number>,
  spec: BoundSpec,
): string | undefined => {
  const last = spec.id[spec.id.length - 1];
  if (last === ']' || spec.id.includes('/') || spec.id.endsWith('.failure'))
    for (const { base, kind } of expansionBases(spec.id)) {
      const position = batch.get(base);
      const index = position === undefined ? state.find(base) : undefined;
      const owner =
        position !== undefined ? specs[position] : index === undefined ? undefined : state.nodes.get(index).spec;
      if (owner !== undefined && kindOfBase(owner, kind)) return base;
    }
  if (spec.forEach === undefined && spec.action !== 'dag' && !spec.failureAction) return undefined;
  const taken = takenBases(state);
  return (['items', 'dag', 'failure'] as const)
    .map((kind) => (kindOfBase(spec, kind) ? taken.get(`${kind} ${spec.id}`) : undefined))
    .find((id) => id !== undefined && state.find(id) !== undefined);
};

/** Which ids stand where an expansion of a node would put its own; gathered once, then kept as nodes are added. */
const takenBases = (state: RunState): Map<string, string> => {
  const table = state.table!;
  if (table.taken === undefined) {
    table.taken = new Map();
    for (let index = 0; index < state.nodes.size; index++)
      if (state.nodes.get(index).status !== N.REMOVED) table.take(state.nodes.get(index).spec.id);
  }
  return table.taken;
};
