import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { NodeSpec, When } from '../../model/NodeSpec.js';
import type { InputValue, Ref } from '../../model/Ref.js';
import { isRef, showPath } from '../../model/Ref.js';
import { setOwn, type Json } from '../../model/Json.js';
import { Count, Duration, Finite, PositiveDuration } from '../../model/strict.js';
import { listOf, pairOf, readFields, type Field } from './collections.js';
import { at, expected, type Form } from './Form.js';
import { jsonForm } from './jsonForm.js';
import { refForm } from './refForm.js';
import { retryForm } from './retryForm.js';
import { choice, flag, numberOf, seconds, text } from './scalars.js';
import { sourceOf } from './sourceOf.js';

interface Input {
  readonly name: string;
  readonly value: InputValue;
  readonly description?: string;
}

const inputFields = {
  name: { form: text, isRequired: true },
  reference: { form: refForm },
  value: { form: jsonForm },
  description: { form: text },
} satisfies Readonly<Record<string, Field>>;

const oneInput: Form<Input> = {
  name: 'a map of name and reference, or name and value',
  read: (node, notes, place) => {
    const found = readFields(inputFields, oneInput.name, node, notes, place);
    if (found === undefined || !isMap(node)) return undefined;
    const given = ['reference', 'value'].filter((key) => pairOf(node, key) !== undefined);
    if (given.length !== 1) {
      const what = given.length === 0 ? 'neither a reference nor a value' : 'both a reference and a value';
      notes.error('Malformed', `${at(place)} has ${what}; write one of them.`, node, place.node);
      return undefined;
    }
    const { name, reference, value, description } = found;
    const meant: unknown = given[0] === 'reference' ? reference : value;
    if (name === undefined || meant === undefined) return undefined;
    return { name, value: meant as InputValue, ...(description === undefined ? {} : { description }) };
  },
  write: ({ name, value, description }) => ({
    name,
    ...(isRef(value) && isAsWritten(value) ? { reference: refForm.write(value) } : { value }),
    ...(description === undefined ? {} : { description }),
  }),
};

/** Whether reading what is written for a reference gives it again. */
const isAsWritten = ({ $ref, node, path, ...rest }: Ref): boolean =>
  Object.keys(rest).length === 0 &&
  (node === undefined ? path === undefined : path !== undefined && $ref === node + showPath(path));

/** A list of inputs in the file; names of their own each. */
const inputsForm: Form<readonly Input[]> = {
  ...listOf(oneInput),
  name: 'a list of inputs, each with name and reference or value',
  read: (node, notes, place) => {
    if (isMap(node)) return expected(inputsForm.name, node, notes, place);
    const inputs = listOf(oneInput).read(node, notes, place);
    const seen = new Set<string>();
    for (const [i, { name }] of (inputs ?? []).entries()) {
      const item = isSeq(node) && inputs!.length === node.items.length ? (node.items[i] as Node) : node;
      if (seen.has(name))
        notes.error(
          'DuplicateKey',
          `${at(place)}: the input "${name.slice(0, 100)}" stands here twice; keep one.`,
          item,
          place.node,
        );
      seen.add(name);
    }
    return inputs;
  },
};

const whenFields = {
  reference: { form: refForm, isRequired: true },
  equals: { form: jsonForm },
  not: { form: flag },
} satisfies Readonly<Record<string, Field>>;

/** A reference, or a map of it with what it has to equal. */
const whenForm: Form<When> = {
  name: 'a reference, or a map of reference, equals and not',
  read: (node, notes, place) => {
    if (!isMap(node)) return refForm.read(node, notes, place);
    const isShort = pairOf(node, 'node') !== undefined;
    if (isShort && pairOf(node, 'equals') === undefined && pairOf(node, 'not') === undefined)
      return refForm.read(node, notes, place);
    if (isShort) {
      const message = `${at(place)}: node stands beside equals or not; write reference: {node, path} for it.`;
      notes.error('Malformed', message, node, place.node);
      return undefined;
    }
    const found = readFields(whenFields, whenForm.name, node, notes, place);
    if (found?.reference === undefined) return undefined;
    const { reference, ...rest } = found;
    return { ...(reference as Ref), ...rest };
  },
  write: ({ equals, not, ...reference }) => {
    const written = refForm.write(reference);
    if (equals === undefined && not === undefined) return written;
    return {
      reference: written,
      ...(equals === undefined ? {} : { equals }),
      ...(not === undefined ? {} : { not }),
    };
  },
};

const outputFields = {
  name: { form: text, isRequired: true },
  description: { form: text },
} satisfies Readonly<Record<string, Field>>;

const oneOutput: Form<{ readonly name: string; readonly description?: string }> = {
  name: 'a map of name and description',
  read: (node, notes, place) => {
    const found = readFields(outputFields, oneOutput.name, node, notes, place);
    return found?.name === undefined ? undefined : (found as { readonly name: string });
  },
  write: (output) => output,
};

const ttlFields = { ttl: { form: seconds(Duration, ' from 0'), isRequired: true } } satisfies Readonly<
  Record<string, Field>
