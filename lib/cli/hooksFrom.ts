import type { Hook, HookOperator } from '../index.js';
import { printable } from '../model/printable.js';
import { loadModule, reading } from './loadModule.js';
import { UsageError } from './UsageError.js';

const METHODS = [
  'onStart',
  'onResume',
  'onEvent',
  'onNodeStart',
  'onNodeComplete',
  'onNodeFailed',
  'beforeNodeStart',
  'onComplete',
];

/** The hooks that modules export: those in `hooks` or the default export, else every exported hook and function. */
export const hooksFrom = async (modules: readonly string[]): Promise<readonly Hook[]> => {
  const hooks: Hook[] = [];
  for (const name of modules) {
    const exports = await loadModule(name, '--hooks');
    hooks.push(...reading(name, () => exportedHooks(exports, name)));
  }
  return hooks;
};

const exportedHooks = (exports: Readonly<Record<string, unknown>>, module: string): ReadonlySet<Hook> => {
  const lists = ['hooks', 'default'].filter((key) => exports[key] !== undefined);
  const found = new Set<Hook>();
  for (const key of lists)
    for (const [i, one] of [exports[key]].flat().entries()) {
      if (!isHook(one))
        throw new UsageError(
          `In the module ${printable(module)}, item ${i + 1} of "${key}" is no hook; a hook is a function from events to commands, or an object with a name and methods such as onNodeComplete.`,
        );
      found.add(one);
    }
  if (lists.length === 0)
    for (const [key, value] of Object.entries(exports))
      if (isHook(value)) found.add(typeof value === 'function' ? named(key, value) : value);
  if (found.size > 0) return found;
  throw new UsageError(`The module ${printable(module)} exports no hook; export hooks, or a list of them as "hooks".`);
};

const isHook = (value: unknown): value is Hook =>
  typeof value === 'function' ||
  (typeof value === 'object' &&
    value !== null &&
    METHODS.some((method) => typeof (value as Readonly<Record<string, unknown>>)[method] === 'function'));

/** An operator without a name of its own gets that of its export. */
const named = (hookName: string, hook: HookOperator): HookOperator =>
  hook.hookName === undefined
    ? Object.assign<HookOperator, object>((event$, ctx) => hook(event$, ctx), { hookName })
    : hook;
