import type * as t from 'io-ts';
import { show } from '../model/explain.js';
import { DagError } from './DagError.js';
import type { Execute, NodeAction, NodeContext, OutputOf } from './NodeAction.js';

interface Definition<I> {
  readonly name: string;
  /** Part of the key under which outputs are cached: change it when the action's meaning changes. @default '1' */
  readonly version?: string;
  readonly input?: t.Type<I, any, any>;
  readonly placement?: 'local' | `pool:${string}`;
  readonly description?: string;
}

interface DefineAction {
  <I = any, R = unknown>(name: string, execute: (ctx: NodeContext<I>) => R): NodeAction<I, OutputOf<R>>;
  <I, O>(
    definition: Definition<I> & { readonly output: t.Type<O, any, any>; readonly execute: Execute<I, O> },
  ): NodeAction<I, O>;
  <I = any, R = unknown>(
    definition: Definition<I> & { readonly execute: (ctx: NodeContext<I>) => R },
  ): NodeAction<I, OutputOf<R>>;
}

/**
 * Gives a function a name under which nodes can use it. What it takes is told by the `input` codec or by the annotated
 * parameter, what it gives by the `output` codec or by what the function returns.
 *
 * @example
 * ```ts
 * import { action, type NodeContext } from 'rxdag';
 *
 * export const fetchRows = action('fetch', async ({ inputs, signal }: NodeContext<{ url: string }>) => {
 *   const response = await fetch(inputs.url, { signal });
 *   return (await response.json()) as { rows: string[] };
 * });
 * ```
 */
export const action: DefineAction = (
  definition: string | (Definition<any> & { readonly execute: Execute<any, any> }),
  execute?: Execute<any, any>,
): NodeAction => {
  if (typeof definition !== 'string' && (typeof definition !== 'object' || definition === null))
    throw new DagError('InvalidAction', `An action is made from a name and a function, not from ${show(definition)}.`);
  const given: Definition<any> & { readonly execute: Execute<any, any> } =
    typeof definition === 'string' ? { name: definition, execute: execute! } : definition;
  const made = { ...given, version: given.version ?? '1' };
  if (typeof made.name !== 'string' || made.name === '' || /[\p{Cc}\p{Cs}]/u.test(made.name))
    throw new DagError(
      'InvalidAction',
      `An action cannot have the name ${show(made.name)}; write a text without control characters.`,
    );
  if (typeof made.execute !== 'function')
    throw new DagError('InvalidAction', `The action ${show(made.name)} has no function to execute.`);
  return Object.freeze(made);
};
