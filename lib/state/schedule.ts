import { failureOf, type Failure } from '../model/Failure.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { depsOf } from './adjacency.js';
import { isCut, isHeld } from './branches.js';
import { cancellations } from './cancel.js';
import { complete, expand } from './expand.js';
import type { Input } from './Input.js';
import * as N from './NodeRecord.js';
import type { RunState } from './RunState.js';
import type { Turn } from './Turn.js';
import { errorOf, isMet, resolvable, shownInputsOf } from './values.js';

/**
 * What follows once the inbox is empty and every hook has had its say: failures are answered, nodes that can no longer
 * run are skipped, parents of expanded nodes end, ready nodes start while slots are free. When nothing is left to do the
 * run is quiescent, and when nobody adds anything, settled.
 */
export const schedule = (turn: Turn, { open, full, slots = Infinity }: Extract<Input, { type: 'Schedule' }>): void => {
  const { state, agenda } = turn;
  if (state.endedAt !== undefined) return;
  const before = state.seq;
  answerFailures(turn);
  skipDoomed(turn);
  completeParents(turn);
  // What one phase has changed is shown to hooks before the next one builds on it.
  if (state.seq === before && isActive(state)) sift(turn);
  const isDue = state.seq === before;
  if (isDue) turn.wants = isActive(state) && !full ? fill(turn, slots) : 0;
  agenda.isUnfinished = !isDue;
  if (state.seq === before && !open && state.status !== 'paused' && !hasWork(state)) end(turn);
};

const isActive = ({ status }: RunState): boolean => status === 'running' || status === 'quiescent';

/** Policies and failure actions, for nodes that nobody has retried meanwhile. */
const answerFailures = (turn: Turn): void => {
  const { state, agenda, world } = turn;
  const failures = agenda.failures;
  if (failures.length === 0) return;
  agenda.failures = [];
  for (const index of failures) {
    const { spec, status, extra } = state.nodes.get(index);
    if (status !== N.FAILED || state.cancelling !== undefined) continue;
    if (agenda.holds.has(index)) {
      agenda.park(index, () => agenda.failed(index));
      continue;
    }
    if (spec.failureAction && world.actions.has(spec.failureAction) && !isCut(state, index))
      addFailureNode(turn, index, extra!.error!);
    if (spec.onFailure === 'continue') continue;
    const reason = `node "${spec.id}" failed: ${extra?.error?.message ?? ''}`;
    if (state.config.onFailure === 'Pause' && state.status === 'running') turn.emit({ type: 'RunPaused', reason });
    else if (state.config.onFailure === 'Stop')
      for (const body of cancellations(state, { type: 'RunCancelling', reason, origin: 'policy' })) turn.emit(body);
  }
};

/** Runs a node's failure action as node `<id>.failure`; once, however often it fails. */
const addFailureNode = (turn: Turn, index: number, error: Failure): void => {
  const { state } = turn;
  const { spec } = state.nodes.get(index);
  const id = `${spec.id}.failure`;
  if (state.find(id) !== undefined) return;
  const given = resolvable(state, index);
  const inputs = (told: Failure): NonNullable<NodeSpec['inputs']> =>
    Object.freeze({ error: Object.freeze({ $literal: told as never }), inputs: given });
  turn.emit({
    type: 'NodeAdded',
    node: Object.freeze({
      id,
      action: spec.failureAction!,
      deps: Object.freeze([spec.id]),
      runIf: 'allDone',
      inputs: inputs(error),
      ...(spec.parent === undefined ? {} : { parent: spec.parent }),
    }),
  });
  // The log shows a masked error, the action gets the real one.
  if (state.vault !== undefined)
    turn.keepReal({ type: 'NodeInputsSet', nodeId: id, inputs: inputs(errorOf(state, index)!) });
  turn.agenda.ranks.grow();
};

/** Skips what can no longer run, cause before consequence. */
const skipDoomed = (turn: Turn): void => {
  const { state, agenda } = turn;
  for (let index = agenda.doomedNodes.pop(); index !== undefined; index = agenda.doomedNodes.pop()) {
    const record = state.nodes.get(index);
    if (record.status !== N.PENDING || !state.isDoomed(index, record) || isParkedAtHold(turn, index, 'doomed'))
      continue;
    const cause = causeOf(state, index);
    const { spec, status, extra } = state.nodes.get(cause);
    const before = status === N.SKIPPED && extra?.becauseOf !== undefined ? state.find(extra.becauseOf) : undefined;
    const isOn = before !== undefined && N.kindOf(state.nodes.get(before)) === N.kindOf(state.nodes.get(cause));
    const root = isOn ? extra!.becauseOf! : spec.id;
    const why = isOn ? state.nodes.get(before).status : status;
    const what = why === N.FAILED ? 'failed' : why === N.CANCELLED ? 'was cancelled' : 'was skipped';
    turn.emit({ type: 'NodeSkipped', nodeId: record.spec.id, reason: `"${root}" ${what}`, becauseOf: root });
  }
};

