import type { EventOf, ExecutionEvent } from '../model/ExecutionEvent.js';
import { failureOf } from '../model/Failure.js';
import { setOwn, toJson, type Json } from '../model/Json.js';
import { isLiteral, isRef } from '../model/Ref.js';
import { retryDelayMs } from '../model/RetryStrategy.js';
import { isCut } from './branches.js';
import { cancelReason, cancellations } from './cancel.js';
import { decide, type Refusal } from './decide.js';
import { begin, schedule } from './schedule.js';
import type { Input } from './Input.js';
import * as N from './NodeRecord.js';
import { inputsOf, type ReferenceError } from './values.js';
import type { RunState } from './RunState.js';
import { interrupt, recover } from './recover.js';
import type { Snapshot } from './Snapshot.js';
import type { Origin, Turn } from './Turn.js';

/** What one input has caused: its events, decided, folded and published as one. */
export interface Transition {
  readonly input: Input;
  readonly events: readonly ExecutionEvent[];
  readonly launches: readonly number[];
  readonly refusal: Refusal | undefined;
  /** What is shown once it is stored, where it is stored first. */
  snapshot: Snapshot | undefined;
}

/**
 * Hears one input, tells what it causes, and folds that: `decide` (or `schedule`), then `apply` for each event. Pure as
 * seen from outside: no clock, no chance, no streams; `at` is stamped by the inbox.
 */
export const step = (turn: Turn, input: Input, at: number): Transition => {
  turn.begin(at, input.type === 'Command' || input.type === 'Malformed' ? input.origin : originOf(input));
  const refusal = hear(turn, input);
  return { input, events: turn.events, launches: turn.launches, refusal, snapshot: undefined };
};

const originOf = (input: Input): Origin | undefined =>
  input.type === 'HookFailed'
    ? { by: input.hook, ...(input.cause !== undefined && input.cause > 0 && { cause: input.cause }) }
    : input.type === 'Gate'
      ? { by: input.hook, cause: input.seq }
      : undefined;

const hear = (turn: Turn, input: Input): Refusal | undefined => {
  const { state, agenda } = turn;
  switch (input.type) {
    case 'Schedule':
      schedule(turn, input);
      return undefined;
    case 'Succeeded':
      if (isCurrent(state, input)) succeed(turn, input.index, input.output, input.cached === true);
      return undefined;
    case 'Command': {
      const answer = decide(state, input.command, turn.world, turn.at);
      if (answer._tag === 'Left') return refuse(turn, commandJson(input.command), answer.left);
      for (const body of answer.right) {
        turn.emit(body);
        if (body.type === 'DependencyAdded') agenda.ranks.link(state.find(body.from)!, state.find(body.to)!);
      }
      agenda.ranks.grow();
      return undefined;
    }
    case 'Malformed':
      return refuse(turn, input.command, input.refusal);
    case 'Recover':
      recover(turn);
      return undefined;
    case 'Start': {
      const { plan, runId, dagName, config, inputs } = input;
      turn.emit({ type: 'RunStarted', format: 1, runId, dagName, definition: plan.graph, inputs, config }, plan);
      return undefined;
    }
    case 'Failed':
      if (isCurrent(state, input)) attemptFailed(turn, input);
      return undefined;
    case 'Lost':
      if (isCurrent(state, input)) interrupt(turn, input.index, input.reason);
      return undefined;
    case 'Stopped':
      if (isCurrent(state, input))
        turn.emit({
          type: 'NodeCancelled',
          nodeId: idOf(state, input.index),
          reason: cancelReason(state, input.index),
          abandoned: input.abandoned,
        });
      return undefined;
    case 'Progressed':
      if (isCurrent(state, input))
        turn.emit({
          type: 'NodeProgressed',
          nodeId: idOf(state, input.index),
          attempt: input.attempt,
          value: input.value,
        });
      return undefined;
    case 'RetryDue': {
      const { status, attempt } = state.nodes.get(input.index);
      if (status === N.RETRYING && attempt === input.attempt) {
        agenda.due.add(input.index);
        agenda.ready(input.index);
      }
      return undefined;
    }
    case 'Gate':
      gateAnswered(turn, input);
      return undefined;
    case 'InputTimeout':
      inputTimedOut(turn, input.index, input.attempt);
      return undefined;
    case 'Deadline':
      if (state.endedAt === undefined && state.cancelling === undefined)
        for (const body of cancellations(state, {
          type: 'RunCancelling',
          reason: `DAG timeout exceeded after ${state.config.timeoutMs} ms (config.timeoutMs); a fork has as long again`,
          origin: 'deadline',
        }))
          turn.emit(body);
      return undefined;
    case 'HookFailed': {
      if (state.endedAt !== undefined) return undefined;
      turn.emit({ type: 'HookFailed', hook: input.hook, error: input.error });
      turn.origin = undefined; // what follows is policy
      const { error } = turn.events[0] as EventOf<'HookFailed'>; // as the log shows it
      if (state.config.onHookError === 'failRun' && state.cancelling === undefined)
        for (const body of cancellations(state, {
          type: 'RunCancelling',
          reason: `hook "${input.hook}" failed: ${error.message}`,
          origin: 'policy',
        }))
          turn.emit(body);
      return undefined;
    }
    case 'Answered':
      if (input.node !== undefined) agenda.unhold(input.node);
      return undefined;
  }
};

const idOf = (state: RunState, index: number): string => state.nodes.get(index).spec.id;

