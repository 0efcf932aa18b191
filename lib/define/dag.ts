import type { DagConfig } from '../model/DagConfig.js';
import type { Graph } from '../model/Graph.js';
import type { Json } from '../model/Json.js';
import type { NodeSpec, When } from '../model/NodeSpec.js';
import { show } from '../model/explain.js';
import { isRef, type Ref } from '../model/Ref.js';
import { ActionRegistry } from './ActionRegistry.js';
import { handles, withRefs, type Given, type Handles, type NoRef, type RefTo } from './Handle.js';
import type { NodeAction } from './NodeAction.js';

type Source<Outputs, T> = RefTo<T> | Ref | ((nodes: Handles<Outputs>) => RefTo<T> | Ref);
interface Condition {
  readonly ref: RefTo<unknown> | Ref;
  readonly equals?: Json;
  readonly not?: boolean;
}

/** What a node of the builder may say beside its inputs; see `NodeSpec`. */
export interface NodeOptions<Outputs> extends Omit<
  NodeSpec,
  'id' | 'action' | 'inputs' | 'deps' | 'when' | 'forEach' | 'failureAction' | 'parent' | 'item' | 'index'
> {
  readonly deps?: readonly (keyof Outputs & string)[];
  /** Met when what it refers to is truthy, or equal to `equals`; `not` inverts. */
  readonly when?: Source<Outputs, unknown> | When | Condition | ((nodes: Handles<Outputs>) => Condition);
  /** Refers to a list: the action runs for each item, and the node's output is a list too. */
  readonly forEach?: Source<Outputs, readonly any[]>;
  readonly failureAction?: string | NodeAction;
}

type Inputs<I> = { readonly [K in keyof I]: Given<I[K]> } & NoRef;
type InputsFrom<Outputs, I, R> =
  | Inputs<I>
  | ((nodes: Handles<Outputs>) => R & Inputs<I> & { readonly [K in Exclude<keyof R, keyof I>]: never });
/** Inputs may be left out where the action needs none. */
type Rest<Outputs, I, R, Options> = {} extends I
  ? [inputs?: InputsFrom<Outputs, I, R>, options?: Options & NodeOptions<Outputs>]
  : [inputs: InputsFrom<Outputs, I, R>, options?: Options & NodeOptions<Outputs>];
type OutputFor<O, Options> = Options extends { readonly forEach: {} } ? O[] : O;
/** An id that is not given yet. */
type Fresh<Id extends string, Outputs> = string extends Id | keyof Outputs ? Id : Id extends keyof Outputs ? never : Id;

/** A definition under construction: each call gives a new one, which knows one node more. */
export interface Dag<Outputs = {}> {
  readonly name: string;
  /** The definition as plain data. */
  readonly graph: Graph;
  /** The actions that its nodes name. Throws a `DagError` if two of them have one name. */
  readonly registry: ActionRegistry;
  /**
   * Adds a node. Its inputs are literals and references, made from the handles of earlier nodes or by `input`; an action
   * that is built in is given by its name.
   */
  node<Id extends string, I = any, O = any, R = {}, Options extends NodeOptions<Outputs> = {}>(
    id: Fresh<Id, Outputs>,
    action: NodeAction<I, O> | 'human.input' | 'dag',
    ...rest: Rest<Outputs, NoInfer<I>, R, Options>
  ): Dag<Outputs & { readonly [K in Id]: OutputFor<O, Options> }>;
  /** Adds another definition as a node, whose output holds the outputs of its nodes; it has to be loaded as well. */
  dag<Id extends string, O, R = {}, Options extends NodeOptions<Outputs> = {}>(
    id: Fresh<Id, Outputs>,
    dag: Dag<O>,
    ...rest: Rest<Outputs, Readonly<Record<string, any>>, R, Options>
  ): Dag<Outputs & { readonly [K in Id]: OutputFor<{ readonly [P in keyof O]: O[P] }, Options> }>;
}