/** The dependency to blame: the first bad one, else the first that was skipped on purpose. */
const causeOf = (state: RunState, index: number): number => {
  let purpose = -1;
  for (const dep of depsOf(state, index)) {
    const kind = N.kindOf(state.nodes.get(dep));
    if (kind === N.BAD) return dep;
    if (kind === N.PURPOSE && purpose === -1) purpose = dep;
  }
  return purpose;
};

/** Sets a node aside while a hook that may still answer holds one of its dependencies. */
const isParkedAtHold = ({ state, agenda }: Turn, index: number, then: 'ready' | 'doomed'): boolean => {
  if (agenda.holds.size === 0) return false;
  for (const dep of depsOf(state, index))
    if (agenda.holds.has(dep)) {
      agenda.park(dep, () => agenda[then](index));
      return true;
    }
  return false;
};

const completeParents = (turn: Turn): void => {
  const { state, agenda } = turn;
  const parents = agenda.complete;
  if (parents.length === 0) return;
  agenda.complete = [];
  for (const index of parents) {
    const { status, extra } = state.nodes.get(index);
    if (status !== N.WAITING || extra?.waitingOn === 'input' || state.openChildren.get(index) !== 0) continue;
    const held =
      agenda.holds.size === 0 ? undefined : state.table!.children.get(index)?.find((child) => agenda.holds.has(child));
    if (held === undefined) complete(turn, index);
    else agenda.park(held, () => agenda.expanded(index));
  }
};

/** Whether a node may start as far as it itself goes: ready, or its retry delay over. */
const canStart = ({ state, agenda }: Turn, index: number): boolean => {
  const { status } = state.nodes.get(index);
  return status === N.READY || (status === N.RETRYING && agenda.due.has(index));
};

/** Looks at what has become ready: skips by `when`, begins what needs no slot, queues the rest. */
const sift = (turn: Turn): void => {
  const { state, agenda, world } = turn;
  const fresh = agenda.fresh;
  if (fresh.length === 0) return;
  agenda.fresh = [];
  // Only what follows at once has an order here; the queue has its own.
  if (fresh.length > 1 && fresh.some((index) => isActedOn(state, index)))
    fresh.sort((a, b) => agenda.order(a) - agenda.order(b));
  for (const index of fresh) {
    if (!canStart(turn, index) || isHeld(state, index) || isParkedAtHold(turn, index, 'ready')) continue;
    const { spec, status } = state.nodes.get(index);
    agenda.broken.delete(index);
    if (state.vault?.lost?.holdsBack(index)) continue;
    if (spec.when !== undefined && status === N.READY) {
      try {
        if (!isMet(state, index)) {
          turn.emit({ type: 'NodeSkipped', nodeId: spec.id, reason: `its condition "${spec.when.$ref}" is not met` });
          continue;
        }
      } catch (error) {
        agenda.broken.set(index, error);
      }
    }
    if (!world.gates && needsNoSlot(state, index) && !agenda.broken.has(index)) begin(turn, index);
    else agenda.queue(index);
  }
};

const isActedOn = (state: RunState, index: number): boolean =>
  state.nodes.get(index).spec.when !== undefined || needsNoSlot(state, index);

const needsNoSlot = (state: RunState, index: number): boolean => {
  const { spec } = state.nodes.get(index);
  return spec.forEach !== undefined || spec.action === 'dag' || spec.action === 'human.input';
};

/** Whether a pool has room. */
const isOpen = ({ state }: Turn, pool: string | undefined): boolean =>
  pool === undefined || (state.poolUse.get(pool) ?? 0) < (state.config.pools[pool] ?? Infinity);

const isTaken = (turn: Turn, index: number): boolean =>
  canStart(turn, index) && !isHeld(turn.state, index) && !isParkedAtHold(turn, index, 'ready');