>;
const cacheName = 'never, always or a map with ttl, in seconds';
const cacheWord = choice<'never' | 'always'>({ never: 'never', always: 'always' }, cacheName);
const cacheForm: Form<NonNullable<NodeSpec['cache']>> = {
  name: cacheName,
  read: (node, notes, place) => {
    if (!isMap(node)) return cacheWord.read(node, notes, place);
    const ttlMs: unknown = readFields(ttlFields, cacheForm.name, node, notes, place)?.ttl;
    return ttlMs === undefined ? undefined : { ttlMs: ttlMs as number };
  },
  write: (cache) => (typeof cache === 'string' ? cache : { ttl: ttlFields.ttl.form.write(cache.ttlMs) }),
};

interface NodeField<A = any> extends Field<A> {
  readonly to?: keyof NodeSpec;
}

/** Dagger's keys first, then our own. */
export const nodeFields = {
  id: { to: 'id', form: text },
  action: { to: 'action', form: text, isRequired: true },
  dependencies: { to: 'deps', form: listOf(text), alsoCalled: ['depends_on', 'dependson', 'needs', 'deps', 'after'] },
  inputs: { form: inputsForm },
  outputs: { to: 'outputs', form: listOf(oneOutput) },
  failure: { to: 'failureAction', form: text },
  onfailure: { form: flag },
  description: { to: 'description', form: text },
  timeout: { to: 'timeoutMs', form: seconds(PositiveDuration, ' above 0 up') },
  try_count: { to: 'tryCount', form: numberOf(Count), alsoCalled: ['retries', 'max_retries', 'attempts'] },
  instructions: { to: 'instructions', form: listOf(text) },
  branch: { to: 'branch', form: text },
  priority: { to: 'priority', form: numberOf(Finite) },
  pool: { to: 'pool', form: text },
  when: { to: 'when', form: whenForm },
  run_if: {
    to: 'runIf',
    form: choice({
      all_succeeded: 'allSucceeded',
      any_succeeded: 'anySucceeded',
      all_done: 'allDone',
      allSucceeded: 'allSucceeded',
      anySucceeded: 'anySucceeded',
      allDone: 'allDone',
    }),
  },
  for_each: { to: 'forEach', form: refForm },
  cache: { to: 'cache', form: cacheForm },
  estimate: { to: 'estimateMs', form: seconds(Duration, ' from 0') },
  idle_timeout: { to: 'idleTimeoutMs', form: seconds(PositiveDuration, ' above 0 up') },
  on_failure: {
    to: 'onFailure',
    form: choice({
      skip_dependents: 'skipDependents',
      continue: 'continue',
      skipDependents: 'skipDependents',
    }),
  },
  retry: { to: 'retry', form: retryForm },
  placement: { to: 'placement', form: text },
} as const satisfies Readonly<Record<string, NodeField>>;

type Key = keyof typeof nodeFields;
const fields: Readonly<Record<Key, NodeField>> = nodeFields;

/** One node of a pipeline. What is wrong in it is left out of it, so that the rest can be looked at all the same. */
export const nodeForm: Form<NodeSpec> = {
  name: 'a node',
  read: (node, notes, { key: position }) => {
    const idPair = isMap(node) ? pairOf(node, 'id') : undefined;
    const id = isScalar(idPair?.value) ? sourceOf(idPair.value) : undefined;
    const place = { key: id === undefined ? position : '', node: id };
    const found = readFields<Key>(fields, 'a node: a map with id and action', node, notes, place);
    if (found === undefined) return { action: 'human.input' };
    const spec: Record<string, unknown> = { action: 'human.input' }; // known, should the file's own be missing
    for (const key of Object.keys(found) as Key[]) {
      const { to } = fields[key];
      if (to !== undefined && !(key === 'failure' && found[key] === '')) spec[to] = found[key];
    }
    // Dagger's onfailure is a switch for retries.
    if (found.onfailure === false) spec['tryCount'] = 1;
    if (found.inputs !== undefined) Object.assign(spec, inputsOf(found.inputs as readonly Input[]));
    return spec as unknown as NodeSpec;
  },
  write: (spec) => {
    const written: Record<string, unknown> = {};
    for (const key of Object.keys(fields) as Key[]) {
      const { to, form } = fields[key];
      if (key === 'inputs' && spec.inputs !== undefined) written['inputs'] = form.write(inputListOf(spec));
      else if (to !== undefined && spec[to] !== undefined) written[key] = form.write(spec[to]);
    }
    return written;
  },
};

const inputsOf = (list: readonly Input[]): Pick<NodeSpec, 'inputs' | 'inputDescriptions'> => {
  const inputs: Record<string, Json> = {};
  const inputDescriptions: Record<string, Json> = {};
  for (const { name, value, description } of list) {
    setOwn(inputs, name, value as Json);
    if (description !== undefined) setOwn(inputDescriptions, name, description);
  }
  return {
    inputs,
    ...(Object.keys(inputDescriptions).length === 0
      ? {}
      : { inputDescriptions: inputDescriptions as Readonly<Record<string, string>> }),
  };
};

const inputListOf = ({ inputs = {}, inputDescriptions = {} }: NodeSpec): readonly Input[] =>
  Object.entries(inputs).map(([name, value]) => ({
    name,
    value,
    ...(Object.hasOwn(inputDescriptions, name) ? { description: inputDescriptions[name]! } : {}),
  }));
