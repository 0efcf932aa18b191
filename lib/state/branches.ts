import { outsOf } from './adjacency.js';
import { REMOVED } from './NodeRecord.js';
import type { RunState } from './RunState.js';

/** A branch that is paused or cancelled, with its members; nodes added later join by label, dependency or parent. */
export interface Control {
  readonly id: string;
  paused: boolean;
  cancelled: boolean;
  readonly members: Set<number>;
}

/** Tells whether anything bears this name: a node, or a label. */
export const isBranch = (state: RunState, id: string): boolean =>
  state.find(id) !== undefined ||
  (state.table?.labels.get(id)?.some((i) => i < state.nodes.size && state.nodes.get(i).status !== REMOVED) ?? false);

/**
 * A branch's members: the nodes labelled with it, and the node of that id with all that depends on it; each with the
 * nodes it was expanded into. `closed` members pass membership on to their dependants, merely labelled ones do not.
 */
export const membersOf = (state: RunState, id: string): Map<number, boolean> => {
  const members = new Map<number, boolean>();
  const root = state.find(id);
  const work: number[] = [];
  const visit = (index: number, closed: boolean): void => {
    const known = members.get(index);
    if (known === true || known === closed || index >= state.nodes.size || state.nodes.get(index).status === REMOVED)
      return;
    members.set(index, closed);
    work.push(index);
  };
  if (root !== undefined) visit(root, true);
  for (const index of state.table?.labels.get(id) ?? []) visit(index, false);
  while (work.length > 0) {
    const index = work.pop()!;
    const closed = members.get(index)!;
    for (const child of state.table?.children.get(index) ?? []) visit(child, closed);
    if (closed) for (const out of outsOf(state, index)) visit(out, true);
  }
  return members;
};

/** The control of a branch, made with its present members when there is none yet. */
export const controlOf = (state: RunState, id: string): Control => {
  let control = state.controls.get(id);
  if (control !== undefined) return control;
  control = { id, paused: false, cancelled: false, members: new Set() };
  state.controls.set(id, control);
  const alone = [Object.freeze([{ control, closed: false }]), Object.freeze([{ control, closed: true }])] as const;
  for (const [index, closed] of membersOf(state, id)) {
    control.members.add(index);
    const others = state.memberOf.get(index);
    state.memberOf.set(index, others === undefined ? alone[closed ? 1 : 0] : [...others, { control, closed }]);
  }
  return control;
};

/** Forgets a branch that is neither paused nor cancelled any more. */
export const release = (state: RunState, control: Control): void => {
  if (control.paused || control.cancelled) return;
  state.controls.delete(control.id);
  for (const index of control.members) {
    const left = state.memberOf.get(index)!.filter((m) => m.control !== control);
    if (left.length === 0) state.memberOf.delete(index);
    else state.memberOf.set(index, left);
  }
};

/** What branches a new node would belong to, of those under a command. */
export const controlsFor = (
  state: RunState,
  id: string,
  label: string | undefined,
  parent: number | undefined,
  deps: Iterable<number>,
): Map<Control, boolean> => {
  const joined = new Map<Control, boolean>();
  if (state.controls.size === 0) return joined;
  const own = state.controls.get(id);
  if (own !== undefined) joined.set(own, true);
  for (const dep of deps)
    for (const { control, closed } of state.memberOf.get(dep) ?? []) if (closed) joined.set(control, true);
  if (parent !== undefined)
    for (const { control, closed } of state.memberOf.get(parent) ?? [])
      joined.set(control, closed || joined.get(control) === true);
  const labelled = label === undefined ? undefined : state.controls.get(label);
  if (labelled !== undefined && !joined.has(labelled)) joined.set(labelled, false);
  return joined;
};

/** Lets a node, and what hangs on it, join branches under a command. */
export const join = (state: RunState, index: number, joined: ReadonlyMap<Control, boolean>): void => {
  for (const [control, closed] of joined) {
    const work: [number, boolean][] = [[index, closed]];
    while (work.length > 0) {
      const [at, on] = work.pop()!;
      const mine = state.memberOf.get(at) ?? [];
      const known = mine.find((m) => m.control === control);
      if (known !== undefined && (known.closed || !on)) continue;
      control.members.add(at);
      state.memberOf.set(at, [...mine.filter((m) => m.control !== control), { control, closed: on }]);
      for (const child of state.table!.children.get(at) ?? []) work.push([child, on]);
      if (on) for (const out of outsOf(state, at)) work.push([out, true]);
    }
  }
};

/** Tells whether a paused branch holds this node. */
export const isHeld = (state: Pick<RunState, 'controls' | 'memberOf'>, index: number): boolean =>
  state.controls.size > 0 && (state.memberOf.get(index)?.some((m) => m.control.paused) ?? false);

/** Tells whether a cancelled branch holds this node. */
export const isCut = (state: RunState, index: number): boolean =>
  state.controls.size > 0 && (state.memberOf.get(index)?.some((m) => m.control.cancelled) ?? false);