/** Starts ready nodes while slots are free, and tells how many more than `slots` may help. The limits are state: a command can change them. */
const fill = (turn: Turn, slots: number): number => {
  const { state, agenda, world } = turn;
  const limit = Math.min(slots, state.maxParallelNodes);
  while (state.slots < limit) {
    const index = agenda.next(turn, isOpen, isTaken);
    if (index === undefined) return 0;
    const { spec, attempt, extra } = state.nodes.get(index);
    if (world.gates && (attempt === (extra?.attemptBase ?? 0) || state.vault?.lost?.lacksSpec(index))) {
      turn.emit({ type: 'NodeStarting', nodeId: spec.id });
      agenda.asked.set(index, state.seq);
    } else begin(turn, index, true);
  }
  return Math.min(state.maxParallelNodes - limit, state.counts[N.READY]! + agenda.due.size);
};

/**
 * Begins a node: a plain one starts, the others wait for a person or for what they are expanded into. One that can't is
 * queued, so that its failed attempt has a slot like any other.
 */
export const begin = (turn: Turn, index: number, holdsSlot = false): void => {
  const { state, agenda } = turn;
  const { spec, attempt } = state.nodes.get(index);
  agenda.due.delete(index);
  const error = agenda.broken.get(index);
  if (error !== undefined) {
    agenda.broken.delete(index);
    return fail(turn, index, error);
  }
  if (spec.action === 'supervisor_step' && attempt === 0 && state.iterations >= state.config.maxIterations)
    return fail(turn, index, new Error(`Maximum iterations (${state.config.maxIterations}) reached`));
  if (spec.forEach !== undefined || spec.action === 'dag') {
    const error = expand(turn, index);
    if (error === undefined) return;
    if (holdsSlot) return fail(turn, index, error);
    agenda.broken.set(index, error);
    agenda.queue(index);
  } else if (spec.action === 'human.input') {
    const { humanWaitMs } = state.config;
    const inputs = shownInputsOf(state, index);
    turn.emit({
      type: 'NodeWaiting',
      nodeId: spec.id,
      on: 'input',
      ...(inputs === undefined ? {} : { inputs }),
      ...(humanWaitMs === null ? {} : { until: turn.at + humanWaitMs }),
    });
  } else turn.emitStarted(index, spec.id, attempt + 1);
};

/** A node that can't run at all: one attempt, which fails, for good. */
const fail = (turn: Turn, index: number, error: unknown): void => {
  const { spec, attempt } = turn.state.nodes.get(index);
  turn.emit({ type: 'NodeStarted', nodeId: spec.id, attempt: attempt + 1 });
  turn.emit({ type: 'NodeFailed', nodeId: spec.id, attempt: attempt + 1, error: failureOf(error) });
};

/** Whether any node is not at its end. */
export const hasWork = ({ counts }: RunState): boolean => {
  for (let status = N.PENDING; status <= N.RETRYING; status++) if (counts[status]! > 0) return true;
  return false;
};

const end = (turn: Turn): void => {
  const { state } = turn;
  if (!state.quiet) return turn.emit({ type: 'RunQuiescent' });
  const { cancelling } = state;
  const success = isSuccess(state);
  const status =
    cancelling === undefined
      ? success
        ? 'succeeded'
        : 'failed'
      : cancelling.origin === 'user'
        ? 'cancelled'
        : 'failed';
  const error = cancelling?.reason ?? (success ? undefined : firstErrors(state));
  turn.emit({ type: 'RunSettled', status, success, ...(error === undefined ? {} : { error }) });
};

/** Every node succeeded, was served from the cache, or was skipped on purpose, and nobody cancelled. */
export const isSuccess = ({ counts, badSkips, cancelling }: RunState): boolean =>
  cancelling === undefined && counts[N.FAILED] === 0 && counts[N.CANCELLED] === 0 && badSkips === 0;

const firstErrors = (state: RunState): string => {
  const lines: string[] = [];
  for (let index = 0; index < state.nodes.size && lines.length < 10; index++) {
    const { spec, status, extra } = state.nodes.get(index);
    if (status === N.FAILED) lines.push(`Node "${spec.id}" failed: ${extra?.error?.message ?? ''}`);
    else if (lines.length === 0 && status === N.CANCELLED) lines.push(`Node "${spec.id}" was cancelled.`);
    else if (lines.length === 0 && N.kindOf(state.nodes.get(index)) === N.BAD)
      lines.push(`Node "${spec.id}" was skipped.`);
  }
  return lines.join('\n');
};
