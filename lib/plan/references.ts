import type { Json } from '../model/Json.js';
import { getOwn, setOwn } from '../model/Json.js';
import type { NodeSpec } from '../model/NodeSpec.js';
import { isLiteral, isRef, parsePath, showPath, type InputValue, type Ref } from '../model/Ref.js';
import { ID_LENGTH_MAX } from './checkId.js';

/** A reference that is bound to a node (by index) or to the run's inputs, once and for all. */
export class BoundRef {
  /** The node's index; -1: the run's inputs (or, with a scope, those of that sub-DAG node). */
  readonly index: number;
  readonly node: string;
  readonly path: readonly (string | number)[];
  readonly text: string;
  readonly scope: string | undefined;
  /** The path is taken key by key; else a whole key with dots in it wins over the walk. */
  readonly isExact: boolean;
  constructor(
    index: number,
    node: string,
    path: readonly (string | number)[],
    text: string,
    scope: string | undefined,
    isExact = false,
  ) {
    this.isExact = isExact;
    this.index = index;
    this.node = node;
    this.path = path;
    this.text = text;
    this.scope = scope;
  }
}

/** A value with its references bound. */
export type Template = Json | BoundRef | readonly Template[] | { readonly [key: string]: Template };

/** The references of one node. */
export interface BoundNode {
  readonly inputs: Readonly<Record<string, Template>> | undefined;
  readonly when: BoundRef | undefined;
  readonly forEach: BoundRef | undefined;
}

/** Finds a node's index by id; undefined if there is none. */
export type Lookup = (id: string) => number | undefined;

/** A node's references bound against the nodes that `lookup` knows, and the nodes that they imply as dependencies. */
export interface Binding {
  readonly bound: BoundNode | undefined;
  /** Ids, those written first, without repeats. */
  readonly deps: readonly string[];
  readonly errors: readonly BindingError[];
}

/** Why a reference can't be bound. */
export interface BindingError {
  /** Where it stands in the node: `inputs.rows`, `when` or `forEach`. */
  readonly key: string;
  readonly message: string;
  /** The reference's text, where it leads to nothing that is there. */
  readonly target?: string;
}

export const bindNode = (spec: NodeSpec, lookup: Lookup): Binding => {
  if (spec.inputs === undefined && spec.when === undefined && spec.forEach === undefined)
    return { bound: undefined, deps: unique(spec.deps ?? []), errors: [] };
  const deps = new Set(spec.deps);
  const errors: BindingError[] = [];
  const bind = (ref: Ref, key: string): BoundRef => {
    const found = bindRef(ref, lookup);
    if (typeof found === 'string') {
      const isNowhere = found.endsWith(NOWHERE);
      errors.push({ key, message: `${nameOf(key)} ${found}`, ...(isNowhere ? { target: ref.$ref } : {}) });
      return new BoundRef(-1, 'inputs', [], ref.$ref, undefined);
    }
    if (found.index !== -1) deps.add(found.node);
    return found;
  };
  let any = false;
  const template = (value: InputValue, key: string): Template => {
    if (typeof value !== 'object' || value === null) return value;
    if (isLiteral(value)) {
      any = true;
      return new Literal(value.$literal) as unknown as Template;
    }
    if (Object.hasOwn(value, '$ref') && !isRef(value))
      errors.push({ key, message: `${nameOf(key)} has a $ref that is not a text.` });
    if (isRef(value)) {
      any = true;
      return bind(value, key);
    }
    if (Array.isArray(value)) return (value as readonly InputValue[]).map((item) => template(item, key));
    const copied: Record<string, Template> = {};
    for (const inner of Object.keys(value))
      setOwn(copied, inner, template((value as Record<string, InputValue>)[inner]!, key));
    return copied;
  };
  let inputs: Record<string, Template> | undefined;
  if (spec.inputs !== undefined) {
    inputs = {};
    for (const key of Object.keys(spec.inputs)) setOwn(inputs, key, template(spec.inputs[key]!, `inputs.${key}`));
    if (!any) inputs = undefined;
  }
  const when = spec.when === undefined ? undefined : bind(spec.when, 'when');
  const forEach = spec.forEach === undefined ? undefined : bind(spec.forEach, 'forEach');
  return {
    bound: inputs === undefined && when === undefined && forEach === undefined ? undefined : { inputs, when, forEach },
    deps: [...deps],
    errors,
  };
};

const nameOf = (key: string): string =>
  key.startsWith('inputs.') ? `input "${key.slice('inputs.'.length, 106)}"` : `"${key}"`;