/**
 * Begins a definition. What a node may read comes from the nodes before it; a wrong name or type does not compile.
 *
 * @example
 * ```ts
 * import { action, dag, input, type NodeContext } from 'rxdag';
 *
 * const fetchRows = action('fetch', ({ inputs }: NodeContext<{ url: string }>) => ({ rows: [inputs.url] }));
 * const count = action('count', ({ inputs }: NodeContext<{ rows: readonly string[] }>) => inputs.rows.length);
 *
 * const etl = dag('etl')
 *   .node('fetch', fetchRows, { url: input('url') })
 *   .node('count', count, ({ fetch }) => ({ rows: fetch.rows }), { tryCount: 3 });
 * etl.registry.list(); // => [ 'fetch', 'count' ]
 * ```
 */
export const dag = (name: string, config?: Partial<DagConfig>): Dag => extend(name, config, undefined);

/** The nodes so far, the last one first. */
interface Link {
  readonly before: Link | undefined;
  readonly spec: NodeSpec;
  readonly actions: () => readonly (NodeAction | undefined)[];
}

const extend = (name: string, config: Partial<DagConfig> | undefined, last: Link | undefined): Dag<any> => {
  const links = (): readonly Link[] => {
    const found: Link[] = [];
    for (let link = last; link !== undefined; link = link.before) found.push(link);
    return found.toReversed();
  };
  const add = (
    id: string,
    action: NodeAction | string,
    inputs: unknown,
    options: NodeOptions<any> = {},
    more: Link['actions'] = () => [],
  ): Dag<any> => {
    const actions = [action, options.failureAction].filter((given) => typeof given === 'object');
    return extend(name, config, {
      before: last,
      spec: specOf(id, action, inputs, options),
      actions: () => [...actions, ...more()],
    });
  };
  let graph: Graph | undefined;
  let registry: ActionRegistry | undefined;
  return Object.freeze<Dag<any>>({
    name,
    get graph() {
      return (graph ??= Object.freeze({
        name,
        nodes: Object.freeze(links().map(({ spec }) => spec)),
        ...(config && { config }),
      }));
    },
    get registry() {
      if (registry !== undefined) return registry;
      const made = new ActionRegistry();
      for (const action of new Set(links().flatMap(({ actions }) => actions())))
        if (action !== undefined) made.register(action);
      return (registry = made);
    },
    node: (id: string, action: NodeAction | string, inputs?: unknown, options?: NodeOptions<any>) =>
      add(id, action, inputs, options),
    dag: (id: string, other: Dag<any>, inputs?: unknown, options?: NodeOptions<any>) =>
      add(id, 'dag', { dag: other.name, inputs: given(inputs) ?? {} }, options, () =>
        other.registry.list().map((name) => other.registry.get(name)),
      ),
  });
};

const given = (value: unknown): unknown =>
  withRefs(typeof value === 'function' ? (value as (nodes: unknown) => unknown)(handles) : value);

const specOf = (id: string, action: NodeAction | string, inputs: unknown, options: NodeOptions<any>): NodeSpec => {
  const { when, forEach, failureAction, ...rest } = options;
  const plain = given(inputs);
  if (isRef(plain))
    throw new TypeError(`The inputs of node ${show(id)} are a reference; write an object, such as { value: … }.`);
  const condition = given(when) as When | (Condition & { readonly ref: Ref }) | undefined;
  return Object.freeze({
    id,
    action: nameOf(action),
    ...(plain !== undefined && { inputs: plain as NonNullable<NodeSpec['inputs']> }),
    ...rest,
    ...(condition !== undefined && { when: isRef(condition) ? condition : whenOf(condition) }),
    ...(forEach !== undefined && { forEach: given(forEach) as Ref }),
    ...(failureAction !== undefined && { failureAction: nameOf(failureAction) }),
  });
};

const whenOf = ({ ref, ...rest }: Condition & { readonly ref: Ref }): When => ({ ...ref, ...rest });

const nameOf = (action: NodeAction | string): string => (typeof action === 'string' ? action : action.name);