/** Whether a message speaks of the attempt that is under way; anything later is old news. */
const isCurrent = (
  state: RunState,
  { index, attempt }: { readonly index: number; readonly attempt: number },
): boolean => {
  const record = state.nodes.get(index);
  return record.status === N.RUNNING && record.attempt === attempt;
};

const succeed = (turn: Turn, index: number, output: Json, cached: boolean): void => {
  const { state, at } = turn;
  const { attempt, startedAt, spec } = state.nodes.get(index);
  if (state.cancelling !== undefined || isCut(state, index))
    turn.emit({ type: 'NodeCancelled', nodeId: spec.id, reason: cancelReason(state, index), abandoned: false });
  else if (cached)
    turn.emit({ type: 'NodeSucceeded', nodeId: spec.id, attempt, output, durationMs: at - startedAt!, cached });
  else turn.emitSucceeded(index, spec.id, attempt, output, at - startedAt!);
};

const attemptFailed = (
  turn: Turn,
  { index, attempt, error, final, random }: Extract<Input, { type: 'Failed' }>,
): void => {
  const { state } = turn;
  const { spec, extra } = state.nodes.get(index);
  const nodeId = spec.id;
  if (state.cancelling !== undefined || isCut(state, index))
    return turn.emit({ type: 'NodeCancelled', nodeId, reason: cancelReason(state, index), abandoned: false });
  const tries = attempt - (extra?.attemptBase ?? 0) - (extra?.interruptions ?? 0);
  if (final || tries >= Math.min(spec.tryCount ?? 1, state.config.maxAttempts))
    return turn.emit({ type: 'NodeFailed', nodeId, attempt, error });
  const delayMs = retryDelayMs(spec.retry ?? state.config.retryStrategy, tries, random);
  turn.emit({ type: 'NodeRetryScheduled', nodeId, attempt, delayMs, error });
};

const gateAnswered = (turn: Turn, { index, seq, answer }: Extract<Input, { type: 'Gate' }>): void => {
  const { state, agenda } = turn;
  const record = state.nodes.get(index);
  if (record.status !== N.STARTING || agenda.asked.get(index) !== seq) return;
  agenda.asked.delete(index);
  const nodeId = record.spec.id;
  switch (answer.type) {
    case 'fail':
      turn.emit({ type: 'NodeFailed', nodeId, attempt: 0, error: answer.error });
      break;
    case 'skip':
      turn.emit({
        type: 'NodeSkipped',
        nodeId,
        reason: answer.reason,
        ...(answer.output === undefined ? {} : { output: answer.output }),
      });
      break;
    case 'proceed':
      if (answer.inputs !== undefined) turn.emit({ type: 'NodeInputsSet', nodeId, inputs: literally(answer.inputs) });
      turn.origin = undefined; // the start itself is the engine's doing
      begin(turn, index, true);
  }
};

/** Inputs as they stand: whatever looks like a reference is none. */
const literally = (inputs: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> => {
  const copied: Record<string, Json> = {};
  for (const key of Object.keys(inputs))
    setOwn(copied, key, holdsRef(inputs[key]!) ? Object.freeze({ $literal: inputs[key]! }) : inputs[key]!);
  return Object.freeze(copied);
};

const holdsRef = (value: Json): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (isRef(value) || isLiteral(value) || Object.values(value).some((inner) => holdsRef(inner)));

const inputTimedOut = (turn: Turn, index: number, attempt: number): void => {
  const { state } = turn;
  const { status, spec, startedAt, attempt: current } = state.nodes.get(index);
  if (status !== N.WAITING || current !== attempt) return;
  if (state.config.humanTimeoutAction === 'Pause') {
    if (state.status === 'running')
      turn.emit({ type: 'RunPaused', reason: `node "${spec.id}" has waited too long for input` });
    return;
  }
  let output: Json = null;
  try {
    output = toJson(inputsOf(state, index)['default']);
  } catch (error) {
    // A default that can't be resolved counts as none.
    if ((error as ReferenceError).isLost)
      return turn.emit({ type: 'NodeFailed', nodeId: spec.id, attempt, error: failureOf(error) });
  }
  turn.emit({
    type: 'NodeSucceeded',
    nodeId: spec.id,
    attempt,
    output,
    durationMs: turn.at - startedAt!,
    cached: false,
  });
};

const REFUSED_BYTES = 2_048;

const refuse = (turn: Turn, command: Json, refusal: Refusal): Refusal => {
  if (turn.state.endedAt === undefined) turn.emit({ type: 'CommandRefused', command, reason: refusal.reason });
  return refusal;
};

/** A command as JSON of at most 2 KB: a longer one, or one that can't be read, keeps its type and the ids it names. */
export const commandJson = (command: object): Json => {
  try {
    const text = JSON.stringify(command) ?? 'null';
    if (isShort(text)) return toJson(JSON.parse(text));
  } catch {
    // Told in its short form.
  }
  const long = shortForm(command, 200);
  return isShort(JSON.stringify(long)) ? long : shortForm(command, 20);
};

const isShort = (text: string): boolean =>
  text.length <= REFUSED_BYTES && new TextEncoder().encode(text).length <= REFUSED_BYTES;

const shortForm = (command: object, length: number): Json => {
  const short: Record<string, Json> = { truncated: true };
  for (const key of ['type', 'nodeId', 'branchId', 'from', 'to', 'name'])
    try {
      const value = (command as Record<string, unknown>)[key];
      if (typeof value === 'string') short[key] = value.slice(0, length);
    } catch {
      // Can't be told.
    }
  return Object.freeze(short);
};
