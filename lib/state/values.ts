import type { Failure } from '../model/Failure.js';
import { jsonEquals, type Json } from '../model/Json.js';
import { showPath, type InputValue } from '../model/Ref.js';
import { bindNode, mapRefs, resolve, walk, type BoundRef } from '../plan/references.js';
import * as N from './NodeRecord.js';
import type { RunState } from './RunState.js';

/** A reference that leads nowhere; its message names the reference and what is missing. */
export class ReferenceError extends Error {
  override readonly name = 'ReferenceError';
  /** It leads to a redacted value that is gone. */
  readonly isLost?: boolean;
}

const NOTHING: Readonly<Record<string, Json>> = Object.freeze({});

/** The real output of a node, masked or not; undefined while there is none. */
export const outputOf = (state: RunState, index: number): Json | undefined =>
  state.vault?.outputs.get(index) ?? state.nodes.get(index).output;

/** The real error of a node, masked or not; undefined while there is none. */
export const errorOf = (state: RunState, index: number): Failure | undefined => {
  const shown = state.nodes.get(index).extra?.error;
  return shown && (state.vault?.errors.get(index) ?? shown);
};

/** What a node's action gets: its inputs with every reference replaced. Throws `ReferenceError`. */
export const inputsOf = (state: RunState, index: number): Readonly<Record<string, Json>> => {
  state.vault?.lost?.findSpec(index);
  const bound = state.boundOf(index)?.inputs;
  if (bound === undefined)
    return (state.realSpec(index).inputs as Readonly<Record<string, Json>> | undefined) ?? NOTHING;
  return resolve(bound, (ref) => valueOf(state, ref)) as Readonly<Record<string, Json>>;
};

/** A node's inputs as the log may show them: masked values stay masked under whatever name they go on; undefined if a reference leads nowhere. */
export const shownInputsOf = (state: RunState, index: number): Readonly<Record<string, Json>> | undefined => {
  const bound = state.boundOf(index)?.inputs;
  if (bound === undefined) return state.nodes.get(index).spec.inputs as Readonly<Record<string, Json>> | undefined;
  try {
    return resolve(bound, (ref) => valueOf(state, ref, true)) as Readonly<Record<string, Json>>;
  } catch {
    return undefined;
  }
};

/** What a reference stands for. A node that failed, was cancelled or skipped gives null, whatever the path. */
export const valueOf = (state: RunState, ref: BoundRef, isMasked = false): Json => {
  let source: Json;
  if (ref.index !== -1) {
    const { status, output: shown } = state.nodes.get(ref.index);
    const output = isMasked ? shown : outputOf(state, ref.index);
    const stands = !isMasked && state.vault?.lost?.stands(ref) === true;
    if (output === undefined || (!stands && status !== N.SUCCEEDED && status !== N.SKIPPED)) return null;
    source = output;
  } else if (ref.scope === undefined) source = isMasked ? state.inputs : (state.vault?.inputs ?? state.inputs);
  else source = scopeOf(state, state.find(ref.scope), isMasked);
  const value = walk(source, ref);
  if (value !== undefined) return value;
  const where = ref.index === -1 ? 'the inputs have' : `the output of node "${ref.node}" has`;
  throw new ReferenceError(
    `Reference "${ref.text.slice(0, 200)}" leads nowhere: ${where} no "${showPath(ref.path).replace(/^\./, '').slice(0, 200)}".`,
  );
};

/** What `inputs.…` means inside a sub-DAG: what its node passes on, and the item where it stands for one of a fan-out. */
const scopeOf = (state: RunState, parent: number | undefined, isMasked: boolean): Json => {
  if (parent === undefined) return NOTHING;
  const given = (isMasked ? shownInputsOf(state, parent) : inputsOf(state, parent))?.['inputs'] ?? NOTHING;
  const { item, index } = isMasked ? state.nodes.get(parent).spec : state.realSpec(parent);
  if (index === undefined || typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  return { item: item ?? null, index, ...(given as Readonly<Record<string, Json>>) };
};

/** Whether a node's `when` is met. Throws `ReferenceError`. */
export const isMet = (state: RunState, index: number): boolean => {
  const bound = state.boundOf(index)?.when;
  const { when } = state.nodes.get(index).spec;
  if (bound === undefined || when === undefined) return true;
  const value = valueOf(state, bound);
  const met = when.equals === undefined ? Boolean(value) : jsonEquals(value, when.equals);
  return met !== (when.not === true);
};

/** A node's inputs as they were written, with null for every reference that leads nowhere. */
export const resolvable = (state: RunState, index: number): Readonly<Record<string, InputValue>> => {
  return mapRefs(state.realSpec(index).inputs ?? NOTHING, (ref) => {
    const { bound } = bindNode({ action: '', inputs: { value: ref } }, (id) => state.find(id));
    try {
      resolve(bound!.inputs!['value']!, (found) => valueOf(state, found));
      return ref;
    } catch (error) {
      return (error as ReferenceError).isLost ? ref : NO_VALUE;
    }
  });
};

const NO_VALUE = Object.freeze({ $literal: null });
