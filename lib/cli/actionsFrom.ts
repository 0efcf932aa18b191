import { ActionRegistry, action, type NodeAction } from '../index.js';
import { printable } from '../model/printable.js';
import { loadModule, reading } from './loadModule.js';
import { UsageError } from './UsageError.js';

const LISTS = ['actions', 'registry', 'default'];

/**
 * The actions that modules export: what stands in `actions`, `registry` or the default export (a list, a registry, or an
 * object of functions by name), else every exported action and function, under the name of its export.
 */
export const actionsFrom = async (modules: readonly string[]): Promise<ActionRegistry> => {
  const registry = new ActionRegistry();
  for (const name of modules) {
    const exports = await loadModule(name, '--actions');
    reading(name, () => registry.register(...exportedActions(exports, name)));
  }
  return registry;
};

const exportedActions = (exports: Readonly<Record<string, unknown>>, module: string): ReadonlySet<NodeAction> => {
  const lists = LISTS.filter((key) => exports[key] !== undefined);
  const found = new Set<NodeAction>();
  for (const key of lists) for (const one of actionsIn(exports[key], key, module)) found.add(one);
  if (lists.length === 0)
    for (const [key, value] of Object.entries(exports)) {
      if (isAction(value)) found.add(value);
      else if (typeof value === 'function') found.add(named(key, value as NodeAction['execute']));
    }
  if (found.size > 0) return found;
  throw new UsageError(
    `The module ${printable(module)} exports no action; export functions, actions made by action(), or a list of them as "actions".`,
  );
};

function* actionsIn(value: unknown, key: string, module: string): Iterable<NodeAction> {
  if (isAction(value)) yield value;
  else if (isRegistry(value)) for (const name of value.list()) yield value.get(name)!;
  else if (Array.isArray(value)) for (const one of value) yield* actionsIn(one, key, module);
  else if (typeof value === 'function' && value.name !== '' && value.name !== 'default')
    yield named(value.name, value as NodeAction['execute']);
  else if (typeof value === 'object' && value !== null)
    for (const [name, one] of Object.entries(value))
      if (isAction(one)) yield one;
      else if (typeof one === 'function') yield named(name, one as NodeAction['execute']);
      else throw unfit(key, module);
  else if (typeof value === 'function')
    throw new UsageError(
      `In the module ${printable(module)}, the function that "${key}" holds has no name; export it under the name that nodes have as their action.`,
    );
  else throw unfit(key, module);
}

const unfit = (key: string, module: string): UsageError =>
  new UsageError(
    `In the module ${printable(module)}, "${key}" holds something that is no action; export functions, actions made by action(), or a list of them.`,
  );

const named = (name: string, execute: NodeAction['execute']): NodeAction => action(name, execute);

const isAction = (value: unknown): value is NodeAction =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Partial<NodeAction>).name === 'string' &&
  typeof (value as Partial<NodeAction>).execute === 'function';

/** By its methods: a module may have a copy of this package of its own. */
const isRegistry = (value: unknown): value is ActionRegistry =>
  typeof (value as Partial<ActionRegistry> | null)?.list === 'function' &&
  typeof (value as Partial<ActionRegistry>).get === 'function';
