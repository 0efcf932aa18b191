import type { Hook, HookOperator } from '../index.js';
import { didYouMean } from '../model/nearest.js';
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
  const take = (what: string, one: unknown): void => {
    checkMethods(what, one, module);
    if (!isHook(one))
      throw new UsageError(
        `In the module ${printable(module)}, ${what} is no hook; a hook is a function from events to commands, or an object with a name and methods such as onNodeComplete.`,
      );
    found.add(one);
  };
  for (const key of lists) {
    const listed = exports[key];
    const isOne = isHook(listed) || typeof listed !== 'object' || listed === null || 'name' in listed;
    if (Array.isArray(listed) || isOne)
      for (const [i, one] of [listed].flat().entries()) take(`item ${i + 1} of "${key}"`, one);
    else for (const [name, one] of Object.entries(listed)) take(`"${name}" of "${key}"`, named(name, one));
  }
  if (lists.length === 0)
    for (const [key, value] of Object.entries(exports)) {
      checkMethods(`"${key}"`, value, module);
      if (isHook(value)) found.add(named(key, value));
    }
  if (found.size > 0) return found;
  throw new UsageError(`The module ${printable(module)} exports no hook; export hooks, or a list of them as "hooks".`);
};

const isHook = (value: unknown): value is Hook =>
  typeof value === 'function' ||
  (typeof value === 'object' &&
    value !== null &&
    METHODS.some((method) => typeof (value as Readonly<Record<string, unknown>>)[method] === 'function'));

/** A hook without a name of its own gets that of its export. */
const named = <H>(name: string, hook: H): H => {
  if (typeof hook === 'function') {
    const operator = hook as unknown as HookOperator;
    if (operator.hookName !== undefined) return hook;
    return Object.assign<HookOperator, object>((event$, ctx) => operator(event$, ctx), {
      hookName: name,
    }) as unknown as H;
  }
  if (!isHook(hook) || typeof (hook as { readonly name?: unknown }).name === 'string') return hook;
  return Object.assign(Object.create(hook) as object, { name }) as H; // its methods keep their `this`
};

/** A misspelt method would never be called, without a word. */
const checkMethods = (what: string, hook: unknown, module: string): void => {
  if (typeof hook !== 'object' || hook === null || Array.isArray(hook)) return;
  for (const [key, value] of Object.entries(hook)) {
    if (typeof value !== 'function' || METHODS.includes(key) || !/^(?:on|before|after)[A-Z]/.test(key)) continue;
    const hint = RENAMED[key] === undefined ? didYouMean(key, METHODS) : `; here it is called "${RENAMED[key]}".`;
    throw new UsageError(
      `In the module ${printable(module)}, ${what} has the method ${key}, which nobody calls${hint || `; there are ${METHODS.join(', ')}.`}`,
    );
  }
};

/** Dagger's names, and some that are near to them. */
const RENAMED: Readonly<Record<string, string>> = {
  onNodeFailure: 'onNodeFailed',
  onNodeError: 'onNodeFailed',
  onNodeCompleted: 'onNodeComplete',
  onNodeSuccess: 'onNodeComplete',
  onRunComplete: 'onComplete',
};