/** A value that is meant as it stands, whatever it looks like. */
class Literal {
  readonly value: Json;
  constructor(value: Json) {
    this.value = value;
  }
}

const unique = (deps: readonly string[]): readonly string[] =>
  deps.length < 2 || new Set(deps).size === deps.length ? deps : [...new Set(deps)];

const NOWHERE = 'which is neither a node nor inputs.';

/** Binds one reference: the longest node id that it begins with wins, else `inputs`. A text is the reason why it can't. */
const bindRef = (ref: Ref, lookup: Lookup): BoundRef | string => {
  const text = ref.$ref;
  const shown = JSON.stringify(text.slice(0, 200));
  if (ref.node !== undefined) {
    const index = lookup(ref.node);
    const path = ref.path ?? (text.startsWith(ref.node) ? parsePath(text.slice(ref.node.length)) : []);
    if (path === undefined) return `has the malformed reference ${shown}; write node.key[0].`;
    return index === undefined
      ? `refers to node "${ref.node.slice(0, 200)}", which is not defined.`
      : new BoundRef(index, ref.node, path, text, undefined, ref.path !== undefined);
  }
  const before = (end: number): number => Math.max(text.lastIndexOf('.', end), text.lastIndexOf('[', end));
  for (let end = text.length > ID_LENGTH_MAX ? before(ID_LENGTH_MAX) : text.length; end > 0; end = before(end - 1)) {
    const id = text.slice(0, end);
    const index = ref.scope !== undefined && isInputs(text) ? undefined : lookup(id);
    if (index === undefined) continue;
    const path = parsePath(text.slice(end));
    return path === undefined
      ? `has the malformed reference ${shown}; write node.key[0].`
      : new BoundRef(index, id, path, text, undefined);
  }
  if (isInputs(text)) {
    const path = parsePath(text.slice('inputs'.length));
    return (path === undefined && text[6] !== '.') || text.length === 7
      ? `has the malformed reference ${shown}; write inputs.key.`
      : new BoundRef(-1, 'inputs', path ?? [text.slice(7)], text, ref.scope);
  }
  return `refers to ${shown}, ${NOWHERE}`;
};

const isInputs = (text: string): boolean =>
  text === 'inputs' || text.startsWith('inputs.') || text.startsWith('inputs[');

/** Replaces every bound reference in a template by what `read` gives for it. */
export const resolve = (template: Template, read: (ref: BoundRef) => Json): Json => {
  if (typeof template !== 'object' || template === null) return template;
  if (template instanceof BoundRef) return read(template);
  if (template instanceof Literal) return (template as Literal).value;
  if (Array.isArray(template)) return (template as readonly Template[]).map((item) => resolve(item, read));
  const copied: Record<string, Json> = {};
  for (const key of Object.keys(template))
    setOwn(copied, key, resolve((template as Record<string, Template>)[key]!, read));
  return copied;
};

/** Follows a reference's path into a value; undefined where it leads nowhere. Of a list only items can be reached. */
export const walk = (value: Json, { path, isExact }: Pick<BoundRef, 'path' | 'isExact'>): Json | undefined => {
  if (!isExact && path.length > 1) {
    const whole = getOwn(value, showPath(path).slice(1));
    if (whole !== undefined) return whole;
  }
  let here: Json | undefined = value;
  for (let i = 0; i < path.length && here !== undefined; i++)
    here = Array.isArray(here) && !/^\d+$/.test(String(path[i])) ? undefined : getOwn(here, path[i]!);
  return here;
};

/** Replaces every reference in a value; literals and all else stay. */
export const mapRefs = <V>(value: V, project: (ref: Ref) => InputValue): V => {
  if (typeof value !== 'object' || value === null || isLiteral(value)) return value;
  if (isRef(value)) return project(value) as V;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => mapRefs(item, project))) as V;
  const copied: Record<string, unknown> = {};
  for (const key of Object.keys(value)) setOwn(copied, key, mapRefs((value as Record<string, unknown>)[key], project));
  return Object.freeze(copied) as V;
};

/** A sub-DAG's reference as its run must read it: nodes under the prefix, `inputs` as those of the node `scope`. */
export const scopeRef = (ref: Ref, prefix: string, scope: string, lookup: Lookup): Ref => {
  const found = bindRef(ref, lookup);
  if (typeof found === 'string') return ref;
  if (found.index === -1) return Object.freeze({ $ref: ref.$ref, scope });
  const node = prefix + found.node;
  return Object.freeze({ $ref: node + showPath(found.path), node, ...(found.isExact && { path: found.path }) });
};
