import type { EventBody, ExecutionEvent } from '../model/ExecutionEvent.js';
import type { Failure } from '../model/Failure.js';
import { setOwn, type Json } from '../model/Json.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { isRef } from '../model/Ref.js';
import type { BoundNode, BoundRef } from '../plan/references.js';

/** What a masked value looks like. */
export const MASK = '[redacted]';

/** Tells which object keys are masked: globs in which `*` stands for any text, whatever the case. */
export const keyTest = (globs: readonly string[]): RegExp | undefined =>
  globs.length === 0
    ? undefined
    : new RegExp(
        `^(?:${globs.map((glob) => glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')).join('|')})$`,
        'is',
      );

/** The real values beside a state that shows masked ones: read by references, `when`, `forEach` and the report. */
export interface Vault {
  readonly test: RegExp;
  inputs: Readonly<Record<string, Json>>;
  readonly outputs: Map<number, Json>;
  readonly bound: Map<number, BoundNode>;
  /** Specs of nodes that were added or given other inputs; the first ones are in the plan. */
  readonly specs: Map<number, NodeSpec>;
  /** What a resumed run has yet to get back. */
  lost?: Lost;
}

/** The real values that are gone with the process that had them, and how they come back. */
export interface Lost {
  /** Takes in an event of the log, before it is folded. */
  recall(event: ExecutionEvent): void;
  /** Hears what happens now, with its real values, before it is folded. */
  hear(body: EventBody): void;
  /** Whether a node's last output stands, though the node is to run again; throws where the reference reads a lost part of it. */
  stands(ref: BoundRef): boolean;
  lacksSpec(index: number): boolean;
  /** Puts a node's real spec into the vault; throws where it can't be had. */
  findSpec(index: number): void;
  /** Lets the nodes whose lost outputs a node is about to read run again first; false if there are none. */
  holdsBack(index: number): boolean;
}

/** Masks the values under matching keys, at any depth. References stay: where a value comes from is no secret. */
export const mask = <V>(value: V, test: RegExp, under = false): V => {
  if (typeof value !== 'object' || value === null) return under && value !== undefined ? (MASK as V) : value;
  if (isRef(value)) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => mask(item, test, under));
    return Object.freeze(items) as V;
  }
  const copied: Record<string, unknown> = {};
  for (const key of Object.keys(value))
    setOwn(copied, key, mask((value as Record<string, unknown>)[key], test, under || test.test(key)));
  return Object.freeze(copied) as V;
};

const maskSpec = (spec: NodeSpec, test: RegExp): NodeSpec =>
  Object.freeze({
    ...spec,
    ...(spec.inputs === undefined ? {} : { inputs: mask(spec.inputs, test) }),
    ...(spec.item === undefined ? {} : { item: mask(spec.item, test) }),
  });

const maskFailure = (error: Failure, test: RegExp): Failure =>
  error.data === undefined ? error : Object.freeze({ ...error, data: mask(error.data, test) });

/** An event as the log may show it: what users put in is masked, what the engine says is not. */
export const maskEvent = <E extends EventBody>(event: E, test: RegExp): E => {
  switch (event.type) {
    case 'RunStarted':
      return {
        ...event,
        inputs: mask(event.inputs, test),
        definition: Object.freeze({
          ...event.definition,
          nodes: Object.freeze(event.definition.nodes.map((spec) => maskSpec(spec, test))),
        }),
      };
    case 'NodeAdded':
      return { ...event, node: maskSpec(event.node, test) };
    case 'NodeWaiting':
      return event.inputs === undefined ? event : { ...event, inputs: mask(event.inputs, test) };
    case 'NodeInputsSet':
      return { ...event, inputs: mask(event.inputs, test) };
    case 'NodeSucceeded':
      return { ...event, output: mask(event.output, test) };
    case 'NodeSkipped':
      return event.output === undefined ? event : { ...event, output: mask(event.output, test) };
    case 'NodeProgressed':
      return { ...event, value: mask(event.value, test) };
    case 'NodeFailed':
    case 'NodeRetryScheduled':
    case 'HookFailed':
      return { ...event, error: maskFailure(event.error, test) };
    case 'CustomEmitted':
      return { ...event, payload: mask(event.payload, test) };
    case 'CommandRefused':
      return { ...event, command: mask(event.command, test) };
    default:
      return event;
  }
};
