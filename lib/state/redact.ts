import type { EventBody } from '../model/ExecutionEvent.js';
import { jsonText, type Failure } from '../model/Failure.js';
import { setOwn, type Json } from '../model/Json.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { isRef } from '../model/Ref.js';
import type { Secrets } from './Secrets.js';

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

/** What is shown of a value that is no object or list; `under`: a key above it matches. */
type Leaf = (value: unknown, under: boolean) => unknown;

const maskLeaf: Leaf = (value, under) => (under && value !== undefined ? MASK : value);

/** Masks the values under matching keys, at any depth. References stay: where a value comes from is no secret. */
export const mask = <V>(value: V, test: RegExp, under = false, leaf = maskLeaf): V => {
  if (typeof value !== 'object' || value === null) return leaf(value, under) as V;
  if (isRef(value)) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => mask(item, test, under, leaf));
    return Object.freeze(items) as V;
  }
  const copied: Record<string, unknown> = {};
  for (const key of Object.keys(value))
    setOwn(copied, key, mask((value as Record<string, unknown>)[key], test, under || test.test(key), leaf));
  return Object.freeze(copied) as V;
};

/** As `mask`, and remembers the texts that it masks. */
export const maskSecrets = <V>(value: V, test: RegExp, secrets: Secrets, under = false): V =>
  mask(value, test, under, (inner, isUnder) => {
    if (isUnder && typeof inner === 'string') secrets.add(inner);
    return maskLeaf(inner, isUnder);
  });

/** An event as the log may show it: what users put in is masked, what the engine says is not, but for secrets in what failed. */
export const maskEvent = <E extends EventBody>(event: E, test: RegExp, secrets: Secrets): E => {
  const masked = <V>(value: V): V => maskSecrets(value, test, secrets);
  const maskSpec = (spec: NodeSpec): NodeSpec =>
    Object.freeze({
      ...spec,
      ...(spec.inputs === undefined ? {} : { inputs: masked(spec.inputs) }),
      ...(spec.item === undefined ? {} : { item: masked(spec.item) }),
    });
  switch (event.type) {
    case 'RunStarted':
      return {
        ...event,
        inputs: masked(event.inputs),
        definition: Object.freeze({
          ...event.definition,
          nodes: Object.freeze(event.definition.nodes.map(maskSpec)),
        }),
      };
    case 'NodeAdded':
      return { ...event, node: maskSpec(event.node) };
    case 'NodeWaiting':
      return event.inputs === undefined ? event : { ...event, inputs: masked(event.inputs) };
    case 'NodeInputsSet':
      return { ...event, inputs: masked(event.inputs) };
    case 'NodeSucceeded':
      return { ...event, output: masked(event.output) };
    case 'NodeSkipped':
      return event.output === undefined ? event : { ...event, output: masked(event.output) };
    case 'NodeProgressed':
      return { ...event, value: masked(event.value) };
    case 'NodeFailed':
    case 'NodeRetryScheduled':
    case 'HookFailed':
      return { ...event, error: maskFailure(event.error, test, secrets) };
    case 'CustomEmitted':
      return { ...event, payload: masked(event.payload) };
    case 'CommandRefused':
      return { ...event, command: maskTexts(event.command, test, secrets), reason: secrets.hide(event.reason) };
    default:
      return event;
  }
};

/** As `maskSecrets`, and hides secrets in all other texts. */
const maskTexts = (value: Json, test: RegExp, secrets: Secrets): Json => {
  maskSecrets(value, test, secrets);
  return mask(value, test, false, (inner, isUnder) =>
    typeof inner === 'string' && !isUnder ? secrets.hide(inner) : maskLeaf(inner, isUnder),
  );
};

/** A failure without a secret: its data is masked like an output, and no text of it, or of its causes, tells one. */
const maskFailure = (error: Failure, test: RegExp, secrets: Secrets): Failure => {
  for (let one: Failure | undefined = error; one !== undefined; one = one.cause) maskSecrets(one.data, test, secrets);
  const masked = ({ message, stack, cause, data, ...rest }: Failure): Failure => {
    const shown = data === undefined ? undefined : maskTexts(data, test, secrets);
    return Object.freeze({
      ...rest,
      message: secrets.hide(shown !== undefined && message === jsonText(data!) ? jsonText(shown) : message),
      ...(stack === undefined ? {} : { stack: secrets.hide(stack) }),
      ...(cause === undefined ? {} : { cause: masked(cause) }),
      ...(shown === undefined ? {} : { data: shown }),
    });
  };
  return masked(error);
};
